"""Defining equations: what a network is a set of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Symbol, sympify

from .terms import Member, NonNegative, free, known, l, substitute


@dataclass(frozen=True)
class Definition:
    """``head = body``, for every value of the head's index variables within ``bounds``.

    Without a body it declares a parameter or a datum; ``inputs`` then lists all that an unspecified differentiable
    function, such as the cost, may depend on. ``facts`` say what is known of data: "positive" or "sums to 1".
    """

    head: Member
    bounds: tuple[tuple[Symbol, Any, Any], ...] = ()
    body: Any = None
    inputs: tuple[Any, ...] = ()
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "bounds", tuple((v, sympify(lo, strict=True), sympify(hi, strict=True)) for v, lo, hi in self.bounds)
        )
        variables = {variable for variable, *_ in self.bounds}
        for variable, *ends in self.bounds:
            outer = variables - {l} if variable != l else variables
            if any(not outer.isdisjoint(free(end)) for end in ends):
                raise ValueError(f"the bounds of {self.head} may depend on the layer l alone")

    def match(self, member: Member) -> dict[Any, Any] | None:
        """The values of the index variables that make the head ``member``, or None."""
        if member.family != self.head.family or len(member.indices) != len(self.head.indices):
            return None
        variables, values = {variable for variable, *_ in self.bounds}, dict[Any, Any]()
        for pattern, index in zip(self.head.indices, member.indices, strict=True):
            if (values.setdefault(pattern, index) if pattern in variables else pattern) != index:
                return None
        return values

    @property
    def symbols(self) -> frozenset[Any]:
        """What is free in it: neither an index of the head nor bound in the body."""
        ends = [end for _, *pair in self.bounds for end in pair]
        parts = [self.head, *ends] if self.body is None else [self.head, *ends, self.body]
        return frozenset().union(*map(free, parts)) - {variable for variable, *_ in self.bounds}

    def overlaps(self, other: Definition) -> bool:
        """Whether both heads can be the same quantity, as far as can be told."""
        if (self.head.family, len(self.head.indices)) != (other.head.family, len(other.head.indices)):
            return False
        mine, its = ({v: (lo, hi) for v, lo, hi in d.bounds} for d in (self, other))
        for one, two in zip(self.head.indices, other.head.indices, strict=True):
            bounds, value = (mine.get(one), two) if one in mine else (its.get(two), one)
            if one in mine and two in its:
                continue
            if bounds is None and True in (known(one - two - 1), known(two - one - 1)):
                return False
            if bounds is not None and False in (known(value - bounds[0]), known(bounds[1] - value)):
                return False
        return True

    def where(self, values: dict[Any, Any]) -> list[NonNegative]:
        """The hypotheses that put these values within the bounds."""
        ends = ((values[v], substitute(lo, values), substitute(hi, values)) for v, lo, hi in self.bounds)
        return [NonNegative(gap) for value, lo, hi in ends for gap in (value - lo, hi - value)]


@dataclass(frozen=True)
class Function:
    """An activation with a body: ``name(variable) = body``."""

    name: str
    variable: Symbol
    body: Any
