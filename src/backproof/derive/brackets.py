"""Brackets [d >= 0] in a term: put in and taken out where they hold, and split; and other indices of sums.

The core knows of single brackets only: ``holds`` and ``either``. What holds at a place of a term is assumed there under
the brackets around it (``subst``), so what follows from these need not be assumed (``weaken``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ..core import kernel
from ..core import term as core
from ..core.index import (
    Index,
    bound,
    lift,
    minus,
    negative,
    node,
    put_index,
    putting,
    require,
    shift,
    variable,
)
from ..core.index import index as number
from ..core.kernel import Theorem, subst, symm, trans, weaken, within
from ..core.network import Network
from ..core.term import Applied, Atom, Bracket, Group, Known, Term, atom, conditions
from .apart import contradictory, entails


class Holes:
    """Places of a term for premises about index expressions, in which bound variables are _0, _1, ..."""

    def __init__(self, about: Callable[[Index], Theorem]) -> None:
        self.about = about
        self.premises: dict[Index, Theorem] = {}
        self.names: list[tuple[str, ...]] = []

    def at(self, d: Index, depth: int) -> Term:
        """The hole for what is said of d, so many binders in."""
        opened = put_index(d, putting(places=tuple(variable(f"_{i}") for i in range(depth))))
        used = tuple(sorted(x for x in opened.names if x[0] == "_"))
        if opened not in self.premises:
            self.premises[opened] = self.about(opened)
            self.names.append(used)
        place = list(self.premises).index(opened)
        return atom(core.quantity(f"?{place}", *(bound(int(x[1:])) for x in used)))

    def filled(self, e: Term) -> Theorem | None:
        """The two sides of the premises in the holes of e; None if there are none."""
        return subst(e, tuple(self.premises.values()), tuple(self.names)) if self.premises else None


@cache
def simplified(p: Term, known: Known) -> Term:
    """A term without the brackets that hold; where d >= 0 and -d >= 0 is known, [d >= 0] becomes [d = 0]."""
    parts = []
    for m, c in p.terms:
        kept, flat, here, _ = _kept(m, known)
        if kept is not None:
            made = (core.power(_within(a, here), e) for a, e in kept.items())
            parts.append(core.times(c, core.bind(m.bound, *map(core.match, flat), *made)))
    return core.add(*parts)


def _within(a: Atom, known: Known) -> Term:
    return core.remade(a, lambda p: simplified(p, known)) if type(a) in (Applied, Group) else atom(a)


class Follows(NamedTuple):
    """What has to follow, so many binders in, from what is known and what is there besides; None: a contradiction."""

    depth: int
    besides: Known
    form: Index | None

    def holds(self, known: Known) -> bool:
        """Whether it does."""
        given = (*(lift(d, self.depth) for d in known), *self.besides)
        return contradictory(frozenset(given)) if self.form is None else entails(given, self.form)


def needs(p: Term, known: Known, depth: int = 0, besides: Known = ()) -> Iterator[Follows]:
    """What has to follow from ``known`` for a term to be simplified as it is; around it, ``besides`` is known."""
    for m, _ in p.terms:
        kept, _, _, used = _kept(m, (*(lift(d, depth) for d in known), *besides))
        inner, here = depth + m.bound, tuple(lift(d, m.bound) for d in besides)
        yield from (Follows(inner, (*here, *others), form) for others, form in used)
        for a in (a for a in kept or () if type(a) in (Applied, Group)):
            within = a.term if type(a) is Group else a.argument
            yield from needs(within, known, inner, (*here, *conditions(kept.items())))


@cache
def _kept(
    m: core.Monomial, known: Known
) -> tuple[Any, tuple[Index, ...], Known, tuple[tuple[Known, Index | None], ...]]:
    """The factors without the brackets that hold; those that are 0 but at 0; what is known within; why.

    No factors where that is not possible.
    """
    above, kept, flat = tuple(lift(d, m.bound) for d in known), dict(m.factors), list[Index]()
    used = list[tuple[Known, Index | None]]()
    if contradictory(frozenset((*above, *conditions(m.factors)))):
        return None, (), (), ((tuple(conditions(m.factors)), None),)
    for a in [a for a in kept if type(a) is Bracket]:
        others = tuple(conditions((b, 1) for b in kept if b is not a))
        if entails((*above, *others), a.form):
            del kept[a]
            used.append((others, a.form))
        elif entails((*above, *others), negative(a.form)):
            flat.append(a.form)
            used.append((others, negative(a.form)))
    return kept, tuple(flat), (*above, *conditions(kept.items())), tuple(used)


def brackets(net: Network, e: Term, forms: frozenset[Index]) -> Theorem:
    """forms >= 0 |- e = e', without the brackets that hold where all of these and the other brackets do."""
    require(not contradictory(forms), "brackets", "the conditions contradict one another")
    more, fewer = Holes(lambda d: symm(kernel.holds(net, d))), Holes(lambda d: kernel.holds(net, d))
    before, after = _with_holes(e, tuple(forms), 0, more, fewer)
    steps = [p for p in (more.filled(before), fewer.filled(after)) if p is not None]
    made = trans(*steps) if len(steps) == 2 else steps[0] if steps else kernel.refl(net, e)
    return weaken(made, within(*forms))


def _with_holes(e: Term, known: Known, depth: int, more: Holes, fewer: Holes) -> tuple[Term, Term]:
    """The term with holes for brackets that are put in, and what it becomes, with holes for those taken out."""
    before, after = [], []
    for m, c in e.terms:
        kept, flat, here, _ = _kept(m, known)
        inner, new = depth + m.bound, list(map(negative, flat))
        if kept is None:  # one of the brackets does not hold where the others do
            new = [minus(number(-1), next(conditions(m.factors)))]
        made = {a: _atoms(a, e, here, inner, more, fewer) for a, e in m.factors} if kept is not None else {}
        whole = (made[a][0] if a in made else core.monomial(0, [(a, e)]) for a, e in m.factors)
        before.append(core.times(c, core.bind(m.bound, *whole, *(more.at(d, inner) for d in new))))
        if kept is not None:
            gone = (fewer.at(a.form, inner) for a, _ in m.factors if a not in kept)  # type: ignore[union-attr]
            left = (made[a][1] for a in kept)
            flats = map(core.bracket, new)
            after.append(core.times(c, core.bind(m.bound, *left, *flats, *gone)))
    return core.add(*before), core.add(*after)


def _atoms(a: Atom, e: int, known: Known, depth: int, more: Holes, fewer: Holes) -> tuple[Term, Term]:
    if type(a) not in (Applied, Group):
        return core.power(atom(a), e), core.power(atom(a), e)
    inner = a.term if type(a) is Group else a.argument  # type: ignore[union-attr]
    one, other = _with_holes(inner, known, depth, more, fewer)
    return core.power(core.remade(a, lambda _: one), e), core.power(core.remade(a, lambda _: other), e)


def split(net: Network, e: Term, d: Index) -> Theorem:
    """|- sum of [d >= 0] f = sum of [d = 0] f + sum of [d - 1 >= 0] f, where e is the sum of a product."""
    [(m, c)] = e.terms
    require((node(Bracket, d), 1) in m.factors, "split", "{} is no bracket of {}", d, e)
    holes = Holes(lambda form: symm(kernel.either(net, form)))
    hole = holes.at(shift(d, -1), m.bound)
    made = holes.filled(core.times(c, core.bind(m.bound, core.monomial(0, m.factors), hole)))
    return made or kernel.refl(net, e)


def reindex(net: Network, e: Term, place: int, sign: int, d: Index) -> Theorem:
    """|- sum over k of f(k) = sum over k of f(+-k + d), where e is the sum of a product, and k one of its variables."""
    [(m, c)] = e.terms
    require(0 <= place < m.bound, "reindex", "there is no variable {} in {}", place, e)
    outermost = tuple(bound(m.bound - 1 if i == place else i - (i > place)) for i in range(m.bound))
    inner = core.bind(m.bound - 1, core.moved(m.factors, outermost, m.bound))
    return kernel.reindex(net, core.times(c, inner), sign, d)
