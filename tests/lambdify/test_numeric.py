"""Theorems as numeric functions: beside the numeric judge, entry by entry, and beside the NumPy network."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, product
from typing import Any

import numpy as np
import pytest

from backproof import Derivation, Theorem
from backproof.derivations import bp1, bp2, bp3, bp4, examples, forward
from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.lambdify.install import lambdify
from backproof.oracle.measured import Measured, error_of_sums
from backproof.oracle.numeric import models, relative_error
from backproof.oracle.numeric_world import Floats
from backproof.oracle.worlds.exists import where_all_exists
from backproof.oracle.worlds.reading import Array
from backproof.oracle.worlds.statement import statement
from backproof.oracle.worlds.verdicts import Undefined
from backproof.reference import Network as Reference
from backproof.reference import sigmoid, sigmoid_prime
from backproof.surface.terms import D, Equal, Member

DERIVATIONS = [made for name in LIBRARY for made in chapter(library_module(name)).derivations]
MOST = 60  # assignments of values to the indices that are looked at
TOLERANCE = 1e-12


def layers(world: Floats, family: str) -> list[tuple[int, ...]]:
    """Those that have such quantities."""
    kinds = world.plan.net.kinds[family]
    found = [(layer,) for layer in range(1, len(world.shape.widths) + 1)] if kinds.startswith("l") else [()]
    return [at for at in found if world.grid.exists((family, *at))]


def ranges(world: Floats, key: tuple[Any, ...]) -> tuple[range, ...]:
    """Of the indices that are left; from 0 on where there is a quantity 0 before the axis, as the first state is."""
    found = world.ranges(key) if world.plan.net.kinds[key[0]] else ()
    first, *rest = found or (range(0),)
    before = world.plan.net.depth is None and first and world.grid.exists((*key, 0, *(r.start for r in rest)))
    return (range(min(first.start, 0), first.stop), *rest) if before else found


def arrays(world: Floats, family: str) -> dict[tuple[int, ...], Any]:
    """The values of a family in the judge's world, layer by layer."""
    found = {}
    for at in layers(world, family):
        axes = ranges(world, (family, *at))
        values = [world.value((family, *at, *place)) for place in product(*axes)]
        found[at] = np.array(values).reshape([len(r) for r in axes])
    return found


def partials(world: Floats, of: str, by: str) -> dict[tuple[int, ...], Any]:
    """All partial derivatives of a family by another, as the complex step finds them."""
    found = {}
    for above, below in product(layers(world, of), layers(world, by)):
        axes = ranges(world, (of, *above)), ranges(world, (by, *below))
        values = [
            world.partial(lambda inner, _, key=(of, *above, *up): inner.value(key), {}, (by, *below, *down))
            for up in product(*axes[0])
            for down in product(*axes[1])
        ]
        found[above + below] = np.array(values).reshape([len(r) for side in axes for r in side])
    return found


def by_layer(found: dict[tuple[int, ...], Any]) -> Any:
    """As a numeric function takes it: by layer, by pairs of layers, or without layers."""
    return found[()] if () in found else {at if at[1:] else at[0]: array for at, array in found.items()}


def given(made: Any, world: Floats) -> dict[str, Any]:
    """All data of the world that the right-hand side may ask for."""
    net, rhs = made.net, made.theorem.rhs
    data: dict[str, Any] = {"n": dict(enumerate(world.shape.widths, start=1))}
    data |= {family: by_layer(arrays(world, family)) for family in net.kinds if arrays(world, family)}
    pairs = {(e.args[0].family, e.args[1].family) for e in rhs.atoms(D)}
    data |= {f"d{of}_d{by}": by_layer(partials(world, of, by)) for of, by in pairs}
    for name in {"sigma", "tau"} - {f.name for f in net.functions} - {*net.kinds}:
        data[name] = lambda order, u, name=name: np.vectorize(lambda v: world.function(name, order, float(v)).real)(u)
    if "eta" in map(str, rhs.free_symbols):
        data["eta"] = world.parameter("eta")
    return data


def close(mine: Any, expected: Any, in_size: Callable[[], Any]) -> None:
    """One value of the right-hand side, a number or an array, is what the judge computes.

    Where terms cancel, up to rounding of these: ``in_size()`` has the sum of their absolute values.
    """
    entries = expected.entries if isinstance(expected, Array) else {(): expected}
    starts = [r.start for r in expected.ranges] if isinstance(expected, Array) else []
    assert np.shape(mine) == tuple(len(r) for r in getattr(expected, "ranges", ()))
    for place, value in entries.items():
        entry = float(np.asarray(mine)[tuple(p - start for p, start in zip(place, starts, strict=True))])
        if relative_error(entry, float(value)) > TOLERANCE:
            assert error_of_sums(entry, in_size()) <= TOLERANCE


@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_the_right_hand_side_is_what_the_judge_computes(made):
    """Where indices are left out, each entry of the array is what the judge computes for it; and one by itself is."""
    theorem, f = made.theorem, made.lambdify()
    within = frozenset(h for h in theorem.hypotheses if not h.has(Equal)) | where_all_exists(theorem.lhs, theorem.rhs)
    claim = statement(made.net, theorem.lhs, theorem.rhs, within)
    axes = [name for name in f.axes if name in f.arguments]
    shown = {"M"} if made.net.depth is not None else set()  # the number of examples is seen from the data
    compared = 0
    for world in models(made.net):
        try:
            data = given(made, world)
        except Undefined:  # a root of data that are below 0
            continue
        data = {name: data[name] for name in {*f.arguments, "n"} & data.keys()}
        assignments = claim.assignments(world.grid)
        wholes: dict[Any, Any] = {}
        for env in islice(assignments, 0, None, max(1, len(assignments) // MOST)):
            try:
                expected = claim.rhs(world, dict(env))
            except Undefined:
                continue

            def in_size(world=world, env=env):
                return claim.rhs(Measured(world), dict(env))

            known = {name: env[name] for name in f.arguments if name in env and name not in shown}
            others = {name: value for name, value in known.items() if name not in axes}
            key = tuple(others.items())
            if key not in wholes:
                wholes[key] = f(**data, **others)
                close(f(**data, **known), expected, in_size)
            alike = [e for e in assignments if all(e[name] == value for name, value in key)]
            firsts = [min(e[name] for e in alike) for name in axes]
            place = tuple(env[name] - first for name, first in zip(axes, firsts, strict=True))
            close(wholes[key][place] if axes else wholes[key], expected, in_size)
            compared += 1
    assert compared


LINES = [line.theorem for made in DERIVATIONS for line in made.lines]


def test_every_line_compiles_but_where_more_than_a_quantity_is_differentiated():
    for theorem in LINES:
        if all(isinstance(e.args[0], Member) for e in theorem.rhs.atoms(D)):
            assert "def rhs(" in lambdify(theorem).source
        else:
            with pytest.raises(ValueError, match=r"the derivative of .* is left as it is"):
                lambdify(theorem)


# Beside the NumPy network.

SIZES = (4, 3, 5, 2)


def run(w: dict[int, Any], b: dict[int, Any], x: Any) -> tuple[dict[int, Any], dict[int, Any]]:
    """The weighted inputs and the activations, by layer."""
    z, a = {}, {1: x}
    for l in range(2, len(SIZES) + 1):
        z[l] = w[l] @ a[l - 1] + b[l]
        a[l] = sigmoid(z[l])
    return z, a


@pytest.fixture(scope="module")
def net():
    """The reference, its example, and all that its forward and backward pass go through, as columns by layer."""
    reference = Reference(SIZES, seed=3)
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((4, 1)), rng.standard_normal((2, 1))
    w = dict(enumerate(reference.weights, start=2))
    b = dict(enumerate(reference.biases, start=2))
    z, a = run(w, b, x)
    nabla_b, nabla_w = (dict(enumerate(nabla, start=2)) for nabla in reference.backprop(x, y))
    data = {"w": w, "b": b, "z": z, "a": a, "x": x, "y": y, "sigma": (sigmoid, sigmoid_prime)}
    return reference, data, nabla_b, nabla_w


def test_forward_in_matrices_is_the_reference(net):
    reference, data, *_ = net
    layer = forward.forward_vector().lambdify()
    a = {1: data["x"]}
    for l in range(2, 5):
        a[l] = layer(**{**data, "a": a}, l=l)
    np.testing.assert_allclose(a[4], reference.feedforward(data["x"]), rtol=TOLERANCE)


def test_the_backward_pass_in_matrices_is_the_reference(net):
    _, data, nabla_b, nabla_w = net
    delta = {4: bp1.bp1_quadratic().lambdify()(**data, L=4)}
    for l in (3, 2):
        delta[l] = bp2.bp2_vector().lambdify()(**data, delta=delta, l=l)
    for l in (2, 3, 4):
        np.testing.assert_allclose(bp3.bp3_vector().lambdify()(delta=delta, l=l), nabla_b[l], rtol=TOLERANCE)
        np.testing.assert_allclose(bp4.bp4_matrix().lambdify()(**data, delta=delta, l=l), nabla_w[l], rtol=TOLERANCE)


def test_the_backward_pass_unit_by_unit_is_the_reference(net):
    """The same columns; entries of BP1 to BP4, and the unit by unit forward pass."""
    _, data, nabla_b, nabla_w = net
    last, hidden, weight = (made.lambdify() for made in (bp1.bp1_quadratic_unit(), bp2.bp2(), bp4.bp4()))
    bias, unit = bp3.bp3().lambdify(), forward.forward().lambdify()
    for l, j in ((layer, unit) for layer in (2, 3, 4) for unit in range(1, SIZES[layer - 1] + 1)):
        error = nabla_b[l][j - 1, 0]
        found = last(**data, L=4, j=j) if l == 4 else hidden(**data, delta=nabla_b, l=l, j=j)
        assert found == pytest.approx(error, rel=TOLERANCE)
        assert bias(delta=nabla_b, l=l, j=j) == error
        assert unit(**data, l=l, j=j) == pytest.approx(data["a"][l][j - 1, 0], rel=TOLERANCE)
        for k in range(1, SIZES[l - 2] + 1):
            found = weight(**data, delta=nabla_b, l=l, j=j, k=k)
            assert found == pytest.approx(nabla_w[l][j - 1, k - 1], rel=TOLERANCE)


def test_the_batch_forms_make_the_step_of_the_reference(net):
    """BP2 and the mini-batch step in matrices, with an example a column."""
    reference, data, *_ = net
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((4, 7)), rng.standard_normal((2, 7))
    w, b = data["w"], data["b"]
    z, a = run(w, b, x)
    batch = {"w": w, "b": b, "z": z, "a": a, "sigma": data["sigma"]}
    delta = {4: (a[4] - y) * sigmoid_prime(z[4])}
    for l in (3, 2):
        delta[l] = examples.batch_bp2().lambdify()(**batch, delta=delta, l=l)
    stepped = Reference(SIZES, seed=3)
    stepped.update_mini_batch([(x[:, [i]], y[:, [i]]) for i in range(7)], eta=0.3)
    new, bias = examples.update_matrix().lambdify(), examples.update_bias().lambdify()
    for l in w:
        np.testing.assert_allclose(new(**batch, delta=delta, l=l, eta=0.3), stepped.weights[l - 2], rtol=1e-11)
        for j in range(1, SIZES[l - 1] + 1):
            found = bias(**batch, delta=delta, l=l, j=j, eta=0.3)
            assert found == pytest.approx(stepped.biases[l - 2][j - 1, 0], rel=1e-11)
    assert reference.sizes == stepped.sizes


def test_theorems_and_derivations_have_the_method():
    assert Theorem.lambdify is lambdify
    assert Derivation.lambdify is lambdify
    made = bp2.bp2()
    assert made.lambdify().source == made.theorem.lambdify().source
