"""What a reason makes of a line, as people write it: for the answer to a wrong line. Nothing rests on it.

What is written here is a guess, with the line's own products and sums; whoever shows it has the reason prove it first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Symbol

from ..core import term as core
from ..core.index import Index, Refused
from ..surface import back
from ..surface.elaborate import elaborate, form
from ..surface.network import Network
from ..surface.terms import Apply, Binder, D, Kron, Member, Total, free, n, substitute, variant
from ..surface.theorem import Theorem
from .search import match, one_atom


def everywhere(e: Any, change: Callable[[Any], Any]) -> Any:
    """``e`` with ``change`` made where it applies: of what stands within one another, the outermost. None: nowhere."""
    if (new := change(e)) is not None:
        return new
    return (
        e.func(*(everywhere(arg, change) for arg in e.args)) if e.args and not isinstance(e, Member | Kron | n) else e
    )


def lettered(e: Any, taken: frozenset[str] = frozenset()) -> Any:
    """``e`` with a letter of its own for each bound variable that has been renamed: k'."""
    if not e.args or isinstance(e, Member | Kron | n):
        return e
    taken |= {s.name for s in e.atoms(Symbol)}
    made = e.func(*(lettered(arg, taken) for arg in e.args))
    if not isinstance(made, Binder) or made.args[1].name.isalnum():
        return made
    body, k, lo, hi = made.args
    [letter] = back.new_names(1, taken | {s.name for s in made.atoms(Symbol)})
    return made.func(substitute(body, {k: Symbol(letter)}), Symbol(letter), lo, hi)


def unfolded(net: Network, e: Any, head: Any) -> Any:
    """``e`` with the bodies of what a definition defines: for all units of that layer."""

    def change(x: Any) -> Any:
        if isinstance(head, Apply) and isinstance(x, Apply) and (head.args[0], head.args[2]) == (x.args[0], x.args[2]):
            bodies = [f for f in net.functions if f.name == x.args[0].name and x.args[2] == 0]
            return substitute(bodies[0].body, {bodies[0].variable: x.args[1]}) if bodies else None
        if not (isinstance(head, Member) and isinstance(x, Member) and x.family == head.family):
            return None
        if len(x.indices) != len(head.indices) or net.layer(x) != net.layer(head):
            return None
        try:
            found, values = net.definition(x)
        except Refused:
            return None
        return None if found.body is None else substitute(found.body, values)

    return everywhere(e, change)


def chained(net: Network, e: Any, through: tuple[Member, ...], of: Any = None) -> Any:
    """``e`` with the chain rule for each derivative, or for that one, through all members of these families."""

    def change(x: Any) -> Any:
        if not isinstance(x, D) or of not in (None, x) or not all(isinstance(part, Member) for part in x.args):
            return None
        y, by = x.args
        parts = []
        for q in through:
            if q.family in (y.family, by.family) and net.layer(q) in (net.layer(y), net.layer(by)):
                return None
            ends = [(place, *map(back.index, _range(net, q, place))) for place in _new(net, q, e)]
            indices = list(q.indices)
            for place, lo, hi in ends:
                taken = free(x) | free(lo) | free(hi) | {net.depth, *indices[:place], *indices[place + 1 :]}
                indices[place] = variant(q.indices[place], taken)
            member = Member(q.family, *indices)
            made = D(y, member) * D(member, by)
            for place, lo, hi in reversed(ends):
                made = Total(made, indices[place], lo, hi)
            parts.append(made)
        return Add(*parts)

    full = all(len(q.indices) == len(net.kinds.get(q.family, "")) for q in through)
    return everywhere(e, change) if full else None


def _new(net: Network, q: Member, e: Any) -> list[int]:
    """The places of the indices of a family that are summed over: units, and whatever else the line does not have."""
    kinds = net.kinds[q.family]
    return [
        place
        for place, i in enumerate(q.indices)
        if isinstance(i, Symbol) and (i not in free(e) if net.depth is None else kinds[place] == "u")
    ]


def _range(net: Network, q: Member, place: int) -> tuple[Index, Index]:
    [family] = [f for f in net.core.families if f.name == q.family]
    lo, hi = (core.at(end, *map(form, q.indices)) for end in family.ranges[place])
    return lo, hi


def rewritten(net: Network, e: Any, known: Theorem) -> Any:
    """``e`` with the right side of a theorem for each quantity and derivative that is its left side."""
    pattern = one_atom(known.proof.lhs)
    if known.indices or pattern is None:
        return None

    def change(x: Any) -> Any:
        if not isinstance(x, Member | D | Apply):
            return None
        try:
            atom = one_atom(elaborate(net.core, x).term)
        except Refused:
            return None
        values = match(pattern, atom, pattern.names) if type(atom) is type(pattern) else None
        if values is None:
            return None
        symbols = {s.name: s for s in free(known.lhs) | free(known.rhs)}
        depth = {} if net.depth == known.net.depth else {known.net.depth: net.depth}
        return substitute(
            known.rhs, {**{symbols[x]: back.index(d) for x, d in values.items() if x in symbols}, **depth}
        )

    return everywhere(e, change)


__all__ = ["chained", "everywhere", "lettered", "rewritten", "unfolded"]
