"""The PyTorch backend: every activation, cost, layout and reduction; autograd, devices, formats; saturation."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from backproof.codegen.backend import Failed
from backproof.codegen.backends import torch as target
from backproof.codegen.expected import expected
from backproof.codegen.loading import loaded
from backproof.codegen.program import compile_program
from backproof.codegen.sample import draw
from backproof.codegen.trials import saturated
from backproof.codegen.verification import in_target
from backproof.errors import CannotRun

from .cases import EIGHT, EXAMPLES, relative_error, sample, spec, specs


def name(of):
    return f"{of.title}-{of.activations[0].text}-{of.activations[-1].text}-{of.cost}-{of.layout}-{of.reduction}"


def module(**options):
    of = spec(**({"sizes": (3, 4, 2), "hidden": "sigmoid", "last": "sigmoid", "cost": "cross-entropy"} | options))
    return loaded(target.write(compile_program(of)))


def evaluated(of, samples):
    program = compile_program(of)
    return target.run(program, target.write(program), samples)


def flat(pairs):
    return [part for pair in pairs for part in pair]


@pytest.mark.parametrize("of", [*specs()], ids=name)
def test_it_agrees_with_the_reference(of):
    cases = [sample(of, examples) for examples in EXAMPLES]
    for (_, known), result in zip(cases, evaluated(of, [one for one, _ in cases]), strict=True):
        assert relative_error(known, result) < 1e-12


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
    spec((3, 4, 2), "softplus", "tanh", "quadratic"),
)


@pytest.mark.parametrize("of", VERIFIED, ids=name)
def test_it_is_verified_against_autograd_and_gradcheck(of):
    program = compile_program(of)
    numeric, autograd, differences, _ = in_target(program, target.BACKEND, target.write(program))
    assert numeric.figures["max_relative_error"] < (1e-13 if of.dtype == "float64" else 1e-5)
    assert autograd.words.startswith("torch.autograd of the cost gives the same: largest error")
    assert differences.words.startswith("torch.autograd.gradcheck of Cost holds in float64")


WRONG = (
    ("w3.T @ delta3", "w3.T @ -delta3", "against torch.autograd of the cost: ∂C/∂w2"),
    ("(1 - a2) * a2", "(1 + a2) * a2", "against torch.autograd of the cost: ∂C/∂w2"),
    ("(shares[0] * part", "(2 * shares[0] * part", "against torch.autograd of the cost, Cost.backward: ∂C/∂w2"),
)


@pytest.mark.parametrize(("right", "wrong", "words"), WRONG)
def test_autograd_finds_what_is_wrong(right, wrong, words):
    program = compile_program(spec((3, 4, 2), "sigmoid", "sigmoid", "cross-entropy"))
    text = target.write(program)
    assert text.count(right) == 1
    with pytest.raises(Failed, match=words):
        target.checks(program, text.replace(right, wrong), [draw(program.spec, 1)])


def test_gradcheck_finds_a_cost_that_has_other_derivatives():
    program = compile_program(spec((3, 4, 2), "sigmoid", "sigmoid", "quadratic"))
    text = target.write(program).replace(
        "_cost(computed[-2], computed[-1], y), *", "_cost(computed[-2], computed[-1], y * 1.01), *"
    )
    [found, *_] = target._gradcheck(torch, program, loaded(text), draw(program.spec, 3))
    assert found[0] == "w2"
    assert "Jacobian" in found[1]


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
def test_backward_adds_the_gradient_to_grad(layout):
    net, size = module(layout=layout), (lambda *sizes: sizes if layout == "columns" else sizes[::-1])
    x, y = torch.rand(size(3, 7), dtype=torch.float64), torch.rand(size(2, 7), dtype=torch.float64)
    parameters = net.init()
    wanted = flat(net.gradient(parameters, x, y))
    leaves = [part.requires_grad_() for part in flat(parameters)]
    for times in (1, 4):  # the second time, three times the loss is added
        loss = net.loss(parameters, x, y)
        assert torch.equal(loss, net.cost(parameters, x, y))
        (max(1, times - 1) * loss).backward()
        for leaf, one in zip(leaves, wanted, strict=True):
            torch.testing.assert_close(leaf.grad, times * one, rtol=1e-14, atol=0.0)


def test_an_optimizer_trains_as_step_does():
    net = module()
    x, y = torch.rand(3, 7, dtype=torch.float64), torch.rand(2, 7, dtype=torch.float64)
    ours, theirs = net.init(3), net.init(3)
    leaves = [part.requires_grad_() for part in flat(theirs)]
    optimizer = torch.optim.SGD(leaves, lr=0.5)
    before = net.cost(ours, x, y)
    for _ in range(3):
        net.step(ours, x, y, 0.5)
        optimizer.zero_grad()
        net.loss(theirs, x, y).backward()
        optimizer.step()
    assert net.cost(ours, x, y) < before
    for one, two in zip(flat(ours), leaves, strict=True):
        torch.testing.assert_close(one, two.detach(), rtol=1e-14, atol=1e-16)


def test_step_takes_parameters_that_autograd_watches():
    net = module()
    parameters = [(w.requires_grad_(), b.requires_grad_()) for w, b in net.init()]
    net.step(parameters, torch.ones(3, 1, dtype=torch.float64), torch.ones(2, 1, dtype=torch.float64), 0.5)
    assert all(part.is_leaf and part.requires_grad for part in flat(parameters))


def test_what_has_no_derivative_says_so():
    net = module()
    parameters = [(w.requires_grad_(), b.requires_grad_()) for w, b in net.init()]
    x, y = torch.ones(3, 2, dtype=torch.float64), torch.ones(2, 2, dtype=torch.float64)
    for data in ((x.clone().requires_grad_(), y), (x, y.clone().requires_grad_())):
        with pytest.raises(ValueError, match=r"no derivatives by x and y: detach"):
            net.loss(parameters, *data)
    with pytest.raises(RuntimeError, match="no second derivatives"):
        torch.autograd.grad(net.loss(parameters, x, y), flat(parameters), create_graph=True)


@pytest.mark.parametrize("hidden", ["sigmoid", "relu", "leaky-relu", "softplus", "gelu", "z*Phi(2)+exp(1)"])
def test_everything_stays_on_its_device(hidden):
    for last, cost in (("sigmoid", "cross-entropy"), ("softmax", "log-likelihood"), (hidden, "quadratic")):
        net = module(hidden=hidden, last=last, cost=cost)
        parameters = net.init(device="meta")
        x, y = torch.ones(3, 2, dtype=net.DTYPE, device="meta"), torch.ones(2, 2, dtype=net.DTYPE, device="meta")
        leaves = [part.requires_grad_() for part in flat(parameters)]
        net.loss(parameters, x, y).backward()
        net.step(parameters, x, y, 0.5)
        found = [*flat(net.gradient(parameters, x, y)), *(leaf.grad for leaf in leaves), net.cost(parameters, x, y)]
        assert {part.device.type for part in found} == {"meta"}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_numbers_keep_their_format(dtype):
    net = module(dtype=dtype, hidden="gelu", last="z*sigmoid(z)/3", cost="quadratic")
    assert {part.dtype for part in flat(net.init())} == {getattr(torch, dtype)}
    for kind in (torch.float64, torch.float32):
        parameters = [(w.to(kind), b.to(kind)) for w, b in net.init()]
        found = flat(net.gradient(parameters, torch.ones(3, 2, dtype=kind), torch.ones(2, 2, dtype=kind)))
        assert {part.dtype for part in found} == {kind}


@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_wrong_shapes_are_refused(layout):
    net = module(layout=layout)
    columns = layout == "columns"
    x, y = (torch.ones((size, 5) if columns else (5, size), dtype=torch.float64) for size in (3, 2))
    parameters = net.init()
    (w2, b2), (w3, b3) = parameters
    wrong = [
        ([(w2.T, b2), (w3, b3)], x, y),
        ([(w2, b2.reshape(-1) if columns else b2[:, None]), (w3, b3)], x, y),
        ([(w2, b2[:1]), (w3, b3)], x, y),
        (parameters, x[:-1], y),
        (parameters, x[:, :-1], y),
        (parameters, x, y[:1]),
        (parameters, x, y[:, :1]),
        (parameters, x[0], y),
        (parameters, x[:, :0] if columns else x[:0], y[:, :0] if columns else y[:0]),
        (parameters[:1], x, y),
    ]
    for case in wrong:
        for function in (net.gradient, net.cost, net.loss, lambda *case: net.step(*case, 0.5)):
            with pytest.raises(ValueError, match="shape"):
                function(*case)


def test_vmap_gives_the_gradient_of_each_example():
    net = module()
    parameters, x, y = net.init(), torch.rand(3, 5, dtype=torch.float64), torch.rand(2, 5, dtype=torch.float64)
    each = torch.func.vmap(net.gradient, (None, 2, 2))(parameters, x[:, None], y[:, None])
    for all_of_them, mean in zip(flat(each), flat(net.gradient(parameters, x, y)), strict=True):
        torch.testing.assert_close(all_of_them.mean(0), mean, rtol=1e-12, atol=1e-15)


def test_far_left_the_normal_law_keeps_its_digits_and_softplus_everywhere():
    net = module(hidden="gelu", last="softplus", cost="quadratic")
    left = torch.tensor([-8.0], dtype=torch.float64)
    assert net.Phi(left).item() == pytest.approx(6.220960574271785e-16, rel=1e-13)
    assert net.softplus(torch.tensor([21.0], dtype=torch.float64)).item() == pytest.approx(
        21.000000000758256, rel=1e-15
    )


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


def test_it_tests_itself(tmp_path):
    file = tmp_path / "net.py"
    text = target.write(compile_program(spec((5, 4, 3), "relu", "softmax", "log-likelihood")))
    file.write_text(text, encoding="utf-8")
    good = subprocess.run([sys.executable, "-W", "error", file], check=False, capture_output=True, text=True)
    assert (good.returncode, good.stderr) == (0, "")
    file.write_text(text.replace("w3.T @ delta3", "w3.T @ -delta3"), encoding="utf-8")
    wrong = subprocess.run([sys.executable, file], check=False, capture_output=True, text=True)
    assert wrong.returncode == 1


def test_without_torch_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    program = compile_program(spec((3, 4, 2), "sigmoid", "sigmoid", "quadratic"))
    text = target.write(program)
    for call in (target.run, target.checks):
        with pytest.raises(CannotRun, match=r"pip install 'backproof\[torch\]'"):
            call(program, text, [])
