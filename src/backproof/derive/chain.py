"""The chain rule through families that cut every path: what is said is what is done.

Steps back are taken from x, by reverse mode, until a family is met that is named, or one that certainly comes after all
of these. Where every path has met a family that is named, they cut the paths. Where some have not, as where x is read
at all times and the last one is named, steps are taken from y towards x. Where neither goes through, nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..core import kernel
from ..core import term as core
from ..core.index import Refused, key, minus, node, put_index, putting, variable
from ..core.kernel import Theorem as Proof
from ..core.kernel import refl
from ..core.network import family_of, is_lower, opaque, rank, reached
from ..core.term import Derivative, Known, Quantity, Term, atom, quantity
from ..surface import back
from ..surface.elaborate import elaborate, form
from ..surface.terms import Member
from .search import Context, equation_for, instantiate, one_atom, rewrite, then, tidy, turned

MOST_STEPS = 16  # one behind the other
MOST_PATHS = 60  # that are followed at once: more, and they lead round a recurrence


class Cut(NamedTuple):
    """Families as they are named, ``z[l + 1, k]``, for a line in which ``fixed`` are free: other indices are any."""

    members: tuple[Member, ...]
    patterns: tuple[Quantity, ...]
    fixed: frozenset[str]

    def has(self, q: Quantity) -> bool:
        """Whether a quantity is one of those that are meant."""
        return any(_is_one(q, p, self) for p in self.patterns)

    def __str__(self) -> str:
        return " and ".join(map(str, self.members))


class Paths(NamedTuple):
    """What became of a derivative: by which of the families that are named it goes, and by what else."""

    through: tuple[Derivative, ...]
    past: tuple[Derivative | None, ...]


def expanded(cx: Context, e: Term, members: tuple[Member, ...], of: Any = None) -> Proof:
    """e = e' with the derivatives that the families cut, or the one of them that is named, taken through them.

    What is multiplied by them, the derivatives of the families themselves, is taken to its end.
    """
    p, cut, only = tidy(cx, e), _cut(cx, e, members), _only(cx, of)

    def find(a: Derivative, known: Known) -> Proof | None:
        if cut.has(a.of):
            return _back(cx, a, known, cut)
        made = _taken(cx, a, known, cut) if only in (None, a) else None
        return None if made is None or _paths(made.rhs, a, cut).past else made

    for _ in range(2):  # what comes to light is taken to its end, too
        p = then(p, rewrite(p.rhs, find, Derivative))
        p = then(p, tidy(cx, p.rhs))
    return p


def objection(cx: Context, before: Term, after: Term, members: tuple[Member, ...], of: Any = None) -> Refused | None:
    """Why the chain rule through these families is not what takes one line to the other, None if it may be.

    It may be where each of the families is met on the way from a derivative in one of the lines.
    """
    only, cut = _only(cx, of), _cut(cx, before, members)
    sought = [one for e in (before, after) for one in _sought(cx, e, members, only)]
    met = [d for *_, paths in sought if not paths.past for d in paths.through]
    missing = [m for m, p in zip(members, cut.patterns, strict=True) if not any(_is_one(d.by, p, cut) for d in met)]
    if not missing:
        return None
    for a, known, paths in sought:
        if paths.past and (unit := _not_new(cx, a, known, cut)):
            return Refused("chain rule", f"{unit} has to be the unit of {cut}, and new: it is summed over")
        if paths.past and paths.through:
            past = next((d.by for d in paths.past if d is not None), None)
            by = f"from {_readable(a.by)} to {_readable(a.of)}" if past is None else f"by {_readable(past)}"
            return Refused("chain rule", f"a path leads past {cut}, {by}: name all that cut the paths, as a tuple")
    between = f"{_readable(sought[0][0].by)} and {_readable(sought[0][0].of)}" if sought else "anything in these lines"
    return Refused("chain rule", f"{missing[0]} does not stand between {between}")


def _sought(
    cx: Context, e: Term, members: tuple[Member, ...], only: Derivative | None
) -> Iterator[tuple[Derivative, Known, Paths]]:
    """The derivatives of a line, and what becomes of each."""
    cut, there = _cut(cx, e, members), dict[Derivative, Known]()

    def see(a: Derivative, known: Known) -> None:
        there.setdefault(a, known)

    rewrite(tidy(cx, e).rhs, see, Derivative)
    for a in sorted(there, key=key):
        if not cut.has(a.of) and only in (None, a):
            made = _taken(cx, a, there[a], cut)
            yield a, there[a], Paths((), ()) if made is None else _paths(made.rhs, a, cut)


def _cut(cx: Context, e: Term, members: tuple[Member, ...]) -> Cut:
    patterns = tuple(quantity(m.family, *(put_index(form(i), cx.sizes) for i in m.indices)) for m in members)
    return Cut(members, patterns, frozenset(e.names))


def _only(cx: Context, of: Any) -> Any:
    return None if of is None else one_atom(elaborate(cx.net, of).term)


def _is_one(q: Quantity, pattern: Quantity, cut: Cut) -> bool:
    """Whether a quantity is one of those that are meant: its indices are the same where the line has them."""
    return q.family == pattern.family and all(
        i is p or not p.names <= cut.fixed for i, p in zip(q.indices, pattern.indices, strict=True)
    )


def _taken(cx: Context, a: Derivative, known: Known, cut: Cut) -> Proof | None:
    """A derivative taken through what is named, from x or else from y; where neither goes, what steps from x make."""
    place = a, known, cut
    if place not in cx.taken:
        made = _back(cx, a, known, cut)
        cut_all = made is not None and not _paths(made.rhs, a, cut).past
        cx.taken[place] = made if cut_all else _ahead(cx, a, known, cut) or made
    return cx.taken[place]


def _within(cx: Context, a: Derivative, known: Known) -> tuple[Context, Derivative, dict[str, str]]:
    """The derivative where ``known`` holds, with other names, and these, for what is bound around it."""
    opened = {name: f"o{name[1:]}'" for name in sorted(a.names) if name[0] == "_"}  # within, these are taken
    put = putting(tuple((name, variable(other)) for name, other in opened.items()))
    inner = replace(cx, known=(*cx.known, *(put_index(d, put) for d in known)), tidied={}, taken={}) if known else cx
    return inner, node(Derivative, core.put(a.of, put), core.put(a.by, put)), opened


def _outside(p: Proof, opened: dict[str, str]) -> Proof:
    return instantiate(p, {other: variable(name) for name, other in opened.items()})


def _back(cx: Context, a: Derivative, known: Known, cut: Cut) -> Proof | None:
    """Reverse mode, one step after the other, until it is by what is named or all derivatives come after it.

    None where it does not come to an end, and where no step is taken. ``a`` stands where ``known`` holds.
    """
    cx, a, opened = _within(cx, a, known)
    p = tidy(cx, atom(a))

    def find(d: Derivative, _: Known) -> Proof | None:
        met = cut.has(d.by) and not cut.has(d.of)
        if met or {d.of.family, d.by.family} & opaque(cx.net) or _is_past(cx, d.by, cut):
            return None
        return kernel.chain(cx.net, d.of, d.by)

    for taken in range(MOST_STEPS):
        step = rewrite(p.rhs, find, Derivative)
        if step is None or step.rhs is p.rhs:
            return _outside(p, opened) if taken else None
        p = then(p, step)
        if len(p.rhs.terms) > MOST_PATHS:
            return None
        p = then(p, tidy(cx, p.rhs))
    return None


def _ahead(cx: Context, a: Derivative, known: Known, cut: Cut) -> Proof | None:
    """D(y, x) = the sum over all q that are named of D(y, q) D(q, x), where steps from y make the same of both sides.

    None where they do not, as where some path leads past what is named.
    """
    after_x = reached(cx.net, a.by.family)
    apart = any(p.family not in after_x or a.of.family not in reached(cx.net, p.family) for p in cut.patterns)
    if apart or cut.has(a.by) or {a.of.family, a.by.family} & opaque(cx.net):
        return None
    cx, a, opened = _within(cx, a, known)
    left = _from_y(cx, atom(a), cut)
    right = left and _from_y(cx, core.add(*(_summed(cx, a, p, cut) for p in cut.patterns)), cut)
    return None if not left or not right or left.rhs is not right.rhs else _outside(then(left, turned(right)), opened)


def _summed(cx: Context, a: Derivative, p: Quantity, cut: Cut) -> Term:
    """The sum of D(y, q) D(q, x) over those q of a family that are meant."""
    made = core.product(core.derivative(a.of, p), core.derivative(p, a.by))
    new = {name: place for place, i in enumerate(p.indices) for name in p.names - cut.fixed if i is variable(name)}
    for name, place in reversed(new.items()):  # the range of an index may depend on those before it
        lo, hi = (core.at(end, *p.indices) for end in family_of(cx.net, p.family).ranges[place])
        ends = minus(variable(name), lo), minus(hi, variable(name))
        made = core.bind(1, core.named((name,), core.product(*map(core.bracket, ends), made)))
    whole: Term = core.put(made, cx.sizes)
    return whole


def _from_y(cx: Context, e: Term, cut: Cut) -> Proof | None:
    """Forward mode, one step after the other, until derivatives are of what is named; None where that has no end."""

    def find(d: Derivative, known: Known) -> Proof | None:
        if cut.has(d.of) or {d.of.family, d.by.family} & opaque(cx.net) or _is_before(cx, d.of, cut):
            return None
        place = equation_for(cx, d.of, known)
        return None if place is None else kernel.tangent(cx.net, place, d.of.indices, d.by)

    p = then(refl(cx.net, e), tidy(cx, e))
    for _ in range(MOST_STEPS):
        step = rewrite(p.rhs, find, Derivative)
        if step is None or step.rhs is p.rhs:
            return p
        p = then(p, step)
        if len(p.rhs.terms) > MOST_PATHS:
            return None
        p = then(p, tidy(cx, p.rhs))
    return None


def _is_before(cx: Context, q: Quantity, cut: Cut) -> bool:
    """Whether a quantity certainly comes before all that are named."""
    return all(is_lower(rank(cx.net, q), rank(cx.net, p), cx.known) for p in cut.patterns)


def _is_past(cx: Context, q: Quantity, cut: Cut) -> bool:
    """Whether a quantity certainly comes after all that are named."""
    return all(is_lower(rank(cx.net, p), rank(cx.net, q), cx.known) for p in cut.patterns)


def _paths(made: Term, a: Derivative, cut: Cut) -> Paths:
    through, past = list[Derivative](), list[Derivative | None]()
    for m, _ in made.terms:
        here = sorted((d for d, _ in m.factors if type(d) is Derivative and d.of.family == a.of.family), key=key)
        met = [d for d in here if cut.has(d.by)]
        through += met
        past += [] if met else [next(iter(here), None)]
    return Paths(tuple(through), tuple(past))


def _not_new(cx: Context, a: Derivative, known: Known, cut: Cut) -> str | None:
    """An index that the line has already, where the families cut all paths if it is new."""
    units = [i for p in cut.patterns for i in p.indices[p.family in cx.layered :] if i.names]
    new = cut._replace(fixed=cut.fixed.difference(*(i.names for i in units)))
    made = None if new == cut else _back(cx, a, known, new)
    done = made is not None and not _paths(made.rhs, a, new).past
    return min(units[-1].names) if done else None


def _readable(q: Quantity) -> Any:
    """The quantity as people write it, with letters for what is bound in it."""
    depth = 1 + max((int(name[1:]) for name in q.names if name[0] == "_"), default=-1)
    letters = [variable(name) for name in back.new_names(depth + q.loose, q.names)]
    put = putting(tuple((f"_{place}", letter) for place, letter in enumerate(letters[:depth])))
    return back.quantity(core.put(core.at(q, *letters[depth:]), put))


__all__ = ["expanded", "objection"]
