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
from ..comparison import starts
from ..cost_text import NumPyText, summed
from ..header import docstring, header, safe, words
from ..infix import Comment, identifier
from ..lines import WIDTH, bracketed, imports, returned
from ..loading import loaded
from ..program import Program, Spec
from ..sample import Result, Sample, draw
from ..templating import render
from ..trials import MANY
from ..ufuncs import Calls
from . import numpy_one
from .numpy_folded import Folded
from .numpy_functions import CONSTANTS, SOURCES, closure, source
from .numpy_use import large, used
from .numpy_writer import Writer

SCALAR = 64  # parameters: so few are done in plain numbers before NumPy has been called a few times
TINY = 256  # parameters: so few are copied faster than NumPy is called once more
MOST = 1 << 14  # examples: above them, only in nets with small products, the products for large batches are not tried
SMALL = 1 << 18  # multiplications of the largest product: below, the call costs more than the layout of its result


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the module makes of the samples."""
    return _evaluated(program, _loaded(text), samples)


def checks(program: Program, text: str, samples: Sequence[Sample]) -> list[str]:
    """How the module may be used; it has other ways for one example and for large batches, and is made to take them."""
    spec, module = program.spec, _loaded(text)
    for sample in samples if spec.parameters <= MANY else samples[-1:]:
        other = draw(spec, sample.x.shape[1], 5).laid_out(spec)
        used(spec, module, sample.laid_out(spec), other)
    above = SMALL // max(map(mul, spec.sizes, spec.sizes[1:])) + 1  # examples
    if spec.parameters > TINY and above <= MOST:
        large(spec, module, samples[-1].laid_out(spec), above)
    said = [USE]
    if spec.parameters <= SCALAR:
        parameters, x, y = samples[0].laid_out(spec)
        if not module._one(parameters, x, y, np.empty(spec.parameters, spec.dtype)):  # noqa: SLF001 - it is ours
            raise Failed("one example by itself is not done in plain numbers")
        said.append("one example by itself is done in plain numbers")
    return said


USE = (
    "lists, strided, read-only and Fortran arrays, workspaces and two threads at once give the same; results are never "
    "written to again; wrong shapes and dtypes are refused, and a step moves all layers or none"
)


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
        module.step(parameters, x, y, sample.eta)
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
        if "LARGE" in self.constants and writer.spec.dtype == "float32":
            self.constants["LARGE"] = "88"
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
        return f"def {f.name}(z: Array, out: Array) -> Array:\n" + "".join(f"    {line}\n" for line in lines)


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the module; ``verified`` is what its header says of it."""
    spec = program.spec
    tiny, alone = spec.parameters <= TINY, spec.parameters <= SCALAR
    writer = Folded(program, alone=alone) if tiny else Writer(program)
    gradient, forward = list(writer.gradient()), list(writer.forward_pass())
    functions = Functions(writer)
    cost = f"float({cost_text(spec).replace('AXIS', str(writer.calls.units))}{' / m' * (spec.reduction == 'mean')})"
    quiet = any(f.own for f in spec.activations) or cost_named(spec.cost).own  # what overflows is the user's formula
    share = f"m = x.shape[{0 if writer.rows else 1}]"
    one, written = numpy_one.lines(program) if alone else ([], [])
    layers = range(2, spec.depth + 1)
    pairs = [f"(nabla_w{layer}, nabla_b{layer})" for layer in layers]
    unpack = [f"(w{layer}, b{layer})" for layer in layers]
    whole = " = parameters"
    axis = "m, {}" if writer.rows else "{}, m"
    text = render(
        "numpy.py.j2",
        header=safe(header(program, verified, "numpy")),
        imports=HERE,
        quiet='@errstate(over="ignore", invalid="ignore", divide="ignore")\n' * quiet,
        spec=spec,
        sizes="\n".join(bracketed("SIZES = (", [str(size) for size in spec.sizes], width=WIDTH)),
        rows=writer.rows,
        small=SMALL,
        tiny=tiny,
        one=one,
        written=written,
        constants=sorted((functions.constants | ({"ZERO": "0"} if "ZERO" in cost else {})).items()),
        functions=functions.sources,
        made_w=_made_w(tiny=tiny, rows=writer.rows),
        unpack=bracketed("(", unpack, whole) if len(unpack) == 1 or len(", ".join(unpack) + whole) > 84
        else [", ".join(unpack) + whole],
        forward=forward,
        gradient=gradient,
        workspace=[*writer.made(), *(bracketed("self.nabla = [", pairs, width=80) if alone else [])],
        taken=list(writer.taken()),
        fresh=list(writer.fresh()),
        kept=list(writer.kept()),
        cost_of=", ".join(name if re.search(rf"\b{name}\b", cost) else "_" for name in "za"),
        result=bracketed("return [", pairs),
        cost=[*[share] * (spec.reduction == "mean"), *returned(cost)],
        last=spec.depth,
        docs=docs(spec),
        x_shape=f"({axis.format(spec.sizes[0])})",
        y_shape=f"({axis.format(spec.sizes[-1])})",
        tolerance=SELF_TEST[spec.dtype],
    )  # fmt: skip
    found = imports(text)
    numpy = ["import numpy as np", *imports(text, {"numpy": UFUNCS})[len(found) :]]
    return text.replace(HERE, "\n".join([*found, "", *numpy]), 1)


HERE = "# imports"


def _made_w(*, tiny: bool, rows: bool) -> str:
    shape = "columns, rows" if rows else "rows, columns"
    return f"np.empty(({shape}), DTYPE)" if tiny else f'_new({shape}, "S")'


def docs(spec: Spec) -> dict[str, str]:
    """The docstrings of the functions."""
    said = words(spec)
    arrays = f"x and y are arrays of {spec.dtype}, or become such; parameters have to be."
    of_out = (
        "What is returned is new, or lies in the workspace ``out`` until its next use; parameters, x and y must not."
    )
    step = "Either all are changed, or none: no error comes between. ``out`` as in ``gradient``."
    return {
        "init": docstring(said["init"], said["spread"]),
        "forward": docstring(said["forward"], said["errors"]),
        "cost": docstring(said["cost"], said["errors"]),
        "gradient": docstring(said["gradient"], f"{arrays} {said['errors']}", of_out),
        "step": docstring(said["step"], step),
    }


SELF_TEST = {"float64": "1e-6", "float32": "1e-3"}  # how far a difference quotient may be off, relative to its terms
UFUNCS = (
    *("absolute", "add", "asarray", "copyto", "divide", "dot", "empty_like", "errstate", "exp", "expm1", "greater"),
    *("heaviside", "less_equal", "log", "log1p", "logaddexp", "matmul", "maximum", "minimum", "multiply", "negative"),
    *("power", "sqrt", "square", "subtract", "tanh", "where"),
)

BACKEND = Backend("numpy", ".py", write, run, checks)
UNROLLED = unrolled_python.UNROLLED
