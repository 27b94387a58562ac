"""The quantities of a network on given numbers, by its definitions, and partial derivatives, by theorems.

Nothing is differentiated here. The value of D(C, x[t, j]) is that of the right side of a theorem whose left side it is
and whose hypotheses about indices hold; what stands on that right side is found in the same way.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any, Final

import numpy as np
from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ....surface.network import Network
from ....surface.terms import Apply, C, D, Kron, Member, NonNegative, Total, free
from ....surface.theorem import Theorem
from ..residue import FREE, Field, Residue

Indices = tuple[int, ...]
Reader = Callable[[dict[Any, int]], Any]


@dataclass(frozen=True)
class Key:
    """A family, or the partial derivatives of the cost by it."""

    family: str
    partial: bool = False

    def __str__(self) -> str:
        return f"D(C, {self.family})" if self.partial else self.family


@dataclass(frozen=True)
class Rule:
    """What the entries of a family are, where ``conditions`` are at least 0. ``theorem`` says so, or a definition."""

    pattern: tuple[Any, ...]
    conditions: tuple[Reader, ...]
    body: Any
    read: Reader
    theorem: Theorem | None = None
    name: str = ""

    def match(self, at: Indices, sizes: Mapping[Any, int]) -> dict[Any, int] | None:
        """The values of its indices, None where it is about other entries."""
        known: dict[Any, int] = dict(sizes)
        for slot, value in zip(self.pattern, at, strict=True):
            if isinstance(slot, Integer) or slot in sizes:
                if value != (int(slot) if isinstance(slot, Integer) else sizes[slot]):
                    return None
            else:
                known[slot] = value
        return known if all(condition(known) >= 0 for condition in self.conditions) else None


@dataclass
class Values:
    """The numbers of one run. ``given``: entries by family and indices, counted as in the network."""

    net: Network
    theorems: Mapping[str, Theorem]
    sizes: Mapping[Any, int]
    field_: Field
    given: dict[tuple[Key, Indices], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known: dict[tuple[Key, Indices], Any] = {}
        self.rules: dict[Key, list[Rule]] = {}
        self._other: tuple[Rule, Reader] | None = None
        for d in self.net.definitions:
            if d.body is not None:
                self._add(Key(d.head.family), d.head.indices, d.where({v: v for v, *_ in d.bounds}), d.body)
        for name, theorem in self.theorems.items():
            assert isinstance(theorem.lhs, D), f"{theorem.lhs} is no partial derivative"
            of = theorem.lhs.args[1]
            self._add(Key(of.family, partial=True), of.indices, theorem.hypotheses, theorem.rhs, theorem, name)

    def _add(
        self, key: Key, pattern: Any, given: Iterable[Any], body: Any, theorem: Theorem | None = None, name: str = ""
    ) -> None:
        conditions = tuple(self.reader(h.args[0]) for h in given if isinstance(h, NonNegative))
        made = Rule(tuple(pattern), conditions, body, self.reader(body), theorem, name)
        self.rules.setdefault(key, []).append(made)

    # Entries.

    def entry(self, key: Key, at: Indices) -> Any:
        """The value of one entry."""
        place = (key, at)
        if place in self.given:
            return self.given[place]
        if place not in self._known:
            rule, known = self.rule(key, at)
            read = self._other[1] if self._other is not None and self._other[0] is rule else rule.read
            self._known[place] = read(known)
        return self._known[place]

    def rule(self, key: Key, at: Indices) -> tuple[Rule, dict[Any, int]]:
        """What says the value of an entry. LookupError where nothing does."""
        for rule in self.rules.get(key, ()):
            known = rule.match(at, self.sizes)
            if known is not None:
                return rule, known
        raise LookupError(f"nothing says what {key}{list(at)} is")

    def forget(self) -> None:
        """What was computed from numbers that are others now."""
        self._known.clear()

    def replace(self, rule: Rule, body: Any) -> None:
        """Let a theorem say something else of partial derivatives, until ``restore``."""
        self._other = rule, self.reader(body)
        self._known = {place: value for place, value in self._known.items() if not place[0].partial}

    def restore(self) -> None:
        """Let it say again what is proved."""
        self._other = None
        self._known = {place: value for place, value in self._known.items() if not place[0].partial}

    def ranges(self, family: str) -> list[range]:
        """The indices of a family, from the first to the last."""
        found: list[list[int]] = []
        for d in self.net.definitions:
            if d.head.family == family:
                ends = {v: (self.number(lo), self.number(hi)) for v, lo, hi in d.bounds}
                pairs = [ends.get(e) or (int(e), int(e)) for e in d.head.indices]
                found = found or [[lo, hi] for lo, hi in pairs]
                for old, (lo, hi) in zip(found, pairs, strict=True):
                    old[:] = min(old[0], lo), max(old[1], hi)
        return [range(lo, hi + 1) for lo, hi in found]

    def array(self, key: Key, ranges: list[range] | None = None) -> Any:
        """All entries of a family, as an array of objects."""
        axes = self.ranges(key.family) if ranges is None else ranges
        made = np.empty([len(axis) for axis in axes], dtype=object)
        for at, entry in zip(np.ndindex(made.shape), product(*axes), strict=True):
            made[at] = self.entry(key, entry)
        return made

    def number(self, e: Any) -> int:
        """A size, or another index term of sizes."""
        return int(self.reader(e)(dict(self.sizes)))

    def needs(self, key: Key) -> set[Key]:
        """The partial derivatives that the theorems about a family rest on, itself among them."""
        found, waiting = set[Key](), [key]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                for rule in self.rules.get(one, ()):
                    waiting += [Key(d.args[1].family, partial=True) for d in rule.body.atoms(D)]
        return found

    # Terms.

    def reader(self, e: Any) -> Reader:
        """A term as a function of the values of its indices."""
        if isinstance(e, Rational):
            value = int(e) if isinstance(e, Integer) else Fraction(int(e.p), int(e.q))
            return lambda _: value
        if isinstance(e, Symbol):
            return operator.itemgetter(e)
        return READERS[type(e)](self, e)

    def member(self, e: Any) -> Reader:
        return self._entries(Key(e.family), e.indices)

    def partial(self, e: Any) -> Reader:
        assert e.args[0] == C, f"{e}: only the cost is differentiated"
        return self._entries(Key(e.args[1].family, partial=True), e.args[1].indices)

    def _entries(self, key: Key, indices: Iterable[Any]) -> Reader:
        slots = tuple(map(self.reader, indices))
        return lambda known: self.entry(key, tuple([int(slot(known)) for slot in slots]))

    def total(self, e: Any) -> Reader:
        """Sums in sums at once, so that a bracket is asked as soon as its indices are known."""
        bounds = []
        while isinstance(e, Total):
            bounds.append(
                (e.args[1], self.reader(e.args[2]), self.reader(e.args[3]), free(e.args[2]) | free(e.args[3]))
            )
            e = e.args[0]
        names = {bound for bound, *_ in bounds}
        if any(ends & names for *_, ends in bounds) or len(names) < len(bounds):
            names, bounds = set(), bounds[:]  # such ends are read as they stand
        factors = Mul.make_args(e)
        brackets = [f for f in factors if isinstance(f, Kron) and free(f) & names]
        body = self.reader(Mul(*(f for f in factors if f not in brackets)))
        loops = list[Loop]()
        while bounds:
            chosen = 0 if not names else _next(bounds, brackets, {b for b, *_ in bounds})
            bound, lo, hi, _ = bounds.pop(chosen)
            left = {b for b, *_ in bounds}
            ready = [f for f in brackets if not free(f) & left]
            brackets = [f for f in brackets if f not in ready]
            solved = next((f for f in ready if abs(_slope(f, bound)) == 1), None)
            value = None
            if solved is not None:
                ready.remove(solved)
                gap = (solved.args[0] - solved.args[1]).expand()
                value = self.reader((bound - gap * _slope(solved, bound)).expand())
            loops.append(Loop(bound, lo, hi, value, tuple(map(self.reader, ready))))
        return lambda known: _summed(loops, 0, dict(known), body)

    def add(self, e: Any) -> Reader:
        parts = tuple(map(self.reader, e.args))
        return lambda known: reduce(operator.add, [part(known) for part in parts])

    def mul(self, e: Any) -> Reader:
        """Brackets first: where they are 0, what they multiply is not read."""
        parts = tuple(self.reader(part) for part in sorted(e.args, key=_late))

        def read(known: dict[Any, int]) -> Any:
            found: Any = None
            for part in parts:
                value = part(known)
                if type(value) is int and value == 0:
                    return 0
                found = value if found is None else value * found
            return found

        return read

    def kron(self, e: Any) -> Reader:
        one, other = map(self.reader, e.args)
        return lambda known: int(one(known) == other(known))

    def power(self, e: Any) -> Reader:
        base, exponent = self.reader(e.args[0]), int(e.args[1])

        def read(known: dict[Any, int]) -> Any:
            value = base(known)
            value = Fraction(value) if isinstance(value, int) else value
            return value**exponent if exponent > 0 else 1 / value**-exponent

        return read

    def apply(self, e: Any) -> Reader:
        name, inner, order = str(e.args[0]), self.reader(e.args[1]), int(e.args[2])
        if name in ELEMENTARY and not order:
            of = ELEMENTARY[name]
            return lambda known: of(self.residue(inner(known)))
        [(body, variable)] = [(f.body, f.variable) for f in self.net.functions if f.name == name]
        assert not order, f"{e}: the slope of a function is a theorem of its own"
        outer = self.reader(body)
        return lambda known: outer({variable: inner(known)})

    def residue(self, value: Any) -> Residue:
        """A number that need not be one of the field yet."""
        return value if isinstance(value, Residue) else self.field_.number(value)


@dataclass(frozen=True)
class Loop:
    """One sum: its index, from where to where; ``value``: the only one that counts; then brackets that have to hold."""

    bound: Any
    first: Reader
    last: Reader
    value: Reader | None
    brackets: tuple[Reader, ...]


def _summed(loops: list[Loop], depth: int, known: dict[Any, int], body: Reader) -> Any:
    if depth == len(loops):
        return body(known)
    loop, found = loops[depth], None
    first, last = int(loop.first(known)), int(loop.last(known))
    if loop.value is not None:
        only = int(loop.value(known))
        if not first <= only <= last:
            return 0
        first = last = only
    for value in range(first, last + 1):
        known[loop.bound] = value
        if all(bracket(known) for bracket in loop.brackets):
            value_ = _summed(loops, depth + 1, known, body)
            found = value_ if found is None else found + value_
    known.pop(loop.bound, None)
    return 0 if found is None else found


def _slope(bracket: Any, bound: Any) -> int:
    return int((bracket.args[0] - bracket.args[1]).expand().coeff(bound))


def _next(bounds: list[Any], brackets: list[Any], left: set[Any]) -> int:
    """Which sum comes next: one that a bracket settles, else one that helps to settle others soon."""

    def cost(place: int) -> tuple[int, int]:
        bound = bounds[place][0]
        open_ = [len(free(f) & left) for f in brackets if bound in free(f)]
        settled = any(n == 1 and abs(_slope(f, bound)) == 1 for f in brackets if bound in free(f)
                      for n in [len(free(f) & left)])  # fmt: skip
        return (0 if settled else min(open_, default=9), place)

    return min(range(len(bounds)), key=cost)


def _late(e: Any) -> int:
    return 0 if isinstance(e, Kron) else 1


def _step(u: Residue) -> int:
    return int(u > 0)


def _opaque(name: str, of: Callable[[float], float]) -> Callable[[Residue], Residue]:
    """A function with constants that are no fractions: exact numbers of it mean nothing, the real ones do."""
    return lambda u: Residue(u.field, u.field.function(name, u.residue), of(u.shadow), FREE, FREE)


ELEMENTARY: Final[dict[str, Callable[[Residue], Any]]] = {
    "exp": Residue.exp,
    "log": Residue.log,
    "sqrt": Residue.sqrt,
    "step": _step,
    "Phi": _opaque("Phi", lambda u: math.erfc(-u / math.sqrt(2)) / 2),
    "phi": _opaque("phi", lambda u: math.exp(-u * u / 2) / math.sqrt(2 * math.pi)),
}

READERS: Final[dict[type, Callable[[Values, Any], Reader]]] = {
    Member: Values.member,
    D: Values.partial,
    Total: Values.total,
    Add: Values.add,
    Mul: Values.mul,
    Kron: Values.kron,
    Pow: Values.power,
    Apply: Values.apply,
}


def given_families(net: Network) -> Iterator[str]:
    """Those of which some entries are data or parameters."""
    yield from dict.fromkeys(d.head.family for d in net.definitions if d.body is None and not d.inputs)


__all__ = ["Key", "Rule", "Values", "given_families"]
