"""Upper bounds on the degrees of what a statement compares, as rational functions of what is drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, reduce
from typing import Any, NamedTuple

from sympy import Add, Dummy, Mul, Pow, Symbol

from ...surface.terms import Apply, D, L, Member, Total
from .exponents import addends, within_log
from .terms import family, free, replaced


class Divisor(NamedTuple):
    """What something is divided by: a term with indices (its numerator), and where it stands."""

    term: Any
    place: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Degree:
    """At most the degree of the numerator, and of what it is divided by: how often by each, and the degree of each.

    A sum over an index has the divisors of all its terms; those without the index are the same for all of them.
    """

    top: int = 0
    below: Mapping[Divisor, tuple[int, int]] = field(default_factory=dict)

    @property
    def bottom(self) -> int:
        """The degree of the denominator."""
        return sum(power * degree for power, degree in self.below.values())

    def plus(self, other: Degree) -> Degree:
        """Also of either of the two."""
        common = dict(self.below)
        for name, (power, degree) in other.below.items():
            mine = common.get(name, (0, 0))
            common[name] = max(mine[0], power), max(mine[1], degree)
        whole = Degree(0, common).bottom
        return Degree(max(self.top + whole - self.bottom, other.top + whole - other.bottom), common)

    def times(self, other: Degree) -> Degree:
        both = dict(self.below)
        for name, (power, degree) in other.below.items():
            mine = both.get(name, (0, degree))
            both[name] = (mine[0] + power, max(mine[1], degree))
        return Degree(self.top + other.top, both)

    def power(self, times: int) -> Degree:
        return Degree(times * self.top, {name: (times * power, degree) for name, (power, degree) in self.below.items()})

    def inverse(self, e: Divisor) -> Degree:
        """Of one over it, the term e."""
        return Degree(self.bottom, {e: (1, self.top)} if self.top else {})

    def summed(self, index: Any, count: int) -> Degree:
        """Of the sum over an index with so many values."""
        summed, top = Degree(self.top), self.top
        for e, (power, degree) in self.below.items():
            again = count if index in free(e.term) else 1
            top += power * degree * (again - 1)
            over = Divisor(Total(e.term, index, 1, count), e.place) if again > 1 else e
            summed = summed.times(Degree(0, {over: (power, degree * again)}))
        return Degree(top, summed.below)

    def at(self, values: Mapping[Any, Any]) -> Degree:
        """The same for these indices."""
        found = Degree(self.top)
        for e, power in self.below.items():
            found = found.times(Degree(0, {Divisor(replaced(e.term, values), e.place): power}))
        return found

    def of_difference(self, other: Degree) -> int:
        """The degree of the numerator of the difference."""
        return self.plus(other).top


NUMBER, VARIABLE = Degree(), Degree(1)


class Bound(NamedTuple):
    """Of a value, and of its slope in any direction (None: it has none)."""

    value: Degree
    slope: Degree | None = None

    def plus(self, other: Bound) -> Bound:
        return Bound(self.value.plus(other.value), _either(self.slope, other.slope, Degree.plus))

    def times(self, other: Bound) -> Bound:
        parts = [
            value.times(slope)
            for value, slope in ((self.value, other.slope), (other.value, self.slope)) if slope is not None
        ]  # fmt: skip
        return Bound(self.value.times(other.value), reduce(Degree.plus, parts) if parts else None)

    def each(self, change: Callable[[Degree], Degree]) -> Bound:
        """The same change of both."""
        return Bound(change(self.value), None if self.slope is None else change(self.slope))

    def moved(self, value: Degree, derivative: Degree) -> Bound:
        """Of a function of it, from the degrees of its value and its derivative."""
        return Bound(value, None if self.slope is None else derivative.times(self.slope))


def _either(one: Degree | None, other: Degree | None, both: Callable[[Degree, Degree], Degree]) -> Degree | None:
    return other if one is None else one if other is None else both(one, other)


ANY = Bound(VARIABLE, NUMBER)  # a quantity that is drawn: it moves as itself


class Scope(NamedTuple):
    """Where a term is: the layers that are known, variables of formulas with what they stand for, and its place."""

    layers: Mapping[Any, int]
    numbers: Mapping[Any, tuple[Bound, Any]]
    place: tuple[Any, ...] = ()


class Known(NamedTuple):
    """What is known of a quantity, and of the arguments of functions in all that went into it."""

    bound: Bound
    arguments: Degree = NUMBER


class Degrees:
    """The degrees of the quantities of a crowd of networks; no index has more values than ``longest``.

    ``arguments`` are those of functions in all that was asked for.
    """

    def __init__(self, crowd: Any, longest: int, known: dict[tuple[str, int], Known] | None = None) -> None:
        self.crowd, self.arguments, self.longest = crowd, NUMBER, longest
        self.known = {} if known is None else known
        self.functions = {f.name: f for f in crowd.net.functions}

    def of(self, e: Any, scope: Scope | None = None) -> Bound:
        """Of a term of a statement, or of a body."""
        scope = scope or Scope({}, {})
        if isinstance(e, Member):
            values = dict(zip(map(_place, range(len(e.args) - 1)), e.args[1:], strict=True))
            return self._member(e, scope.layers).each(lambda degree: degree.at(values))
        if isinstance(e, Symbol):
            return scope.numbers.get(e, (Bound(VARIABLE), e))[0]
        if isinstance(e, Total):
            return self.of(e.args[0], scope).each(lambda degree: degree.summed(e.args[1], self.longest))
        if isinstance(e, D):
            return Bound(self.of(e.args[0], scope).slope or NUMBER)
        if isinstance(e, Apply):
            return self._function(e, self.of(e.args[1], scope), scope)
        if isinstance(e, Pow):
            return self._power(self.of(e.base, scope), e, scope)
        if isinstance(e, Add | Mul):
            parts = (self.of(arg, scope) for arg in e.args)
            return reduce(Bound.plus if isinstance(e, Add) else Bound.times, parts)
        return Bound(NUMBER)

    def _power(self, base: Bound, e: Any, scope: Scope) -> Bound:
        times = int(e.exp)
        if times > 0:
            return base.moved(base.value.power(times), base.value.power(times - 1))
        inverse = self._inverse(base.value, e.base, scope)
        return base.moved(inverse.power(-times), inverse.power(1 - times))

    def _inverse(self, of: Degree, e: Any, scope: Scope) -> Degree:
        """Of 1/e."""
        return of.inverse(Divisor(replaced(e, {v: term for v, (_, term) in scope.numbers.items()}), scope.place))

    def _member(self, e: Any, layers: Mapping[Any, int]) -> Bound:
        at, found = self.crowd.along.get(family(e)), ANY
        known = [0] if at is None else [self._layer(e.args[1 + at], layers)]
        for layer in self.crowd.places_of(family(e)) if known == [None] else known:
            found = found.plus(self._quantity(family(e), layer or 0))
        return found

    @staticmethod
    def _layer(index: Any, layers: Mapping[Any, int]) -> int | None:
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
        if layer not in self.crowd.places_of(name):
            return ANY
        if key not in self.known:
            outer, self.arguments = self.arguments, NUMBER
            group = self.crowd.recurrent.get(name, (name,))
            try:
                self._settle(group, layer)
            except Exception:
                for other in group:
                    self.known.pop((other, layer), None)
                raise
            self.arguments = outer
        found = self.known[key]
        self.arguments = self.arguments.plus(found.arguments)
        return found.bound

    def _settle(self, group: tuple[str, ...], layer: int) -> None:
        """Find what is made of itself as often as it may have to be: all of a group of families."""
        self.known |= {(other, layer): Known(ANY) for other in group}
        for turn in range(self.crowd.rounds(group)):
            for other in group:
                self.known[other, layer] = Known(reduce(Bound.plus, self._equations(other, layer, turn), ANY))
        for other in group:
            self.known[other, layer] = Known(self.known[other, layer].bound, self.arguments)

    def _equations(self, name: str, layer: int, turn: int) -> Iterable[Bound]:
        for piece in self.crowd.pieces(name, layer):
            d, layers = piece.definition, {self.crowd.net.depth: self.crowd.depth, L: self.crowd.depth}
            if name in self.crowd.along:
                layers[d.head.args[1 + self.crowd.along[name]]] = layer
            scope = Scope(layers, {}, (name, layer, turn))
            places = {index: _place(at) for at, index in enumerate(d.head.args[1:]) if index.is_Symbol}
            if d.body is not None:
                yield self.of(d.body, scope).each(lambda degree, places=places: degree.at(places))  # type: ignore[misc]
            for e in d.inputs if d.body is None else ():
                slope = self.of(e, scope).slope
                if slope is not None:
                    inputs = sorted(free(e) - places.keys(), key=str)
                    slope = reduce(lambda degree, index: degree.summed(index, self.longest), inputs, slope)
                yield Bound(VARIABLE, slope and slope.at(places).times(VARIABLE))

    def _function(self, e: Any, u: Bound, scope: Scope) -> Bound:
        name, times = e.args[0].name, int(e.args[2])
        if name in self.functions:
            f = self.functions[name]
            moved = Bound(u.value, u.slope if times == 0 else NUMBER)
            argument = replaced(e.args[1], {v: term for v, (_, term) in scope.numbers.items()})
            inside = Scope({}, {f.variable: (moved, argument)}, scope.place)
            found = self.of(f.body, inside)
            return found if times == 0 else Bound(found.slope or NUMBER)
        self.arguments = self.arguments.plus(u.value)
        if name == "exp" and self.crowd.apart:
            value = reduce(Degree.times, (self._exponential(e, *part, scope) for part in addends(e.args[1])), NUMBER)
            return u.moved(value, value)
        return u.moved(*(self._derivative(name, order, u.value, e, scope) for order in (times, times + 1)))

    def _exponential(self, e: Any, times: int, part: Any, scope: Scope) -> Degree:
        """Of exp(times * part), where it is drawn on its own, or is a power of w for the part log w."""
        found = within_log(self.crowd.net, part)
        self.arguments = self.arguments.plus(self.of(part, scope).value)
        drawn = VARIABLE.plus(self._inverse(VARIABLE, Apply("exp", part), scope))
        one = drawn if found is None else drawn.plus(self.of(found[0], scope).value)
        return one.power(times) if times >= 0 else self._inverse(one, e.func(e.args[0], part, 0), scope).power(-times)

    def _derivative(self, name: str, times: int, u: Degree, e: Any, scope: Scope) -> Degree:
        if name == "exp":
            return VARIABLE.plus(self._inverse(VARIABLE, Apply(name, e.args[1]), scope))
        if name == "log" and times:
            return self._inverse(u, e.args[1], scope).power(times)
        if name == "sqrt" and times:
            return self._inverse(VARIABLE, Apply(name, e.args[1]), scope).power(2 * times - 1)
        if name in ("Phi", "phi"):
            return u.power(max(times, 1)).times(VARIABLE)
        return VARIABLE


@cache
def _place(at: int) -> Symbol:
    """What stands for an index of a family."""
    return Dummy(f"index {at}")


@lru_cache(maxsize=64)
def _known(crowd: Any, longest: int) -> dict[tuple[str, int], Known]:  # noqa: ARG001 - by these it is kept
    return {}


def degrees(crowd: Any, longest: int) -> Degrees:
    """Those of a crowd; what is found once is kept for other statements about it."""
    return Degrees(crowd, longest, _known(crowd, longest))
