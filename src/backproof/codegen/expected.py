"""What a program has to compute, by the plain reference, which shares nothing with the program but the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..activations.cost import cost as cost_named
from ..networks import Activation
from ..oracle.formula import value_and_slope
from ..oracle.worlds.verdicts import Undefined
from ..reference import Network
from .expected_cost import NoValue, cost_of_z
from .program import Spec
from .sample import Array, Pairs, Result, Sample

SATURATED = 800.0  # exp(800) overflows
SINGLE = 8.0  # an exponential overflows in float32 where that of so many times z does in float64
STEP = 1e-30  # of the complex step: its square is nothing
TRIED = 16  # weights and biases, spread over all layers, whose derivative the complex step takes too
NUDGE = 1e-6  # relative: what is left of it in the derivatives, divided by it, says how they feel rounding
LARGE = 100_000  # parameters: in a larger net, one weight and one bias of each layer are tried


@dataclass(frozen=True)
class Expected:
    """``result``, and for each partial derivative what its error is relative to: the sum of the absolute values of the
    terms that add up to it.
    """

    result: Result
    magnitude: Pairs

    def fits(self, dtype: str) -> bool:
        """Whether nothing in it has overflowed, nor would in numbers of the program."""
        most = np.finfo(dtype).max
        arrays = [part for pairs in (self.result.gradient, self.magnitude) for pair in pairs for part in pair]
        return all(bool((np.abs(array) < most).all()) for array in (np.array(self.result.cost), *arrays))


def reference(spec: Spec, sample: Sample) -> Network:
    """The reference network with the parameters of the sample."""
    row, functions = cost_named(spec.cost), [_function(f) for f in spec.activations]
    made = Network(spec.sizes, activations=functions, cost="quadratic" if row.own else row.name)
    if row.own:
        made.ends_with(cost_of_z(row, spec.activations[-1]))
    made.weights, made.biases = [w for w, _ in sample.parameters], [b for _, b in sample.parameters]
    return made


def as_far_out(known: Expected) -> Expected:
    """The same, with errors relative to 1 besides: far out, what is tiny may be 0."""
    return Expected(known.result, tuple((w + 1.0, b + 1.0) for w, b in known.magnitude))


def _function(f: Activation) -> str | tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """Its name; or, for one's own, the function and its derivative."""
    if not f.own:
        return f.name
    at = value_and_slope(f.body)

    def both(z: complex) -> tuple[complex, float]:
        try:
            return at(z)
        except Undefined as error:
            raise NoValue(
                f"{f.text} has no value at z = {z.real:.4g}: {error}. An activation has one for every z"
            ) from None

    value, slope = (
        np.vectorize(lambda z: both(z)[0], otypes=[complex]),
        np.vectorize(lambda z: both(z)[1], otypes=[float]),
    )
    return (lambda z: value(z) if np.iscomplexobj(z) else value(z).real), lambda z: slope(z.real)


def finite_at(f: Activation, z: float, dtype: str = "float64") -> bool:
    """Whether an activation of one's own, and its slope, fit into the numbers of a program at z and -z."""
    if not f.own:
        return True
    at, reach = value_and_slope(f.body), z if dtype == "float64" else SINGLE * z
    try:
        return all(bool(np.isfinite(part)) for place in (reach, -reach) for part in at(place))
    except (OverflowError, Undefined):
        return False


def overflows(f: Activation) -> bool:
    """Whether an activation of one's own, or its slope, is too large for a float at z = 800 or -800."""
    return not finite_at(f, SATURATED)


def expected(spec: Spec, sample: Sample) -> Expected:
    """The cost, the outputs and the partial derivatives of the sample, one example after the other."""
    net = reference(spec, sample)
    outputs = np.hstack([net.feedforward(x) for x, _ in _pairs(sample)])
    cost = _share(spec, sample) * sum(float(net.cost(x, y)) for x, y in _pairs(sample))
    gradient, magnitude = (_over_examples(spec, sample, way) for way in (net.backprop, net.magnitude))
    return Expected(Result(cost, outputs, gradient), magnitude)


def with_nudges(spec: Spec, sample: Sample, known: Expected) -> Expected:
    """The same, with errors relative to what rounding the parameters does to the derivatives besides.

    Where a weighted input is a small difference of large terms, as with many units or in single precision, rounding
    shows in the derivatives, and is no mistake.
    """
    rng, magnitude = np.random.default_rng(0), known.magnitude
    here = _over_examples(spec, sample, reference(spec, sample).backprop)
    for _ in range(3 if spec.parameters <= LARGE else 1):
        nudged = tuple((_nudge(w, rng), _nudge(b, rng)) for w, b in sample.parameters)
        moved = Sample(nudged, sample.x, sample.y)
        there = _over_examples(spec, moved, reference(spec, moved).backprop)
        magnitude = tuple(
            (size_w + np.abs(w - w_) / NUDGE, size_b + np.abs(b - b_) / NUDGE)
            for (size_w, size_b), (w, b), (w_, b_) in zip(magnitude, here, there, strict=True)
        )
    return Expected(known.result, magnitude)


def _nudge(array: Array, rng: np.random.Generator) -> Array:
    """Each entry a little larger or smaller."""
    nudged: Array = array * (1 + NUDGE * rng.choice((-1, 1), array.shape))
    return nudged


def _pairs(sample: Sample) -> list[tuple[Array, Array]]:
    return [(sample.x[:, [place]], sample.y[:, [place]]) for place in range(sample.x.shape[1])]


def _share(spec: Spec, sample: Sample) -> float:
    return 1 / sample.x.shape[1] if spec.reduction == "mean" else 1.0


def _over_examples(spec: Spec, sample: Sample, way: Callable[[Array, Array], Any]) -> Pairs:
    return _added(_share(spec, sample), [way(x, y) for x, y in _pairs(sample)])


def _added(share: float, gradients: list[Any]) -> Pairs:
    """The sum or mean over the examples, as pairs of weights and biases."""
    layers = range(len(gradients[0][0]))
    return tuple(
        (share * sum(one[1][layer] for one in gradients), share * sum(one[0][layer] for one in gradients))
        for layer in layers
    )


def complex_steps(spec: Spec, sample: Sample) -> Iterator[tuple[int, int, tuple[int, ...], float]]:
    """(layer, 0 for a weight and 1 for a bias, which, the derivative of the cost by it), for some of each."""
    net, share = reference(spec, sample), _share(spec, sample)
    rng = np.random.default_rng(0)
    wanted = max(1, TRIED // (2 * (spec.depth - 1))) if spec.parameters <= LARGE else 1
    for layer in range(spec.depth - 1):
        for kind, arrays in enumerate((net.weights, net.biases)):
            whole = arrays[layer]
            for flat in set(rng.integers(0, whole.size, wanted).tolist()):
                place = np.unravel_index(flat, whole.shape)
                arrays[layer] = whole.astype(complex)
                arrays[layer][place] += 1j * STEP
                stepped = sum(net.cost(x, y) for x, y in _pairs(sample))
                yield layer, kind, tuple(map(int, place)), float(share * stepped.imag / STEP)
                arrays[layer] = whole
