"""What a text is tried on: batches of many sizes, units at kinks and far out, extreme inputs and targets, NaN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Final

import numpy as np

from ..activations.cost import cost
from .backend import Failed
from .comparison import TOLERANCE, agreement
from .expected import Expected, as_far_out, expected, finite_at, reference
from .expected_cost import NoValue
from .program import Spec
from .sample import Array, Pairs, Result, Sample, draw
from .unroll import singles

EXAMPLES: Final = (1, 3)  # in the batches that every text is tried on
MORE_EXAMPLES: Final = (8, 17)  # 8 is a block of the C program, 17 are three
MANY: Final = 100_000  # parameters: larger nets are tried on less
BRANCHING, ALONE = 2_000, 10  # up to so many parameters a net may be written out; so many examples by themselves
PLACES: Final = (5.0, 10.0, 20.0, 37.0, 100.0, 700.0, 800.0)  # where units are put, with both signs
AT_EXTREMES: Final = 1e-6  # the error with all units there: zeros have to be right, digits may cancel
ROUNDED: Final = 20  # as many times the error in float32: an activation of 800 has as many digits less behind the point
LARGE: Final = 1_000.0  # inputs


@dataclass(frozen=True)
class Trial:
    """``what`` a sample is, in words; ``far`` with errors relative to 1 at least, ``loose`` where digits cancel."""

    what: str
    spec: Spec
    sample: Sample
    known: Expected
    far: bool = False
    loose: bool = False

    def error(self, found: Result) -> float:
        """The largest error of a partial derivative; ``Failed`` where something is wrong."""
        tolerance = TOLERANCE[self.spec.dtype]
        if self.far and self.spec.dtype == "float32":
            tolerance *= ROUNDED
        if self.loose:
            tolerance = max(AT_EXTREMES, 10 * tolerance)
        known = as_far_out(self.known) if self.far else self.known
        return agreement(self.spec, self.sample, known, found, tolerance)


@dataclass(frozen=True)
class Trials:
    """All trials of a program; ``sizes`` are those of batches in turn, made of the same three examples."""

    spec: Spec
    sizes: Sequence[int]

    @cached_property
    def usual(self) -> list[Trial]:
        """First those of ``EXAMPLES``."""
        more = MORE_EXAMPLES if self.spec.parameters <= MANY else ()
        found = [self._drawn(examples, place) for place, examples in enumerate((*EXAMPLES, *more))]
        if self.spec.parameters <= BRANCHING:
            found += [self._trial("one example", draw(self.spec, 1, seed)) for seed in range(1, ALONE)]
        found += [self._trial("units at a kink", one) for one in at_kinks(self.spec)]
        return [*found, self._trial(f"inputs up to {LARGE:g}", large_inputs(self.spec))]

    def _drawn(self, examples: int, place: int) -> Trial:
        """Targets within 0 and 1, at 0 and 1, and outside, by turns; two learning rates."""
        sample = draw(self.spec, examples)
        kinds = (np.arange(examples) + (place > 1)) % 3
        y = np.where(kinds == 1, np.round(sample.y), np.where(kinds == 2, 4 * sample.y - 1.5, sample.y))
        rounded = y.astype(self.spec.dtype).astype(float) if self.any_target else sample.y
        return self._trial(f"a batch of {examples}", replace(sample, y=rounded, eta=(0.5, 0.125)[place % 2]))

    @cached_property
    def any_target(self) -> bool:
        """Whether the cost has a value, and derivatives, at targets of 0 and 1 and outside."""
        usual = draw(self.spec, 1)
        targets = [usual.y * 0 + y for y in (0.0, 1.0, -1.5, 2.5)]
        try:
            return all(expected(self.spec, replace(usual, y=y)).fits(self.spec.dtype) for y in targets)
        except NoValue:
            return False

    def _trial(self, what: str, sample: Sample, *, far: bool = False, loose: bool = False) -> Trial:
        return Trial(what, self.spec, sample, expected(self.spec, sample), far, loose)

    @cached_property
    def in_turn(self) -> list[Trial]:
        """Batches of many sizes, made of three examples again and again."""
        [three] = [trial.sample for trial in self.usual if trial.what == "a batch of 3"]
        parts = [expected(self.spec, one) for one in singles(three)]
        return [self._repeated(three, parts, examples) for examples in self.sizes]

    def _repeated(self, three: Sample, parts: Sequence[Expected], examples: int) -> Trial:
        chosen = np.arange(examples) % len(parts)
        sample = replace(three, x=three.x[:, chosen], y=three.y[:, chosen])
        times = np.bincount(chosen, minlength=len(parts)) / (examples if self.spec.reduction == "mean" else 1)
        outputs = np.hstack([part.result.outputs for part in parts])[:, chosen]
        whole = sum(float(often) * part.result.cost for often, part in zip(times, parts, strict=True))
        gradient = _combined(times, [part.result.gradient for part in parts])
        known = Expected(Result(whole, outputs, gradient), _combined(times, [part.magnitude for part in parts]))
        return Trial(f"a batch of {examples}", self.spec, sample, known)

    @cached_property
    def far(self) -> list[Trial]:
        """Units of one layer at each of the places, with both signs; then all units at once."""
        reached = [z for z in PLACES if all(finite_at(f, z, self.spec.dtype) for f in self.spec.activations)]
        found = [trial for layer in range(2, self.spec.depth + 1) for trial in self._of_layer(layer, reached)]
        if PLACES[-1] in reached:
            for sign in (1, -1):
                found += self._far_trial("units at z = ±800", saturated(self.spec, sign), loose=True)
        return found

    def _far_trial(self, what: str, sample: Sample, *, loose: bool = False) -> list[Trial]:
        """None where the cost has no value, as of outputs that have rounded to 0."""
        try:
            trial = self._trial(what, sample, far=True, loose=loose)
        except NoValue:
            return []
        return [trial] if trial.known.fits(self.spec.dtype) else []

    def _of_layer(self, layer: int, reached: Sequence[float]) -> Iterator[Trial]:
        signed = [sign * z for z, sign in product(reached, (1, -1))]
        units = self.spec.sizes[layer - 1]
        every = len(signed) if self.spec.parameters <= BRANCHING else min(len(signed), -(-2 * len(signed) // units))
        for shift in range(every):
            places = np.array([signed[(unit + shift) % len(signed)] for unit in range(units)])
            sample = _put(self.spec, layer, places)
            yield from self._far_trial(f"units of layer {layer} at z = ±5 to ±{reached[-1]:g}", sample)

    @property
    def beyond(self) -> list[float]:
        """Where an activation of one's own overflows."""
        return [z for z in PLACES if not all(finite_at(f, z, self.spec.dtype) for f in self.spec.activations)]


trials_of = lru_cache(maxsize=4)(Trials)


def _combined(times: Array, pairs: Sequence[Pairs]) -> Pairs:
    def total(layer: int, place: int) -> Array:
        found: Array = sum(often * one[layer][place] for often, one in zip(times, pairs, strict=True))
        return found

    return tuple((total(layer, 0), total(layer, 1)) for layer in range(len(pairs[0])))


def at_kinks(spec: Spec) -> list[Sample]:
    """For each layer whose activation has kinks, its units at z = 0, where the usual ones have theirs.

    All other parameters are positive, so that the errors that come down from above do not vanish.
    """
    return [_at_zero(draw(spec, 2), place) for place, f in enumerate(spec.activations) if f.kinks]


def _at_zero(usual: Sample, place: int) -> Sample:
    parameters = tuple(
        (w * 0, b * 0) if here == place else (np.abs(w), np.abs(b)) for here, (w, b) in enumerate(usual.parameters)
    )
    return replace(usual, parameters=parameters)


def saturated(spec: Spec, sign: int = 1) -> Sample:
    """Every unit at z = 800 or -800, by turns."""
    usual = draw(spec, 2)
    signs = [np.where(np.arange(b.shape[0])[:, None] % 2, 800.0, -800.0) * sign for _, b in usual.parameters]
    parameters = tuple((w * 0, z) for (w, _), z in zip(usual.parameters, signs, strict=True))
    return replace(usual, parameters=parameters)


def large_inputs(spec: Spec) -> Sample:
    """Inputs whose weights are small: what clips inputs or derivatives shows."""
    usual = draw(spec, 2, 1)
    (w, b), *others = usual.parameters
    rounded = (w / LARGE).astype(spec.dtype).astype(float)
    return replace(usual, parameters=((rounded, b), *others), x=(usual.x * LARGE).astype(spec.dtype).astype(float))


def _put(spec: Spec, layer: int, places: Array) -> Sample:
    """One example, with the units of a layer at z = ``places`` and those above it at the usual ones."""
    usual = draw(spec, 1, 2)
    net, a, parameters = reference(spec, usual), usual.x, []
    for here, (w, b) in enumerate(usual.parameters, start=2):
        if here > layer:  # what is large must not cancel
            w = (w / max(1.0, float(np.abs(a).max()))).astype(spec.dtype).astype(float)  # noqa: PLW2901
        wanted = places[:, None] if here == layer else b
        start = wanted - w @ a if here >= layer else b
        moved = start.astype(spec.dtype).astype(float)
        parameters.append((w, moved))
        a = net.activations[here - 2].f(w @ a + moved)
    return replace(usual, parameters=tuple(parameters))


def with_nan(spec: Spec) -> Sample:
    """Three examples, of which one is not a number."""
    usual = draw(spec, 3)
    x = usual.x.copy()
    x[:, 1] = np.nan
    return replace(usual, x=x)


def passes_nan(spec: Spec) -> bool:
    """Whether NaN has to come out where NaN goes in: a formula of one's own with a kink may choose otherwise."""
    return not cost(spec.cost).own and not any(f.own and f.kinks for f in spec.activations)


def nan_comes_out(found: Result) -> None:
    """``Failed`` unless the second of three examples is not a number, all derivatives are none, and the others are."""
    if not np.isnan(found.outputs[:, 1]).all() or not np.isfinite(found.outputs[:, [0, 2]]).all():
        raise Failed("with NaN in one of three examples, its outputs have to be NaN, and those of no other")
    if not np.isnan(found.cost) or not all(np.isnan(part).all() for pair in found.gradient for part in pair):
        raise Failed("with NaN in an example, the cost and all its derivatives have to be NaN")


__all__ = ["Trial", "Trials", "nan_comes_out", "passes_nan", "trials_of", "with_nan"]
