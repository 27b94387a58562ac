"""Search within terms of the core: where a rule applies, and the proof of the whole. May fail, cannot lie.

A ``Context`` is a network and what may be assumed about the indices; each step assumes as little of it as it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..core import kernel
from ..core import term as core
from ..core.index import (
    Bound,
    Index,
    Node,
    Put,
    Refused,
    Variable,
    bound,
    found,
    index,
    key,
    lift,
    minus,
    node,
    occurs,
    plus,
    put_index,
    putting,
    shift,
    variable,
)  # fmt: skip
from ..core.kernel import Theorem, refl, subst, symm, trans, weaken, within
from ..core.network import Network, domain, family_of, is_lower, known_sizes, opaque, rank, reached, reads
from ..core.term import Applied, Atom, Bracket, Derivative, Group, Known, Monomial, Quantity, Term, atom, below
from ..surface.algebra import subtract
from .apart import contradictory, entails
from .brackets import brackets, needs, simplified, split

Find = Callable[[Any, Known], "Theorem | None"]


@dataclass
class Context:
    """A network of the core, and the index expressions that may be assumed to be at least 0."""

    net: Network
    known: Known = ()
    layered: frozenset[str] = frozenset()  # the families whose first index is a layer
    tidied: dict[Term, Theorem] = field(default_factory=dict)
    taken: dict[Any, Theorem | None] = field(default_factory=dict)  # derivatives through what the chain rule names
    evident: dict[Any, Theorem | None] = field(default_factory=dict)  # what the network says of hypotheses on values
    of: Any = None  # the network as it was written

    @property
    def sizes(self) -> Put:
        """The sizes that the network has numbers for."""
        return known_sizes(self.net)


def fewest(known: Known, enough: Callable[[Known], bool]) -> Known:
    """As little of what is known as is enough; ``enough(known)`` holds."""
    kept = known
    for d in known:
        fewer = tuple(k for k in kept if k is not d)
        kept = fewer if enough(fewer) else kept
    return kept


def rewrite(e: Term, find: Find, kind: type[Node], *kinds: type[Node]) -> Theorem | None:
    """e = e' with each atom of these kinds replaced for which ``find(atom, known)`` has a theorem.

    There bound variables are _0, _1, ...
    """
    kinds = (kind, *kinds)
    if not found(e, *kinds):
        return None
    seen: dict[Node, Theorem | None] = {}

    def at(a: Atom, depth: int, known: Known) -> Theorem | None:
        if type(a) not in kinds:
            return None
        opening = putting(places=tuple(variable(f"_{i}") for i in range(depth)))
        opened = one_atom(core.put_atom(a, opening)) if depth else a
        if opened is None:
            return None
        if opened not in seen:
            made = find(opened, tuple(core.put(d, opening) for d in known) if depth else known)
            seen[opened] = None if made is None or made.rhs is made.lhs else made
        return seen[opened]

    if not _finds(e, at):
        return None
    premises, names = list[Theorem](), list[tuple[str, ...]]()

    def put(a: Atom, depth: int, known: Known) -> Term | None:
        p = at(a, depth, known)
        if p is None:
            return None
        if p not in premises:
            premises.append(p)
            used = p.lhs.names.union(p.rhs.names, *(h.names for h in p.hypotheses))
            names.append(tuple(x for x in sorted(used) if x[0] == "_"))
        place = premises.index(p)
        return atom(core.quantity(f"?{place}", *(bound(int(x[1:])) for x in names[place])))

    return subst(core.replace(e, put), tuple(premises), tuple(names))


def _finds(e: Term, at: Callable[[Atom, int, Known], Any], depth: int = 0, known: Known = ()) -> bool:
    """Whether ``at`` has something for an atom that ``replace`` shows it: where not, no term is made."""
    for m, _ in e.terms:
        here, inner = below(known, m), depth + m.bound
        for a, _ in m.factors:
            within = a.argument if type(a) is Applied else a.term if type(a) is Group else None
            if at(a, inner, here) is not None or (within is not None and _finds(within, at, inner, here)):
                return True
    return False


def rewrite_sums(e: Term, p: Theorem) -> Theorem | None:
    """e = e' with the left side of p, a sum over one variable, replaced wherever it is a factor."""
    for m, c in e.terms:
        for place in range(m.bound):
            own = [f for f in m.factors if _has(f[0], place)]
            others = tuple(variable(f"_{i - (i > place)}") if i != place else bound(0) for i in range(m.bound))
            try:
                inner = core.bind(1, core.moved(own, tuple(lift(o, 1) if o.names else o for o in others), 1))
            except Refused:  # its ends depend on the other variables
                continue
            values = match(p.lhs, inner, p.lhs.names)
            if values is not None:
                made = instantiate(p, values)
                used = tuple(sorted(x for x in made.lhs.names | made.rhs.names if x[0] == "_"))
                hole = atom(core.quantity("?0", *(bound(int(x[1:])) for x in used)))
                outer = core.moved(
                    [f for f in m.factors if f not in own],
                    tuple(bound(i - (i > place)) for i in range(m.bound)),
                    m.bound - 1,
                )
                whole = core.times(c, core.bind(m.bound - 1, outer, hole))
                rest = subtract(e, core.times(c, core.monomial(m.bound, m.factors)))
                return subst(core.add(rest, whole), (made,), (used,))
    return None


def one_atom(p: Term) -> Atom | None:
    """The atom that a term is, or None."""
    if len(p.terms) != 1:
        return None
    [(m, c)] = p.terms
    if c != 1 or m.bound or len(m.factors) != 1:
        return None
    [(a, e)] = m.factors
    return a if e == 1 else None


def then(p: Theorem, q: Theorem | None) -> Theorem:
    """One after the other; q may be None. What says nothing is left out."""
    return p if q is None or q.rule == "refl" else q if p.rule == "refl" else trans(p, q)


def turned(p: Theorem) -> Theorem:
    """The theorem from right to left."""
    return p if p.rule == "refl" else symm(p)


def equation_for(cx: Context, q: Quantity, known: Known) -> int | None:
    """The place of the equation that holds of a quantity, where what is known leaves one only."""
    here, fitting = (*cx.known, *known), []
    for place, e in enumerate(cx.net.equations):
        if e.family == q.family:
            where = [put_index(core.at(d, *q.indices), cx.sizes) for d in domain(cx.net, e)]
            if all(entails(here, d) for d in where):
                return place
            if not contradictory(frozenset((*here, *where))):
                fitting.append(place)
    return fitting[0] if len(fitting) == 1 else None


def body_for(cx: Context, q: Quantity, known: Known) -> int | None:
    """The same, where the equation has a body."""
    place = equation_for(cx, q, known)
    return None if place is None or cx.net.equations[place].body is None else place


# What is always done: derivatives that are 0 or 1, brackets that hold, sums of what does not depend on the index.


def tidy(cx: Context, e: Term) -> Theorem:
    """e = e', a form in which what is known to be equal more often is the same."""
    if e not in cx.tidied:
        p = refl(cx.net, e)
        for _ in range(20):
            before = p.rhs
            for step in (resting, without_brackets, lengths):
                p = then(p, step(cx, p.rhs))
            if p.rhs is before:
                break
        cx.tidied[e] = p
    return cx.tidied[e]


def resting(cx: Context, e: Term) -> Theorem | None:
    """Derivatives by what has no influence, and across examples, or whatever axis is carried along."""
    return rewrite(e, lambda a, known: _rests(cx, a, known), Derivative)


def _rests(cx: Context, a: Derivative, known: Known) -> Theorem | None:
    if {a.of.family, a.by.family} & opaque(cx.net):
        return None
    for axis in axes(cx.net, a.of.family, a.by.family):
        place = dict(axis)
        if a.of.indices[place[a.of.family]] is not a.by.indices[place[a.by.family]]:
            return kernel.apart(cx.net, a.of, a.by, axis)
    if a.of.family not in reached(cx.net, a.by.family):
        return kernel.still(cx.net, a.of, a.by, frozenset())
    ranks = rank(cx.net, a.of), rank(cx.net, a.by)
    if not is_lower(*ranks, (*cx.known, *known), or_same=True):
        return None
    for given in ((), cx.known, (*cx.known, *sorted(known, key=key))):
        if not contradictory(frozenset(given)) and is_lower(*ranks, given, or_same=True):
            few = fewest(given, lambda fewer: is_lower(*ranks, fewer, or_same=True))
            return kernel.still(cx.net, a.of, a.by, within(*few))
    return None


@cache
def axes(net: Network, y: str, x: str) -> tuple[tuple[tuple[str, int], ...], ...]:
    """The axes that are carried along from one family to another: which index of each family it is."""
    between = {f for f in reached(net, x) if y in reached(net, f)} | {x, y}
    found = []
    for start in range(len(family_of(net, x).ranges)):
        place, before = {x: start}, 0
        while len(place) > before:
            before = len(place)
            for e in (e for e in net.equations if e.family in between):
                for r in (r for r in reads(net, e) if r.quantity.family in place):
                    carried = r.quantity.indices[place[r.quantity.family]]
                    arity = len(family_of(net, e.family).ranges)
                    at = [i for i in range(arity) if carried is bound(i + r.bound)]
                    place |= {e.family: at[0]} if at and e.family not in place else {}
        if place.keys() >= between and _is_carried(net, between, place):
            found.append(tuple(sorted((f, p) for f, p in place.items() if f in between)))
    return tuple(found)


def _is_carried(net: Network, between: set[str], place: dict[str, int]) -> bool:
    return all(
        r.quantity.indices[place[r.quantity.family]] is bound(place[e.family] + r.bound)
        for e in net.equations
        if e.family in between
        for r in reads(net, e)
        if r.quantity.family in between
    )


def without_brackets(cx: Context, e: Term) -> Theorem | None:
    """Brackets that hold or cannot, by what is known."""
    made = simplified(e, cx.known)
    if made is e:
        return None
    follow = tuple(dict.fromkeys(needs(e, cx.known)))
    needed = fewest(cx.known, lambda known: all(one.holds(known) for one in follow))
    if simplified(e, needed) is not made:  # so it should be
        needed = fewest(cx.known, lambda known: simplified(e, known) is made)
    return brackets(cx.net, e, frozenset(needed))


def lengths(cx: Context, e: Term) -> Theorem | None:
    """Sums of what does not depend on the index."""
    places = {m: place for m, _ in e.terms for place in reversed(range(m.bound)) if _is_free_of(m, place)}  # the first
    if not places:
        return None
    parts = []
    for m, c in e.terms:
        if m not in places:
            parts.append(core.times(c, core.monomial(m.bound, m.factors)))
            continue
        place, k = places[m], node(Bound, places[m])
        ends = {dict(a.form.terms)[k]: a for a, _ in m.factors if type(a) is Bracket and dict(a.form.terms).get(k)}
        lo, hi = minus(bound(place), ends[1].form), plus(bound(place), ends[-1].form)
        rest = [f for f in m.factors if f[0] not in ends.values()]
        hole = core.atom(core.quantity("?0", lo, hi))
        inner = core.product(core.monomial(0, rest), hole)
        values = tuple(bound(i - (i > place)) for i in range(m.bound))
        out = core.put(lift(inner, m.bound - 1, m.bound), putting(places=values))
        parts.append(core.times(c, core.bind(m.bound - 1, out)))
    return subst(core.add(*parts), (length(cx.net),), (("lo", "hi"),))


@cache
def length(net: Network) -> Theorem:
    """|- the sum over k of [lo <= k <= hi] = (hi - lo + 1) [hi >= lo], by induction from hi = lo up."""
    k, lo, hi = bound(0), variable("lo"), variable("hi")
    there, before = core.bracket(minus(hi, lo)), putting((("hi", shift(hi, -1)),))
    ones = core.bind(1, core.bracket(minus(k, lo)), core.bracket(minus(hi, k)))
    count = core.value(shift(minus(hi, lo), 1))
    claim = node(kernel.Equal, *(core.put(side, before) for side in (ones, count)))
    assumed = kernel.assume(net, kernel.simple(claim), ())
    step = split(net, ones, minus(hi, k))
    step = trans(step, brackets(net, step.rhs, frozenset([shift(minus(hi, lo), -1)])))
    step = trans(step, subst(core.add(core.ONE, atom(core.quantity("?0"))), (assumed,), ((),)))
    made = kernel.induct(refl(net, core.ONE), step, "hi", (), lo, -1)
    only_there = turned(brackets(net, core.product(there, ones), frozenset()))
    made = trans(only_there, subst(core.product(there, atom(core.quantity("?0"))), (made,), ((),)))
    return weaken(made, frozenset())


def _is_free_of(m: Monomial, place: int) -> bool:
    """Whether the variable occurs in its two ends only."""
    k = node(Bound, place)
    around = [a for a, _ in m.factors if _has(a, place)]
    forms = [a.form for a in around if type(a) is Bracket]
    if len(around) != 2 or sorted(dict(d.terms).get(k, 0) for d in forms) != [-1, 1]:
        return False
    ends = (index(d.constant, ((b, c) for b, c in d.terms if b is not k)) for d in forms)
    return not any(occurs(k, d) for d in ends)


def _has(a: Node, place: int) -> bool:
    """Whether a loose variable occurs in it: it moves when those from it on do, and not when those after it do."""
    return lift(a, 1, place) is not lift(a, 1, place + 1)


# Matching.


def match(pattern: Any, subject: Any, names: frozenset[str]) -> dict[str, Index] | None:
    """Values of the names that make the pattern the subject, None if there are none."""
    pairs: list[tuple[Index, Index]] = []

    def pair(a: Any, b: Any) -> bool:
        if type(a) is not type(b):
            return False
        if type(a) is Index:
            pairs.append((a, b))
            return True
        if a is b:
            return True
        if type(a) is Term and len(a.terms) == len(b.terms):
            ours, theirs = (sorted(x.terms, key=lambda t: (t[1], _label(t[0]))) for x in (a, b))
            return all(c == d and pair(m, o) for (m, c), (o, d) in zip(ours, theirs, strict=True))
        if type(a) is Monomial and a.bound == b.bound and len(a.factors) == len(b.factors):
            ours, theirs = (sorted(x.factors, key=lambda f: _label(f[0])) for x in (a, b))
            return all(e == f and pair(x, y) for (x, e), (y, f) in zip(ours, theirs, strict=True))
        if isinstance(a, Node):
            fits = type(a) in (Quantity, Derivative, Applied) and len(a.parts) == len(b.parts)
            return fits and all(map(pair, a.parts, b.parts))
        if type(a) is tuple:
            return len(a) == len(b) and all(map(pair, a, b))
        return bool(a == b)

    if not pair(pattern, subject):
        return None
    found: dict[str, Index] = {}
    for a, b in pairs:
        put = putting(tuple(found.items()))
        gap = minus(b, put_index(a, put))
        left = [(v, c) for v, c in a.terms if type(v) is Variable and v.name in names and v.name not in found]
        if len(left) == 1 and abs(left[0][1]) == 1:
            v, c = left[0]
            found[v.name] = plus(index(), index(gap.constant, (*gap.terms, (v, c))), c)
    put = putting(tuple(found.items()))
    made = core.put(pattern, put) if type(pattern) is Term else one_atom(core.put_atom(pattern, put))
    return found if made is subject else None


def _label(e: Any) -> str:
    """What a node is, whatever its indices."""
    if type(e) is Index:
        return ""
    if isinstance(e, Node):
        return f"{type(e).__name__}({','.join(map(_label, e.parts))})"
    return f"{{{','.join(sorted(map(_label, e)))}}}" if type(e) in (tuple, frozenset) else str(e)


def instantiate(p: Theorem, values: dict[str, Index]) -> Theorem:
    """A theorem for these values of its variables."""
    names = tuple(sorted(values))
    if not names:
        return p
    return subst(atom(core.quantity("?0", *(values[x] for x in names))), (p,), (names,))


# Sums written out, and fractions.


def unroll(cx: Context, e: Term) -> Theorem:
    """e = e', sums between numbers written out, also within functions."""
    p = tidy(cx, e)
    for _ in range(MOST_TERMS):
        found = _first_bracket(p.rhs)
        if found is None:
            return then(p, rewrite(p.rhs, lambda a, _: _unrolled(cx, a), Applied))
        m, c, d = found
        alone = core.times(c, core.monomial(m.bound, m.factors))
        rest = core.add(subtract(p.rhs, alone), atom(core.quantity("?0")))
        p = then(p, subst(rest, (split(cx.net, alone, d),), ((),)))
        p = then(p, tidy(cx, p.rhs))
    return p


def _unrolled(cx: Context, a: Applied) -> Theorem:
    inner = unroll(cx, a.argument)
    return subst(core.applied(a.function, a.degree, atom(core.quantity("?0"))), (inner,), ((),))


MOST_TERMS = 200  # that a sum is written out to


def _first_bracket(e: Term) -> tuple[Monomial, Any, Index] | None:
    for m, c in sorted(e.terms, key=key):
        for place in range(m.bound):
            k = node(Bound, place)
            ends = [a.form for a, _ in m.factors if type(a) is Bracket and dict(a.form.terms).get(k)]
            if len(ends) == 2 and all(len(d.terms) == 1 for d in ends):
                return m, c, next(d for d in ends if dict(d.terms)[k] == 1)
    return None


def without_zeros(cx: Context, e: Term) -> Theorem | None:
    """x^0 = 1, for x that is then not to be 0: what a product cancels."""
    parts, premises, names = [], list[Theorem](), list[tuple[str, ...]]()
    for m, c in e.terms:
        inner = core.monomial(0, (f for f in m.factors if f[1] != 0))
        for a in (a for a, exponent in m.factors if exponent == 0):
            values = tuple(variable(f"_{i}") for i in range(m.bound))
            base = core.put_atom(a, putting(places=values)) if values else a.term if type(a) is Group else atom(a)
            premises.append(power_0(cx.net, base))
            used = tuple(sorted(x for x in base.names if x[0] == "_"))
            names.append(used)
            inner = core.product(
                inner, atom(core.quantity(f"?{len(premises) - 1}", *(bound(int(x[1:])) for x in used)))
            )
        parts.append(core.times(c, core.bind(m.bound, inner)))
    return subst(core.add(*parts), tuple(premises), tuple(names)) if premises else None


@cache
def power_0(net: Network, base: Term) -> Theorem:
    """base is not 0 |- base^0 = 1"""
    one, power = kernel.inverse(net, base), core.power(base, 0)
    if one.lhs is power:
        return one
    return trans(subst(core.product(power, atom(core.quantity("?0"))), (turned(one),), ((),)), one)


def multiplied_out(net: Network, e: Term, base: Term, n: int) -> Theorem:
    """base is not 0 |- e = base^-n (e base^n), for an atom or a sum that is divided by."""
    [(one, _)] = core.power(base, -1).terms
    [(a, _)] = one.factors
    parts = []
    for m, c in e.terms:
        left = dict(m.factors).get(a, 0) + n
        hole = core.power(atom(core.quantity("?0")), left) if left > 0 else core.ONE
        parts.append(core.times(c, core.bind(m.bound, core.monomial(0, m.factors), hole)))
    holes, known = core.add(*parts), kernel.inverse(net, base)
    return refl(net, e) if holes is e else weaken(subst(holes, (turned(known),), ((),)), known.hypotheses)


def divisors(p: Term) -> dict[Atom, int]:
    """What a term is divided by outside sums, and how often."""
    found: dict[Atom, int] = {}
    for m, _ in p.terms:
        for a, e in m.factors:
            if e <= 0 and not a.loose:
                found[a] = max(found.get(a, 0), -e)
    return found


def meet(cx: Context, left: Theorem, right: Theorem) -> Theorem | None:
    """a = b from |- a = c and |- b = d, where algebra makes c and d equal; None where it does not."""
    left, right = (then(p, tidy(cx, p.rhs)) for p in (left, right))
    for step in (aligned, cleared):
        if left.rhs is not right.rhs:
            left, right = step(cx, left, right)
    return then(left, turned(right)) if left.rhs is right.rhs else None


def aligned(cx: Context, left: Theorem, right: Theorem) -> tuple[Theorem, Theorem]:
    """Both, where functions on the left have the arguments that they have on the right, if those are equal."""
    ours, theirs = (found(p.rhs, Applied) for p in (left, right))
    known: dict[Atom, Theorem] = {}
    for a in sorted(ours - theirs, key=key):
        for b in sorted(theirs - ours, key=key):
            fits = (a.function, a.degree) == (b.function, b.degree) and not a.loose and not b.loose
            if a not in known and fits and (divisors(a.argument) or divisors(b.argument)):
                made = meet(cx, refl(cx.net, a.argument), refl(cx.net, b.argument))
                if made is not None:
                    known[a] = subst(core.applied(a.function, a.degree, atom(core.quantity("?0"))), (made,), ((),))
    return (then(left, rewrite(left.rhs, lambda a, _: known.get(a), Applied)), right) if known else (left, right)


def cleared(cx: Context, left: Theorem, right: Theorem) -> tuple[Theorem, Theorem]:
    """Both theorems with what their right sides are divided by taken out, so that these may become the same.

    What is divided by may be a sum with divisors of its own: these come to light when it has been taken out.
    """
    left, right = (then(p, without_zeros(cx, p.rhs)) for p in (left, right))
    done = set[Atom]()
    while left.rhs is not right.rhs:
        found = divisors(left.rhs)
        for a, e in divisors(right.rhs).items():
            found[a] = max(found.get(a, 0), e)
        left_over = [(a, e) for a, e in found.items() if a not in done]
        if not left_over:
            break
        a, e = min(left_over, key=lambda item: (type(item[0]) is not Group, key(item[0])))
        done.add(a)
        base = a.term if type(a) is Group else atom(a)
        left, right = (then(p, multiplied_out(cx.net, p.rhs, base, e)) for p in (left, right))
    return left, right
