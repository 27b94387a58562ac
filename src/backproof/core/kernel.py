"""Theorems, and the rules that make them: nothing else does.

A theorem says: in every solution of the network, for all sizes of at least 1, all data that obey its facts, and all
integers for its free variables for which the hypotheses hold, lhs = rhs. Terms are in normal form, so there is no rule
of algebra: what is equal by algebra is the same object. A rule checks and never searches; what it cannot check, it
refuses.

The derivative D(y, x) is the tangent of y along the equations when x has the tangent 1 instead of its own and nothing
else is moved; of a datum, or out of range, it is [y is x]. Where the hypotheses on values hold, it is the partial one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

from .index import (
    FAULTS, NODES, Bound, Closed, Index, Kind, Node, Refused, bound, closed, contradictory, entails, exactly, index,
    lift, minus, node, nodes, occurs, putting, require, shift, types_of, variable,
)  # fmt: skip
from .network import (
    Equation, Network, domain, family_of, gradient, head, inside, is_lower, known_sizes, network, opaque, proper, rank,
    reached, reads,
)  # fmt: skip
from .term import (
    ONE, ZERO, Applied, Atom, Bracket, Group, Known, Monomial, Need, NonZero, Positive, Quantity, Term, Value, add,
    applied, at, atom, below, bind, bracket, conditions, derivative, diff, match, named, power, product, put, replace,
    same, times,
)  # fmt: skip


class InRange(Node):
    """The claim that an index expression is at least 0."""

    form: Index


class Equal(Node):
    """The claim that two numbers are equal."""

    lhs: Term
    rhs: Term


class Hypothesis(Node):
    """The claim, for all values of ``bound`` variables for which the conditions are at least 0."""

    bound: int
    conditions: frozenset[Index]
    claim: InRange | NonZero | Positive | Equal


class Theorem(Closed):
    """``hypotheses`` |- ``lhs`` = ``rhs`` about ``net``, by ``rule`` from ``args``."""

    net: Network
    lhs: Term
    rhs: Term
    hypotheses: frozenset[Hypothesis]
    rule: str
    args: tuple[Any, ...]


Sequent = tuple[Network, Term, Term, Iterable[Hypothesis]]
RULES: dict[str, Callable[..., Theorem]] = {}


def rule(check: Callable[..., Sequent]) -> Callable[..., Theorem]:
    """Register a rule, which returns (net, lhs, rhs, hypotheses); only here are theorems made.

    Arguments are of the types that are written beside them, made by the makers, and closed: ``inner`` ones when bound.
    A network is checked here again: others than its maker can make one, by substitution.
    """
    name, places, test = check.__name__, check.__code__.co_varnames, exactly(types_of(check))

    def apply(*args: Any) -> Theorem:
        fits = test((args,)) and all(NODES.get((type(e), e.parts)) is e for e in nodes(args))
        outer = ((e, place == "inner") for a, place in zip(args, places, strict=False) for e in nodes((a,)))
        fits = fits and all(network(*e.parts) is e if type(e) is Network else e.loose <= one for e, one in outer)
        require(fits, name, "these are not its arguments, or they have loose variables")
        try:
            net, lhs, rhs, given = check(*args)
            lhs, rhs, *hypotheses = map(put, (lhs, rhs, *given), repeat(known_sizes(net)))
        except FAULTS as error:
            raise Refused(name, f"these are not its arguments: {error}") from error
        for e in (lhs, rhs, *hypotheses):
            require(not e.loose and proper(net, e), name, "not about quantities of the network, or looks back: {}", e)
        require(not contradictory(plain(hypotheses)), name, "the hypotheses contradict one another")
        made = object.__new__(Theorem)
        for slot, part in zip(Theorem.__annotations__, (net, lhs, rhs, frozenset(hypotheses), name, args), strict=True):
            object.__setattr__(made, slot, part)
        return made

    RULES[name] = apply
    apply.__doc__, apply.__name__ = check.__doc__, name
    return apply


# Hypotheses.


def simple(claim: Node) -> Hypothesis:
    """A hypothesis that binds nothing."""
    return node(Hypothesis, 0, frozenset(), claim)


def within(*forms: Index) -> frozenset[Hypothesis]:
    """The hypotheses that index expressions are at least 0."""
    return frozenset(simple(node(InRange, d)) for d in forms)


def plain(hypotheses: Iterable[Hypothesis], kind: type[Node] = InRange) -> frozenset[Any]:
    """What hypotheses of a kind, without conditions, are about: the index expressions that are at least 0."""
    unbound = (h.claim for h in hypotheses if not h.bound and not h.conditions)
    return frozenset(claim.parts[0] for claim in unbound if type(claim) is kind)


def close(n: int, known: Known, h: Hypothesis) -> Hypothesis:
    """A hypothesis below n binders where ``known`` holds, for all values of what is bound there.

    The statement it belongs to stands below these binders, in a product with brackets that are 0 where ``known`` does
    not hold. There it is not needed; elsewhere it has to be true for each value, since the value is summed over.
    """
    return node(Hypothesis, n + h.bound, h.conditions | {lift(d, h.bound) for d in known}, h.claim)


def needs() -> tuple[set[Hypothesis], Need]:
    """A collector for what differentiation needs."""
    result: set[Hypothesis] = set()
    return result, lambda claim, e, n, known: result.add(node(Hypothesis, n, frozenset(known), node(claim, e)))


def follows(net: Network, h: Hypothesis, given: frozenset[Hypothesis]) -> bool:
    """Whether a hypothesis follows from others and the facts of the network: by elimination, or by visible signs."""
    known = frozenset((*h.conditions, *(lift(d, h.bound) for d in plain(given))))
    kind, parts = type(h.claim), h.claim.parts
    alike = (g for g in given if g.bound <= h.bound and g.claim is h.claim)  # about fewer variables, or as many
    if contradictory(known) or any(all(entails(known, d) for d in g.conditions) for g in alike):
        return True
    if kind in (InRange, Equal):
        return entails(known, parts[0]) if kind is InRange else parts[0] is parts[1]
    above = frozenset(lift(e, h.bound) for e in plain(given, Positive))
    return sign_of(net, parts[0], tuple(known), above) == 1


def sign_of(net: Network, e: Term, known: Known = (), above: frozenset[Term] = frozenset()) -> int | None:
    """1 where e > 0 can be seen, 0 where e >= 0, None where neither; ``above`` are terms that are positive."""
    signs: list[Any] = [0]
    for m, c in e.terms:
        inner, mine = below(known, m), frozenset(lift(p, m.bound) for p in above)
        powers: list[Any] = [_sign_of_power(net, a, k, inner, mine) for a, k in m.factors if type(a) is not Bracket]
        counts = _is_filled(m, known) if m.bound else len(powers) == len(m.factors)
        signs.append(None if c < 0 or None in powers else min((*powers, 1)) if counts else 0)
    return 1 if e in above else None if None in signs else max(signs)


def _sign_of_power(net: Network, a: Atom, e: int, known: Known, above: frozenset[Term]) -> int | None:
    is_datum = type(a) is Quantity and proper(net, a) and "positive" in family_of(net, a.family).facts
    is_root = type(a) is Applied and (a.function, a.degree) == ("sqrt", 0)
    inner = a.term if type(a) is Group else a.argument if is_root else None  # type: ignore[union-attr]
    is_above = (
        (is_datum and all(entails(known, d) for d in inside(net, a)))  # type: ignore[arg-type]
        or (inner is not None and sign_of(net, inner, known, above) == 1)
        or (type(a) is Applied and not a.degree and a.function in ("exp", "Phi", "phi"))
        or (type(a) is Value and entails(known, index(-1, ((a.basis, 1),))))
        or (type(a) is not Group and atom(a) in above)
    )
    return 1 if is_above else 0 if e % 2 == 0 else None


def _is_filled(m: Monomial, known: Known) -> bool:
    """Whether the sum, over one variable, has a term: where one of its brackets begins to hold, all of them do."""
    forms = [*conditions(m.factors)]
    ends = [e for e in (minus(bound(0), d) for d in forms) if not occurs(node(Bound, 0), e)]
    return m.bound == 1 and any(all(entails(known, at(d, at(e, index()))) for d in forms) for e in ends)


# Equality.


@rule
def refl(net: Network, e: Term) -> Sequent:
    """
    ---------
    |- e = e
    """
    return net, e, e, ()


@rule
def symm(p: Theorem) -> Sequent:
    """|- a = b
    ---------
    |- b = a
    """
    return p.net, p.rhs, p.lhs, p.hypotheses


@rule
def trans(p: Theorem, q: Theorem) -> Sequent:
    """|- a = b   |- b = c
    -------------------
    |- a = c
    """
    require(p.rhs is q.lhs and p.net is q.net, "trans", "{} is not {}", p.rhs, q.lhs)
    return p.net, p.lhs, q.rhs, p.hypotheses | q.hypotheses


@rule
def subst(e: Term, premises: tuple[Theorem, ...], names: tuple[tuple[str, ...], ...]) -> Sequent:
    """|- a(x..) = b(x..)  ...   (a premise for each hole ?0, ?1, ... of e, and names for the indices of the hole)
    ------------------------------------------------
    |- e[?i[d..] := a_i(d..)] = e[?i[d..] := b_i(d..)]

    A hypothesis is assumed at d.., and for all values of what is bound there, under the brackets around the hole.
    """
    net, hypotheses = premises[0].net, set[Hypothesis]()
    require(all(p.net is net for p in premises), "subst", "the premises are about different networks")

    def fill(side: str) -> Term:
        def change(a: Atom, depth: int, known: Known) -> Term | None:
            if type(a) is not Quantity or a.family[0] != "?":
                return None
            i = [f"?{place}" for place in range(len(premises))].index(a.family)
            require(len(set(names[i])) == len(names[i]) == len(a.indices), "subst", "{} has other indices", a)
            values = putting(tuple(zip(names[i], a.indices, strict=True)))
            hypotheses.update(close(depth, known, put(h, values)) for h in premises[i].hypotheses)
            return put(getattr(premises[i], side), values)  # type: ignore[no-any-return]

        return replace(e, change)

    return net, fill("lhs"), fill("rhs"), hypotheses


# Hypotheses.


@rule
def assume(net: Network, h: Hypothesis, values: tuple[Index, ...]) -> Sequent:
    """
    ------------------------------------------   (at values d.. of what h binds)
    for all x.. with c: a = b;  c(d..)  |- a(d..) = b(d..)
    """
    require(type(h.claim) is Equal and h.bound == len(values), "assume", "{} is no equation for these values", h)
    lhs, rhs, *conditions_ = (at(e, *values) for e in (*h.claim.parts, *h.conditions))
    return net, lhs, rhs, {h, *within(*conditions_)}


@rule
def weaken(p: Theorem, hypotheses: frozenset[Hypothesis]) -> Sequent:
    """H' |- a = b
    -------------   (each of H' follows from H and the facts of the network)
    H |- a = b
    """
    for h in p.hypotheses:
        require(follows(p.net, h, hypotheses), "weaken", "{} does not follow", h)
    return p.net, p.lhs, p.rhs, hypotheses


@rule
def discharge(p: Theorem, h: Hypothesis, q: Theorem, names: tuple[str, ...]) -> Sequent:
    """H, e > 0 |- a = b   |- e = e'
    ----------------------------   (e' can be seen to be positive; names for what is bound)
    H |- a = b

    Where e is only not to be 0, the premise may also be about -e.
    """
    [e] = (at(e, *map(variable, names)) for e in h.claim.parts)
    about = q.lhs is e or (q.lhs is times(-1, e) and type(h.claim) is NonZero)
    new = len(set(names)) == len(names) == h.bound and h.names.isdisjoint(names)
    require(h in p.hypotheses and p.net is q.net and about and new, "discharge", "{} is not about {}", h, q.lhs)
    require(sign_of(q.net, q.rhs) == 1, "discharge", "{} cannot be seen to be positive", q.rhs)
    given = {close(h.bound, tuple(h.conditions), named(names, g)) for g in q.hypotheses}
    return p.net, p.lhs, p.rhs, p.hypotheses - {h} | given


# The network.


def _at_head(net: Network, place: int, indices: tuple[Index, ...]) -> tuple[Equation, Quantity, frozenset[Hypothesis]]:
    """An equation of the network at these indices, what it defines there, and the hypotheses that it holds there."""
    require(0 <= place < len(net.equations), "define", "there is no equation {}", place)
    e = net.equations[place]
    require(len(indices) == len(family_of(net, e.family).ranges), "define", "{} has other indices", e.family)
    return e, node(Quantity, e.family, indices), within(*(at(d, *indices) for d in domain(net, e)))


@rule
def define(net: Network, place: int, indices: tuple[Index, ...]) -> Sequent:
    """
    -------------------------   (an equation of the network; that it holds at d.. is assumed)
    |- f[d..] = body(d..)
    """
    e, f, given = _at_head(net, place, indices)
    require(e.body is not None, "define", "{} is an open function", e.family)
    return net, atom(f), at(e.body, *indices), given


@rule
def unfold(net: Network, name: str, degree: int, u: Term) -> Sequent:
    """
    -----------------------   (a function of the network, or its derivative)
    |- f(u) = body(u)
    """
    [body] = [f.body for f in net.functions if f.function == name]
    require(degree in (0, 1), "unfold", "one derivative at once")
    result, need = needs()

    def at_u(e: Term, depth: int = 0) -> Term:
        return replace(e, lambda a, n, _: lift(u, n) if type(a) is Quantity else None, depth)

    slope = diff(body, lambda *_: ONE, lambda claim, e, n, known: need(claim, at_u(e, n), n, known)) if degree else body
    return net, applied(name, degree, u), at_u(slope), result


@rule
def tangent(net: Network, place: int, indices: tuple[Index, ...], x: Quantity) -> Sequent:
    """
    ---------------------------------------------   (f[d..] = g is an equation of the network)
    |- D(f[d..], x) = [f[d..] is x] + D(g, x)

    What g reads comes before f[d..]: if that is x, nothing of it moves, and D(g, x) is 0.
    """
    (e, f, given), (result, need) = _at_head(net, place, indices), needs()
    inner = at(gradient(net, e, lambda q, _: derivative(q, x), need), *indices)
    return net, derivative(f, x), add(same(f, x), inner), given | {at(h, *indices) for h in result}


@rule
def still(net: Network, y: Quantity, x: Quantity, hypotheses: frozenset[Hypothesis]) -> Sequent:
    """
    ---------------------   (y does not come after x, or nothing leads from its family to that of y)
    H |- D(y, x) = [y is x]
    """
    later = is_lower(rank(net, y), rank(net, x), tuple(plain(hypotheses)), or_same=True)
    require(later or y.family not in reached(net, x.family), "still", "{} may have an influence on {}", x, y)
    return net, derivative(y, x), same(y, x), hypotheses


@rule
def apart(net: Network, y: Quantity, x: Quantity, axis: tuple[tuple[str, int], ...]) -> Sequent:
    """
    ------------------------------   (i and j: the indices of y and x on an axis that is carried along from x to y)
    |- D(y, x) = [i = j] D(y, x)

    ``axis`` says which index of a family it is. Every equation on a path from x to y reads, of families on such paths,
    only quantities with its own index there: so what x moves has the index of x.
    """
    place, paths = dict(axis), {f for f in reached(net, x.family) if y.family in reached(net, f)} | {x.family, y.family}
    require(all(0 <= i < len(family_of(net, f).ranges) for f, i in axis), "apart", "{} is no axis", axis)
    for e in (e for e in net.equations if e.family in paths):
        for q, depth in ((r.quantity, r.bound) for r in reads(net, e) if r.quantity.family in paths):
            carried = q.indices[place[q.family]] is bound(place[e.family] + depth)
            require(carried, "apart", "{} reads {} at another index", e.family, q)
    gap = minus(y.indices[place[y.family]], x.indices[place[x.family]])
    return net, derivative(y, x), product(match(gap), derivative(y, x)), ()


@rule
def chain(net: Network, y: Quantity, x: Quantity) -> Sequent:
    """
    ----------------------------------------------------------------------   (f[i..] = g: the equations that read x)
    |- dy/dx = [y is x] + sum over them, and over all i.., of dy/df[i..] dg/dx

    The one idea that makes this backpropagation. x reaches y along paths, and the first step of each is an equation
    that reads x: one step from x to f[i..], where dg/dx is the direct derivative, all that g reads but x being held;
    and from there on all paths from f[i..] to y, which are dy/df[i..] together. So one step back covers every path,
    however many there are: through shared weights, skips, and time.
    """
    parts, hypotheses = [same(y, x)], set[Hypothesis]()
    reading = (e for e in net.equations if any(r.quantity.family == x.family for r in reads(net, e)))
    for e in (e for e in reading if e.family not in opaque(net)):
        (result, need), arity = needs(), len(family_of(net, e.family).ranges)
        direct = gradient(net, e, lambda q, _: same(q, x), need)
        if direct is not ZERO:
            where = map(bracket, domain(net, e))
            parts.append(bind(arity, *where, derivative(y, head(net, e.family)), direct))
        hypotheses |= {node(Hypothesis, arity + h.bound, *h.parts[1:]) for h in result}  # also of what cancels
    return net, derivative(y, x), add(*parts), hypotheses


# Indices and sums.


@rule
def holds(net: Network, d: Index) -> Sequent:
    """
    ------------------------
    d >= 0 |- [d >= 0] = 1
    """
    return net, bracket(d), ONE, within(d)


@rule
def either(net: Network, d: Index) -> Sequent:
    """
    --------------------------------
    |- [d >= 0] + [-d - 1 >= 0] = 1
    """
    return net, add(bracket(d), bracket(minus(index(-1), d))), ONE, ()


@rule
def reindex(net: Network, inner: Term, sign: int, d: Index) -> Sequent:
    """
    -------------------------------------------------   (``inner``: f(k), where k is what is bound here)
    |- sum over k of f(k) = sum over k of f(+-k + d)
    """
    require(sign in (1, -1), "reindex", "{} is not 1 or -1", sign)
    other = index(d.constant, (*d.terms, (node(Bound, 0), sign)))
    return net, bind(1, inner), bind(1, at(inner, other)), ()


# Fields and functions.


@rule
def inverse(net: Network, p: Term) -> Sequent:
    """
    ------------------------
    p is not 0 |- p p^-1 = 1
    """
    return net, product(p, power(p, -1)), ONE, {simple(node(NonZero, p))}


#: Laws of elementary functions: both sides, and whether u has to be positive.
LAWS: dict[str, tuple[Callable[[Term], Term], Callable[[Term], Term], bool]] = {
    "exp of log": (lambda u: applied("exp", 0, applied("log", 0, u)), lambda u: u, True),
    "log of exp": (lambda u: applied("log", 0, applied("exp", 0, u)), lambda u: u, False),
    "square of sqrt": (lambda u: power(applied("sqrt", 0, u), 2), lambda u: u, True),
    "sqrt of square": (lambda u: applied("sqrt", 0, power(u, 2)), lambda u: u, True),
    "square of step": (lambda u: power(applied("step", 0, u), 2), lambda u: applied("step", 0, u), False),
}


@rule
def law(net: Network, name: str, u: Term) -> Sequent:
    """
    --------------------   (a law of an elementary function; some need u > 0)
    u > 0 |- a(u) = b(u)
    """
    left, right, bounded = LAWS[name]
    return net, left(u), right(u), {simple(node(Positive, u))} if bounded else ()


# Induction.


@rule
def induct(base: Theorem, step: Theorem, l: str, names: tuple[str, ...], last: Index, up: int) -> Sequent:
    """|- P(last)     P(l + 1), l < last |- P(l)
    ---------------------------------------   (up = 1: from the last index down; up = -1: from the first one up)
    l <= last |- P(l)

    What may be assumed is built here: P(l + 1) for all values of ``names`` for which the conditions of the conclusion
    hold at l + 1. What does not follow from it, and from the conditions at l, may not be about l or these.
    """
    new = last.names.isdisjoint((l, *names)) and len({l, *names}) == len(names) + 1
    require(new and up in (1, -1), "induct", "{} and {} have to be different indices", l, names)
    distance = minus(last, variable(l)) if up == 1 else minus(variable(l), last)
    here = plain(step.hypotheses) | {shift(distance, -1)}
    known, there = here - {shift(distance, -1)} | {distance}, putting(((l, shift(variable(l), up)),))
    claim = node(Equal, *(named(names, put(side, there)) for side in (step.lhs, step.rhs)))
    above = node(Hypothesis, len(names), frozenset(named(names, put(d, there)) for d in known), claim)
    rest = frozenset(h for h in step.hypotheses if not follows(step.net, h, within(*here) | {above}))
    about = [h for h in rest if not h.names.isdisjoint((l, *names))]
    require(not about, "induct", "a hypothesis about {} is not the claim above", l)
    conclusion, at_last = within(*known) | rest, putting(((l, last),))
    fits = (base.net, base.lhs, base.rhs) == (step.net, put(step.lhs, at_last), put(step.rhs, at_last))
    require(fits, "induct", "the base is not the claim for {} = {}", l, last)
    given = frozenset(put(h, at_last) for h in conclusion)
    covered = all(follows(step.net, h, given) for h in base.hypotheses)
    require(covered, "induct", "the base needs a hypothesis that the claim does not have")
    return step.net, step.lhs, step.rhs, conclusion


Kind.__new__ = closed  # type: ignore[assignment,method-assign]  # nobody else makes kinds of nodes,
del rule  # or rules
