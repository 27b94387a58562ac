"""A standalone NumPy module: every line writes into an array that exists, and carries its equation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import mul
from typing import Any

import numpy as np

from ...activations.cost import cost as cost_named
from ...activations.stable import computed
from ...networks import Activation
from .. import unrolled_python
from ..backend import Backend, Failed
from ..comparison import TOLERANCE, agreement, starts
from ..cost_text import NumPyText, summed
from ..expected import expected, overflows
from ..header import header, words
from ..infix import Comment, identifier
from ..loading import loaded
from ..program import Program, Spec
from ..sample import ETA, Result, Sample
from ..templating import render
from ..ufuncs import Calls
from . import numpy_one
from .numpy_folded import Folded
from .numpy_functions import CONSTANTS, SOURCES, closure, source
from .numpy_writer import Writer

SCALAR = 64  # parameters: so few are done in plain numbers before NumPy has been called a few times
TINY = 256  # parameters: so few are copied faster than NumPy is called once more
SMALL = 1 << 18  # multiplications of the largest product: below, the call costs more than the layout of its result


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the module makes of the samples."""
    return _evaluated(program, _loaded(text), samples)


def checks(program: Program, text: str, samples: Sequence[Sample]) -> list[str]:
    """The module has other ways for one example and for large batches: it is made to take them."""
    module = _loaded(text)
    return [*_for_one(program, module, samples), *_for_large_batches(program, module, samples)]


def _for_one(program: Program, module: Any, samples: Sequence[Sample]) -> list[str]:
    if program.spec.parameters > SCALAR:
        return []
    parameters, x, y = samples[0].laid_out(program.spec)
    module._gradient_for_one(parameters, x, y)  # noqa: SLF001 - what it gives was compared; here it may not give up
    return ["one example by itself is done in plain numbers"]


def _for_large_batches(program: Program, module: Any, samples: Sequence[Sample]) -> list[str]:
    spec = program.spec
    if spec.parameters <= TINY or max(map(mul, spec.sizes, spec.sizes[1:])) > SMALL:
        return []  # it has one way only, or has just taken this one
    module._SMALL = 0  # noqa: SLF001 - it is ours
    try:
        for sample, found in zip(samples, _evaluated(program, module, samples), strict=True):
            agreement(spec, sample, expected(spec, sample), found, TOLERANCE[spec.dtype])
    except Failed as error:
        raise Failed(f"{error} (with the products of large batches)") from None
    return ["the products that large batches take give the same"]


def _loaded(text: str) -> Any:
    module: Any = loaded(text)
    module.np = Poisoned()
    module.empty_like = lambda z: np.full_like(z, np.nan)
    return module


class Poisoned:
    """NumPy, but that empty arrays hold NaN: a line that is missing shows, whatever was in the memory before."""

    def empty(self, shape: Any, dtype: Any = float, order: Any = "C") -> Any:
        return np.full(shape, np.nan, dtype, order)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


def _evaluated(program: Program, module: Any, samples: Sequence[Sample]) -> list[Result]:
    results = []
    starts(program.spec, module)
    for sample in samples:
        parameters, x, y = sample.laid_out(program.spec)
        cost, outputs = module.cost(parameters, x, y), module.forward(parameters, x)
        gradient = [(w.copy(), b.copy()) for w, b in module.gradient(parameters, x, y)]
        module.step(parameters, x, y, ETA)
        results.append(Result.read(program.spec, cost, outputs, gradient, parameters))
    return results


COSTS = {
    "quadratic": "square(a - y).sum() / 2",
    "cross-entropy": "(logaddexp(z, ZERO) - y * z).sum()",
    "log-likelihood": "(logaddexp.reduce(z, AXIS, keepdims=True) * y - y * z).sum()",
}  # of z and a in the last layer: logarithms of what an activation has rounded to 0 are never taken


def cost_text(spec: Spec) -> str:
    """The sum over a batch of what the outputs cost."""
    row = cost_named(spec.cost)
    return summed(NumPyText(spec.layout), row, spec.activations[-1], "np.sum") if row.own else COSTS[row.name]


class Functions:
    """The functions of a module, and the constants they need."""

    def __init__(self, writer: Writer) -> None:
        used, own = set(writer.calls.functions), []
        for f in dict.fromkeys(writer.spec.activations):
            if not f.own:
                used.add(identifier(f.name))
            else:
                own.append(self._own(f, writer.calls))
        used |= writer.calls.functions
        names = list(closure(used & {*SOURCES}))
        self.sources = [source(name, writer.calls.units) for name in names] + own
        self.constants = {name: value for used_ in [*names, *used] for name, value in CONSTANTS.get(used_, {}).items()}
        self.constants |= writer.calls.constants

    @staticmethod
    def _own(f: Activation, calls: Calls) -> str:
        """An activation of one's own."""
        calls.lines, calls.layer = [], 0
        before = dict(calls.spares)
        calls.into(computed(f), "out")
        spares = [name for name in calls.spares if name not in before]
        calls.spares = before
        lines = [
            f'"""{Comment("columns").text(computed(f))}."""',
            *(f"{name} = empty_like(out)" for name in spares),
            *calls.lines,
            "return out",
        ]
        return f"def {f.name}(z, out):\n" + "".join(f"    {line}\n" for line in lines)


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the module; ``verified`` is what its header says of it."""
    writer = (Folded if program.spec.parameters <= TINY else Writer)(program)
    spec, axis = program.spec, writer.calls.units
    gradient, forward = list(writer.gradient()), list(writer.forward_pass())
    functions = Functions(writer)
    cost = cost_text(spec).replace("AXIS", str(axis))
    constants = functions.constants | ({"ZERO": "0"} if "ZERO" in cost else {})
    quiet = (
        any(f.own for f in spec.activations) or cost_named(spec.cost).own
    )  # where the user's own formula overflows, that is the user's formula
    one = list(numpy_one.lines(program)) if spec.parameters <= SCALAR else []
    code = "\n".join(
        [
            *one,
            *gradient,
            *forward,
            *functions.sources,
            cost,
            "errstate(" * quiet,
            *(f"{made}(" for _, made in writer.workspace()),
        ]
    )
    layers = range(2, spec.depth + 1)
    return render(
        "numpy.py.j2",
        header=header(program, verified),
        imports=sorted({*ALWAYS, *(name for name in UFUNCS if re.search(rf"\b{name}\b[.(]", code))}),
        needs_math="math." in code,
        quiet='@errstate(over="ignore", invalid="ignore", divide="ignore")\n' if quiet else "",
        spec=spec,
        sizes=spec.sizes,
        rows=writer.rows,
        small=SMALL,
        tiny=spec.parameters <= TINY,
        one=one,
        views=list(numpy_one.views(program)),
        constants=sorted(constants.items()),
        functions=functions.sources,
        unpack=", ".join(f"(w{layer}, b{layer})" for layer in layers) + ("," if spec.depth == 2 else ""),
        checked=", ".join(f"{name}.shape" for name, _ in writer.shapes()),
        shapes=", ".join(shape for _, shape in writer.shapes()),
        names=", ".join(name for name, _ in writer.shapes()),
        forward=forward,
        gradient=gradient,
        workspace=(workspace := list(writer.workspace())),
        arrays=", ".join(name for name, _ in workspace),
        cost=cost + (" / m" if spec.reduction == "mean" else ""),
        result=", ".join(f"(nabla_w{layer}, nabla_b{layer})" for layer in layers),
        last=spec.depth,
        words=words(spec),
        signs=tuple((-1) ** layer for layer in layers),
        extremes=not any(overflows(f) for f in spec.activations),
        tolerance=SELF_TEST[spec.dtype],
    )


SELF_TEST = {  # how far a difference quotient may be off, relative to the length of the gradient
    "float64": "1e-7",
    "float32": "1e-3",
}
ALWAYS = ("add", "asarray", "dot", "matmul")
UFUNCS = (
    *("absolute", "copyto", "divide", "empty_like", "errstate", "exp", "expm1", "greater", "heaviside", "less_equal"),
    *("log", "log1p", "logaddexp", "maximum", "minimum", "multiply", "negative", "power", "sqrt", "square"),
    *("subtract", "tanh", "where"),
)

BACKEND = Backend("numpy", ".py", write, run, checks)
UNROLLED = unrolled_python.UNROLLED
