"""The numeric judge: floating point, in a logistic and a softplus network (``numeric_world``)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from ..surface.network import Network
from .answer import DIFFERENT, NOTHING, Answer, differ, malformed, unsupported
from .measured import Measured, error_of_sums
from .numeric_world import TOLERANCE, Floats, logistic, softplus
from .worlds import own
from .worlds.shapes import shapes, square
from .worlds.sizes import whole
from .worlds.statement import Entry, Statement, statement
from .worlds.verdicts import Malformed, Unsupported

TINY = 1e-300
WORST = 2.0
DEPTHS = (3, 4)
KINDS = (logistic, softplus)


@lru_cache(maxsize=64)
def models(net: Network) -> tuple[Floats, ...]:
    """A logistic and a softplus network."""
    found = tuple(shapes(net, DEPTHS)) if net.depth is not None else own.differing(net)
    if not whole(net, found):
        found = (square(net, DEPTHS[0]),) * len(KINDS)
    return tuple(Floats(net, shape, f" {f.__name__}", f) for shape, f in zip(found, KINDS, strict=True))


def judge(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Answer:
    """Whether ``lhs = rhs`` holds in floating point, entry by entry, to an error of ``TOLERANCE``.

    The error is relative to the larger side. Where that is too much, it is seen whether terms of the sides cancel: then
    it is relative to the sum of their absolute values.
    """
    try:
        claim = statement(net, lhs, rhs, hypotheses)
        found = [(model, _compare(claim, model)) for model in models(claim.net)]
    except Malformed as why:
        return malformed(why)
    except (Unsupported, OverflowError) as why:
        return unsupported(why)
    errors = [error for _, compared in found for error, _ in compared]
    if not errors:
        return unsupported(NOTHING)
    worst, tried = max(errors), tuple(str(model.shape) for model, compared in found if compared)
    told: Any = {"tried": tried, "entries": len(errors), "max_relative_error": worst}
    if worst <= TOLERANCE:
        return Answer("holds", f"equal up to {worst:.0e}", **told)
    failure = next(
        differ(model.shape, entry.indices, f"{entry.lhs:.9g}", f"{entry.rhs:.9g}")
        for model, compared in found for error, entry in compared if error > TOLERANCE
    )  # fmt: skip
    return Answer("refuted", DIFFERENT, failure, **told)


def _compare(claim: Statement, model: Floats) -> list[tuple[float, Entry]]:
    """Each entry, with its error."""
    found = [(relative_error(entry.lhs, entry.rhs), entry) for entry in claim.cases(model)]
    if all(error <= TOLERANCE for error, _ in found):
        return found
    measured = {str(e.indices): error_of_sums(e.lhs, e.rhs) for e in claim.cases(Measured(model))}
    return [
        (error if error <= TOLERANCE else min(error, measured.get(str(entry.indices), error)), entry)
        for error, entry in found
    ]


def relative_error(first: float, second: float) -> float:
    """|first - second| / max(|first|, |second|); 0 where both are below 1e-300.

    It is at most 2, and 2 also where one of them is not a number.
    """
    if not (math.isfinite(first) and math.isfinite(second)):
        return WORST
    size = max(abs(first), abs(second))
    return abs(first / size - second / size) if size > TINY else 0.0
