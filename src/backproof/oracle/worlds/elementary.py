"""The elementary functions in real numbers, with all their derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .verdicts import Undefined


def hermite(times: int, u: Any) -> Any:
    """He_d(-u): the d-th derivative of the density of the standard normal law, over that density.

    By the rule phi' = -u phi alone, which gives phi^(d+1) = -u phi^(d) - d phi^(d-1).
    """
    before, now = 0, 1
    for order in range(times):
        before, now = now, (u * now + order * before) * -1
    return now


def _exp(_: int, u: float) -> float:
    if u > 500:
        raise Undefined("a number too large")
    return math.exp(u)


def _log(times: int, u: float) -> float:
    if u <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return -((-1 / u) ** times) * math.factorial(times - 1) if times else math.log(u)


def _root(times: int, u: float) -> float:
    if u <= 0:
        raise Undefined("the root of a number that is not positive")
    return float(math.prod(0.5 - order for order in range(times)) * math.sqrt(u) / u**times)


def _step(times: int, u: float) -> float:
    return float(u > 0 and not times)


def _distribution(times: int, u: float) -> float:
    return _density(times - 1, u) if times else math.erfc(-u / math.sqrt(2)) / 2


def _density(times: int, u: float) -> float:
    return math.exp(-u * u / 2) / math.sqrt(2 * math.pi) * float(hermite(times, u))


#: The derivative of some order, at a number. Raises Undefined where there is none.
REAL: dict[str, Callable[[int, float], float]] = {
    "exp": _exp,
    "log": _log,
    "sqrt": _root,
    "step": _step,
    "Phi": _distribution,
    "phi": _density,
}
