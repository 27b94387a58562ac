"""One relation between two sides: lowered to an equation between numbers, then proved, or judged exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sympy import Dummy, Integer, Symbol

from ..core.index import entails
from ..networks.setting import Setting
from ..notation.profiles import NIELSEN, Notation
from ..notation.reader import Unreadable
from ..notation.reader.tree import Part, Span
from ..notation.text import conditions
from ..oracle import exact
from ..oracle.answer import asked
from ..oracle.counterexample import soon
from ..surface.elaborate import form
from ..surface.network import Network
from ..surface.terms import NonNegative, free, n, substitute
from ..surface.theorem import Theorem
from . import arrays, updates, when
from .arrays import Array
from .lower import Lowering
from .meanings import Meaning
from .proofs import proved
from .refusals import Malformed, Refusal, Unknown
from .sense import Sense
from .verdict import Kind, Verdict


@dataclass(frozen=True)
class Reading:
    """What claims are read in and judged by: a notation, a network, and what is assumed of its data.

    ``setting``: what the network is the network of, where it is that of a Setting: then other settings are tried.
    ``sense``: how what is left out is meant. ``meanings``: what else letters of the notation were defined as.
    """

    net: Network
    notation: Notation = NIELSEN
    assumed: frozenset[Any] = frozenset()
    setting: Setting | None = None
    sense: Sense = field(default_factory=Sense)
    meanings: tuple[Meaning, ...] = ()

    def lowering(self, text: str) -> Lowering:
        """What gives a text its meaning."""
        return Lowering(text, self.net, self.notation, self.sense, self.meanings)


@dataclass(frozen=True)
class Claim:
    """A relation as it is written, and the conditions that are written with it."""

    text: str
    left: Part
    relation: str
    right: Part
    when: tuple[Part, ...] = ()

    @property
    def shown(self) -> tuple[str, str]:
        """What is written on both sides."""
        return shown(self.text, self.left), shown(self.text, self.right)


class Equation(NamedTuple):
    """Two numbers that are to be equal: in each of the cases, under what is given there."""

    net: Network
    lhs: Any
    rhs: Any
    cases: tuple[frozenset[Any], ...]
    assumed: tuple[str, ...]


def shown(text: str, part: Part | None) -> str:
    """What is written."""
    return "" if part is None else " ".join(text[slice(*part.span)].split())


def judged(claim: Claim, about: Reading) -> Verdict:
    """What is said of a relation, without a look at how it could be mended."""
    try:
        equation = lowered(claim, about)
    except Refusal as why:
        kind: Kind = "malformed" if isinstance(why, Malformed) else "unknown"
        said = str(Unreadable(claim.text, why.span[0], why.reason))
        return Verdict(kind, *claim.shown, said, claim.relation)
    return replace(answered(equation, claim.shown), relation=claim.relation)


def lowered(claim: Claim, about: Reading) -> Equation:
    """The equation that a relation is. Refusal where it has no meaning, or none that is known here."""
    lowering = about.lowering(claim.text)
    written = lowering.both(claim.left, claim.right)
    sides = updates.step(lowering, written[0], claim.relation, written[1])
    if claim.relation not in ("=", ":=") and sides == written:
        span = (claim.left.span[1], claim.right.span[0])
        raise Unknown(span, f"the relation {claim.relation} is not judged: it is no equation")
    if updates.is_opposite(*sides):
        raise Unknown(claim.right.span, "a step upwards, which may be subtracted later")
    _comparable(*sides, claim.text, (claim.left.span[0], claim.right.span[1]))
    at = arrays.rows(max(sides, key=lambda side: len(side.dims)))
    one, other = (side.entry(*at) if side.dims else side.entry() for side in sides)
    there = [*lowering.conditions]
    ends = sides[0].dims or sides[1].dims
    rows = [gap for i, (lo, hi) in zip(at, ends, strict=True) if i is not arrays.ONE for gap in (i - lo, hi - i)]
    said = when.understood(claim.when, when.index_of(lowering.said, about.notation.letters["n"]), claim.text)
    names = {s: Symbol(s.name) for s in {*free(one), *free(other)} if isinstance(s, Dummy)}  # as others see them
    names |= {i: lo for i, (lo, hi) in zip(at, ends, strict=True) if _sized(about.net, hi) == lo}

    def put(e: Any) -> Any:
        return substitute(e, {**names, **said.equal})

    needed = [h for h in map(put, there) if not _holds(h)]
    entries = [h for h in map(put, map(NonNegative, rows)) if not _holds(h)]
    cases = tuple(about.assumed | {*needed, *entries} | {put(h) for h in case} for case in said.cases)
    visible = [h for case in said.cases for h in (*needed, *map(put, case)) if not _is_about_rows(h)]
    told = conditions(about.assumed | _needed(visible), about.notation) if len(cases) == 1 else ()
    return Equation(about.net, put(one), put(other), cases, tuple(told))


def answered(equation: Equation, written: tuple[str, str]) -> Verdict:
    """What is said of an equation: of the cases, the one that is furthest from being right."""
    verdicts = [_answered(equation, case, written) for case in equation.cases]
    order = ("refuted", "malformed", "unknown", "verified", "proved")
    return min(verdicts, key=lambda verdict: order.index(verdict.kind))


def _sized(net: Network, e: Any) -> Any:
    """An end of a range, in numbers where the network has them."""
    widths = net.widths or ()
    return e.xreplace({n(layer): Integer(width) for layer, width in enumerate(widths, 1)}) if e.has(n) else e


def fails(equation: Equation) -> bool:
    """Whether it is wrong in a small network: what is wrong mostly is, and this is soon found."""
    return any(_fails(equation, case) for case in equation.cases)


def _fails(equation: Equation, given: frozenset[Any]) -> bool:
    return soon(equation.net, equation.lhs, equation.rhs, given)


def _answered(equation: Equation, given: frozenset[Any], written: tuple[str, str]) -> Verdict:
    net, lhs, rhs, _, assumed = equation
    theorem = None if _fails(equation, given) else proved(net, lhs, rhs, given)
    more = more_than_given(theorem, given) if theorem else frozenset()
    if theorem is None or more:
        verdict = replace(by_the_exact_judge(net, lhs, rhs, given, written), assumed=assumed)
        if theorem is None or verdict.kind != "verified":
            return verdict
    told = (*assumed, *conditions(more))
    return Verdict("proved", *written, "it follows from the definitions, for all sizes", assumed=told, theorem=theorem)


def more_than_given(theorem: Theorem, given: frozenset[Any]) -> frozenset[Any]:
    """The hypotheses of a theorem that do not follow from what is given."""
    known = [form(h.args[0]) for h in given if isinstance(h, NonNegative)]
    left = (
        h for h in theorem.hypotheses - given if not (isinstance(h, NonNegative) and entails(known, form(h.args[0])))
    )
    return frozenset(left)


def is_right(equation: Equation) -> bool:
    """Whether it holds by the exact judge."""
    net, lhs, rhs, cases, _ = equation
    return not fails(equation) and all(asked(exact.judge, net, lhs, rhs, case).kind == "holds" for case in cases)


def by_the_exact_judge(net: Network, lhs: Any, rhs: Any, given: frozenset[Any], written: tuple[str, str]) -> Verdict:
    """What the exact judge says."""
    answer = asked(exact.judge, net, lhs, rhs, given)
    if answer.kind == "holds":
        reason = f"{answer.reason}; a wrong one passes with a probability below 2^{answer.error_bound_log2}"
        return Verdict("verified", *written, reason, error_bound_log2=answer.error_bound_log2)
    kind: Kind = "unknown" if answer.kind == "unsupported" else answer.kind
    return Verdict(kind, *written, answer.reason, counterexample=answer.counterexample)


def _needed(given: Iterable[Any]) -> frozenset[Any]:
    """The conditions that do not follow from the others."""
    left = sorted(set(given), key=str)
    for h in [*left]:
        rest = [other for other in left if other is not h]
        left = rest if entails([form(other.args[0]) for other in rest], form(h.args[0])) else left
    return frozenset(left)


def _is_about_rows(h: Any) -> bool:
    """Whether a condition is about an entry that no letter is written for."""
    return any(s.name.startswith("open") or s.name in ("row", "column") for s in free(h))


def _holds(h: Any) -> bool:
    return bool(h.args[0].is_Integer and h.args[0] >= 0)


def _comparable(left: Array, right: Array, text: str, span: Span) -> None:
    if left.dims != right.dims and not any(side.is_number and side.entry() == 0 for side in (left, right)):
        raise Malformed(span, f"{arrays.said(left, text)}, {arrays.said(right, text)}")
