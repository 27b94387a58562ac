"""A small net as a Python module without NumPy, written out in scalars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Final

import numpy as np

from .backend import Backend
from .comparison import starts
from .header import header, safe
from .lines import WIDTH, bracketed, imports, parts
from .loading import loaded
from .program import Program, Spec
from .sample import Result, Sample
from .scalar_code import CALLS, PythonScalars
from .templating import render
from .unroll import python_lines, singles, straight, together

#: Functions that ``math`` lacks, or that raise an error where there is a value.
SOURCES: Final = {
    "exp": '''def exp(z: float) -> float:
    """e to the z, and infinity where that is too large."""
    try:
        return math.exp(z)
    except OverflowError:
        return math.inf
''',
    "log": '''def log(z: float) -> float:
    """The natural logarithm; that of 0 is minus infinity."""
    return math.log(z) if z > 0.0 else -math.inf if z == 0.0 else math.nan
''',
    "sqrt": '''def sqrt(z: float) -> float:
    """The square root; that of a negative number is no number."""
    return math.sqrt(z) if z >= 0.0 else math.nan
''',
    "expm1": '''def expm1(z: float) -> float:
    """exp(z) - 1, which keeps its digits where z is close to 0."""
    try:
        return math.expm1(z)
    except OverflowError:
        return math.inf
''',
    "log1p": '''def log1p(z: float) -> float:
    """log(1 + z), which keeps the digits of a z close to 0."""
    return math.log1p(z) if z > -1.0 else -math.inf if z == -1.0 else math.nan
''',
    "power": '''def power(z: float, n: int) -> float:
    """z to the n, and infinity where that is too large."""
    try:
        return float(z**n)
    except OverflowError:
        return -math.inf if z < 0.0 and n % 2 else math.inf
''',
    "sigmoid": '''def sigmoid(z: float) -> float:
    """1/(1 + exp(-z)), without the exponential of a large number."""
    if z >= 0.0:
        return 1.0 / (1.0 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1.0 + grown)
''',
    "softplus": '''def softplus(z: float) -> float:
    """log(1 + exp(z)), without the exponential of a large number."""
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))
''',
    "Phi": '''def Phi(z: float) -> float:
    """The distribution function of the normal law, erfc(-z/√2)/2: it keeps its digits where it is close to 0."""
    return 0.5 * math.erfc(-0.7071067811865476 * z)
''',
    "phi": '''def phi(z: float) -> float:
    """The density of the normal law, exp(-z²/2)/√(2π)."""
    return 0.3989422804014327 * math.exp(-0.5 * z * z)
''',
    "step": '''def positive(z: float) -> float:
    """1 where z > 0, else 0."""
    return 1.0 if z > 0.0 else 0.0
''',
}


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the module. ValueError where the net is too large, or not one of Python's floats."""
    spec = program.spec
    if spec.dtype != "float64":
        raise ValueError(f"the numbers of Python are float64: nothing is unrolled for {spec.dtype}")
    code, written = PythonScalars(spec, CALLS), straight(program)
    lines = {name: list(python_lines(code, getattr(written, name))) for name in ("forward", "cost", "gradient")}
    layers = range(2, spec.depth + 1)
    result = [f"({weights(spec, 'nabla_w', layer)}, {units(spec, 'nabla_b', layer)})" for layer in layers]
    text = render(
        "unrolled.py.j2",
        header=safe(header(program, verified, "numpy", unrolled=True)),
        imports=HERE,
        spec=spec,
        sizes="\n".join(bracketed("SIZES = (", [str(size) for size in spec.sizes], width=WIDTH)),
        rows=spec.layout == "rows",
        functions=[text for name, text in SOURCES.items() if name in code.used],
        unpacked=list(_unpacked(spec)),
        x=_assigned(units(spec, "x", 1), "x"),
        y=_assigned(units(spec, "y", spec.depth), "y"),
        lines=lines,
        outputs=bracketed("return [", parts(units(spec, f"a{spec.depth}", spec.depth))),
        result=bracketed("return [", result),
    )
    return text.replace(HERE, "\n".join(imports(text)), 1)


HERE: Final = "# imports"


def units(spec: Spec, family: str, layer: int) -> str:
    """[x_1, x_2], or [b2_1, b2_2]."""
    name = f"{family}{layer}" if family in ("b", "nabla_b") else family
    return f"[{', '.join(f'{name}_{unit}' for unit in range(1, spec.sizes[layer - 1] + 1))}]"


def weights(spec: Spec, family: str, layer: int) -> str:
    """[[w2_1_1, w2_1_2], [w2_2_1, w2_2_2]], in the layout of the program."""
    out, into = (range(1, size + 1) for size in (spec.sizes[layer - 1], spec.sizes[layer - 2]))
    table = [[f"{family}{layer}_{j}_{k}" for k in into] for j in out]
    rows = zip(*table, strict=True) if spec.layout == "rows" else table
    return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"


def _unpacked(spec: Spec) -> Iterator[str]:
    """The parameters by name."""
    layers = range(2, spec.depth + 1)
    pairs = [f"(w{layer}, b{layer})" for layer in layers]
    line = f"{', '.join(pairs)} = parameters"
    yield from [line] if len(pairs) > 1 and len(line) < WIDTH - 4 else bracketed("(", pairs, " = parameters")
    for layer in layers:
        yield from _assigned(weights(spec, "w", layer), f"w{layer}")
        yield from _assigned(units(spec, "b", layer), f"b{layer}")


def _assigned(target: str, value: str) -> list[str]:
    """target = value, where a long target is broken between its names."""
    return bracketed("[", parts(target), f" = {value}")


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the module makes of the samples, one example after the other."""
    spec, module = program.spec, loaded(text)
    starts(spec, module)
    return [together(spec, sample, [_result(spec, module, each) for each in singles(sample)]) for sample in samples]


def _result(spec: Spec, module: ModuleType, sample: Sample) -> Result:
    rows = spec.layout == "rows"
    parameters = [((w.T if rows else w).tolist(), b[:, 0].tolist()) for w, b in sample.parameters]
    data = parameters, sample.x[:, 0].tolist(), sample.y[:, 0].tolist()
    outputs = np.array(module.forward(*data[:2])).reshape((1, -1) if rows else (-1, 1))
    return Result.read(spec, module.cost(*data), outputs, module.gradient(*data), module.step(*data, sample.eta))


UNROLLED = Backend("numpy", ".py", write, run)
