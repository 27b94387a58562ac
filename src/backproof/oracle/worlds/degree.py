"""Upper bounds on the degrees of what a statement compares, as rational functions of what is drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple

from sympy import Add, Mul, Pow, Symbol

from ...surface.terms import Apply, D, L, Member, Total
from .terms import family


class Degree(NamedTuple):
    """At most the degrees of numerator and denominator of a rational function."""

    top: int = 0
    bottom: int = 0

    def plus(self, other: Degree) -> Degree:
        if not self.bottom and not other.bottom:
            return max(self, other)
        return Degree(max(self.top + other.bottom, other.top + self.bottom), self.bottom + other.bottom)

    def times(self, other: Degree) -> Degree:
        return Degree(self.top + other.top, self.bottom + other.bottom)

    def power(self, times: int) -> Degree:
        """Also of the inverse, for a negative exponent."""
        top, bottom = self if times > 0 else (self.bottom, self.top)
        return Degree(abs(times) * top, abs(times) * bottom)

    def summed(self, count: int) -> Degree:
        """Of a sum of so many terms."""
        return Degree(self.top + (count - 1) * self.bottom, count * self.bottom)

    def or_(self, other: Degree) -> Degree:
        """Of either of the two."""
        return Degree(max(self.top, other.top), max(self.bottom, other.bottom))

    def of_difference(self, other: Degree) -> int:
        """The degree of the numerator of the difference."""
        return max(self.top + other.bottom, other.top + self.bottom)


NUMBER, VARIABLE, FRACTION = Degree(), Degree(1), Degree(1, 1)


class Bound(NamedTuple):
    """Of a value, and of its slope in any direction (None: it has none)."""

    value: Degree
    slope: Degree | None = None

    def or_(self, other: Bound) -> Bound:
        return Bound(self.value.or_(other.value), _either(self.slope, other.slope, Degree.or_))

    def plus(self, other: Bound) -> Bound:
        return Bound(self.value.plus(other.value), _either(self.slope, other.slope, Degree.plus))

    def times(self, other: Bound) -> Bound:
        parts = [
            value.times(slope)
            for value, slope in ((self.value, other.slope), (other.value, self.slope)) if slope is not None
        ]  # fmt: skip
        return Bound(self.value.times(other.value), reduce(Degree.plus, parts) if parts else None)

    def moved(self, value: Degree, derivative: Degree) -> Bound:
        """Of a function of it, from the degrees of its value and its derivative."""
        return Bound(value, None if self.slope is None else derivative.times(self.slope))

    def summed(self, count: int) -> Bound:
        return Bound(self.value.summed(count), None if self.slope is None else self.slope.summed(count))


def _either(one: Degree | None, other: Degree | None, both: Callable[[Degree, Degree], Degree]) -> Degree | None:
    return other if one is None else one if other is None else both(one, other)


ANY = Bound(VARIABLE, NUMBER)  # a quantity that is drawn: it moves as itself


class Degrees:
    """The degrees of the quantities of a crowd of networks; no sum has more terms than ``longest``."""

    def __init__(self, crowd: Any, longest: int) -> None:
        self.crowd, self.arguments, self.longest = crowd, NUMBER, longest
        self.known: dict[tuple[str, int], Bound] = {}
        self.functions = {f.name: f for f in crowd.net.functions}

    def of(self, e: Any, layers: dict[Any, int] | None = None, numbers: dict[Any, Bound] | None = None) -> Bound:
        """Of a term, with the layers that are known, and variables of formulas."""
        layers, numbers = layers or {}, numbers or {}
        if isinstance(e, Member):
            return self._member(e, layers)
        if isinstance(e, Symbol):
            return numbers.get(e, Bound(VARIABLE))
        if isinstance(e, Total):
            return self.of(e.args[0], layers, numbers).summed(self.longest)
        if isinstance(e, D):
            return Bound(self.of(e.args[0], layers, numbers).slope or NUMBER)
        if isinstance(e, Apply):
            return self._function(e.args[0].name, int(e.args[2]), self.of(e.args[1], layers, numbers))
        if isinstance(e, Pow):
            base, times = self.of(e.base, layers, numbers), int(e.exp)
            return base.moved(base.value.power(times), base.value.power(times - 1 or 1))
        if isinstance(e, Add | Mul):
            parts = (self.of(arg, layers, numbers) for arg in e.args)
            return reduce(Bound.plus if isinstance(e, Add) else Bound.times, parts)
        return Bound(NUMBER)

    def _member(self, e: Any, layers: dict[Any, int]) -> Bound:
        kinds, found = self.crowd.kinds[family(e)], ANY
        known = [self._layer(e.args[1], layers)] if kinds.startswith("l") else [0]
        for layer in self.crowd.layers_of(family(e)) if known == [None] else known:
            found = found.or_(self._quantity(family(e), layer or 0))
        return found

    @staticmethod
    def _layer(index: Any, layers: dict[Any, int]) -> int | None:
        """The layer, where it is known: symbols of known layers, plus or minus something."""
        value = 0
        for part in Add.make_args(index):
            if part in layers:
                value += layers[part]
            elif part.is_Integer:
                value += int(part)
            else:
                return None
        return value

    def _quantity(self, name: str, layer: int) -> Bound:
        key = name, layer
        if layer not in self.crowd.layers_of(name):
            return ANY
        if key not in self.known:
            group = self.crowd.recurrent.get(name, (name,))
            self.known |= {(other, layer): ANY for other in group}
            for other in group * self.crowd.rounds(group):
                self.known[other, layer] = reduce(Bound.or_, self._equations(other, layer), ANY)
        return self.known[key]

    def _equations(self, name: str, layer: int) -> Iterable[Bound]:
        for piece in self.crowd.pieces(name, layer):
            d, layers = piece.definition, {self.crowd.net.depth: self.crowd.depth, L: self.crowd.depth}
            if self.crowd.kinds[name].startswith("l"):
                layers[d.head.args[1]] = layer
            if d.body is not None:
                yield self.of(d.body, layers)
            for e in d.inputs if d.body is None else ():
                slope = self.of(e, layers).slope
                yield Bound(VARIABLE, slope and slope.times(VARIABLE).summed(self.longest * len(d.inputs)))

    def _function(self, name: str, times: int, u: Bound) -> Bound:
        if name in self.functions:
            f = self.functions[name]
            moved = Bound(u.value, u.slope if times == 0 else NUMBER)
            found = self.of(f.body, {}, {f.variable: moved})
            return found if times == 0 else Bound(found.slope or NUMBER)
        self.arguments = self.arguments.or_(u.value)
        return u.moved(_derivative(name, times, u.value), _derivative(name, times + 1, u.value))


def _derivative(name: str, times: int, u: Degree) -> Degree:
    if name == "exp":
        return FRACTION
    if name == "log" and times:
        return u.power(-times)
    if name == "sqrt" and times:
        return VARIABLE.power(1 - 2 * times)
    if name in ("Phi", "phi"):
        return u.power(max(times, 1)).times(VARIABLE)
    return VARIABLE
