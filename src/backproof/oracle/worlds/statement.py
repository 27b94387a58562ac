"""A statement, read for one network at a time: the code of its two sides, and for which indices it is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from ...surface.network import Network
from ...surface.terms import Equal, ForAll, NonNegative, NonZero, Positive
from . import own
from .exists import OPEN, Exists
from .reading import Array, Env
from .shapes import LARGE, Shape
from .terms import family, free, members, one_symbol_a_name, positions
from .verdicts import Malformed, Undefined, Unsupported
from .world import Grid, Plan, World, plan

Truth = Callable[[Any, Env], bool]  # of a grid or a world, and the indices
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

    An index takes all values for which the hypotheses hold; where none keeps it within its range, it goes beyond.
    Raises Malformed if it makes no sense in any network, Unsupported if it uses what the judges cannot read.
    """

    def __init__(self, net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> None:
        self._fixed = own.fixed(net)
        equations = frozenset(h for h in hypotheses if isinstance(h, Equal))
        if any(free(h) - self._fixed for h in equations):
            raise Unsupported("an assumption of an induction")
        self.net, self.terms = own.assumed(net, equations), (lhs, rhs, *sorted(hypotheses, key=str))
        reading = plan(self.net)
        one_symbol_a_name((*self.terms, *self._fixed))
        self.kinds = self._symbols(reading.reader.kinds)
        self.symbols = tuple(sorted(self.kinds, key=lambda s: ("l" not in self.kinds[s], s.name)))
        self.names = tuple(map(reading.reader.name, self.symbols))
        on_indices = [h for h in hypotheses if isinstance(h, NonNegative | Exists)]
        on_values = [h for h in hypotheses if not isinstance(h, NonNegative | Exists | Equal)]
        self.conditions = [_value_condition(reading, h) for h in on_values]
        self.constraints = [Constraint(free(h) - self._fixed, _index_condition(reading, h)) for h in on_indices]
        self.lhs, self.rhs = reading.reader.code(lhs), reading.reader.code(rhs)
        ranks = [reading.reader.rank(side) for side in (lhs, rhs)]
        if ranks[0] != ranks[1] and not any(
            rank == 0 and not any(members(side, every=True)) for rank, side in zip(ranks, (lhs, rhs), strict=True)
        ):
            raise Malformed(f"the sides have {ranks[0]} and {ranks[1]} indices")
        self.has_values = any(any(members(term, every=True)) for term in self.terms)
        self._assignments: dict[Shape, list[Env]] = {}

    def _symbols(self, kinds: dict[str, str]) -> dict[Any, str]:
        found: dict[Any, str] = {}
        for term in self.terms:
            for symbol, kind in positions(term, kinds):
                if symbol not in self._fixed:
                    found[symbol] = found.get(symbol, "") + kind
        return found

    def assignments(self, on: Grid) -> list[Env]:
        """The values of the indices for which the hypotheses hold."""
        if on.shape not in self._assignments:
            self._assignments[on.shape] = self._search(on)
        return self._assignments[on.shape]

    def _search(self, on: Grid) -> list[Env]:
        widths, examples, _ = on.shape
        if self.has_values and on.shape.weights > LARGE:
            raise Unsupported(f"{on.shape} is too large to try; the check at scale is for that")
        last = {"l": len(widths), "u": max(widths), "e": examples}
        found: list[Env] = [dict(on.constants)]
        known: frozenset[Any] = frozenset()
        for symbol in (None, *self.symbols):
            if symbol is not None:
                values = range(max(last[kind] for kind in self.kinds[symbol] or "u") + 2)
                found = [{**env, symbol.name: value} for env in found for value in values]
            before, known = known, known | {symbol}
            due = [c for c in self.constraints if c.symbols <= known and (symbol is None or not c.symbols <= before)]
            found = [env for env in found if all(c.holds(on, env) for c in due)]
            if len(found) > MOST:
                raise Unsupported(f"more than {MOST} values of the indices")
        return found

    def cases(self, world: World) -> Iterator[Entry]:
        """The pairs of numbers that should be equal, for every assignment.

        An assignment at which a side is not defined, or a hypothesis on values fails, is left out.
        """
        assignments = self.assignments(world.grid)
        for env in assignments:
            try:
                if not all(condition(world, dict(env)) for condition in self.conditions):
                    continue
                lhs, rhs = self.lhs(world, dict(env)), self.rhs(world, dict(env))
            except Undefined:
                continue
            yield from self._entries(env, lhs, rhs)

    def _entries(self, env: Env, lhs: Any, rhs: Any) -> Iterator[Entry]:
        indices = {name: env[name] for name in self.names}
        shapes = [side.ranges for side in (lhs, rhs) if isinstance(side, Array)]
        if not shapes:
            yield Entry(indices, lhs, rhs)
            return
        if shapes[0] != shapes[-1]:
            raise Malformed(f"the left side is {lhs}, the right side {rhs}")
        names = ("row", "column", "third", "fourth")
        for place in product(*shapes[0]):
            at = dict(zip(names, place, strict=False))
            one, other = (side.entries[place] if isinstance(side, Array) else side for side in (lhs, rhs))
            yield Entry({**indices, **at}, one, other)


@lru_cache(maxsize=16)
def statement(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> Statement:
    """The statement, read once for the judges that share this reading."""
    return Statement(net, lhs, rhs, hypotheses)


def _index_condition(reading: Plan, h: Any) -> Truth:
    if isinstance(h, Exists):
        name, read = family(h.args[0]), reading.reader.index
        if name not in reading.reader.kinds:
            raise Unsupported(f"the network does not say what {name} is")
        indices = [(lambda *_: None) if index is OPEN else read(index) for index in h.args[0].args[1:]]
        return lambda grid, env: grid.exists((name, *[index(grid, env) for index in indices]))
    gap = reading.reader.index(h.args[0])
    return lambda world, env: bool(gap(world, env) >= 0)


def _value_condition(reading: Plan, h: Any) -> Truth:
    if isinstance(h, NonZero | Positive):
        value = reading.reader.code(h.args[0])
        truth = "is_positive" if isinstance(h, Positive) else "is_nonzero"
        return lambda world, env: all(map(getattr(world, truth), _numbers(value(world, env))))
    if isinstance(h, NonNegative):
        return _index_condition(reading, h)
    if isinstance(h, ForAll):
        return _for_all(reading, h)
    if isinstance(h, Equal):
        raise Unsupported("an assumption of an induction")
    raise Unsupported(f"the hypothesis {h}")


def _numbers(value: Any) -> Any:
    return value.entries.values() if isinstance(value, Array) else (value,)


def _for_all(reading: Plan, h: Any) -> Truth:
    inner, bound = _value_condition(reading, h.args[0]), reading.reader.name(h.args[1])
    low, high = (reading.reader.index(limit) for limit in h.args[2:])

    def holds(world: Any, env: Env) -> bool:
        values = range(low(world, env), high(world, env) + 1)
        return all(inner(world, {**env, bound: value}) for value in values)

    return holds
