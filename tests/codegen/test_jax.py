"""The JAX backend: every activation, cost, layout and reduction; jit, vmap, sharding; saturation; formats."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import jax
import numpy as np
import pytest

from backproof.codegen.backend import Failed
from backproof.codegen.backends import jax as target
from backproof.codegen.expected import expected
from backproof.codegen.loading import loaded
from backproof.codegen.program import compile_program
from backproof.codegen.sample import draw
from backproof.codegen.trials import saturated
from backproof.codegen.verification import in_target
from backproof.errors import CannotRun

from .cases import EIGHT, EXAMPLES, SIZES, relative_error, sample, spec, specs


def name(of):
    return f"{of.title}-{of.activations[0].text}-{of.activations[-1].text}-{of.cost}-{of.layout}-{of.reduction}"


def module(**options):
    of = spec(**({"sizes": (3, 4, 2), "hidden": "sigmoid", "last": "sigmoid", "cost": "cross-entropy"} | options))
    return loaded(target.write(compile_program(of)))


@pytest.fixture
def x64():
    with jax.enable_x64(True):
        yield


def evaluated(of, samples):
    """What ``run`` computes, operation by operation: JAX compiles each of them once, and not each program."""
    net = loaded(target.write(compile_program(of)))
    with target._numbers(of):
        return [target._result(of, target._all(net, *one.laid_out(of), one.eta)) for one in samples]


@pytest.mark.parametrize("of", [*specs()], ids=name)
def test_it_agrees_with_the_reference(of):
    one, known = sample(of, EXAMPLES[SIZES.index(of.sizes)])
    [found] = evaluated(of, [one])
    assert relative_error(known, found) < 1e-12


@pytest.mark.parametrize("layout", ["columns", "rows"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_batches_may_have_any_size(layout, reduction):
    of = spec((3, 4, 2), "tanh", "sigmoid", "cross-entropy", reduction, layout)
    cases = [sample(of, examples) for examples in EXAMPLES]
    for (_, known), found in zip(cases, evaluated(of, [one for one, _ in cases]), strict=True):
        assert relative_error(known, found) < 1e-12


@pytest.mark.parametrize("of", [*specs("float32", sizes=((3, 4, 2),))], ids=name)
def test_it_agrees_in_single_precision(of):
    one, known = sample(of, 2)
    [found] = evaluated(of, [one])
    for pair, sizes, got in zip(known.result.gradient, known.magnitude, found.gradient, strict=True):
        for wanted, size, is_ in zip(pair, sizes, got, strict=True):
            assert np.all(np.abs(is_ - wanted) <= 1e-5 * size)


VERIFIED = (
    spec((3, 4, 2), "gelu", "softmax", "quadratic", "sum"),
    spec((2, 5, 3, 4), "max(z, 0) + exp(min(z, 0)) - 1", "sigmoid", "cross-entropy", layout="rows"),
    spec((3, 4, 2), "leaky-relu", "softmax", "log-likelihood", dtype="float32"),
)


@pytest.mark.parametrize("of", VERIFIED, ids=name)
def test_it_is_verified_under_jit_and_against_automatic_differentiation(of):
    program = compile_program(of)
    numeric, own = in_target(program, target.BACKEND, target.write(program))
    assert numeric.figures["max_relative_error"] < (1e-13 if of.dtype == "float64" else 1e-5)
    assert own.words.startswith("jax.grad of the cost gives the same: largest error of a partial derivative ")
    assert "under jax.jit" in own.words


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("w3.T @ delta3", "w3.T @ -delta3"), ("(1 - a2) * a2", "(1 + a2) * a2"), ("delta2 @ x.T", "delta2 @ (x * 2).T")],
)
def test_automatic_differentiation_finds_what_is_wrong(right, wrong):
    program = compile_program(spec((3, 4, 2), "sigmoid", "sigmoid", "cross-entropy"))
    text = target.write(program)
    assert text.count(right) == 1
    with pytest.raises(Failed, match=r"against jax.grad of the cost: ∂C/∂w2"):
        target.checks(program, text.replace(right, wrong), [draw(program.spec, 1)])


def test_eight_layers_where_an_absolute_tolerance_would_pass_a_zero():
    of = spec(EIGHT, "sigmoid", "sigmoid", "quadratic")
    one, known = sample(of, 3)
    assert np.abs(known.result.gradient[0][0]).max() < 1e-5
    [found] = evaluated(of, [one])
    assert relative_error(known, found) < 1e-12


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "leaky-relu", "softplus", "gelu", "z/(1+exp(-z))"])
def test_saturated_units_have_the_right_zeros(hidden, dtype):
    for end in (("sigmoid", "cross-entropy"), ("softmax", "log-likelihood"), (hidden, "quadratic")):
        of = spec((3, 4, 2), hidden, *end, dtype=dtype)
        extreme = saturated(of)
        [found] = evaluated(of, [extreme])
        assert relative_error(expected(of, extreme), found) < (1e-12 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize("layout", ["columns", "rows"])
@pytest.mark.usefixtures("x64")
def test_vmap_gives_the_gradient_of_each_example(layout):
    net, axis = module(layout=layout), 1 if layout == "columns" else 0
    one = draw(spec((3, 4, 2), "sigmoid", "sigmoid", "cross-entropy", layout=layout), 5)
    parameters, x, y = one.laid_out(spec((3, 4, 2), "sigmoid", "sigmoid", "cross-entropy", layout=layout))
    each = jax.vmap(net.gradient, (None, axis + 1, axis + 1))(
        parameters, *(np.expand_dims(part, axis) for part in (x, y))
    )
    for all_of_them, mean in zip(jax.tree.leaves(each), jax.tree.leaves(net.gradient(parameters, x, y)), strict=True):
        assert all_of_them.shape == (5, *mean.shape)
        np.testing.assert_allclose(all_of_them.mean(0), mean, rtol=1e-12, atol=1e-15)


SHARDED = """
import sys
import jax, jax.numpy as jnp, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
jax.config.update("jax_enable_x64", True)
sys.path.insert(0, sys.argv[1])
import net
axis, mesh = int(sys.argv[2]), Mesh(np.array(jax.devices()), ("examples",))
assert len(jax.devices()) == 4
rng = np.random.default_rng(0)
x, y = (rng.random((size, 8) if axis else (8, size)) for size in (net.SIZES[0], net.SIZES[-1]))
spread = NamedSharding(mesh, P(None, "examples") if axis else P("examples", None))
parameters = jax.device_put(net.init(), NamedSharding(mesh, P()))
shards = [jax.device_put(part, spread) for part in (x, y)]
jitted = jax.jit(net.gradient)
text = jitted.lower(parameters, *shards).compile().as_text()
assert "all-reduce" in text and "all-gather" not in text  # partial sums travel, examples do not
for one, two in zip(jax.tree.leaves(jitted(parameters, *shards)), jax.tree.leaves(jitted(net.init(), x, y))):
    assert one.sharding.is_fully_replicated
    assert float(abs(one - two).max()) <= 1e-15
moved = jax.jit(net.step)(parameters, *shards, 0.5)
assert net.cost(moved, *shards) < net.cost(parameters, *shards)
"""


@pytest.mark.parametrize("axis", [0, 1])
def test_the_examples_may_be_sharded(axis, tmp_path):
    of = spec((3, 4, 2), "tanh", "softmax", "log-likelihood", layout=("rows", "columns")[axis])
    (tmp_path / "net.py").write_text(target.write(compile_program(of)), encoding="utf-8")
    devices = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", SHARDED, str(tmp_path), str(axis)]
    done = subprocess.run(command, env=devices, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_float64_is_refused_where_jax_would_make_float32_of_it():
    net, x = module(), np.ones((3, 2))
    with jax.enable_x64(False):
        for call in (net.init, lambda: net.forward([], x)):
            with pytest.raises(RuntimeError, match="jax_enable_x64"):
                call()
    with jax.enable_x64(True):
        assert {part.dtype.name for part in jax.tree.leaves(net.gradient(net.init(), x, np.ones((2, 2))))} == {
            "float64"
        }


@pytest.mark.parametrize("enabled", [False, True])
def test_float32_stays_float32(enabled):
    net = module(dtype="float32", hidden="gelu")
    with jax.enable_x64(enabled):
        found = net.gradient(net.init(), np.ones((3, 2)), np.ones((2, 2)))
        assert {part.dtype.name for part in jax.tree.leaves(found)} == {"float32"}


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_wrong_shapes_are_refused_also_under_jit(layout):
    net = module(layout=layout)
    x, y = (np.ones((size, 5) if layout == "columns" else (5, size)) for size in (3, 2))
    parameters = [(np.array(w), np.array(b)) for w, b in net.init()]
    (w2, b2), (w3, b3) = parameters
    wrong = [
        ([(w2.T, b2), (w3, b3)], x, y),
        ([(w2, b2.reshape(-1) if layout == "columns" else b2[:, None]), (w3, b3)], x, y),
        ([(w2, b2[:1]), (w3, b3)], x, y),
        (parameters, x[:-1], y),
        (parameters, x[:, :-1], y),
        (parameters, x, y[:1]),
        (parameters, x, y[:, :1]),
        (parameters, x[0], y),
        (parameters, x[:, :0] if layout == "columns" else x[:0], y[:, :0] if layout == "columns" else y[:0]),
        (parameters[:1], x, y),
    ]
    for case in wrong:
        for gradient in (net.gradient, jax.jit(net.gradient)):
            with pytest.raises(ValueError, match="shape"):
                gradient(*case)


@pytest.mark.usefixtures("x64")
def test_a_step_makes_new_parameters():
    net = module()
    parameters, x, y = net.init(), np.ones((3, 2)), np.zeros((2, 2))
    moved = net.step(parameters, x, y, 0.5)
    for old, new, partials in zip(
        *map(jax.tree.leaves, (parameters, moved, net.gradient(parameters, x, y))), strict=True
    ):
        np.testing.assert_array_equal(new, old - 0.5 * partials)


@pytest.mark.usefixtures("x64")
def test_parameters_come_from_a_seed_or_a_key():
    net = module()
    first, same, other = (jax.tree.leaves(net.init(key)) for key in (7, jax.random.key(7), 8))
    assert all((one == two).all() for one, two in zip(first, same, strict=True))
    assert not any((one == two).any() for one, two in zip(first, other, strict=True))
    assert all((w == 0).all() for w, _ in net.init(spread=0.0))


def test_constants_and_long_numbers_of_one_s_own_fit_in_the_format():
    own = "exp(1)*z + 0.1234567890123456789012345*z**2 + Phi(2) - 123456789012345678901*z*phi(z)/1e21"
    for dtype, tolerance in (("float64", 1e-12), ("float32", 1e-5)):
        of = spec((3, 4, 2), own, "identity", "quadratic", dtype=dtype)
        one = draw(of, 3)
        [found] = evaluated(of, [one])
        known = expected(of, one)
        for pair, sizes, got in zip(known.result.gradient, known.magnitude, found.gradient, strict=True):
            for wanted, size, is_ in zip(pair, sizes, got, strict=True):
                assert np.all(np.abs(is_ - wanted) <= tolerance * size)


@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_every_line_carries_its_equation(layout):
    text = target.write(
        compile_program(spec((3, 4, 2), "tanh", "sigmoid", "cross-entropy", layout=layout)), ["it holds"]
    )
    assert "- it holds" in text
    backward = text[text.index("def gradient") : text.index("def step")]
    for equation in ("BP1: δ³ = ", "BP2: δ² = ", "BP3: ∂C/∂b² = ", "BP4: ∂C/∂w² = ", "tanh′(z²) = 1 − (a²)²"):
        assert backward.count(f"# {equation}") == 1
    assert not re.search(r"^ +(if|for|while)\b", backward, re.MULTILINE)


def test_it_tests_itself(tmp_path):
    file = tmp_path / "net.py"
    text = target.write(compile_program(spec((5, 4, 3), "relu", "softmax", "log-likelihood")))
    file.write_text(text, encoding="utf-8")
    good = subprocess.run([sys.executable, "-W", "error", file], check=False, capture_output=True, text=True)
    assert (good.returncode, good.stdout.count("Right.")) == (0, 1), good.stderr
    file.write_text(text.replace("w3.T @ delta3", "w3.T @ -delta3"), encoding="utf-8")
    wrong = subprocess.run([sys.executable, file], check=False, capture_output=True, text=True)
    assert (wrong.returncode, wrong.stdout.count("WRONG.")) == (1, 1)


def test_without_jax_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    program = compile_program(spec((3, 4, 2), "sigmoid", "sigmoid", "quadratic"))
    text = target.write(program)
    for call in (target.run, target.checks):
        with pytest.raises(CannotRun, match=r"pip install 'backproof\[jax\]'"):
            call(program, text, [])
