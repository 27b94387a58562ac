"""One relation between two sides: lowered to an equation between numbers, then proved, or judged exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from sympy import Dummy, Integer, Pow, Symbol

from ..core.index import entails, put_index
from ..core.network import known_sizes
from ..networks.setting import Setting
from ..notation.profiles import NIELSEN, Notation
from ..notation.reader import Unreadable
from ..notation.reader.tree import Part
from ..notation.text import conditions
from ..oracle.answer import Answer, Counterexample, asked
from ..oracle.counterexample import soon
from ..surface.elaborate import form
from ..surface.network import Network
from ..surface.terms import Apply, D, Member, NonNegative, free, n, order, substitute
from ..surface.theorem import Theorem
from . import arrays, updates, when
from .arrays import Array
from .lower import Lowering
from .meanings import Meaning
from .proofs import proved
from .refusals import Incomplete, Malformed, Refusal, Uneven, Unknown
from .sense import Sense
from .verdict import Kind, Verdict
from .when import When

_SIZE: Final = re.compile(r"\bn_(\d+)")
PARTIAL: Final = ("log", "sqrt", "step")  #: functions that have no value, or no slope, somewhere


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
    """Two numbers that are to be equal: in each of the cases, under what is given there.

    ``visible``: what is given of indices that are written.
    """

    net: Network
    lhs: Any
    rhs: Any
    cases: tuple[frozenset[Any], ...]
    visible: tuple[Any, ...]


def shown(text: str, part: Part | None) -> str:
    """What is written."""
    return "" if part is None else " ".join(text[slice(*part.span)].split())


def judged(claim: Claim, about: Reading) -> Verdict:
    """What is said of a relation, without a look at how it could be mended."""
    try:
        equation = lowered(claim, about)
    except Refusal as why:
        kind: Kind = "malformed" if isinstance(why, Malformed) else "unknown"
        said = str(Unreadable(claim.text, why.span[0], _numbered(why.reason, about)))
        slip = "malformed" if isinstance(why, Incomplete) else None
        return Verdict(kind, *claim.shown, said, claim.relation, mistake=slip, cause=type(why))
    found = answered(equation, claim.shown)
    told = conditions(about.assumed | _needed(equation.visible), about.notation)
    return replace(_renumbered(found, about), relation=claim.relation, assumed=(*told, *found.assumed))


def _numbered(reason: str, about: Reading) -> str:
    """With the sizes of layers that are numbered as the notation numbers them."""
    by = 1 - about.notation.first
    return _SIZE.sub(lambda found: f"n_{int(found[1]) - by}", reason) if by and about.net.depth is not None else reason


def _renumbered(found: Verdict, about: Reading) -> Verdict:
    """With a layer among the numbers that show it as the notation numbers it."""
    by, shown = 1 - about.notation.first, found.counterexample
    if not by or about.net.depth is None or shown is None or "l" not in shown.indices:
        return found
    indices = {name: value - by if name == "l" else value for name, value in shown.indices.items()}
    return replace(found, counterexample=replace(shown, indices=indices))


def lowered(claim: Claim, about: Reading) -> Equation:
    """The equation that a relation is. Refusal where it has no meaning, or none that is known here."""
    lowering = about.lowering(claim.text)
    written = lowering.both(claim.left, updates.added(about.notation, claim.left, claim.right))
    sides = updates.step(lowering, written[0], claim.relation, written[1])
    if claim.relation not in ("=", ":=") and sides == written:
        span = (claim.left.span[1], claim.right.span[0])
        raise Unknown(span, f"the relation {claim.relation} is not judged: it is no equation")
    if updates.is_opposite(*sides):
        raise Unknown(claim.right.span, "a step upwards, which may be subtracted later")
    return equated(*sides, (claim.text, claim.text), lowering.conditions, understood(claim, about), about)


def understood(claim: Claim, about: Reading) -> When:
    """The conditions that are written with a relation."""
    lowering = about.lowering(claim.text)
    return when.understood(claim.when, when.index_of(lowering.said, about.notation.letters["n"]), claim.text)


def equated(
    left: Array, right: Array, texts: tuple[str, str], conditions_: Iterable[Any], said: When, about: Reading
) -> Equation:
    """The equation between two sides, which stand in these texts; the conditions are for all of it to be there."""
    _comparable(left, right, texts)
    at = arrays.rows(max((left, right), key=lambda a: len(a.dims)))
    one, other = (a.entry(*at) if a.dims else a.entry() for a in (left, right))
    ends = left.dims or right.dims
    rows = [gap for i, (lo, hi) in zip(at, ends, strict=True) if i is not arrays.ONE for gap in (i - lo, hi - i)]
    names = {s: Symbol(s.name) for s in {*free(one), *free(other)} if isinstance(s, Dummy)}  # as others see them
    names |= {i: lo for i, (lo, hi) in zip(at, ends, strict=True) if _sized(about.net, hi) == lo}

    def put(e: Any) -> Any:
        return substitute(e, {**names, **said.equal})

    there = [h for h in dict.fromkeys(map(put, conditions_)) if not _holds(h)]
    entries = [h for h in map(put, map(NonNegative, rows)) if not _holds(h)]
    cases = tuple(about.assumed | _needed([*there, *entries, *map(put, case)]) for case in said.cases)
    told = [*there, *(map(put, said.cases[0]) if len(said.cases) == 1 else ())]
    return Equation(about.net, put(one), put(other), cases, tuple(h for h in told if not _is_about_rows(h)))


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
    net, lhs, rhs, *_ = equation
    theorem = None if _fails(equation, given) else proved(net, lhs, rhs, given)
    more = more_than_given(theorem, given) if theorem else frozenset()
    if theorem is None or more or _divides(lhs) or _divides(rhs):
        verdict = by_the_exact_judge(net, lhs, rhs, given, written)
        if theorem is None or verdict.kind != "verified":
            return verdict
    reason = "it follows from the definitions" + (", for all sizes" if net.widths is None else "")
    return Verdict("proved", *written, reason, assumed=tuple(conditions(more)), theorem=theorem)


def _divides(e: Any) -> bool:
    """Whether it may have no value: the kernel gives it one all the same, so that the exact judge has to agree."""
    inverse = (power for power in e.atoms(Pow) if not power.exp.is_nonnegative and power.base.has(Member, Apply, D))
    return any(True for _ in inverse) or any(str(f.args[0]) in PARTIAL for f in e.atoms(Apply))


def more_than_given(theorem: Theorem, given: frozenset[Any]) -> frozenset[Any]:
    """The hypotheses of a theorem that do not follow from what is given."""
    sizes = known_sizes(theorem.net.core)
    known = [put_index(form(h.args[0]), sizes) for h in given if isinstance(h, NonNegative)]
    on_indices = {h for h in theorem.hypotheses if isinstance(h, NonNegative)}
    follow = {h for h in on_indices if entails(known, put_index(form(h.args[0]), sizes))}
    return theorem.hypotheses - given - follow


def is_right(equation: Equation) -> bool:
    """Whether it holds by the exact judge."""
    net, lhs, rhs, cases, _ = equation
    return not fails(equation) and all(_asked(net, lhs, rhs, case).kind == "holds" for case in cases)


def _asked(*statement: Any) -> Answer:
    from ..oracle import exact  # most claims are proved before it is needed, and NumPy takes a while

    return asked(exact.judge, *statement)


def by_the_exact_judge(net: Network, lhs: Any, rhs: Any, given: frozenset[Any], written: tuple[str, str]) -> Verdict:
    """What the exact judge says."""
    answer = _asked(net, lhs, rhs, given)
    if answer.kind == "holds":
        reason = f"{answer.reason}; a wrong one passes with a probability below 2^{answer.error_bound_log2}"
        return Verdict("verified", *written, reason, error_bound_log2=answer.error_bound_log2)
    kind: Kind = "unknown" if answer.kind == "unsupported" else answer.kind
    return Verdict(kind, *written, answer.reason, counterexample=_in_their_letters(answer.counterexample))


def _in_their_letters(found: Counterexample | None) -> Counterexample | None:
    """Without the indices that nobody wrote."""
    if found is None:
        return None
    return replace(found, indices={name: i for name, i in found.indices.items() if not name.startswith("open")})


def _needed(given: Iterable[Any]) -> frozenset[Any]:
    """The conditions that do not follow from the others."""
    left = {h: form(h.args[0]) for h in dict.fromkeys(given)}
    for h in sorted(left, key=order):
        rest = {other: d for other, d in left.items() if other is not h}
        left = rest if entails(rest.values(), left[h]) else left
    return frozenset(left)


def _is_about_rows(h: Any) -> bool:
    """Whether a condition is about an entry that no letter is written for."""
    return any(s.name.startswith("open") or s.name in ("row", "column") for s in free(h))


def _holds(h: Any) -> bool:
    return bool(h.args[0].is_Integer and h.args[0] >= 0)


def _comparable(left: Array, right: Array, texts: tuple[str, str]) -> None:
    if left.dims != right.dims and not any(a.is_number and a.entry() == 0 for a in (left, right)):
        span = left.span[0], right.span[1]
        is_column = not left.is_number and left.dims[1] == arrays.SINGLE
        kind = Uneven if is_column and right.is_number else Malformed
        raise kind(span, f"{arrays.said(left, texts[0])}, {arrays.said(right, texts[1])}")
