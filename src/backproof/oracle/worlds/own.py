"""Sizes for the axes of a network of one's own: any two differ somewhere, each is 1 somewhere, once all are equal.

Three or four sizes differ all at once. More would make the arrays too large: they are numbered in base three, and for
each digit there is a network in which sizes differ where it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from itertools import product
from typing import Any

from sympy import Symbol

from ...surface.network import Definition, Network
from ...surface.terms import L, M, Total
from .coincidences import Gaps, conditions, degree, value
from .shapes import Shape
from .terms import constants, family, free, members, replaced
from .verdicts import Unsupported

USUAL, LARGEST, LOOKED_AT = 4, 8, 5
POSITIVE, SUMS_TO_1 = "positive", "sums to 1"  # what is known of data, and what they are drawn by


@lru_cache(maxsize=64)
def sizes(net: Network) -> tuple[Symbol, ...]:
    """The sizes in a network without layers."""
    if net.depth is not None:
        return ()
    ends = (end for d in net.definitions for _, *pair in d.bounds for end in pair)
    bodies = (d.body for d in net.definitions if d.body is not None)
    found = frozenset[Any]().union(*map(free, (*ends, *bodies)))
    return tuple(sorted((s for s in found if s.is_positive), key=str))


def fixed(net: Network) -> frozenset[Any]:
    """The symbols that a network gives values: sizes, and the depth."""
    return frozenset((L, M, *sizes(net))) | (free(net.depth) if net.depth is not None else frozenset())


def shape(net: Network, values: Iterable[int]) -> Shape:
    """A network with these sizes, in the order of ``sizes``; as wide as its ranges go, up to P + K - 1, say."""
    known = dict(zip(sizes(net), values, strict=True))
    last = (_last(end, known) for d in net.definitions for *_, end in d.bounds)
    named = tuple((s.name, value) for s, value in known.items())
    return Shape((max((1, *known.values(), *last)),), 1, named)


def _last(end: Any, known: dict[Any, int]) -> int:
    """The end of a range: 1 where it depends on indices."""
    return int(end.xreplace(known)) if free(end) <= known.keys() else 1


@lru_cache(maxsize=64)
def usual(net: Network) -> tuple[Shape, ...]:
    """The networks that are tried for every statement."""
    count = len(sizes(net))
    base = max(count, 3) if count <= USUAL else 3
    digits = next(d for d in range(1, count + 2) if base**d >= count)
    turned = (
        [(place // base**digit + turn) % base + 1 for place in range(count)]
        for digit in range(digits)
        for turn in range(base)
    )
    tried = (shape(net, values) for values in (*turned, [2] * count))
    return tuple(dict.fromkeys((*tried, *differing(net))))  # where one is 1, much of a statement may be 0


def differing(net: Network) -> tuple[Shape, ...]:
    """Two networks in which no size is 1: up to three differ, of more any two that are not alike in both."""
    count = len(sizes(net))
    if count < USUAL:
        return shape(net, range(2, count + 2)), shape(net, range(count + 1, 1, -1))
    return tuple(shape(net, [2 + place // by % 2 for place in range(count)]) for by in (1, 2))


def small(net: Network) -> tuple[Shape, ...]:
    """Networks for a judge that is slow: where there are many axes, every second size is 1, and then the others."""
    count = len(sizes(net))
    if count < USUAL:
        return differing(net)[:1]
    return shape(net, [1 + place % 2 for place in range(count)]), shape(net, [2 - place % 2 for place in range(count)])


def special(net: Network, terms: Any) -> Iterator[Shape]:
    """Those in which a statement with numbers, conditions on sizes, or polynomials of them may show itself."""
    count = len(sizes(net))
    numbers = {number + by for term in terms for number in constants(term) for by in (-1, 0, 1)}
    tried = max(value for one in usual(net) for _, value in one.sizes) if count else 0
    zeros = range(1, max(map(degree, terms), default=0) + 2)  # one more size than a polynomial has zeros
    for size in sorted(number for number in {*numbers, *zeros} if tried < number <= LARGEST):
        yield from (shape(net, [size if at == place else 2 for at in range(count)]) for place in range(count))
    for gaps in sorted({g for t in terms for g in conditions(t)}, key=str):
        yield from _met(net, gaps)


@lru_cache(maxsize=256)
def _met(net: Network, gaps: Gaps) -> tuple[Shape, ...]:
    """The smallest network in which conditions are met for some values of the indices; none where a usual one does.

    One in which a size is 1 does not count: there much of a statement may be 0 anyway.
    """
    if any(_close(net, gaps, one) for one in usual(net) if min(value for _, value in one.sizes) > 1):
        return ()
    about = [place for place, s in enumerate(sizes(net)) if any(s in free(gap) for gap in gaps)]
    for values in sorted(product(range(1, LOOKED_AT + 1), repeat=len(about)), key=sum):
        chosen = dict(zip(about, values, strict=True))
        made = shape(net, [chosen.get(place, 2) for place in range(len(sizes(net)))])
        if _close(net, gaps, made):
            return (made,)
    return ()


def _close(net: Network, gaps: Gaps, one: Shape) -> bool:
    known: dict[Any, int] = {s: dict(one.sizes)[s.name] for s in sizes(net)}
    indices = sorted(frozenset[Any]().union(*map(free, gaps)) - known.keys(), key=str)
    values = range(1, one.widths[0] + 1)
    return any(
        all(value(gap, one, {**known, **dict(zip(indices, at, strict=True))}) == 0 for gap in gaps)
        for at in product(values, repeat=len(indices))
    )


@lru_cache(maxsize=64)
def spans(net: Network) -> dict[str, tuple[str, ...]]:
    """What each index of a family goes up to: a size, by name, where it is one and the same; else its kind."""
    kinds = {f.name: f.kinds for f in net.families}
    ends: dict[str, list[set[Any]]] = {name: [set() for _ in kinds[name]] for name in kinds}
    for d in net.definitions if sizes(net) else ():
        last = {v: hi for v, _, hi in d.bounds}
        for place, index in enumerate(d.head.args[1:]):
            ends[family(d.head)][place].add(last.get(index, index))
    return {name: tuple(map(partial(_span, net), ends[name], kinds[name])) for name in kinds}


def _span(net: Network, ends: set[Any], kind: str) -> str:
    plain = [e for e in ends if not e.is_Integer]
    return str(plain[0].name) if len(plain) == 1 and plain[0] in sizes(net) else kind


@lru_cache(maxsize=64)
def assumed(net: Network, equations: frozenset[Any]) -> Network:
    """The network in which these equations, such as Σ y = 1, are facts about data. Unsupported where they are not."""
    definitions = list(net.definitions)
    for h in equations:
        place = next((at for at, d in enumerate(definitions) if _says(h, d)), None)
        if place is None:
            raise Unsupported("an equation that is assumed, and not that data sum to 1")
        definitions[place] = replace(definitions[place], facts=(*definitions[place].facts, SUMS_TO_1))
    return replace(net, definitions=tuple(definitions)) if equations else net


def _says(h: Any, d: Definition) -> bool:
    """Whether an equation says of data with one index that they sum to 1."""
    if d.body is not None or d.inputs or len(d.bounds) != 1 or d.head.args[1:] != (d.bounds[0][0],):
        return False
    [(index, *ends)] = d.bounds
    sides = [(side, other) for side, other in (h.args, h.args[::-1]) if isinstance(side, Total) and other == 1]
    return any(
        side.args[0] == replaced(d.head, {index: side.args[1]}) and list(side.args[2:]) == ends for side, _ in sides
    )


@lru_cache(maxsize=64)
def reads(net: Network) -> dict[str, frozenset[str]]:
    """The families that are read in the equations of each family."""
    found: dict[str, frozenset[str]] = {}
    for d in net.definitions:
        terms = [d.body] if d.body is not None else d.inputs
        inner = frozenset(family(m) for t in terms for m in members(t, every=True))
        found[family(d.head)] = found.get(family(d.head), frozenset()) | inner
    return found


@lru_cache(maxsize=64)
def recurrent(net: Network) -> dict[str, tuple[str, ...]]:
    """The families that are made of themselves, further back on an axis; each with all of its group."""
    made_of = {name: set(inner) for name, inner in reads(net).items()} if net.depth is None else {}
    for _ in made_of:
        for found in made_of.values():
            found |= {inner for name in found for inner in made_of.get(name, ())}
    groups = {name: tuple(o for o in made_of if o in found and name in made_of[o]) for name, found in made_of.items()}
    return {name: group for name, group in groups.items() if name in made_of[name]}


@lru_cache(maxsize=64)
def along(net: Network) -> dict[str, int]:
    """Which index of a family counts the layers, or the places of a recurrence: it is worked out one after the other.

    Of those that are made of themselves in no such order, none does: ``settle``.
    """
    found = {f.name: 0 for f in net.families if f.kinds.startswith("l")}
    for group in dict.fromkeys(recurrent(net).values()):
        kinds = next(f.kinds for f in net.families if f.name == group[0])
        orders = (_order(net, group, at) for at in range(len(kinds)))
        found |= next(filter(None, orders), {})
    return found


def _order(net: Network, group: tuple[str, ...], at: int) -> dict[str, int]:
    """Such indices for a group of families, that at a place for its first one; none where there are none."""
    found, shifts = {group[0]: at}, dict[tuple[str, str], set[int]]()
    definitions = [d for d in net.definitions if family(d.head) in group]
    if any(SUMS_TO_1 in d.facts for d in definitions):  # they are drawn all at once
        return {}
    for _ in group:
        for d in definitions:
            for read in members(d.body, every=True) if d.body is not None and family(d.head) in found else ():
                if family(read) in group and not _follow(found, shifts, d.head, read):
                    return {}
    every = set[int]().union(*shifts.values())
    at_once = {name: {one for one, other in shifts if other == name and 0 in shifts[one, name]} for name in group}
    one_way = min(every, default=0) >= 0 or max(every, default=0) <= 0
    return found if len(found) == len(group) and one_way and _has_no_circle(at_once) else {}


def _follow(found: dict[str, int], shifts: dict[tuple[str, str], set[int]], head: Any, read: Any) -> bool:
    """Find the index of what is read that is the head's, up to a number; whether there is one."""
    here = head.args[1 + found[family(head)]]
    steps = {at: index - here for at, index in enumerate(read.args[1:]) if (index - here).is_Integer}
    at = found.setdefault(family(read), next(iter(steps), -1))
    shifts.setdefault((family(read), family(head)), set()).add(int(steps.get(at, 0)))
    return at in steps


def _has_no_circle(made_of: Mapping[str, set[str]]) -> bool:
    left = dict(made_of)
    while left:
        ready = [name for name, inner in left.items() if inner.isdisjoint(left)]
        if not ready:
            return False
        for name in ready:
            del left[name]
    return True


def settle(
    step: Callable[[str], Any], tables: Mapping[str, Any], read: Mapping[str, frozenset[str]], most: int
) -> None:
    """Compute the tables of families, in turns, until none would change; ``most`` turns at most.

    After the first turn, one is computed again where one that it reads has changed.
    """
    if most == 1:
        for name in tables:
            step(name)
        return
    due = set(tables)
    for _ in range(most):
        for name, table in tables.items():
            if name in due:
                due.remove(name)
                before = table.copy()
                step(name)
                if not (before == table).all():
                    due |= {other for other in tables if name in read[other]}
        if not due:
            return
