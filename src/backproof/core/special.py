"""Special networks: an open function has got a body, a datum a number. What holds of the general one holds of them."""

from __future__ import annotations

from .index import bound, each, entails, kept, key, lift
from .network import Equation, Network, Read, Reading, domain, known_sizes, opaque, reads
from .term import at, put


@kept
def is_special(net: Network, general: Network) -> bool:
    """Whether every model of ``net`` is one of ``general``.

    The body of an open function may read what the function depends on, for the same indices, and data that ``general``
    does not have; what it reads of other families that ``general`` does not have is looked through. So, along the
    equations of ``net``, its tangent is a sum over these inputs of a number times the input's tangent: take that number
    for the partial derivative, which ``general`` leaves open. It must not read a derivative: that may change with
    anything, not with these inputs alone.
    """
    names, known, mine = {f.name for f in general.families}, known_sizes(net), {f.name: f for f in net.families}
    if not names <= mine.keys() or opaque(net) & names != opaque(general):
        return False
    there = all(each(f.ranges, lambda part: put(part, known)) == mine[f.name].ranges for f in general.families)
    facts = all({*f.facts} <= {*mine[f.name].facts} for f in general.families)
    if not (there and facts and {*general.functions} <= {*net.functions} and {*general.sizes} <= {*net.sizes}):
        return False
    wanted = [put(e, known) for e in general.equations]
    defined = {e.family for e in wanted}
    own = [e for e in net.equations if e.family in defined or (e.family in names and reads(net, e))]
    pairs = [(w, e) for w in wanted for e in own if w.family == e.family and _same_domain(net, w, e)]
    matched = ({w for w, _ in pairs}, {e for _, e in pairs}) == ({*wanted}, {*own})  # also those that never hold
    return matched and len(pairs) == len(wanted) == len(own) and all(_is_closed(net, w, e, names) for w, e in pairs)


def _is_closed(net: Network, wanted: Equation, e: Equation, names: set[str]) -> bool:
    """Whether an equation is the one wanted, or has a body where that is an open function."""
    same = (wanted.body, wanted.reads) == (e.body, e.reads)
    filled = wanted.body is None and e.body is not None
    return same or (filled and all(_depends(net, wanted, r, frozenset(names)) for r in reads(net, e)))


def _same_domain(net: Network, one: Equation, other: Equation) -> bool:
    """Whether two equations of a family hold for the same indices."""
    first, second = domain(net, one), domain(net, other)
    return all(entails(first, d) for d in second) and all(entails(second, d) for d in first)


def _depends(net: Network, wanted: Equation, r: Reading, names: frozenset[str]) -> bool:
    """Whether what is read is what the open function ``wanted`` depends on, other families looked through."""
    if r.derived or r.quantity.family in names:
        return not r.derived and any(_is_read(r, one) for one in wanted.reads)
    behind = (s for e in net.equations if e.family == r.quantity.family for s in reads(net, e))
    return all(_depends(net, wanted, _through(r, s), names) for s in behind)


def _through(r: Reading, s: Reading) -> Reading:
    """What r reads, where its own equation reads s."""
    values = (*map(bound, range(s.depth)), *(lift(i, s.depth) for i in r.quantity.indices))
    known = (*(at(d, *values) for d in s.known), *(lift(d, s.depth) for d in r.known))
    return Reading(at(s.quantity, *values), s.depth + r.depth, tuple(sorted({*known}, key=key)), s.derived)


def _is_read(r: Reading, one: Read) -> bool:
    """Whether what is read is an input of an open function, for some values of the variables of that."""
    found = dict(zip(one.quantity.indices, r.quantity.indices, strict=False))
    values = tuple(found.get(bound(i), bound(0)) for i in range(one.bound))
    quantity, *conditions = (at(lift(part, r.depth, one.bound), *values) for part in (one.quantity, *one.conditions))
    return quantity is r.quantity and all(entails(r.known, d) for d in conditions)
