"""Networks: families of quantities and their equations, as plain data that is checked once.

A family has a range for each of its indices, facts if it is a datum, and a rank, a tuple of index expressions. In an
equation the indices of the head are ``Bound(0)``, ``Bound(1)``, ... An equation reads quantities of a lower rank only, in
lexicographic order, each within its range, and no two equations hold at once. In its range a family has finitely many
members, so nothing is defined by itself, and there is exactly one solution for given data. A family that reads a
derivative, or reads such a family, looks back (``opaque``): it is computed afterwards, and no derivative is of it.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from .index import (
    Index, Node, Put, Size, bound, contradictory, each, entails, index, lift, minus, node, nodes, put_index, require, shift,
)  # fmt: skip
from .term import (
    ELEMENTARY, Applied, By, Derivative, Known, Partial, Quantity, Term, add, at, atom, bind, bracket, diff, partial,
    product, put_node, replace,
)  # fmt: skip


class Family(Node):
    """``ranges``: (lo, hi) of each index, which may depend on those before it."""

    __slots__ = ("facts", "name", "ranges", "rank")
    facts: tuple[str, ...]
    name: str
    ranges: tuple[tuple[Index, Index], ...]
    rank: tuple[Index, ...]


class Equation(Node):
    """``family[..] = body`` where all of ``conditions`` are at least 0; without a body, an open function of ``reads``."""

    __slots__ = ("family", "conditions", "body", "reads")
    family: str
    conditions: tuple[Index, ...]
    body: Term | None
    reads: tuple[Read, ...]


class Read(Node):
    """A quantity, for all values of ``bound`` variables for which the conditions hold."""

    __slots__ = ("bound", "conditions", "quantity")
    binds = True
    bound: int
    conditions: tuple[Index, ...]
    quantity: Quantity


class Function(Node):
    """A function of one number: ``body`` is a term of the quantity ?."""

    __slots__ = ("name", "body")
    name: str
    body: Term


class Network(Node):
    """``sizes``: those that are known, with their numbers."""

    __slots__ = ("families", "equations", "functions", "sizes")
    families: tuple[Family, ...]
    equations: tuple[Equation, ...]
    functions: tuple[Function, ...]
    sizes: tuple[tuple[Size, int], ...]


#: What may be said of a datum in its range. One that is 0 or 1 and positive is 1, and does not sum to 1 beside others.
FACTS = ("positive", "0 or 1", "sums to 1")


def family(name: str, ranges: tuple[tuple[Index, Index], ...], rank: tuple[Index, ...], facts: tuple[str, ...] = ()) -> Family:
    """An indexed family."""
    require(type(name) is str and name and name[0] != "?" and type(ranges) is tuple, "family", "{} is no family", name)
    for place, ends in enumerate(ranges):
        fits = type(ends) is tuple and len(ends) == 2 and all(type(e) is Index and e.loose <= place and not e.names for e in ends)
        require(fits, "family", "{}: the range of index {} depends on it, or on a later one", name, place + 1)
    fits = type(rank) is tuple and all(type(r) is Index and r.loose <= len(ranges) and not r.names for r in rank)
    require(fits, "family", "{} has no such rank", name)
    known = type(facts) is tuple and len(set(facts)) == len(facts) and all(type(f) is str and f in FACTS for f in facts)
    require(known and len(facts) < len(FACTS), "family", "{}: no such facts", name)
    there = [d for i, (lo, hi) in enumerate(ranges[:-1]) for d in (minus(bound(i), lo), minus(hi, bound(i)))]
    filled = ranges and entails(there, minus(*ranges[-1][::-1]))
    require(filled or "sums to 1" not in facts, "family", "{}: a sum that may be empty is not 1", name)
    return node(Family, facts, name, ranges, rank)


def equation(name: str, conditions: tuple[Index, ...] = (), body: Term | None = None, reads: tuple[Read, ...] = ()) -> Equation:
    """A defining equation."""
    fits = type(name) is str and type(conditions) is tuple and all(type(d) is Index for d in conditions)
    require(fits, "equation", "{}: no such conditions", name)
    fits = type(reads) is tuple and all(type(r) is Read for r in reads) and (body is None or (type(body) is Term and not reads))
    require(fits, "equation", "{} is defined neither by a term nor by what it depends on", name)
    return node(Equation, name, conditions, body, reads)


def read(n: int, conditions: tuple[Index, ...], of: Quantity) -> Read:
    """What an open function depends on."""
    fits = type(n) is int and n >= 0 and type(of) is Quantity and type(conditions) is tuple
    require(fits and all(type(d) is Index for d in conditions), "read", "nothing to read: {}", of)
    return node(Read, n, conditions, of)


def function(name: str, body: Term) -> Function:
    """A function of one number, made of elementary ones."""
    fits = type(name) is str and name and type(body) is Term and not body.loose and not body.names
    require(fits and name not in ELEMENTARY, "function", "{} is no function, or its name is taken", name)
    plain = all(q.family == "?" and not q.indices for q in found(body, Quantity)) and not found(body, Derivative, Partial)
    known = all(f.function in ELEMENTARY for f in found(body, Applied))
    require(plain and known, "function", "{} is not made of its argument and elementary functions", name)
    return node(Function, name, body)


@cache
def network(families: tuple[Family, ...], equations: tuple[Equation, ...], functions: tuple[Function, ...] = (),
            sizes: tuple[tuple[Size, int], ...] = ()) -> Network:  # fmt: skip
    """A network; Refused where the equations do not define exactly one value for each quantity."""
    for parts, kind in ((families, Family), (equations, Equation), (functions, Function), (sizes, tuple)):
        require(type(parts) is tuple and all(type(p) is kind for p in parts), "network", "not a tuple of {}: {}", kind, parts)
    plain = all(len(s) == 2 and type(s[0]) is Size and type(s[1]) is int and s[1] >= 1 for s in sizes)
    require(plain and all(not i.terms for s, _ in sizes for i in s.indices), "network", "no sizes: {}", sizes)
    for names in ([f.name for f in families], [f.name for f in functions], [s for s, _ in sizes]):
        require(len(set(names)) == len(names), "network", "something is named twice in {}", names)
    require(len({len(f.rank) for f in families}) <= 1, "network", "ranks of different lengths")
    put = Put(sizes=tuple((s, index(c)) for s, c in sizes))
    families, equations = each((families, equations), lambda part: put_node(part, put))
    net = node(Network, families, equations, functions, sizes)
    for e in equations:
        _check(net, e)
    for one, other in combinations(equations, 2):
        apart = one.family != other.family or contradictory(frozenset((*domain(net, one), *domain(net, other))))
        require(apart, "network", "{} has two equations where both hold", one.family)
    return net


def _check(net: Network, e: Equation) -> None:
    """What the equation reads is there, within its range, and comes before."""
    own, looks_back = family_of(net, e.family), e.family in opaque(net)
    require(not e.names and e.loose <= len(own.ranges) and not own.facts, "network", "{}: a free index, or facts", e.family)
    require(e.body is None or proper(net, e.body), "network", "{} is not defined by a term of the network", e.family)
    for r in reads(net, e):
        require(proper(net, atom(r.quantity)), "network", "{} reads {}, and there is none", e.family, r.quantity)
        there = all(entails(r.known, d) for d in inside(net, r.quantity))
        require(there, "network", "{} reads {} out of its range", e.family, r.quantity)
        late = r.quantity.family in opaque(net)
        require(not (late and r.derived), "network", "{} reads a derivative of {}, which looks back", e.family, r.quantity)
        before = is_lower(rank(net, r.quantity), lift(own, r.depth).rank, r.known)
        require(before or (looks_back and not late), "network", "{} reads {}, which does not come before", e.family, r.quantity)


class Reading(NamedTuple):
    """A quantity that an equation reads, so many binders below its head, with what is at least 0 there."""

    quantity: Quantity
    depth: int
    known: Known
    derived: bool  # within a derivative


@cache
def reads(net: Network, e: Equation) -> tuple[Reading, ...]:
    """What an equation reads."""
    here = domain(net, e)
    listed = [Reading(r.quantity, r.bound, (*r.conditions, *(lift(d, r.bound) for d in here)), derived=False) for r in e.reads]

    def note(a: Any, depth: int, known: Known) -> None:
        if type(a) in (Quantity, Derivative, Partial):
            inner = (a,) if type(a) is Quantity else (a.of, a.by) if type(a) is Derivative else (a.head,)
            listed.extend(Reading(q, depth, known, type(a) is not Quantity) for q in inner)

    if e.body is not None:
        replace(e.body, note, 0, here)
    return tuple(listed)


@cache
def family_of(net: Network, name: str) -> Family:
    """The family of that name; Refused where there is none."""
    named = [f for f in net.families if f.name == name]
    require(named, "network", "there is no family {}", name)
    return named[0]


def inside(net: Network, q: Quantity) -> Known:
    """What is at least 0 where a quantity is within its range."""
    ends = [tuple(put_index(at(e, *q.indices), known_sizes(net)) for e in ends) for ends in family_of(net, q.family).ranges]
    return tuple(d for i, (lo, hi) in zip(q.indices, ends, strict=True) for d in (minus(i, lo), minus(hi, i)))


@cache
def known_sizes(net: Network) -> Put:
    """The sizes that the network has numbers for."""
    return Put(sizes=tuple((s, index(c)) for s, c in net.sizes))


def head(net: Network, e: Equation) -> Quantity:
    """What the equation defines."""
    return node(Quantity, e.family, tuple(bound(i) for i in range(len(family_of(net, e.family).ranges))))


@cache
def domain(net: Network, e: Equation) -> Known:
    """What is at least 0 where the equation holds."""
    return (*e.conditions, *inside(net, head(net, e)))


def rank(net: Network, q: Quantity) -> tuple[Index, ...]:
    """The rank of a quantity."""
    return tuple(at(r, *q.indices) for r in family_of(net, q.family).rank)


def is_lower(one: tuple[Index, ...], other: tuple[Index, ...], known: Known, *, or_same: bool = False) -> bool:
    """Whether one rank comes before the other, in lexicographic order."""
    for a, b in zip(one, other, strict=True):
        if entails(known, shift(minus(b, a), -1)):
            return True
        if not entails(known, minus(b, a)):
            return False
    return or_same


@cache
def _edges(net: Network) -> tuple[tuple[str, str, bool], ...]:
    return tuple((r.quantity.family, e.family, r.derived) for e in net.equations for r in reads(net, e))


@cache
def opaque(net: Network) -> frozenset[str]:
    """The families that look back: they read a derivative, or a family that does. Nothing else reads them."""
    return reached(net, *(target for _, target, derived in _edges(net) if derived))


@cache
def reached(net: Network, *names: str) -> frozenset[str]:
    """The families that these may have an influence on, themselves included."""
    result = set(names)
    for _ in net.families:
        result |= {target for source, target, _ in _edges(net) if source in result}
    return frozenset(result)


def gradient(net: Network, e: Equation, by: By, need: Any) -> Term:
    """The derivative of the right side of an equation, where ``by(quantity, depth)`` is that of a quantity."""
    if e.body is not None:
        return diff(e.body, by, need, 0, domain(net, e))
    parts = []
    for slot, r in enumerate(e.reads):
        part = partial(lift(head(net, e), r.bound), slot, tuple(bound(i) for i in range(r.bound)))
        parts.append(bind(r.bound, product(*map(bracket, r.conditions), part, by(r.quantity, r.bound))))
    return add(*parts)


@cache
def found(e: Any, *kinds: type[Node]) -> frozenset[Any]:
    """The parts of those kinds."""
    return frozenset().union([e] if type(e) in kinds else [], *(found(part, *kinds) for part in nodes(e.parts)))


@cache
def proper(net: Network, p: Node) -> bool:
    """Whether the quantities of a term are those of the network, and the inputs of open functions are there."""
    arity = {f.name: len(f.ranges) for f in net.families}
    return all(arity.get(q.family) == len(q.indices) for q in found(p, Quantity))
