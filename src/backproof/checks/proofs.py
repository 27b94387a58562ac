"""Whether a claim follows, for all sizes: both sides are taken apart by the rules of the kernel until they meet.

Derivatives are taken by the chain rule towards what is differentiated, a step at a time, as far as it is known which
equations read a quantity; what is defined is unfolded, more of it at each stage. Search may fail: then nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from time import process_time
from typing import Any, Final, NamedTuple

from ..core import kernel
from ..core import term as core
from ..core.index import FAULTS, Refused, found, key, negative, put_index, putting, variable
from ..core.kernel import Theorem as Proof
from ..core.kernel import follows
from ..core.network import Equation, known_sizes, opaque
from ..core.term import Applied, Bracket, Derivative, Group, Known, Quantity, Term, atom
from ..derive.calc import context, stated
from ..derive.search import (
    Context,
    divisors,
    equation_for,
    instantiate,
    meet,
    multiplied_out,
    rewrite,
    then,
    tidy,
    turned,
    unroll,
)
from ..surface.algebra import subtract
from ..surface.elaborate import elaborate, form
from ..surface.network import Network
from ..surface.terms import NonNegative
from ..surface.theorem import Theorem, hypothesis

SECONDS, STEPS, TERMS = 2.0, 24, 80  # for one claim; of a side at one stage; of a side
WIDEST: Final = 12  # layers whose sums are written out


class Stage(NamedTuple):
    """What is unfolded beside errors, which are derivatives: what is defined entry by entry, functions, and sums."""

    entries: bool = False
    functions: bool = False
    sums: bool = False


STAGES: Final = (Stage(), Stage(entries=True), Stage(entries=True, functions=True), Stage(entries=True, sums=True),
                 Stage(entries=True, functions=True, sums=True))  # fmt: skip

#: The derivatives that people write in terms of the function: of the logistic function, and of tanh.
SLOPES: Final[tuple[Callable[[Term], Term], ...]] = (
    lambda f: subtract(f, core.product(f, f)),
    lambda f: subtract(core.ONE, core.product(f, f)),
)


class TooMuch(Exception):  # noqa: N818 - no fault
    """The search has used up its time, or a side has become too long."""


def proved(net: Network, lhs: Any, rhs: Any, given: frozenset[Any]) -> Theorem | None:
    """The theorem ``lhs = rhs``, about numbers, under what is given or a part of it; None where none was found.

    It may need more of values than is given, such as that one is not 0: its hypotheses say so.
    """
    try:
        return _searched(net, lhs, rhs, given)
    except (Refused, TooMuch, *FAULTS):
        return None


def _searched(net: Network, lhs: Any, rhs: Any, given: frozenset[Any]) -> Theorem | None:
    put = known_sizes(net.core)
    entries = [elaborate(net.core, side) for side in (lhs, rhs)]
    terms = [core.put(e.term, put) for e in entries]
    known = [put_index(form(h.args[0]), put) for h in given if isinstance(h, NonNegative)]
    search = Search(context(net, terms, known), process_time() + SECONDS)
    made = search.meeting(*terms)
    if made is None:
        return None
    facts = frozenset(core.put(hypothesis(net.core, h), put) for h in given)
    made = search.discharged(made, facts)
    needs = frozenset(h for e in entries for h in e.needs)
    return stated(search.cx, net, lhs, rhs, made, needs=needs)


@dataclass
class Search:
    """A search for one claim, up to a time."""

    cx: Context
    until: float
    done: dict[Any, Proof | None] = field(default_factory=dict)

    def meeting(self, one: Term, other: Term) -> Proof | None:
        """``one = other``, at the first stage at which they meet."""
        sides = tidy(self.cx, one), tidy(self.cx, other)
        for stage in STAGES:
            made, sides = self.in_turns(sides, stage)
            made = made or meet(self.cx, *sides)
            if made is None and self.is_small:
                made = self.written_out(sides, stage)
            if made is not None:
                return made
        return None

    def in_turns(self, sides: tuple[Proof, Proof], stage: Stage) -> tuple[Proof | None, tuple[Proof, Proof]]:
        """Both sides taken apart in turns, and the equation where one has become what the other is or was."""
        reached = [{p.rhs: p} for p in sides]
        last, going = list(sides), [True, True]
        for _ in range(STEPS):
            for own, theirs in ((0, 1), (1, 0)):
                if last[own].rhs in reached[theirs]:
                    pair = last[own], reached[theirs][last[own].rhs]
                    return then(pair[own], turned(pair[theirs])), (last[0], last[1])
                further = self.further(last[own], stage) if going[own] else None
                going[own] = further is not None
                if further is not None:
                    last[own] = reached[own][further.rhs] = further
            if not any(going):
                return None, (last[0], last[1])
        raise TooMuch

    def taken_apart(self, p: Proof, stage: Stage) -> Proof:
        """The theorem with all of its right side taken apart that can be."""
        for _ in range(STEPS):
            further = self.further(p, stage)
            if further is None:
                return p
            p = further
        raise TooMuch

    def further(self, p: Proof, stage: Stage) -> Proof | None:
        """The theorem with one step taken wherever one can be in its right side; None where there is none."""
        if process_time() > self.until or len(p.rhs.terms) > TERMS:
            raise TooMuch
        step = rewrite(p.rhs, lambda a, known: self.step(a, known, stage), Derivative, Quantity, Applied)
        if step is None or step.rhs is p.rhs:
            return None
        p = then(p, step)
        return then(p, tidy(self.cx, p.rhs))

    @property
    def is_small(self) -> bool:
        """Whether the network has so few units that sums over them may be written out."""
        sizes = [size for _, size in self.cx.net.sizes]
        return bool(sizes) and max(sizes) <= WIDEST

    def written_out(self, sides: tuple[Proof, Proof], stage: Stage) -> Proof | None:
        """``one = other`` where sums between numbers are written out: what comes to light has sums, too."""
        before: tuple[Term, ...] = ()
        while before != (now := tuple(p.rhs for p in sides)):
            before = now
            one, other = (then(p, unroll(self.cx, p.rhs)) for p in sides)
            made, sides = self.in_turns((one, other), stage)
            made = made or meet(self.cx, *sides)
            if made is not None:
                return made
        return None

    def step(self, a: Any, known: Known, stage: Stage) -> Proof | None:
        """One step for one atom, which stands where ``known`` holds."""
        at = (a, known, stage)
        if at not in self.done:
            self.done[at] = self._step(a, known, stage)
        return self.done[at]

    def _step(self, a: Any, known: Known, stage: Stage) -> Proof | None:
        net = self.cx.net
        if type(a) is Derivative:
            return None if {a.of.family, a.by.family} & opaque(net) else self.back(a, known) or self.forward(a, known)
        if type(a) is Quantity:
            place = equation_for(self.cx, a, known)
            return kernel.define(net, place, a.indices) if place is not None and self.unfolds(place, stage) else None
        if a.degree not in (0, 1) or all(f.function != a.function for f in net.functions):
            return None
        if stage.functions:
            return kernel.unfold(net, a.function, a.degree, a.argument)
        return self.slope(a) if stage.entries and a.degree else None

    def slope(self, a: Applied) -> Proof | None:
        """The derivative of a function in terms of the function itself, where it is one of ``SLOPES``."""
        net = self.cx.net
        whole = kernel.unfold(net, a.function, 1, a.argument)
        value = kernel.unfold(net, a.function, 0, a.argument)
        for slope in SLOPES:
            made = kernel.subst(slope(atom(core.quantity("?0"))), (value,), ((),))
            if (found := meet(self.cx, whole, made)) is not None:
                return found
        return None

    def unfolds(self, place: int, stage: Stage) -> bool:
        """Whether an equation is used: those of derivatives always, others at their stage."""
        e: Equation = self.cx.net.equations[place]
        if found(e, Derivative):
            return True
        sums = e.body is not None and any(m.bound for m, _ in e.body.terms)
        return stage.sums if sums else stage.entries

    def back(self, a: Derivative, known: Known) -> Proof | None:
        """The chain rule, one step from what it is by; None where it is not known by what equations that is read."""
        opened = {name: f"o{name[1:]}'" for name in sorted(a.names) if name[0] == "_"}  # within, these are taken
        put = putting(tuple((name, variable(other)) for name, other in opened.items()))
        here = tuple(put_index(d, put) for d in known)
        cx = replace(self.cx, known=(*self.cx.known, *here), tidied={}) if here else self.cx
        [(m, _)] = core.put(atom(a), put).terms
        [(moved, _)] = m.factors
        made = kernel.chain(cx.net, moved.of, moved.by)
        made = then(made, tidy(cx, made.rhs))
        if any(map(_depends, made.rhs.terms)):
            return None
        return instantiate(made, {other: variable(name) for name, other in opened.items()})

    def forward(self, a: Derivative, known: Known) -> Proof | None:
        """The derivative of the cost, from what it is defined by, where nothing else is to be done."""
        net = self.cx.net
        if a.of.family in self.cx.layered or a.of.family == a.by.family:
            return None
        place = equation_for(self.cx, a.of, known)
        return None if place is None else kernel.tangent(net, place, a.of.indices, a.by)

    def discharged(self, p: Proof, facts: Iterable[Any]) -> Proof:
        """The theorem without those of its hypotheses on values that can be seen to hold."""
        given = frozenset(facts)
        for h in sorted(p.hypotheses, key=key):
            if type(h.claim) not in (core.NonZero, core.Positive) or follows(p.net, h, given):
                continue
            names = tuple(f"h{place}'" for place in range(h.bound))
            e = core.at(h.claim.parts[0], *map(variable, names))
            for start in (e, core.times(-1, e)):
                q = self.over_one(self.taken_apart(tidy(self.cx, start), Stage(entries=True, functions=True)))
                if kernel.sign_of(q.net, q.rhs) == 1:
                    p = kernel.discharge(p, h, q, names)
                    break
        return p

    def over_one(self, p: Proof) -> Proof:
        """The theorem with its right side over one denominator."""
        for a, e in sorted(divisors(p.rhs).items(), key=lambda item: key(item[0])):
            p = then(p, multiplied_out(p.net, p.rhs, a.term if type(a) is Group else atom(a), e))
        return then(p, tidy(self.cx, p.rhs))


def _depends(term: Any) -> bool:
    """Whether a product has a condition that is not known to hold; that two indices are equal is no condition."""
    m, _ = term
    forms = {b.form for b, _ in m.factors if type(b) is Bracket and not b.form.loose}
    return any(negative(d) not in forms for d in forms)
