"""The NumPy backend: every activation, cost, layout and reduction; threads, shapes, saturation; mutated texts."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from backproof.codegen.backend import Failed
from backproof.codegen.backends import numpy as target
from backproof.codegen.program import compile_program
from backproof.codegen.verification import in_target, verify

from .cases import EIGHT, EXAMPLES, relative_error, sample, spec, specs
from .mutants import mutants


def name(of):
    return f"{of.title}-{of.activations[0].text}-{of.activations[-1].text}-{of.cost}-{of.layout}-{of.reduction}"


@pytest.mark.parametrize("of", [*specs()], ids=name)
def test_it_agrees_with_the_reference(of):
    program = compile_program(of)
    cases = [sample(of, examples) for examples in EXAMPLES]
    found = target.run(program, target.write(program), [one for one, _ in cases])
    for (_, known), result in zip(cases, found, strict=True):
        assert relative_error(known, result) < 1e-12


@pytest.mark.parametrize("of", [*specs("float32", sizes=((3, 4, 2),))], ids=name)
def test_it_agrees_in_single_precision(of):
    program = compile_program(of)
    found_sample, known = sample(of, 3)
    [found] = target.run(program, target.write(program), [found_sample])
    for pair, sizes, got in zip(known.result.gradient, known.magnitude, found.gradient, strict=True):
        for wanted, size, is_ in zip(pair, sizes, got, strict=True):
            assert np.all(np.abs(is_ - wanted) <= 1e-5 * size)


@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_eight_layers_where_an_absolute_tolerance_would_pass_a_zero(layout):
    of = spec(EIGHT, "sigmoid", "sigmoid", "quadratic", layout=layout)
    program = compile_program(of)
    one, known = sample(of, 3)
    first = known.result.gradient[0][0]
    assert np.abs(first).max() < 1e-5
    text = target.write(program)
    [found] = target.run(program, text, [one])
    assert relative_error(known, found) < 1e-12
    right, wrong = (
        f"        ({name}, nabla_b2),\n        (nabla_w3, "
        for name in ("nabla_w2", "multiply(nabla_w2, 0.0, nabla_w2)")
    )
    assert right in text
    with pytest.raises(Failed, match=r"∂C/∂w2|difference quotients"):
        in_target(program, target.BACKEND, text.replace(right, wrong))


def module(**options):
    of = spec(**({"sizes": (4, 30, 3), "hidden": "sigmoid", "last": "sigmoid", "cost": "cross-entropy"} | options))
    return target._loaded(target.write(compile_program(of)))


@pytest.mark.parametrize("sizes", [(4, 30, 3), (4, 3, 2)])
def test_threads_do_not_share_arrays(sizes):
    net, rng = module(sizes=sizes), np.random.default_rng(0)
    parameters, x, y = net.init(), rng.random((sizes[0], 7)), rng.random((sizes[-1], 7))
    mine = net.gradient(parameters, x, y)
    before = [part.copy() for pair in mine for part in pair]
    other = threading.Thread(target=lambda: net.gradient(parameters, 2 * x, y))
    other.start()
    other.join()
    assert all((part == kept).all() for part, kept in zip([p for pair in mine for p in pair], before, strict=True))


@pytest.mark.parametrize("sizes", [(4, 30, 3), (4, 3, 2)])
@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_wrong_shapes_are_refused(sizes, layout):
    net = module(sizes=sizes, layout=layout)
    rng = np.random.default_rng(0)
    x, y = (rng.random((size, 5) if layout == "columns" else (5, size)) for size in (sizes[0], sizes[-1]))
    parameters = net.init()
    net.gradient(parameters, x, y)
    (w2, b2), (w3, b3) = parameters
    wrong = [
        ([(w2.T.copy(), b2), (w3, b3)], x, y),
        ([(w2, b2.reshape(-1) if layout == "columns" else b2[:, None]), (w3, b3)], x, y),
        ([(w2, b2[:1]), (w3, b3)], x, y),
        ([(w2[:1], b2), (w3, b3)], x, y),
        (parameters, x[:-1], y),
        (parameters, x[:1], y),
        (parameters, x, y[:1]),
        (parameters, x, y[:, :1]),
        (parameters, x[0], y),
        (parameters, x[:, :0], y),
        (parameters[:1], x, y),
    ]
    for case in wrong:
        with pytest.raises(ValueError):  # noqa: PT011 - some of the messages are NumPy's
            net.gradient(*case)


def test_lists_and_integers_are_taken_for_arrays():
    net = module(sizes=(2, 3, 1))
    x, y = [[1, 0], [2, 1]], [[1, 0]]
    listed = [part.copy() for pair in net.gradient(net.init(), x, y) for part in pair]
    exact = [part for pair in net.gradient(net.init(), np.array(x, float), np.array(y, float)) for part in pair]
    assert all((one == two).all() for one, two in zip(listed, exact, strict=True))


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "leaky-relu", "softplus", "gelu", "z/(1+exp(-z))"])
def test_far_out_nothing_overflows(hidden, recwarn):
    net = module(sizes=(2, 3, 2), hidden=hidden)
    for sign in (-1, 1):
        parameters = [(w * 0, b * 0 + sign * 800) for w, b in net.init()]
        x, y = np.ones((2, 3)), np.ones((2, 3))
        found = net.gradient(parameters, x, y)
        assert all(np.isfinite(part).all() for pair in found for part in pair)
        assert np.isfinite(net.cost(parameters, x, y))
        assert found[1][1].ravel().tolist() == ([0.0, 0.0] if sign == 1 else [-1.0, -1.0])
    assert not recwarn.list


def test_it_tests_itself(tmp_path):
    file = tmp_path / "net.py"
    text = target.write(compile_program(spec((5, 4, 3), "relu", "softmax", "log-likelihood")))
    file.write_text(text, encoding="utf-8")
    good = subprocess.run([sys.executable, "-W", "error", file], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    file.write_text(text.replace("dot(own_w3.T, delta3, delta2)", "dot(own_w3.T, -delta3, delta2)"), encoding="utf-8")
    wrong = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1


def test_forward_and_cost_look_at_the_shapes():
    net = module()
    (w2, b2), last = net.init()
    x, y = np.ones((4, 30)), np.ones((3, 30))
    for wrong in (b2[:1], b2[:, 0]):
        for call in (lambda p: net.forward(p, x), lambda p: net.cost(p, x, y), lambda p: net.gradient(p, x, y)):
            with pytest.raises(ValueError, match="shape"):
                call([(w2, wrong), last])


MUTATED = [
    spec((19, 13, 11, 2), "tanh", "sigmoid", "cross-entropy"),
    spec((3, 4, 2), "relu", "softmax", "log-likelihood", layout="rows"),
    spec((20, 13, 3), "softplus", "identity", "quadratic", layout="rows"),
    spec((2, 3, 4), "sigmoid", "sigmoid", "quadratic", reduction="sum"),
]
EQUIVALENT = {
    "return z3, a3 -> return z2, a3",  # the quadratic cost does not look at z
    "_check(parameters, x) -> pass",  # shapes that fit need no look
    "s1 = max(z3_1, z3_2) -> s1 = max(z2_1, z3_2)",  # whatever is taken from all z, the softmax is the same
}


@pytest.fixture(scope="module")
def tried():
    """What became of each mutated text."""
    found = []
    for of in MUTATED:
        program = compile_program(of)
        text = target.write(program)
        list(verify(program, target.BACKEND, text, lambda _: None))
        found += [(kind, what, refused(program, mutated)) for kind, what, mutated in mutants(text, of.depth)]
    return found


def refused(program, text):
    with np.errstate(all="ignore"):
        try:
            in_target(program, target.BACKEND, text)
        except Failed:
            return True
    return False


def test_no_mutated_text_is_verified(tried):
    survivors = {what for _, what, was_refused in tried if not was_refused}
    assert survivors <= EQUIVALENT
    counts = Counter(kind for kind, _, was_refused in tried if was_refused)
    page = (Path(__file__).parents[2] / "docs/export.md").read_text(encoding="utf-8")
    assert f"refused: {sum(counts.values())} of them" in page
    kinds = {"layer shifted", "line dropped", "sign or factor", "transpose added", "transpose dropped"}
    assert {*counts} == kinds | {"operands swapped", "batch factor", "batch factor twice"}
    assert min(counts.values()) >= 3
