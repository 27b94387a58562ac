"""Whether what a program computed is what it has to be: every partial derivative with an error of its own.

The error of a partial derivative is taken relative to the sum of the absolute values of the terms that add up to it.
That sum vanishes with the derivative: in a deep net, where all derivatives of the first layers are tiny, a zero is as
wrong as anywhere else. And it grows with them where terms cancel, and rounding errors do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from .backend import Failed
from .expected import Expected, complex_steps, with_nudges
from .program import Spec
from .sample import Array, Pairs, Result, Sample

TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
RELATIVE = (
    "relative to the sum of the absolute values of its terms (with many units, to what rounding does to them, too)"
)
SMALL = 1e-3  # outputs and costs are of the order of 1; smaller ones have lost digits on the way
NOTHING = 1e-30  # what is smaller than that, next to data of the order of 1, is as good as 0


def agreement(spec: Spec, sample: Sample, expected: Expected, found: Result, tolerance: float) -> float:
    """The largest error of a partial derivative; ``Failed`` if one is too large, rounding of z allowed for."""
    try:
        return worst_error(sample, expected, found, tolerance)
    except Failed:
        return worst_error(sample, with_nudges(spec, sample, expected), found, tolerance)


def worst_error(sample: Sample, expected: Expected, found: Result, tolerance: float) -> float:
    """The largest error of a partial derivative; ``Failed`` if one is too large, or the cost or an output is wrong."""
    worst = 0.0
    triples = zip(expected.result.gradient, found.gradient, expected.magnitude, strict=True)
    for layer, (wanted, got, sizes) in enumerate(triples, start=2):
        for name, *arrays in zip("wb", wanted, got, sizes, strict=True):
            worst = max(worst, _error(tolerance, f"∂C/∂{name}{layer}", *arrays))
    outputs, size = expected.result.outputs, np.abs(expected.result.outputs).max() + SMALL
    _error(tolerance, "the outputs", outputs, found.outputs, np.full_like(outputs, size))
    whole = np.array([expected.result.cost])
    _error(tolerance, "the cost", whole, np.array([found.cost]), np.abs(whole) + float(size))
    if found.stepped is not None:
        _steps(sample, expected, found.stepped, tolerance)
    return worst


def starts(spec: Spec, module: Any) -> None:
    """Whether a program begins with finite parameters of the shapes and the type that it takes; ``Failed`` if not."""
    parameters = module.init()
    if tuple(module.SIZES) != spec.sizes:
        raise Failed(f"SIZES is {module.SIZES}, not {spec.sizes}")
    arrays = [(np.asarray(w), np.asarray(b)) for w, b in parameters]
    if isinstance(parameters[0][1], list):  # of a program for one example, whose biases are always in a row
        arrays = [(w, b if spec.layout == "rows" else b.reshape(-1, 1)) for w, b in arrays]
    found = [(w.shape, b.shape, str(w.dtype), str(b.dtype)) for w, b in arrays]
    pairs = pairwise(spec.sizes)
    wanted = [((m, n), (n,)) if spec.layout == "rows" else ((n, m), (n, 1)) for m, n in pairs]
    if found != [(*shapes, spec.dtype, spec.dtype) for shapes in wanted]:
        raise Failed(f"init gives parameters {found}, not of the shapes {wanted} and of {spec.dtype}")
    random(part for pair in arrays for part in pair)


def random(arrays: Iterable[Array]) -> None:
    """``Failed`` unless they look like normal numbers: finite, spread, and with weights of the size that is said."""
    if not all(np.isfinite(part).all() and (part.size == 1 or part.std() > 0) for part in arrays):
        raise Failed("init gives parameters that are not finite, or all the same")


def _steps(sample: Sample, expected: Expected, stepped: Pairs, tolerance: float) -> None:
    """Whether the parameters have gone down the gradient."""
    pairs = zip(sample.parameters, expected.result.gradient, expected.magnitude, stepped, strict=True)
    for layer, quadruple in enumerate(pairs, start=2):
        for name, start, nabla, size, got in zip("wb", *quadruple, strict=True):
            _error(
                tolerance,
                f"{name}{layer} after a step",
                start - sample.eta * nabla,
                got,
                np.abs(start) + sample.eta * size,
            )


def _error(tolerance: float, what: str, wanted: Array, got: Array, sizes: Array) -> float:
    """The largest |got - wanted| / size."""
    if wanted.shape != got.shape:
        raise Failed(f"{what} has the shape {got.shape}, not {wanted.shape}")
    error = np.abs(got - wanted)
    np.divide(error, np.maximum(sizes, NOTHING), out=error)
    worst = float(error.max()) if not np.isnan(error).any() else np.nan
    if not worst <= tolerance:  # a NaN fails
        place = np.unravel_index(int(np.argmax(np.where(np.isnan(error), np.inf, error))), error.shape)
        entry = ", ".join(str(int(index) + 1) for index in place)
        raise Failed(f"{what}: entry {entry} is {_at(got, place)}, and has to be {_at(wanted, place)}")
    return worst


def _at(array: Array, place: Any) -> str:
    return f"{float(array[place]):.17g}"


def by_complex_step(spec: Spec, sample: Sample, expected: Expected) -> tuple[int, float]:
    """How many partial derivatives of the reference the complex step has confirmed, and the largest error."""
    count, worst = 0, 0.0
    for layer, kind, place, stepped in complex_steps(spec, sample):
        known, size = expected.result.gradient[layer][kind][place], expected.magnitude[layer][kind][place]
        error = abs(stepped - known) / size if stepped != known else 0.0
        if not error <= TOLERANCE["float64"]:
            raise Failed(f"the reference and the complex step disagree about ∂C/∂{'wb'[kind]}{layer + 2}{list(place)}")
        count, worst = count + 1, max(worst, error)
    return count, worst
