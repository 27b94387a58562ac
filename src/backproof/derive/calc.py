"""Calculations: a start, and lines that each equal the one before, for a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from sympy import Expr, Integer, Mul, Symbol, sympify
from sympy.logic.boolalg import Boolean

from ..core import kernel
from ..core import term as core
from ..core.index import Bound, Index, Refused, bound, key, lift, minus, node, variable
from ..core.kernel import Hypothesis, InRange, follows, plain, refl, weaken, within
from ..core.kernel import Theorem as Proof
from ..core.network import inside, known_sizes
from ..core.term import Atom, Known, Quantity, Term
from ..core.term import Derivative as CoreDerivative
from ..surface import back
from ..surface.arrays import described, misfit
from ..surface.arrays import entry as entry_of
from ..surface.elaborate import dimensions, elaborate, form
from ..surface.hints import hints
from ..surface.network import Network
from ..surface.terms import Equal, Member, substitute
from ..surface.theorem import Theorem, hypothesis
from . import reasons as words_for
from .apart import contradictory, entails
from .derivation import Derivation, Line, Words
from .evident import discharged, is_evident, without_evident
from .instead import lettered
from .move import proof_about
from .reasons import Reason, algebra, reworded
from .search import Context, instantiate, match, then


class WrongLine(Exception):  # noqa: N818 - the reader's word for it
    """A line that does not follow: its number from 1, what it claims, and what its reason gives instead."""

    def __init__(
        self, number: int, net: Any, before: Any, claim: Any, reason: Reason, refusal: Refused, instead: Any
    ) -> None:
        self.number, self.net, self.before, self.claim, self.reason, self.refusal, self.instead = (
            number, net, before, claim, reason, refusal, instead,
        )  # fmt: skip
        super().__init__(f"line {number} ({''.join(map(str, reason.words))}): {refusal}")


def calc(net: Any, start: Any, *lines: tuple[Any, Reason]) -> Derivation:
    """The derivation ``start = line 1 = line 2 = ...``; WrongLine where one does not follow."""
    if not isinstance(net, Network):
        raise TypeError("calc begins with the network: calc(net, start, (line 1, its reason), ...)")
    claims = [(_term(net, start, "the start")), *(_claim(line, number)[0] for number, line in enumerate(lines, 1))]
    claims = [claims[0], *(_term(net, claim, f"line {number}") for number, claim in enumerate(claims[1:], 1))]
    return _calculated(net, claims, [reason for _, reason in lines])


def _calculated(net: Any, claims: list[Any], reasons: list[Reason]) -> Derivation:
    ranges = dimensions(net.core, claims[0])
    names = _new_names(len(ranges), claims)
    at, put = tuple(map(variable, names)), known_sizes(net.core)
    for number, claim in enumerate(claims):
        if dimensions(net.core, claim) != ranges:
            shapes = ", ".join(described(net, side) for side in claims[number - 1 : number + 1])
            refusal = Refused("dimensions", f"the two lines are not things of one shape: {shapes}")
            raise WrongLine(number, net, claims[number - 1], claim, reasons[number - 1], refusal, None)
    entries = [elaborate(net.core, claim, *at) for claim in claims]
    terms = [core.put(e.term, put) for e in entries]
    known = [d for i, (lo, hi) in zip(at, ranges, strict=True) for d in (minus(i, lo), minus(hi, i))]
    for number, term in enumerate(terms):
        missing = _noted(net, term, known)
        if missing and not number:
            raise ValueError(f"the start speaks of {missing}, and there is none")
        if missing:
            refusal = Refused("range", f"there is no {missing}")
            raise WrongLine(number, net, claims[number - 1], claims[number], reasons[number - 1], refusal, None)
    cx = Context(net.core, minimal(known), _layered(net), of=net)
    whole, done = refl(net.core, terms[0]), []
    for number, reason in enumerate(reasons, 1):
        before, after = terms[number - 1], terms[number]
        try:
            proved = reason.prove(cx, before, after)
            why = _objection(cx, reason, before, after)
        except Refused as refusal:
            why = _objection(cx, reason, before, after) or refusal
        if why:
            one, two = claims[number - 1 : number + 1]
            raise WrongLine(number, net, one, two, reason, why, _instead(net, cx, reason, one, names))
        whole = then(whole, proved)
        needs = entries[number - 1].needs | entries[number].needs
        done.append(
            Line(
                stated(cx, net, claims[number - 1], claims[number], proved, names, needs, reason.uses),
                reason.words,
                reason.uses,
            )
        )
    own = entries[0].needs | entries[-1].needs
    between = frozenset[Hypothesis]().union(*(e.needs for e in entries)) - own
    needs = own | {h for h in between if not is_evident(cx, core.put(h, put))}
    return Derivation(
        "",
        "",
        stated(cx, net, claims[0], claims[-1], whole, names, needs, [t for r in reasons for t in r.uses]),
        tuple(done),
    )


def _objection(cx: Context, reason: Reason, before: Term, after: Term) -> Refused | None:
    """Why a line is not what its reason says, where the reason can tell."""
    try:
        return reason.explain(cx, before, after) if reason.explain else None
    except Refused as refusal:
        return refusal


def _new_names(count: int, claims: Iterable[Any]) -> tuple[str, ...]:
    used = {s.name for e in claims for s in e.atoms(Symbol)} if count else set()
    return tuple([name for name in ("j", "k", "i", "m", "p", "q", "j1", "k1", "i1", "m1") if name not in used][:count])


def _instead(net: Any, cx: Context, reason: Reason, before: Any, names: tuple[str, ...]) -> Any:
    """What the reason makes of the line before, None where it does not apply or cannot be written.

    As the reason writes it, if it does and that is proved; else as the normal form is.
    """
    at, put = tuple(map(variable, names)), known_sizes(net.core)
    start = core.put(elaborate(net.core, before, *at).term, put)
    try:
        made = reason.write(net, before) if reason.write else None
        if made is None and not names:
            made = back.factored(reason.convert(cx, start).rhs)
        made = None if made is None else lettered(made, frozenset(s.name for s in before.atoms(Symbol)))
        if made in (None, before):
            return None
        reason.prove(cx, start, core.put(elaborate(net.core, made, *at).term, put))
    except Refused:
        return None
    return made


def _noted(net: Any, p: Term, given: list[Index]) -> Any:
    """Add to ``given`` that all that is read is within its range; what is read and cannot be, None if all can."""
    missing: list[Any] = []

    def note(a: Atom, depth: int, here: Known) -> None:
        for q in (a,) if type(a) is Quantity else (a.of, a.by) if type(a) is CoreDerivative else ():
            before = len(given)
            _note(net.core, q, depth, here, given)
            if len(given) > before and not missing and contradictory(frozenset(given)):
                names = back.new_names(depth, q.names)
                missing.append(back.quantity(core.at(q, *map(variable, names))))

    core.replace(p, note)
    return missing[0] if missing else None


def context(net: Any, terms: Iterable[Term], known: Iterable[Index] = ()) -> Context:
    """What may be assumed: that all that is read is within its range."""
    given = list(known)
    for p in terms:
        _noted(net, p, given)
    return Context(net.core, minimal(given), _layered(net), of=net)


def _layered(net: Any) -> frozenset[str]:
    return frozenset(f.name for f in net.families if f.kinds.startswith("l"))


def _note(net: Any, q: Quantity, depth: int, here: Known, given: list[Index]) -> None:
    for d in inside(net, q):
        if not d.loose and not entails((*here, *(lift(k, depth) for k in given)), d):
            given.append(d)


def minimal(known: Iterable[Index]) -> Known:
    """The same with nothing that follows from the rest."""
    kept = sorted(dict.fromkeys(known), key=key)
    for d in list(kept):
        rest = [k for k in kept if k is not d]
        if entails(rest, d):
            kept = rest
    return tuple(kept)


def stated(cx: Context, net: Any, lhs: Any, rhs: Any, p: Proof, names: tuple[str, ...] = (),
           needs: frozenset[Hypothesis] = frozenset(), uses: Iterable[Theorem] = ()) -> Theorem:  # fmt: skip
    """The theorem, with no more hypotheses than it needs; those on the ranges of ``names`` are not said."""
    put, p = known_sizes(net.core), without_evident(cx, p)
    at = tuple(map(variable, names))
    ranges = [
        core.put(d, put)
        for i, (lo, hi) in zip(at, dimensions(net.core, lhs), strict=True)
        for d in (minus(i, lo), minus(hi, i))
    ]
    known = p.hypotheses & frozenset(net.sums.values())
    hypotheses = (p.hypotheses - known) | {core.put(h, put) for h in needs}
    on_values = {h for h in hypotheses if type(h.claim) is not InRange}
    on_indices = p.hypotheses - known - on_values
    given = [h.claim.parts[0] for h in on_indices if not h.claim.loose]
    said = within(*given, *ranges)
    if not all(h in said or follows(net.core, h, said) for h in on_indices):
        given += [d for d in cx.known if d not in given]
    on_values = {_plainly(h, (*given, *ranges)) for h in on_values}
    for h in sorted(on_values, key=key):
        if follows(net.core, h, within(*given, *ranges) | (on_values - {h})):
            on_values = on_values - {h}
    forms = minimal([*(d for d in sorted(given, key=key) if d not in ranges), *ranges])
    forms = tuple(d for d in forms if d not in ranges)
    weak = weaken(p, within(*forms, *ranges) | on_values | known)
    spelled = {core.put(hypothesis(net.core, h), put): h for t in uses for h in t.hypotheses}
    written = frozenset(spelled.get(h) or back.hypothesis(h) for h in within(*forms) | on_values)
    return Theorem(net, written, lhs, rhs, weak, names)


def _plainly(h: Hypothesis, given: tuple[Index, ...]) -> Hypothesis:
    """The hypothesis without conditions that hold anyway, and without outer variables that it says nothing of.

    Nor with conditions on indices that are not its own: then it is asked for where it need not hold, too.
    """
    known = [lift(d, h.bound) for d in given]
    kept = frozenset(d for d in h.conditions if d.loose and not entails(known, d))
    used = h.claim.loose
    fewer = frozenset(d for d in kept if d.loose <= used)
    if used == h.bound or not _have_values(range(used, h.bound), kept - fewer, (*known, *fewer)):
        return node(Hypothesis, h.bound, kept, h.claim)
    return node(Hypothesis, used, fewer, h.claim)


def _have_values(places: Iterable[int], conditions: Iterable[Index], known: Known) -> bool:
    """Whether conditions on these variables hold where each is as small as it may be: it is certain where True."""
    least = {place: [minus(bound(place), d) for d in conditions if dict(d.terms).get(node(Bound, place)) == 1]
             for place in places}  # fmt: skip
    if not all(least.values()):
        return False
    outermost = max(least)
    values = tuple(least[place][0] if place in least else bound(place) for place in range(outermost + 1))
    here = (core.at(d, *values) for d in conditions)
    return all(entails(known, d) for d in here)


def _claim(line: Any, number: int) -> tuple[Any, Reason]:
    if not isinstance(line, tuple) or len(line) != 2:
        raise TypeError(f"line {number} is not a pair, of a term and a reason: {line}")
    if not isinstance(line[1], Reason):
        raise TypeError(f"line {number} has no reason, such as definition(...) or algebra, but {_no_reason(line[1])}")
    return line


def _no_reason(given: Any) -> str:
    """What stands in place of a reason, and what may have been meant."""
    name = getattr(given, "__name__", "") if callable(given) else given if isinstance(given, str) else ""
    close = get_close_matches(name, words_for.__all__, n=1)
    if callable(given) and close == [name]:
        return f"{name}: say of what, {name}(...)"
    return f"{given!r}: is {close[0]} meant, without quotes?" if close else repr(given)


def _term(net: Any, e: Any, where: str) -> Any:
    """``e`` as a term of the network; TypeError or ValueError, in words for the author, where it is none."""
    e = e._sympy_() if hasattr(e, "_sympy_") else e
    if not isinstance(e, Expr | int | Boolean):
        raise TypeError(f"{where} is not a term but {type(e).__name__}: {e}. Has it lost its indices?")
    term = sympify(e, strict=True)
    try:
        elaborate(net.core, term, *(variable(f"_{place}") for place, _ in enumerate(dimensions(net.core, term))))
    except Refused as why:
        said = _what(term, misfit(net, term) or why.reason)
        raise ValueError(f"{where} is not a term of {net.title}: {term}. {said}") from None
    return term


def _what(term: Any, reason: str) -> str:
    """What to write instead, or else why a term is none."""
    products = [PRODUCTS] if any(len(m.atoms(Member)) > 1 for m in term.atoms(Mul)) else []
    found = hints(term) or [f"Why: {reason}", *products, EVERYTHING]
    return " ".join(f"{sentence}." for sentence in found)


PRODUCTS = "A product of arrays is Dot(A, B), Hadamard(u, v) or Outer(u, v)"
EVERYTHING = "Terms are made of the network's quantities, whole numbers and fractions, total, D and functions of ours"


def entrywise(net: Any, lhs: Any, rhs: Any, indices: tuple[Any, ...], *lines: tuple[Any, Reason]) -> Derivation:
    """The array equation ``lhs = rhs``, by a calculation with the entries at ``indices``: from lhs's to rhs's.

    The last line is supplied: what the matrix products and sums of rhs say of their entries.
    """
    named = indices if isinstance(indices, tuple | list) else (indices,)
    indices = tuple(sympify(index, strict=True) for index in named)
    lhs, rhs = _sides(net, lhs, rhs, len(indices))
    start, end = entry_of(net, lhs, indices), entry_of(net, rhs, indices)
    claims = [start, *(_claim(line, number)[0] for number, line in enumerate(lines, 1))]
    last = () if claims[-1] == end else ((end, reworded(algebra, *_entry_words(indices))),)
    steps = calc(net, start, *lines, *last)
    names = tuple(i.name for i in indices)
    entries = [elaborate(net.core, side, *map(variable, names)) for side in (lhs, rhs)]
    cx = context(net, [e.term for e in entries])
    needs = entries[0].needs | entries[1].needs
    made = stated(cx, net, lhs, rhs, steps.theorem.proof, names, needs, [steps.theorem])
    return Derivation("", "", made, steps.lines, by_entries=True)


def _sides(net: Any, lhs: Any, rhs: Any, rank: int) -> tuple[Any, Any]:
    """Two arrays of one shape with so many indices; ValueError, in words for the author, where they are not."""
    lhs, rhs = _term(net, lhs, "the left side"), _term(net, rhs, "the right side")
    ranges = dimensions(net.core, lhs)
    if ranges != dimensions(net.core, rhs):
        raise ValueError(f"the shapes differ: {described(net, lhs)} and {described(net, rhs)}")
    if len(ranges) != rank:
        raise ValueError(f"{described(net, lhs)}: its entries have {len(ranges)} indices, and {rank} are named")
    return lhs, rhs


def _entry_words(indices: tuple[Any, ...]) -> Words:
    inner: Words = tuple(part for index in indices for part in (index, ", "))[:-1]
    return "the entry ", *inner, " of the right-hand side"


def assume(net: Any, lhs: Any, rhs: Any, over: tuple[Symbol, ...] | None = None) -> Theorem:
    """``lhs = rhs`` as a hypothesis, for all values of its units (its indices that are no layers) in range.

    In a network of one's own no index is known to be a layer: there ``over`` names these units; () for none.
    """
    lhs, rhs = (sympify(e, strict=True) for e in (lhs, rhs))
    terms = [core.put(elaborate(net.core, side).term, known_sizes(net.core)) for side in (lhs, rhs)]
    names = tuple(sorted(_units(net, lhs) | _units(net, rhs) if over is None else {s.name for s in over}))
    conditions = [d for d in context(net, terms).known if d.names & set(names)]
    claim = node(kernel.Equal, *(core.named(names, p) for p in terms))
    h = node(Hypothesis, len(names), frozenset(core.named(names, d) for d in conditions), claim)
    proof = kernel.assume(net.core, h, tuple(map(variable, names)))
    said = {back.for_all(Equal(lhs, rhs), names, conditions), *map(back.hypothesis, proof.hypotheses - {h})}
    return Theorem(net, frozenset(said), lhs, rhs, proof)


def _units(net: Any, e: Any) -> set[str]:
    """The free indices of a term that are no layers."""
    kinds = {f.name: f.kinds for f in net.families}
    members = [m for m in e.atoms(Member) if m.family in kinds]
    found = {
        s
        for m in members
        for i, kind in zip(m.indices, kinds[m.family], strict=False)
        if kind != "l"
        for s in i.free_symbols
    }
    layers = {
        s
        for m in members
        for i, kind in zip(m.indices, kinds[m.family], strict=False)
        if kind == "l"
        for s in i.free_symbols
    }
    return {s.name for s in (found - layers) & e.free_symbols if not s.is_positive}


def induction(base: Derivation, step: Derivation, layer: Any, unit: Any, last: Any = None) -> Derivation:
    """The claim for every layer, from the last one (``base``) and from each layer to the one before (``step``).

    ``last`` is the end of the axis in a network of one's own.
    """
    last = form(step.net.depth if last is None else last)
    proved = kernel.induct(base.theorem.proof, step.theorem.proof, layer.name, (unit.name,), last, 1)
    return _induced(base, step, proved, "the last layer down")


def upward(base: Derivation, step: Derivation, index: Any) -> Derivation:
    """The claim for every value of an index, from the first, 1 (``base``), and from each one to the next (``step``)."""
    proved = kernel.induct(base.theorem.proof, step.theorem.proof, index.name, (), form(Integer(1)), -1)
    return _induced(base, step, proved, f"{index.name} = 1 up")


def _induced(base: Derivation, step: Derivation, proved: Proof, way: str) -> Derivation:
    net, claim = step.net, step.theorem
    words = (f"induction from {way}: {base.title.lower()}, then {step.title.lower()}",)
    cx = Context(net.core, tuple(plain(proved.hypotheses)))
    made = stated(cx, net, claim.lhs, claim.rhs, proved, uses=[claim])
    return Derivation("", "", made, (Line(made, words, (base.theorem, step.theorem)),))


def instance(of: Derivation, net: Any, **values: Any) -> Derivation:
    """A theorem for one network of its kind, and for values of its indices."""
    made = instantiated(of, net, values)
    return Derivation("", "", made, (Line(made, (of.title,), (of.theorem,)),))


def instantiated(of: Theorem | Derivation, net: Any, values: dict[str, Any]) -> Theorem:
    """A theorem for a network of its kind, and for values of its indices."""
    known = of.theorem if isinstance(of, Derivation) else of
    named = {
        s: sympify(values[s.name], strict=True)
        for s in known.lhs.free_symbols | known.rhs.free_symbols
        if s.name in values
    }
    p = instantiate(proof_about(net, of), {s.name: form(v) for s, v in named.items()})
    depth = {} if net.depth == known.net.depth else {known.net.depth: net.depth}
    lhs, rhs = (substitute(side, {**named, **depth}) for side in (known.lhs, known.rhs))
    cx = context(net, [p.lhs, p.rhs])
    return stated(cx, net, lhs, rhs, p, known.indices, uses=[known])


def joined(one: Theorem, other: Theorem) -> Theorem:
    """One equation after another, about numbers."""
    p = then(one.proof, other.proof)
    return stated(context(one.net, [p.lhs, p.rhs]), one.net, one.lhs, other.rhs, p, uses=[one, other])


def without(made: Derivation, *facts: Any) -> Derivation:
    """The derivation without the hypotheses that ``e`` is positive, or not 0, for facts ``e = e'`` with e' positive."""
    t = made.theorem
    p = t.proof
    for fact in facts:
        known = proof_about(t.net, fact)
        pattern = known.lhs
        for h in sorted(p.hypotheses, key=key):
            if type(h.claim) in (core.NonZero, core.Positive) and h in p.hypotheses:
                names = tuple(f"h{i}'" for i in range(h.bound))
                e = core.at(h.claim.parts[0], *map(variable, names))
                ways = (match(pattern, other, pattern.names) for other in (e, core.times(-1, e)))
                values = next((found for found in ways if found is not None), None)
                if values is not None:
                    p = discharged(p, h, instantiate(known, values), names)
    cx = context(t.net, [p.lhs, p.rhs])
    return replace(made, theorem=stated(cx, t.net, t.lhs, t.rhs, p, t.indices, uses=[t]))


__all__ = [
    "WrongLine",
    "assume",
    "calc",
    "entrywise",
    "induction",
    "instance",
    "instantiated",
    "joined",
    "upward",
    "without",
]
