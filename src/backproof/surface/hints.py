"""What to write in place of what SymPy and Python have and we have not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sympy import Derivative, Float, Function, Integer, Pow, Sum, Tuple, zoo
from sympy.logic.boolalg import Boolean

from .terms import D


def _has_root(e: Any) -> bool:
    return any(not isinstance(power.exp, Integer) for power in e.atoms(Pow))


def _has_second_derivative(e: Any) -> bool:
    return any(d.args[0].has(D) for d in e.atoms(D))


SECOND: Final = (
    "A second derivative is that of a formula, D(e, x), where e is what the first one is equal to, "
    "or that of a quantity, D(g[j], x), which the network defines as that"
)
HINTS: Final[tuple[tuple[Callable[[Any], bool], str], ...]] = (
    (lambda e: bool(e.has(Float)), "Write Rational(1, 2) or an integer for a decimal number"),
    (
        lambda e: bool(e.has(Sum)),
        "Write total(e, k, l) for the sum over the units k of layer l, or Total(e, k, lo, hi)",
    ),
    (
        lambda e: bool(e.has(Function)),
        "Write sigma, exp, log, step, Phi and phi of backproof.surface.terms for functions",
    ),
    (lambda e: bool(e.has(Derivative)), "Write D(y, x) for a partial derivative"),
    (lambda e: bool(e.has(zoo)), "It divides by zero"),
    (lambda e: isinstance(e, Boolean), "A line is the term alone: it says that the term before is equal to it"),
    (lambda e: bool(e.has(Tuple)), "An index is a term, x[i], and several have commas between them, x[t, i]"),
    (_has_root, "Write sqrt(u) of backproof.surface.terms for a root"),
    (
        _has_second_derivative,
        SECOND,
    ),
)


def hints(e: Any) -> list[str]:
    """What to write in place of the parts of ``e`` that are no terms of ours; [] where that is not known."""
    return [hint for applies, hint in HINTS if applies(e)]


__all__ = ["hints"]
