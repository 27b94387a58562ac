"""All entries at once: the same numbers as entry by entry, in text without a loop."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

import ast
from functools import cache
from itertools import product

import numpy as np
import pytest
from sympy import Symbol

from backproof import axes, calc, network, quantities, total
from backproof.derivations import attention, convolution, flash, recurrent
from backproof.derive.reasons import definition
from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.lambdify.numeric import numeric
from backproof.lambdify.sizes import Sizes
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.arrays import entry
from backproof.surface.terms import Member, NonNegative, free

from .grid import NotThere, measured

DERIVATIONS = [made for name in LIBRARY for made in chapter(library_module(name)).derivations]


@cache
def lambdified(theorem):
    return numeric(theorem)


LAYERS = 4


@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_there_is_no_loop_in_the_text(made):
    """But one over layers, which have sizes of their own."""
    text = lambdified(made.theorem).source
    loops = (ast.For, ast.While, ast.comprehension, ast.Lambda)
    assert not any(isinstance(node, loops) for node in ast.walk(ast.parse(text)))
    assert ("sum(map(of_layer" in text) == (made.name in {"cost-forward", "cost-backward", "cost-quotient"})


# The same numbers, whatever the sizes are.


def drawn(seed, shape):
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


def sized(made, scheme):
    """Numbers for all that is one, and sizes for all that has one."""
    f = lambdified(made.theorem)
    names = sorted(name for name, s in f.inputs.symbols.items() if s.is_positive)
    if scheme == "different":
        wide = len(names) > 8  # the grid has an axis for each
        numbers = {name: 2 + place % 3 if wide else 2 + place for place, name in enumerate(names)}
        widths = {layer: 6 - layer for layer in range(1, LAYERS + 1)}
    elif scheme == "empty":
        numbers = {name: 0 if place % 2 else 2 + place % 3 for place, name in enumerate(names)}
        widths = {layer: 0 if layer % 2 else 6 - layer for layer in range(1, LAYERS + 1)}
    else:
        numbers, widths = dict.fromkeys(names, scheme), dict.fromkeys(range(1, LAYERS + 1), scheme)
    if "L" in numbers:
        numbers["L"] = LAYERS
    if made.net.widths:
        widths = dict(enumerate(made.net.widths, start=1))
    return numbers, widths


def data(made, numbers, widths):
    """Arrays for all quantities, by layer."""
    f, net = lambdified(made.theorem), made.net
    sizes = Sizes(net, {f.inputs.symbols[name]: value for name, value in numbers.items()}, widths)
    found = {}
    for seed, name in enumerate(f.inputs.quantities):
        if name in f.arguments:
            q = f.inputs.quantities[name]
            count, arrays = q.kinds.count("l"), {}
            for at in product(range(1, len(net.widths or range(LAYERS)) + 1), repeat=count):
                try:
                    ends = q.axes(at)
                except ValueError:
                    continue
                values = [(sizes.value(lo), sizes.value(hi)) for lo, hi in ends]
                if all(None not in pair for pair in values):
                    arrays[at] = drawn(seed, [max(0, hi - lo + 1) for lo, hi in values])
            found[name] = arrays.get(()) if not count else {a if a[1:] else a[0]: v for a, v in arrays.items()}
    for name in f.inputs.functions:
        if name in f.arguments:
            found[name] = lambda order, u: np.cos(u) + order * np.asarray(u) ** 2
    return found, sizes


def entries(made, sizes, scalars):
    """All values of the indices for which the theorem is said, in the order of the axes."""
    f, theorem = lambdified(made.theorem), made.theorem
    lhs = entry(made.net, theorem.lhs, tuple(map(Symbol, theorem.indices)))
    tried = range(-2, 3 + max([v for v in scalars.values() if isinstance(v, int)] + [8]))
    said = [h.args[0] for h in theorem.hypotheses if isinstance(h, NonNegative)]
    ranges = []
    for symbol in map(Symbol, f.axes):
        about = [d for d in said if symbol in free(d)] or list(existence(made, lhs, symbol))
        ranges.append([
            value for value in tried if all(sizes.value(d.subs({symbol: value}).subs(scalars)) >= 0 for d in about)
        ])  # fmt: skip
    return ranges


def existence(made, lhs, symbol):
    """What is at least 0 where the quantities of the left side are there."""
    for h in where_all_exists(lhs):
        m = h.args[0]
        layers = made.net.kinds[m.family].count("l")
        shape = made.net.shape(Member(m.family, *m.indices[:layers]))
        for slot, (lo, hi) in zip(m.indices[layers:], shape, strict=True):
            if symbol in free(slot):
                yield from (slot - lo, hi - slot)


@pytest.mark.parametrize("scheme", ["different", "empty", 1, 2])
@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_all_entries_are_what_each_of_them_is(made, scheme):
    f = lambdified(made.theorem)
    numbers, widths = sized(made, scheme)
    found, sizes = data(made, numbers, widths)
    given = {**found, **{name: value for name, value in numbers.items() if name in f.arguments}}
    others = {n: s for n, s in f.inputs.symbols.items() if n not in numbers and n not in f.axes}
    for place, name in enumerate(sorted(others)):
        given[name] = 3 if name == "l" else 2 if name in f.inputs.indices else 0.3 + place
    if made.net.depth is not None:
        given["n"] = widths
    scalars = {s: given[n] for n, s in others.items()} | {f.inputs.symbols[n]: v for n, v in numbers.items()}
    ranges = dict(zip(map(Symbol, f.axes), entries(made, sizes, scalars), strict=True))
    functions = {name: found[name] for name in f.inputs.functions if name in found}
    try:
        expected = measured(made.theorem, ranges, found, functions, scalars, widths)
    except NotThere:
        with pytest.raises(ValueError, match=r"there is no|needed"):
            f(**given)
        return
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = f(**given)
    except ZeroDivisionError:  # by a size that is 0
        assert not np.isfinite(expected.value).any()
        return
    assert np.shape(whole) == tuple(map(len, ranges.values()))
    there = np.isfinite(expected.value)
    assert (np.isfinite(whole) == there).all()
    assert (abs(whole - expected.value)[there] <= 1e-12 * expected.size[there]).all()
    if np.size(whole) and there.all():  # and one by itself
        place = tuple(size // 2 for size in np.shape(whole))
        only = {name: r[p] for name, r, p in zip(f.axes, ranges.values(), place, strict=True) if name in f.arguments}
        one = f(**given, **only)
        index = tuple(slice(None) if name not in only else p for name, p in zip(f.axes, place, strict=True))
        assert (abs(one - expected.value[index]) <= 1e-12 * expected.size[index]).all()


# Masks.


def test_what_is_masked_may_be_infinite():
    """The value of a position that no later one may see, times a weight of 0."""
    f = lambdified(flash.dQ().theorem)
    rng = np.random.default_rng(1)
    dA, K = rng.standard_normal((4, 4)), rng.standard_normal((4, 3))
    dA[np.triu_indices(4, 1)] = np.inf
    K[3] = np.nan
    found = f(dC_dA=dA, K=K, kappa=2.0)
    lower = np.tril(np.nan_to_num(dA, posinf=0))
    np.testing.assert_allclose(found[:3], 2 * lower[:3] @ np.nan_to_num(K), rtol=1e-14)
    assert np.isnan(found[3]).all()


def test_nothing_is_read_out_of_bounds():
    """Of an input of 4 with a padding of 2, the places around it are read by nobody, and 0 times inf would be NaN."""
    f = lambdified(convolution.weight().theorem)
    sizes = {"B": 1, "G": 1, "I": 1, "O": 1, "K": 3, "P": 3, "N": 4}
    x, dy = np.arange(1.0, 5.0).reshape(1, 1, 1, 4), np.array([np.inf, 1.0, 10.0]).reshape(1, 1, 1, 3)
    found = f(x=x, dC_dy=dy, A=2, **sizes)
    # p reads the places 2 p + w - 3, and so the first one, whose derivative is inf, nothing by its first weight
    np.testing.assert_array_equal(found[0, 0, 0], [2 + 40, np.inf, np.inf])


def test_an_index_may_be_given_and_others_left_out():
    f = lambdified(attention.dQ().theorem)
    rng = np.random.default_rng(2)
    dA, K = rng.standard_normal((2, 3, 2, 4, 5)), rng.standard_normal((2, 3, 5, 6))
    every = f(dC_dA=dA, K=K, kappa=0.5)
    np.testing.assert_allclose(every, 0.5 * np.einsum("bgmts,bgsc->bgmtc", dA, K), rtol=1e-13)
    np.testing.assert_allclose(f(dC_dA=dA, K=K, kappa=0.5, g=2, q=6), every[:, 1, :, :, 5], rtol=1e-13)
    with pytest.raises(ValueError, match="goes from 1 to 3"):
        f(dC_dA=dA, K=K, kappa=0.5, g=4)


def test_the_text_is_the_theorem():
    assert lambdified(attention.dQ().theorem).source.splitlines()[-1].strip() == (
        'return kappa[...] * einsum("bgmts,bgsq->bgmtq", dC_dA[b, g, m, t, s], K[b, g, s, q])'
    )
    assert lambdified(recurrent.weights().theorem).source.splitlines()[-1].strip() == (
        'return einsum("tp,tq->pq", dC_dz[t, p], h[t - 1, q])'
    )


def test_the_data_are_not_handed_out():
    """Where the theorem says that a derivative is another, one of each is written to alone."""
    dz = np.ones((2, 3))
    derivation = next(made for made in DERIVATIONS if made.name == "straight-through")
    found = lambdified(derivation.theorem)(dC_dh=dz[0])
    np.testing.assert_array_equal(found, dz[0])
    found[:] = 0
    assert dz.all()


def test_what_is_missing_is_said():
    """The number of inputs is in none of the arrays."""
    rng = np.random.default_rng(3)
    f, given = lambdified(convolution.scatter().theorem), {"W": rng.random((1, 1, 1, 3)), "A": 1}
    given["dC_dy"] = rng.random((1, 1, 1, 2))
    with pytest.raises(TypeError, match="N is missing: pass N=, a whole number"):
        f(**given)
    assert f(**given, N=4).shape == (1, 1, 1, 4)


# Ranges.


def test_entries_that_the_hypotheses_leave_out_are_nan():
    """y[t - s + 1] is there where s <= t."""
    (t, _), (s, _) = axes("t:T s:T")
    x, y, z = quantities("x y z")
    net = network("looks back", (t, s), x[t], (y[t], x[t] ** 2), z[t])
    squared = x[t - s + 1] ** 2 * z[s] * z[t]
    f = lambdified(calc(net, y[t - s + 1] * z[s] * z[t], (squared, definition(y[t]))).theorem)
    X, Z = np.random.default_rng(0).standard_normal((2, 4))
    found = f(x=X, z=Z)
    for place in product(range(4), repeat=2):
        at = dict(zip(("t", "s"), place, strict=True))
        value = found[tuple(at[name] for name in f.axes)]
        given = {name: index + 1 for name, index in at.items()}
        if at["s"] > at["t"]:
            assert np.isnan(value)
            with pytest.raises(ValueError, match="the theorem says nothing of these indices"):
                f(x=X, z=Z, **given)
        else:
            assert value == pytest.approx(X[at["t"] - at["s"]] ** 2 * Z[at["s"]] * Z[at["t"]], rel=1e-14)
            assert f(x=X, z=Z, **given) == pytest.approx(value, rel=1e-15)


def test_a_masked_sum_reads_what_it_counts_or_raises():
    """x[s + 1] for s <= t is not there where t is the last, and is no other entry."""
    (t, _), (s, _) = axes("t:T s:T")
    x, y = quantities("x y")
    net = network("looks ahead", (t, s), x[t], y[t])
    e = total(x[s + 1] * y[s], s.between(1, t)) * y[t]
    f = lambdified(calc(net, e).theorem)
    X, Y = np.arange(1.0, 5.0), np.ones(4)
    assert f(x=X, y=Y, t=3) == 2 + 3 + 4
    with pytest.raises(ValueError, match=r"there is no x\[5\]"):
        f(x=X, y=Y, t=4)
    with pytest.raises(ValueError, match=r"there is no x\[5\]"):
        f(x=X, y=Y)
