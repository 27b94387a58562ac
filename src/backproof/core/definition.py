"""Defining equations: what a network is a set of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import S, Symbol, sympify

from .terms import Binder, D, Member, NonNegative, free, known, l, substitute

ANY = S.NaN  # an index that can be any: it compares with nothing


@dataclass(frozen=True)
class Definition:
    """``head = body``, for every value of the head's index variables within ``bounds``.

    Without a body it declares a parameter or a datum; ``inputs`` then lists all that an unspecified differentiable
    function, such as the cost, may depend on.
    """

    head: Member
    bounds: tuple[tuple[Symbol, Any, Any], ...] = ()
    body: Any = None
    inputs: tuple[Any, ...] = ()

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

    def at_depth(self, old: Any, new: Any) -> Definition:
        """The definition with the depth ``new`` for ``old``."""
        return Definition(*(_replaced(part, {old: new}) for part in (self.head, self.bounds, self.body, self.inputs)))

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


def members(e: Any, bound: frozenset[Any] = frozenset()) -> Iterator[Member]:
    """Every quantity that ``e`` mentions, with ``ANY`` for the indices that are summed over."""
    if isinstance(e, Member):
        yield Member(e.args[0], *(index if free(index).isdisjoint(bound) else ANY for index in e.indices))
    inner = bound | {e.args[1]} if isinstance(e, Binder) else bound
    for place, arg in enumerate(e.args):
        yield from members(arg, inner if place == 0 else bound)


def inputs_of(definition: Definition, depth: Any) -> tuple[Member, ...]:
    """What a definition mentions; in ``inputs``, an index that is neither the head's nor the depth stands for all."""
    parts = definition.inputs if definition.body is None else (definition.body,)
    if definition.body is None:
        kept = free(definition.head) | {depth}
        parts = tuple(substitute(part, dict.fromkeys(free(part) - kept, ANY)) for part in parts)
    return tuple(dict.fromkeys(occurrence for part in parts for occurrence in members(part)))


def mentions_derivative(e: Any) -> bool:
    """Whether there is a derivative in ``e``."""
    return isinstance(e, D) or any(map(mentions_derivative, e.args))


def _replaced(part: Any, values: dict[Any, Any]) -> Any:
    if isinstance(part, tuple):
        return tuple(_replaced(inner, values) for inner in part)
    return None if part is None else substitute(part, values)
