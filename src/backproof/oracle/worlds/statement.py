"""A statement, read for judging: the code of its two sides, and for which values of its indices it is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from operator import mul
from typing import Any, NamedTuple

from ...core.network import Network
from ...core.terms import Binder, Equal, ForAll, Kron, L, M, Member, Mults, NonNegative, NonZero, Positive, free, n
from .reading import Array, Code, Env, Malformed, Missing, MissingUnit, Undefined, Unsupported
from .world import Grid, Plan, Shape, World, plan

Truth = Callable[[Any, Env], bool]  # of a grid or a world, and the indices
LARGE = 200  # weights of a network, above which only statements that count are tried
MOST = 20_000  # assignments of values to the indices that are tried in one network: all of them, or none


class Constraint(NamedTuple):
    """Something that has to hold of the indices, once these symbols have values."""

    symbols: frozenset[Any]
    holds: Truth


class Entry(NamedTuple):
    """Two numbers that the statement says are equal, at these indices."""

    indices: dict[str, int]
    lhs: Any
    rhs: Any


class Statement:
    """``lhs = rhs`` under hypotheses, in every network of the kind of ``net``.

    An index takes the values for which the hypotheses hold and the quantities that are mentioned exist. Where the
    hypotheses speak of every index, they say how far it goes: then it is enough that those of the left side exist,
    and if one of the right side does not, the statement is wrong there.

    Raises Malformed if it makes no sense in any network, Unsupported if it uses what the judges cannot read.
    """

    def __init__(self, net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> None:
        self.net, self.terms = net, (lhs, rhs, *sorted(hypotheses, key=str))
        reading = plan(net)
        self._fixed = frozenset((L, M, net.depth))
        self.kinds = self._symbols()
        self.symbols = tuple(sorted(self.kinds, key=lambda s: (min(self.kinds[s], default="u") != "l", s.name)))
        self.names = tuple(map(reading.reader.name, self.symbols))
        bounded = frozenset().union(*(free(h) for h in hypotheses if isinstance(h, NonNegative)))
        self.is_bounded = bounded.issuperset(self.symbols)
        self.conditions = [_value_condition(reading, h) for h in hypotheses if not isinstance(h, NonNegative | Equal)]
        self.gaps = [self._gap(reading, h) for h in sorted(hypotheses, key=str) if isinstance(h, Equal)]
        self.constraints = self._constraints(reading, hypotheses)
        if reading.reader.rank(lhs) != reading.reader.rank(rhs):
            raise Malformed(f"the sides have {reading.reader.rank(lhs)} and {reading.reader.rank(rhs)} indices")
        self.has_values = any(any(_unbound(term, frozenset(), every=True)) for term in self.terms)
        self._assignments: dict[Shape, list[Env]] = {}
        self.lhs, self.rhs = reading.reader.code(lhs), reading.reader.code(rhs)

    def _gap(self, reading: Plan, h: Any) -> Code:
        """What has to be 0 where an equation is assumed; about data it can be made so."""
        if free(h) - self._fixed:
            raise Unsupported("an assumption of an induction")
        first, second = map(reading.reader.code, h.args)
        return lambda world, env: first(world, env) + second(world, env) * -1

    def _symbols(self) -> dict[Any, str]:
        kinds: dict[Any, str] = {}
        for term in self.terms:
            for symbol, kind in _positions(term, self.net.kinds):
                if symbol not in self._fixed:
                    kinds[symbol] = kinds.get(symbol, "") + kind
        return kinds

    def _constraints(self, reading: Plan, hypotheses: frozenset[Any]) -> list[Constraint]:
        gaps = [h for h in hypotheses if isinstance(h, NonNegative)]
        found = [Constraint(free(h) - self._fixed, _at_least_zero(reading, h)) for h in gaps]
        sides = self.terms[:1] if self.is_bounded else self.terms[:2]
        for member in dict.fromkeys(m for side in sides for m in _unbound(side, frozenset())):
            full = len(member.indices) == len(self.net.kinds.get(member.family, ""))
            found.append(Constraint(free(member) - self._fixed, _exists(reading.reader.key(member), full=full)))
        return found

    def assignments(self, on: Grid) -> list[Env]:
        """The values of the indices for which the hypotheses hold and what is mentioned exists."""
        if on.shape not in self._assignments:
            self._assignments[on.shape] = self._search(on)
        return self._assignments[on.shape]

    def _search(self, on: Grid) -> list[Env]:
        widths, examples = on.shape
        if self.has_values and sum(map(mul, widths, widths[1:])) > LARGE:
            raise Unsupported(f"{on.shape} is too large to try; the check at scale is for that")
        ranges = {"l": range(1, len(widths) + 1), "e": range(1, examples + 1), "u": range(max(widths) + 1)}
        found: list[Env] = [dict(on.constants)]
        known: frozenset[Any] = frozenset()
        for symbol in (None, *self.symbols):
            if symbol is not None:
                values = ranges[min(self.kinds[symbol], default="u")]
                found = [{**env, symbol.name: value} for env in found for value in values]
            before, known = known, known | {symbol}
            due = [c for c in self.constraints if c.symbols <= known and (symbol is None or not c.symbols <= before)]
            found = [env for env in found if all(_true(c.holds, on, env) for c in due)]
        return found

    def cases(self, world: World) -> Iterator[Entry]:
        """The pairs of numbers that should be equal, for every assignment.

        An assignment at which a side is not defined, or a hypothesis on values fails, is left out. Where only one side
        speaks of a quantity that does not exist, the statement is malformed if its hypotheses name every index; else a
        layer too many is left out as well, and with a unit too many it cannot be told (Unsupported).
        """
        assignments = self.assignments(world.grid)
        if len(assignments) > MOST:
            raise Unsupported(f"more than {MOST} values of the indices")
        if self.gaps:
            world = world.satisfying(self.gaps)
        doubt = None
        for env in assignments:
            try:
                if not all(condition(world, dict(env)) for condition in self.conditions):
                    continue
                lhs, rhs = self._side(self.lhs, world, env), self._side(self.rhs, world, env)
            except Undefined:
                continue
            if lhs is None and rhs is None:
                continue
            if lhs is None or rhs is None:
                doubt = doubt or self._missing(self.lhs if lhs is None else self.rhs, world, env)
                continue
            yield from self._entries(env, lhs, rhs)
        if doubt:
            raise Unsupported(doubt)

    @staticmethod
    def _side(side: Code, world: World, env: Env) -> Any:
        """The value of a side, None where it speaks of a quantity that does not exist."""
        try:
            return side(world, dict(env))
        except Missing:
            return None

    def _missing(self, side: Code, world: World, env: Env) -> str:
        """What it is that ``side`` alone speaks of, if that leaves a doubt: a unit too many."""
        try:
            side(world, dict(env))
        except Missing as why:
            if self.is_bounded:
                raise Malformed(str(why)) from why
            return str(why) if isinstance(why, MissingUnit) else ""
        return ""

    def _entries(self, env: Env, lhs: Any, rhs: Any) -> Iterator[Entry]:
        indices = {name: env[name] for name in self.names}
        if not isinstance(lhs, Array):
            yield Entry(indices, lhs, rhs)
            return
        if lhs.ranges != rhs.ranges:
            raise Malformed(f"the left side is {lhs}, the right side {rhs}")
        names = ("row", "column", "third", "fourth")
        for place in product(*lhs.ranges):
            at = dict(zip(names, place, strict=False))
            yield Entry({**indices, **at}, lhs.entries[place], rhs.entries[place])


@lru_cache(maxsize=16)
def statement(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> Statement:
    """The statement, read once for all judges."""
    return Statement(net, lhs, rhs, hypotheses)


def _positions(e: Any, kinds: dict[str, str]) -> Iterator[tuple[Any, str]]:
    """The free symbols of ``e`` that are indices, each with the kinds of index it is used as."""
    if isinstance(e, Binder):
        body, bound, *limits = e.args
        yield from ((s, kind) for s, kind in _positions(body, kinds) if s != bound)
        yield from ((s, "") for limit in limits for s in free(limit))
    elif isinstance(e, Member):
        for index, kind in zip(e.indices, kinds.get(e.family, ""), strict=False):
            yield from ((s, kind) for s in free(index))
    elif isinstance(e, Kron | NonNegative):
        yield from ((s, "") for s in free(e))
    elif isinstance(e, n):
        yield from ((s, "l") for s in free(e))
        return
    if not isinstance(e, Binder):
        for arg in e.args:
            yield from _positions(arg, kinds)
    else:
        for limit in e.args[2:]:
            yield from _positions(limit, kinds)


def _unbound(e: Any, bound: frozenset[Any], *, every: bool = False) -> Iterator[Member]:
    """The quantities in ``e`` whose indices are not bound in it (or ``every`` one), not those that are only counted."""
    if isinstance(e, Mults):
        return
    if isinstance(e, Member) and (every or free(e).isdisjoint(bound)):
        yield e
    if isinstance(e, Binder):
        yield from _unbound(e.args[0], bound | {e.args[1]}, every=every)
    elif not isinstance(e, Member):
        for arg in e.args:
            yield from _unbound(arg, bound, every=every)


def _exists(key: Code, *, full: bool) -> Truth:
    if full:
        return lambda grid, env: grid.find(key(grid, env)) is not None
    return lambda grid, env: grid.ranges(key(grid, env)) is not None


def _at_least_zero(reading: Plan, h: Any) -> Truth:
    gap = reading.reader.index(h.args[0])
    return lambda world, env: bool(gap(world, env) >= 0)


def _value_condition(reading: Plan, h: Any) -> Truth:
    if isinstance(h, NonZero | Positive):
        value = reading.reader.code(h.args[0])
        if isinstance(h, NonZero):
            return lambda world, env: not world.is_zero(value(world, env))
        return lambda world, env: world.is_positive(value(world, env))
    if isinstance(h, NonNegative):
        return _at_least_zero(reading, h)
    if isinstance(h, ForAll):
        return _for_all(reading, h)
    if isinstance(h, Equal):
        raise Unsupported("an assumption of an induction")
    raise Unsupported(f"the hypothesis {h}")


def _for_all(reading: Plan, h: Any) -> Truth:
    inner, bound = _value_condition(reading, h.args[0]), reading.reader.name(h.args[1])
    low, high = (reading.reader.index(limit) for limit in h.args[2:])

    def holds(world: Any, env: Env) -> bool:
        values = range(low(world, env), high(world, env) + 1)
        return all(inner(world, {**env, bound: value}) for value in values)

    return holds


def _true(holds: Truth, on: Grid, env: Env) -> bool:
    try:
        return holds(on, env)
    except Undefined:
        return False
