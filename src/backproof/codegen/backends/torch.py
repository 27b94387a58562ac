"""A standalone PyTorch module: functions of tensors, and a cost whose backward pass is the program's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any, Final

from ...errors import CannotRun
from ..backend import Backend, Failed
from ..comparison import RELATIVE, TOLERANCE, agreement, starts
from ..cost_text import LOG_SOFTMAX
from ..expected import Expected, expected
from ..loading import loaded
from ..program import Program
from ..sample import Result, Sample
from .operators import ERROR, Operators, module_text

CALLS: Final = {
    "exp": "torch.exp({})",
    LOG_SOFTMAX: "torch.log_softmax({}, AXIS)",
    "log": "torch.log({})",
    "sqrt": "torch.sqrt({})",
    "expm1": "torch.expm1({})",
    "log1p": "torch.log1p({})",
    "erf": "torch.special.erf({})",
    "tanh": "torch.tanh({})",
    "sigmoid": "torch.sigmoid({})",
    "relu": "torch.relu({})",
    "softmax": "torch.softmax({}, AXIS)",
    "step": "positive({})",
}
SOURCES: Final = {
    "leaky-relu": '''def leaky_relu(z: Tensor) -> Tensor:
    """z where it is positive, else z/100."""
    return torch.where(z > 0, z, z / 100)
''',
    "softplus": '''def softplus(z: Tensor) -> Tensor:
    """log(1 + exp(z)); that of torch.nn.functional is off from z = 20 on."""
    return torch.logaddexp(z, z.new_zeros(()))
''',
    "Phi": '''def Phi(z: Tensor) -> Tensor:
    """The distribution function of the normal law; special.ndtr loses digits near 0."""
    twice: Tensor = torch.special.erfc(z * -0.7071067811865476)
    return twice / 2
''',
    "gelu": '''def gelu(z: Tensor) -> Tensor:
    """z Φ(z)."""
    return z * Phi(z)
''',
    "step": '''def positive(z: Tensor) -> Tensor:
    """1 where z is positive, else 0."""
    return (z > 0).to(z.dtype)
''',
    "phi": '''def phi(z: Tensor) -> Tensor:
    """The density of the normal law, exp(-z²/2)/√(2π)."""
    return torch.exp(-z * z / 2) * 0.3989422804014327
''',
}
COSTS: Final = {
    "quadratic": "((a - y) ** 2).sum() / 2",
    "cross-entropy": "(y * softplus(-z) + (1 - y) * softplus(z)).sum()",
    "log-likelihood": "-(y * torch.log_softmax(z, AXIS)).sum()",
}  # of z and a in the last layer: logarithms of what an activation has rounded to 0 are never taken
DIFFERENCES: Final = 1e-6  # how far gradcheck's quotients may be off, relative to the largest derivative of an array


class Torch(Operators):
    """Writes with torch."""

    array, where = "Tensor", "torch.where"
    keep, calls, sources = "keepdim=True", CALLS, SOURCES

    @staticmethod
    def library(text: str) -> list[str]:  # noqa: ARG004 - it is the same for all
        return ["import torch", "from torch import Tensor"]


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the module; ``verified`` is what its header says of it."""
    show = Torch(program)
    cost = show.cost(COSTS, "torch.sum")
    show.used |= {"softplus"} if "softplus" in cost else set()
    return module_text("torch.py.j2", show, verified, cost, "torch")


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise CannotRun("a program for torch is verified by running it: pip install 'backproof[torch]'") from None
    return torch


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the module makes of the samples."""
    _torch()
    module = loaded(text)
    starts(program.spec, module)
    return [_result(program, module, module.gradient, sample) for sample in samples]


def _result(program: Program, module: ModuleType, gradient: Any, sample: Sample) -> Result:
    given = _tensors(program, sample)
    cost, outputs, found = module.cost(*given), module.forward(*given[:2]), gradient(*given)
    module.step(*given, sample.eta)
    pairs = ([(w.numpy(), b.numpy()) for w, b in listed] for listed in (found, given[0]))
    return Result.read(program.spec, cost.item(), outputs.numpy(), *pairs)


def _tensors(program: Program, sample: Sample) -> tuple[Any, Any, Any]:
    from torch import tensor

    parameters, x, y = sample.laid_out(program.spec)
    return [(tensor(w), tensor(b)) for w, b in parameters], tensor(x), tensor(y)


def checks(program: Program, text: str, samples: Sequence[Sample]) -> list[str]:
    """The gradient, and ``backward()`` of the cost, against torch.autograd; then against difference quotients."""
    torch = _torch()
    spec, module, worst = program.spec, loaded(text), [0.0, 0.0]
    ways = (module.gradient, lambda *given: _backward(module.loss, *given))
    for sample in samples:
        autograd = _result(program, module, lambda *given: _backward(module.cost, *given), sample)
        wanted = Expected(autograd, expected(spec, sample).magnitude)
        for place, gradient in enumerate(ways):
            found = _result(program, module, gradient, sample)
            try:
                worst[place] = max(worst[place], agreement(spec, sample, wanted, found, TOLERANCE[spec.dtype]))
            except Failed as error:
                raise Failed(f"against torch.autograd of the cost{', Cost.backward' * place}: {error}") from None
    _promises(torch, program, module, samples[0])
    for name, reason in _gradcheck(torch, program, module, samples[0]):
        raise Failed(f"torch.autograd.gradcheck of {name}: {reason}")
    return [
        f"torch.autograd of the cost gives the same: {ERROR} {worst[0]:.0e}, {RELATIVE}; Cost.backward {worst[1]:.0e}",
        f"torch.autograd.gradcheck of Cost holds in float64, to {DIFFERENCES:.0e} of the largest entry of an array",
        "a scaled loss has scaled derivatives; derivatives by x or y, second ones and wrong arrays are refused",
    ]


def _promises(torch: Any, program: Program, module: ModuleType, sample: Sample) -> None:
    """Whether a scaled loss has scaled derivatives; derivatives by x, second ones and wrong arrays are refused."""
    parameters, x, y = _tensors(program, sample)

    def scaled(*given: Any) -> Any:
        return -3.0 * module.loss(*given)

    ways = (_flat(_backward(way, parameters, x, y)) for way in (module.loss, scaled))
    for one, other in zip(*ways, strict=True):
        if not torch.allclose(-3.0 * one, other, rtol=1e-5, atol=1e-12):
            raise Failed("the gradient of a scaled loss is not scaled")
    leaves = [(w.clone().requires_grad_(), b) for w, b in parameters]
    wrong: tuple[tuple[str, Any], ...] = (
        ("the derivative by x", lambda: module.loss(parameters, x.clone().requires_grad_(), y)),
        ("the derivative by y", lambda: module.loss(parameters, x, y.clone().requires_grad_())),
        ("second derivatives", lambda: torch.autograd.grad(module.loss(leaves, x, y), leaves[0][0], create_graph=True)),
        ("parameters as lists", lambda: module.gradient([(w.tolist(), b) for w, b in parameters], x, y)),
        ("too few layers", lambda: module.gradient(parameters[1:], x, y)),
        ("another dtype of x", lambda: module.gradient(parameters, x.half(), y)),
        ("an input too many", lambda: module.gradient(parameters, torch.cat([x, x], 1 if _rows(program) else 0), y)),
        ("no example", lambda: module.gradient(parameters, x[:0] if _rows(program) else x[:, :0], y)),
        ("another shape of y", lambda: module.gradient(parameters, x, torch.cat([y, y]))),
    )
    for what, call in wrong:
        try:
            call()
        except (ValueError, RuntimeError) as error:
            if any(words in str(error) for words in REFUSALS):
                continue
        raise Failed(f"{what} is not refused in words")


#: What a module says that refuses something.
REFUSALS: Final = ("no derivatives", "no second", "parameters are pairs", "dtype", "x has the shape", "y has the shape")


def _rows(program: Program) -> bool:
    """Whether examples are rows."""
    return program.spec.layout == "rows"


def _flat(pairs: Any) -> list[Any]:
    return [part for pair in pairs for part in pair]


def _backward(cost: Any, parameters: Any, x: Any, y: Any) -> Any:
    """What PyTorch derives from the cost; zeros for what the cost does not depend on, as with steps for activations."""
    from torch import autograd, zeros_like

    leaves = [part.clone().requires_grad_() for pair in parameters for part in pair]
    value = cost(list(zip(leaves[::2], leaves[1::2], strict=True)), x, y)
    found = autograd.grad(value, leaves, allow_unused=True) if value.requires_grad else [None] * len(leaves)
    slopes = [zeros_like(leaf) if one is None else one for leaf, one in zip(leaves, found, strict=True)]
    return list(zip(slopes[::2], slopes[1::2], strict=True))


def _gradcheck(torch: Any, program: Program, module: ModuleType, sample: Sample) -> Iterator[tuple[str, str]]:
    """The arrays of parameters for which gradcheck fails, and what it says."""
    parameters, x, y = _tensors(program, sample)
    pairs, x, y = [(w.double(), b.double()) for w, b in parameters], x.double(), y.double()
    flat, derivatives = ([part for pair in listed for part in pair] for listed in (pairs, module.gradient(pairs, x, y)))
    noise = 1e-9 * abs(module.cost(pairs, x, y).item())  # of a difference quotient: the cost is rounded
    for place, (part, derivative) in enumerate(zip(flat, derivatives, strict=True)):

        def loss(moved: Any, place: int = place) -> Any:
            return module.Cost.apply(x, y, *flat[:place], moved, *flat[place + 1 :])

        tolerance = DIFFERENCES * derivative.abs().max().item() + noise
        start = part.clone().requires_grad_()
        try:
            torch.autograd.gradcheck(loss, start, atol=tolerance, rtol=0.0, fast_mode=True)
        except RuntimeError as error:
            yield f"{'wb'[place % 2]}{place // 2 + 2}", str(error).partition("\n")[0]


BACKEND = Backend("torch", ".py", write, run, checks)
