"""The core's network of a network that people wrote: ranges and conditions from its definitions, ranks by search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import product
from typing import Any, NamedTuple

from sympy import Integer, Symbol

from ..core import term as core
from ..core.index import (
    Index,
    Put,
    Refused,
    Size,
    bound,
    contradictory,
    entails,
    index,
    lift,
    minus,
    negative,
    node,
    occurs,
    put_index,
    putting,
    require,
    shift,
    size,
    variable,
)  # fmt: skip
from ..core.network import Equation, Family, Function, Read, family_of, inside, is_lower, network, rank, reads
from ..core.network import Network as CoreNetwork
from . import back
from .definition import Definition
from .elaborate import elaborate, form, is_size, quantity
from .facts import SUMS_TO_1
from .terms import L, free, n

Range = tuple[Index, Index]
Rank = tuple[Index, ...]


def lower(
    definitions: Sequence[Definition], functions: Sequence[Any], depth: Any, widths: Sequence[int] | None
) -> CoreNetwork:
    """The network of the core; Refused, by the core, where the definitions are not those of a network."""
    known = [(n(Integer(layer)), width) for layer, width in enumerate(widths or (), 1)]
    known += [(L, int(depth))] if isinstance(depth, Integer) else []
    sizes: tuple[Any, ...] = tuple((next(iter(form(e).terms))[0], int(c)) for e, c in known)
    put = putting(sizes=tuple((s, index(c)) for s, c in sizes))
    ranges = {name: _ranges(pieces, put) for name, pieces in _by_family(definitions).items()}
    plain = network(tuple(node(Family, name, ends, (), ()) for name, ends in ranges.items()), (), (), ())
    made = [(d, e) for d in definitions if (e := _equation(plain, d, put)) is not None]
    for d, e in made if depth is None else ():
        _check_reads(plain, d, e, definitions)
    heads = {_where_it_reads(plain, e): _head(d) for d, e in made}
    ranks = find_ranks(plain, heads)
    facts = facts_of(definitions)
    own = {name: tuple(fact for fact in facts[name] if fact != SUMS_TO_1) for name in ranges}
    families = tuple(node(Family, name, ends, ranks[name], own[name]) for name, ends in ranges.items())
    try:
        return network(families, tuple(heads), tuple(_function(f) for f in functions), sizes)
    except Refused as why:
        said = [(_where_it_reads(plain, e), d) for d, e in made]
        raise _misread(network(families, (), (), sizes), said, definitions) or why from None


def _misread(
    ranked: CoreNetwork, made: Sequence[tuple[Equation, Definition]], definitions: Sequence[Definition]
) -> Refused | None:
    """What the first equation that the core refuses for it reads, in the author's letters; None if there is none."""
    for e, d in made:
        for r in reads(ranked, e):
            there = all(entails(r.conditions, c) for c in inside(ranked, r.quantity))
            before = is_lower(rank(ranked, r.quantity), lift(family_of(ranked, e.family), r.bound).rank, r.conditions)
            if not there or not before:
                what = "which does not come before it" if there else NOT_THERE
                return Refused("network", f"{d.head} reads {_read_as(d, r, definitions)}, {what}")
    return None


NOT_THERE = "and that is not there for every value of the indices"


def _read_as(d: Definition, r: Read, definitions: Sequence[Definition]) -> Any:
    """What is read, in the author's letters."""
    taken = {v.name for other in definitions for v, *_ in other.bounds}
    inner = map(variable, back.new_names(r.bound, taken))
    return back.quantity(core.at(r.quantity, *inner, *map(form, d.head.indices)))


def _by_family(definitions: Sequence[Definition]) -> dict[str, list[Definition]]:
    pieces: dict[str, list[Definition]] = {}
    for d in definitions:
        pieces.setdefault(d.head.family, []).append(d)
    return pieces


def _own(d: Definition) -> tuple[tuple[str, Index], ...]:
    """The indices of the head that vary, by name, as the core has them."""
    variables = {v for v, *_ in d.bounds}
    return tuple((v.name, bound(place)) for place, v in enumerate(d.head.indices) if v in variables)


def facts_of(definitions: Sequence[Definition]) -> dict[str, tuple[str, ...]]:
    """What is known of whole families: what each of their definitions says."""
    pieces = _by_family(definitions)
    return {name: tuple(f for f in of[0].facts if all(f in d.facts for d in of)) for name, of in pieces.items()}


def _head(d: Definition) -> tuple[Index, ...]:
    own = putting(_own(d))
    return tuple(put_index(form(i), own) for i in d.head.indices)


def _ends(d: Definition) -> tuple[Range, ...]:
    """The range of each index of the head in one definition."""
    own, ends = putting(_own(d)), {v: (lo, hi) for v, lo, hi in reversed(d.bounds)}
    pairs = (ends.get(v, (v, v)) for v in d.head.indices)
    return tuple((put_index(form(lo), own), put_index(form(hi), own)) for lo, hi in pairs)


def _ranges(pieces: list[Definition], put: Put) -> tuple[Range, ...]:
    """The range of each index of a family, whichever of its definitions holds there."""
    found, every = [], [(d, _head(d), _ends(d)) for d in pieces]
    for place in range(len(pieces[0].head.indices)):
        own = [ends[place] for d, _, ends in every if not _is_instance(d, pieces, place)]
        los, his = ([put_index(e[side], put) for e in own] for side in (0, 1))
        lo, hi = (_common([(head, ends[place][side]) for _, head, ends in every]) for side in (0, 1))
        lo = lo or next(
            (e for e in los if all(entails((), minus(o, e)) for o in los)), min(los, key=lambda e: len(e.terms))
        )
        hi = hi or next((e for e in his if all(entails((), minus(e, o)) for o in his)), his[-1])
        found.append((put_index(lo, put), put_index(hi, put)))
    return tuple(found)


def _common(ends: list[tuple[tuple[Index, ...], Index]]) -> Index | None:
    """What the ends are all an instance of: n(2) for layer 2 and n(3) for layer 3 are n(l). None if there is none."""
    head, end = ends[0]
    general = [end, *(_with(end, value, bound(p)) for p, value in enumerate(head) if not value.loose)]
    return next((e for e in general if all(core.at(e, *h) is found for h, found in ends)), None)


def _with(d: Index, value: Index, new: Index) -> Index:
    """``d`` with another index for the sizes that have ``value`` for theirs."""
    terms = (
        (next(iter(size(b.name, new).terms))[0] if type(b) is Size and b.indices == (value,) else b, c)
        for b, c in d.terms
    )
    return index(d.constant, terms)


def _is_instance(d: Definition, pieces: list[Definition], place: int) -> bool:
    """Whether another definition varies in an earlier index that is fixed in this one."""
    names = {name for name, _ in _own(d)}
    fixed = [p for p, i in enumerate(d.head.indices[:place]) if getattr(i, "name", None) not in names]
    return any(dict(_own(other)).get(getattr(other.head.indices[p], "name", "")) for other in pieces for p in fixed)


def _equation(plain: CoreNetwork, d: Definition, put: Put) -> Equation | None:
    if d.body is None and not d.inputs:
        return None
    places, own, conditions = [bound(p) for p in range(len(d.head.indices))], putting(_own(d)), list[Index]()
    for place, (lo, hi) in enumerate(_ends(d)):
        conditions += [minus(bound(place), lo), minus(hi, bound(place))]
    implied = inside(plain, core.quantity(d.head.family, *places))
    conditions = [e for c in conditions if (e := put_index(c, put)) not in implied and not entails((), e)]
    if d.body is not None:
        numbers = {v.name for v, *_ in d.bounds} | {f.name for f in plain.families if not f.ranges}
        unknown = sorted(s.name for s in free(d.body) if not is_size(s) and s.name not in numbers)
        what = "{}, in the definition of {}, is neither an index of it nor a quantity of the network"
        require(not unknown, "network", what, next(iter(unknown), ""), d.head)
        return node(Equation, d.head.family, tuple(conditions), core.put(elaborate(plain, d.body).term, own), ())
    return node(Equation, d.head.family, tuple(conditions), None, tuple(_read(plain, m, d) for m in d.inputs))


def _where_it_reads(plain: CoreNetwork, e: Equation) -> Equation:
    """The equation for those depths and indices for which there is what it reads.

    A softmax of z[L, j] is there where L is at least 2, a sum with a[l - 1, j] where layer l - 1 has a unit j.
    """
    missing = ((d, r.bound) for r in reads(plain, e) for d in inside(plain, r.quantity) if not entails(r.conditions, d))
    conditions = dict.fromkeys(lift_out(d, depth) for d, depth in missing if not _has_bound(d, depth))
    return node(Equation, e.family, (*e.conditions, *conditions), e.body, e.reads)


def _check_reads(plain: CoreNetwork, d: Definition, e: Equation, definitions: Sequence[Definition]) -> None:
    """Refused where it reads what need not be there: in a network without layers nothing is left out for that.

    What no definition gives is not there, also between what two of them give.
    """
    for r in reads(plain, e):
        given = [_where(other, r.quantity.indices) for other in definitions if other.head.family == r.quantity.family]
        failing = ([shift(negative(c), -1) for c in conditions if not entails(r.conditions, c)] for conditions in given)
        there = all(contradictory(frozenset((*r.conditions, *outside))) for outside in product(*failing))
        require(there, "network", "{} reads {}, {}", d.head, _read_as(d, r, definitions), NOT_THERE)


def _where(d: Definition, at: tuple[Index, ...]) -> list[Index]:
    """What is at least 0 where a definition gives the quantity with these indices."""
    ends = [(core.at(lo, *at), core.at(hi, *at)) for lo, hi in _ends(d)]
    return [c for i, (lo, hi) in zip(at, ends, strict=True) for c in (minus(i, lo), minus(hi, i))]


def _has_bound(d: Index, depth: int) -> bool:
    """Whether it depends on what is bound within the equation."""
    return any(occurs(next(iter(bound(i).terms))[0], d) for i in range(depth))


def lift_out(d: Index, depth: int) -> Index:
    """What does not depend on so many binders, outside them."""
    moved: Index = core.at(d, *[index()] * depth)
    return moved


def _read(plain: CoreNetwork, m: Any, d: Definition) -> Read:
    own, q = _own(d), quantity(m)
    new = sorted(q.names - {name for name, _ in own})
    outer = putting(tuple((name, lift(value, len(new))) for name, value in own))
    conditions = tuple(c for c in inside(plain, q) if not entails((), c))
    moved = [core.put(core.named(new, e), outer) for e in (*conditions, q)]
    return node(Read, len(new), tuple(moved[:-1]), moved[-1])


def _function(f: Any) -> Function:
    u = Symbol("u")
    require(f.variable == u, "function", "{} is a function of u", f.name)
    body = elaborate(network((), (), (), ()), f.body).term
    unknown = core.atom(core.quantity("?"))
    return node(Function, f.name, core.replace(body, lambda a, *_: unknown if _is_argument(a) else None))


def _is_argument(a: Any) -> bool:
    return type(a) is core.Value and a.names == {"u"}


# Ranks.


class Edge(NamedTuple):
    """A family reads another; ``gaps``: for each index of the reader, its own index less that of what is read."""

    reader: str
    read: str
    gaps: tuple[Index, ...]


def find_ranks(plain: CoreNetwork, heads: Mapping[Equation, tuple[Index, ...]]) -> dict[str, Rank]:
    """A rank for each family: where it stands among all, along which axis it is computed, where among those beside it.

    Families that read one another are a group; it is computed along an axis, up or down, on which none of them reads
    ahead, and those that read one another at the same place of the axis have an order there. Data may stand anywhere
    before what reads them, and stand as late as they can, so that what comes before is seen not to depend on them.
    The core checks the ranks; where none are found here, it says what does not come before.
    """
    arity = {f.name: len(f.ranges) for f in plain.families}
    edges = [Edge(e.family, r.quantity.family, _gaps(head, r)) for e, head in heads.items() for r in reads(plain, e)]
    groups = _groups(arity, edges)
    before = {
        g: {groups[e.read] for e in edges if groups[e.reader] is g and groups[e.read] is not g} for g in groups.values()
    }
    order = {g: place for place, g in enumerate(TopologicalSorter(before).static_order())}
    ranks = {name: (order[groups[name]], index(), 0) for name in arity}
    for g, here in order.items():
        own = [e for e in edges if e.reader in g and e.read in g]
        if own and (axis := _axis(g, own, arity)):
            along, inner = axis
            ranks |= {name: (here, along, inner[name]) for name in g}
            for name in set(arity) - {e.family for e in heads}:
                gaps = [e for e in edges if e.read == name]
                [((axis_, up), *_)] = [[*along.terms]]
                place = axis_.parts[0]
                if any(e.reader in g for e in gaps) and all(
                    order[groups[e.reader]] > here or (e.reader in g and _step(e, place, up) is not None) for e in gaps
                ):
                    ranks[name] = (here, along, -1)
    return {name: (index(group), along, index(inner)) for name, (group, along, inner) in ranks.items()}


def _gaps(head: tuple[Index, ...], r: Read) -> tuple[Index, ...]:
    return tuple(minus(lift(h, r.bound), i) for h, i in zip(head, r.quantity.indices, strict=False))


def _groups(arity: Mapping[str, int], edges: list[Edge]) -> dict[str, frozenset[str]]:
    reach = {name: {name} for name in arity}
    for _ in arity:
        for e in edges:
            reach[e.reader] |= reach[e.read]
    groups = {name: frozenset(o for o in reach[name] if name in reach[o]) for name in arity}
    return {name: next(g for g in groups.values() if name in g) for name in arity}


def _axis(group: frozenset[str], edges: list[Edge], arity: Mapping[str, int]) -> tuple[Index, dict[str, int]] | None:
    for place in range(min(arity[name] for name in group)):
        for up in (1, -1):
            steps = [_step(e, place, up) for e in edges]
            if None in steps:
                continue
            beside = {
                name: {e.read for e, s in zip(edges, steps, strict=True) if s == 0 and e.reader == name}
                for name in group
            }
            try:
                inner = list(TopologicalSorter(beside).static_order())
            except CycleError:
                continue
            return (bound(place) if up == 1 else negative(bound(place))), {name: inner.index(name) for name in group}
    return None


def _step(e: Edge, place: int, up: int) -> int | None:
    """How far back along an axis it reads, None where that is no number of at least 0."""
    if place >= len(e.gaps) or e.gaps[place].terms:
        return None
    step = up * e.gaps[place].constant
    return step if step >= 0 else None
