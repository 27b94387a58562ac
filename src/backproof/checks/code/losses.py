"""Which loss a program has: declared, or told by its own loss function, by its words, or by what fits its gradients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Final

import numpy as np

from ...reference import COSTS as VALUES

Array = Any
REDUCTIONS: Final = {
    "sum": "the sum over the examples",
    "mean": "the mean over the examples",
    "mean of entries": "the mean over all outputs of all examples",
}
#: The penalty on the weights, by what it is: the factor of lambda before the sum of squares, and whether M divides it.
PENALTIES: Final = {
    "lambda/2": (Fraction(1, 2), False), "lambda": (Fraction(1), False),
    "lambda/2M": (Fraction(1, 2), True), "lambda/M": (Fraction(1), True),
}  # fmt: skip


@dataclass(frozen=True)
class Loss:
    """``factor``: 1, or 2 for the squared error without 1/2; ``penalty``: a row of the table, and its lambda."""

    cost: str
    factor: int = 1
    reduction: str = "sum"
    penalty: str | None = None
    decay: Any = 0

    def share(self, examples: int, outputs: int) -> Fraction:
        """What the sum of the costs of the table is multiplied by."""
        return _share(self.factor, self.reduction, examples, outputs)

    def slope(self, examples: int) -> Fraction:
        """What the penalty adds to a partial derivative, as a multiple of the weight."""
        return Fraction(0) if self.penalty is None else _slope(self.penalty, str(self.decay), examples)

    def value(self, a: Array, y: Array, squares: float) -> float:
        """Of outputs and targets, and of the sum of the squared weights."""
        return self.of_total(float(VALUES[self.cost].value(a, y)), y.shape, squares)

    def of_total(self, total: float, shape: tuple[int, ...], squares: float) -> float:
        """The same of the sum of the costs, for targets of a shape."""
        outputs, examples = shape
        return total * float(self.share(examples, outputs)) + float(self.slope(examples)) / 2 * squares

    @property
    def words(self) -> str:
        """Such as "quadratic, the mean over the examples"."""
        parts = [self.cost + (" without the factor 1/2" if self.cost == "quadratic" and self.factor == 2 else "")]
        parts.append(REDUCTIONS[self.reduction])
        if self.penalty:
            parts.append(f"a penalty of {self.penalty} times the sum of the squared weights, lambda = {self.decay}")
        return ", ".join(parts)


@cache
def _share(factor: int, reduction: str, examples: int, outputs: int) -> Fraction:
    return Fraction(factor, {"sum": 1, "mean": examples, "mean of entries": examples * outputs}[reduction])


@cache
def _slope(penalty: str, decay: str, examples: int) -> Fraction:
    factor, divided = PENALTIES[penalty]
    return 2 * factor * Fraction(decay) / (examples if divided else 1)


def candidates(output: str, decays: list[Any]) -> Iterator[Loss]:
    """All that are common, with what fits the outputs best first."""
    first = {"softmax": "log-likelihood", "sigmoid": "cross-entropy"}.get(output, "quadratic")
    costs = dict.fromkeys((first, "quadratic", "cross-entropy" if output == "sigmoid" else first))
    for cost in costs:
        for factor in (1, 2) if cost == "quadratic" else (1,):
            for reduction in REDUCTIONS:
                yield Loss(cost, factor, reduction)
                for decay in decays:
                    for penalty in PENALTIES:
                        yield Loss(cost, factor, reduction, penalty, decay)


def by_value(value: float, a: Array, y: Array, squares: float, output: str, decays: list[Any]) -> list[Loss]:
    """Those that have this value."""
    losses = list(candidates(output, decays))
    with np.errstate(all="ignore"):
        totals = {cost: float(VALUES[cost].value(a, y)) for cost in {loss.cost for loss in losses}}
        found = [(loss, loss.of_total(totals[loss.cost], y.shape, squares)) for loss in losses]
    return [loss for loss, own in found if abs(own - value) <= 1e-9 * max(abs(own), abs(value))]


__all__ = ["PENALTIES", "REDUCTIONS", "Loss", "by_value", "candidates"]
