"""Networks: families of quantities and their equations, as plain data that is checked once.

A family has a range for each of its indices, facts if it is a datum, and a rank, a tuple of index expressions. In an
equation the indices of the head are ``Bound(0)``, ``Bound(1)``, ... An equation reads quantities of lower rank only, in
lexicographic order, each within its range, and no two equations hold at once; and no partial derivatives, which a
network leaves open. In its range a family has finitely many members, so nothing is defined by itself, and there is
exactly one solution for given data. A derivative D(y, x) depends on what y depends on, so that it has its value where y
has one. A family that reads a derivative, or reads such a family, looks back (``opaque``): no derivative is of it.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from .index import (
    Index, Node, Put, Size, bound, contradictory, entails, found, index, kept, lift, minus, node, put_index, putting,
    require, shift,
)  # fmt: skip
from .term import (
    ELEMENTARY, Applied, By, Derivative, Known, Need, Partial, Quantity, Term, add, at, atom, bind, bracket, diff,
    put, replace,
)  # fmt: skip


class Family(Node):
    """``ranges``: (lo, hi) of each index, which may depend on those before it; ``facts``: see ``FACTS``."""

    name: str
    ranges: tuple[tuple[Index, Index], ...]
    rank: tuple[Index, ...]
    facts: tuple[str, ...]


class Read(Node):
    """A quantity, for all values of ``bound`` variables for which the conditions hold."""

    bound: int
    conditions: tuple[Index, ...]
    quantity: Quantity


class Equation(Node):
    """``family[..] = body`` where all ``conditions`` are at least 0; without a body, an open function of ``reads``."""

    family: str
    conditions: tuple[Index, ...]
    body: Term | None
    reads: tuple[Read, ...]


class Function(Node):
    """A function of one number, made of elementary ones: ``body`` is a term of the quantity ?."""

    function: str
    body: Term


class Network(Node):
    """``sizes``: those that are known, with their numbers. It binds the indices of the heads of its equations."""

    families: tuple[Family, ...]
    equations: tuple[Equation, ...]
    functions: tuple[Function, ...]
    sizes: tuple[tuple[Size, int], ...]


#: What may be said of a datum in its range.
FACTS = ("positive",)


@kept
def network(*parts: Any) -> Network:
    """A network, of families, equations, functions and sizes; Refused where not each quantity has exactly one value."""
    given = node(Network, *parts)
    net = put(given, known_sizes(given))
    names = [[f.name for f in net.families], [f.function for f in net.functions], [size for size, _ in net.sizes]]
    require(all(len({*own}) == len(own) for own in names), "network", "something is named twice in {}", names)
    plain = all(c >= 1 and not any(i.terms for i in s.indices) for s, c in given.sizes)  # none contradicts another
    ranked = len({len(f.rank) for f in net.families}) <= 1
    require(plain and ranked, "network", "no sizes, or different lengths of ranks")
    for part in (*net.families, *net.functions, *net.equations):
        CHECKS[type(part)](net, part)
    for one, other in combinations(net.equations, 2):
        apart = one.family != other.family or contradictory(frozenset((*domain(net, one), *domain(net, other))))
        require(apart, "network", "{} has two equations where both hold", one.family)
    return net  # type: ignore[no-any-return]


def _check_function(_: Network, g: Function) -> None:
    made = g.function not in ELEMENTARY and all(f.function in ELEMENTARY for f in found(g.body, Applied))
    made = made and found(g.body, Quantity, Derivative, Partial) <= {node(Quantity, "?", ())}
    closed = made and not g.body.loose and not g.body.names
    require(closed, "network", "{} is not made of its argument and elementary functions", g.function)


def _check_family(_: Network, f: Family) -> None:
    """A range may depend on the indices before it."""
    closed = all(e.loose <= place and not e.names for place, ends in enumerate(f.ranges) for e in ends)
    ranked = all(r.loose <= len(f.ranges) and not r.names for r in f.rank)
    require(f.name[:1] not in ("", "?") and closed and ranked, "network", "{} is no family", f.name)
    require({*f.facts} <= {*FACTS}, "network", "{}: no such facts", f.name)


def _check_equation(net: Network, e: Equation) -> None:
    """What the equation reads is there, within its range, and comes before."""
    own = family_of(net, e.family)
    given = proper(net, e) and (e.body is None or not (e.reads or found(e.body, Partial)))
    closed = given and not e.names and e.loose <= len(own.ranges)
    require(closed and not own.facts, "network", "{} is not defined by a term of the network alone", e.family)
    for r in reads(net, e):
        there = all(entails(r.conditions, d) for d in inside(net, r.quantity))
        require(there, "network", "{} reads {} out of its range", e.family, r.quantity)
        before = is_lower(rank(net, r.quantity), lift(own, r.bound).rank, r.conditions)
        require(before, "network", "{} reads {}, which does not come before", e.family, r.quantity)


CHECKS: dict[Any, Any] = {Family: _check_family, Function: _check_function, Equation: _check_equation}


@kept
def reads(net: Network, e: Equation) -> tuple[Read, ...]:
    """What an equation reads, and what is at least 0 where it does."""
    here = domain(net, e)
    listed = [node(Read, r.bound, (*r.conditions, *(lift(d, r.bound) for d in here)), r.quantity) for r in e.reads]

    def note(a: Any, depth: int, known: Known) -> None:
        listed.extend(node(Read, depth, known, q) for q in found(a, Quantity) if type(a) in (Quantity, Derivative))

    if e.body is not None:
        replace(e.body, note, 0, here)
    return tuple(listed)


@kept
def family_of(net: Network, name: str) -> Family:
    """The family of that name; Refused where there is none."""
    named = [f for f in net.families if f.name == name]
    require(named, "network", "there is no family {!r}", name)
    return named[0]


@kept
def known_sizes(net: Network) -> Put:
    """The sizes that the network has numbers for."""
    return putting(sizes=tuple((s, index(c)) for s, c in net.sizes))


def inside(net: Network, q: Quantity) -> Known:
    """What is at least 0 where a quantity is within its range; or its first indices are, if it has no more."""
    ranges = family_of(net, q.family).ranges[: len(q.indices)]
    forms = (d for i, (lo, hi) in enumerate(ranges) for d in (minus(bound(i), lo), minus(hi, bound(i))))
    return tuple(put_index(at(d, *q.indices), known_sizes(net)) for d in forms)


def head(net: Network, name: str) -> Quantity:
    """What an equation of a family defines."""
    return node(Quantity, name, tuple(map(bound, range(len(family_of(net, name).ranges)))))


def domain(net: Network, e: Equation) -> Known:
    """What is at least 0 where the equation holds."""
    return (*e.conditions, *inside(net, head(net, e.family)))


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


@kept
def opaque(net: Network) -> frozenset[str]:
    """The families that look back: they read a derivative, or a family that does."""
    return reached(net, *(e.family for e in net.equations if found(e, Derivative)))


@kept
def reached(net: Network, *names: str) -> frozenset[str]:
    """The families that these may have an influence on, themselves included."""
    result = set(names)
    for _ in net.families:
        result |= {e.family for e in net.equations if any(r.quantity.family in result for r in reads(net, e))}
    return frozenset(result)


def gradient(net: Network, e: Equation, by: By, need: Need) -> Term:
    """The derivative of the right side of an equation, where ``by(quantity, depth)`` is that of a quantity."""
    if e.body is not None:
        return diff(e.body, by, need, 0, domain(net, e))
    parts = []
    for slot, r in enumerate(e.reads):
        part = atom(node(Partial, lift(head(net, e.family), r.bound), slot, tuple(map(bound, range(r.bound)))))
        parts.append(bind(r.bound, *map(bracket, r.conditions), part, by(r.quantity, r.bound)))
    return add(*parts)


@kept
def proper(net: Network, p: Node) -> bool:
    """Whether the quantities of a term are those of the network, and no derivative is of, or by, what looks back."""
    arity, slopes = {f.name: len(f.ranges) for f in net.families}, found(p, Derivative)
    plain = opaque(net).isdisjoint(q.family for d in slopes for q in d.parts)
    return plain and all(arity.get(q.family) == len(q.indices) for q in found(p, Quantity))
