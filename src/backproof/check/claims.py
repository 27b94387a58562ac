"""A claim, judged relation by relation, each against the side before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sympy import Dummy

from ..core.index import entails
from ..networks.setting import Setting
from ..notation.profiles import NIELSEN, Notation
from ..notation.reader import NotKnown, Unreadable, read, tree
from ..notation.reader.tree import Part, Span
from ..notation.text import conditions
from ..oracle import exact
from ..oracle.answer import Counterexample, asked
from ..surface.elaborate import form
from ..surface.network import Network
from ..surface.terms import NonNegative, free
from . import arrays
from .arrays import Array
from .lower import Lowering
from .refusals import Malformed, Refusal
from .sense import Sense
from .senses import Taken, about_net, senses

Kind = Literal["verified", "refuted", "malformed", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """What is said of one relation: ``left`` and ``right`` are what is written on its sides.

    ``assumed``: where all that it speaks of is there, and what else the reading takes for granted.
    """

    kind: Kind
    left: str
    right: str
    reason: str
    relation: str = "="
    assumed: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    error_bound_log2: int = 0

    def __str__(self) -> str:
        lines = [f"{self.kind}: {f'{self.left} {self.relation} {self.right}'.strip()}", f"  {self.reason}"]
        lines += [f"  if {', '.join(self.assumed)}"] if self.assumed else []
        if self.counterexample is not None:
            found = self.counterexample
            where = ", ".join(f"{name} = {value}" for name, value in found.indices.items())
            widths = f"layers of {', '.join(map(str, found.widths))}" if found.widths else ""
            lines.append(f"  with {'; '.join(filter(None, [widths, where]))}: {found.lhs} against {found.rhs}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Reading:
    """What claims are read in and judged by: a notation, a network, and what is assumed of its data."""

    net: Network
    notation: Notation = NIELSEN
    assumed: frozenset[Any] = frozenset()
    setting: Setting | None = None  #: where it is that of the network, it may be another one in one field
    sense: Sense = field(default_factory=Sense)


def judge(text: str, about: Reading) -> list[Verdict]:
    """A verdict for each relation that is written; one that is malformed or unknown says where reading stopped."""
    try:
        display = read(text)
    except Unreadable as why:
        return [Verdict("unknown" if isinstance(why, NotKnown) else "malformed", text, "", str(why), "")]
    return chosen([_in_sense(text, display, about, taken) for taken in _taken(display, about)])


def _taken(display: tree.Display, about: Reading) -> list[Taken]:
    if about.setting is None:
        return about_net(display, about.notation, about.net, about.sense)
    return senses(display, about.notation, about.setting, about.sense)


def chosen(readings: list[list[Verdict]]) -> list[Verdict]:
    """Of what is said in several senses, that of the first in which all is right.

    In none: of the first, and where that has no meaning, of the first that has one.
    """
    right = [found for found in readings if all(v.kind == "verified" for v in found)]
    meant = [found for found in readings if not any(v.kind in ("malformed", "unknown") for v in found)]
    if readings[0] in meant and readings[0] not in right:
        return readings[0]
    return next(iter([*right, *meant, *readings]))


def _in_sense(text: str, display: tree.Display, given: Reading, taken: Taken) -> list[Verdict]:
    about = replace(given, net=taken.net, notation=taken.row, sense=taken.sense)
    verdicts: list[Verdict] = []
    before: Part | None = None
    for statement in (statement for line in display.lines for statement in line):
        for left, relation, right in _relations(statement, before):
            found = _judged(text, left, relation, right, statement, about)
            verdicts.append(replace(found, assumed=(*found.assumed, *taken.words)))
            before = right
    return verdicts


def _relations(statement: tree.Statement, before: Part | None) -> Iterator[tuple[Part | None, str, Part]]:
    """The relations of a statement, with both sides; the first side may stand in the line before."""
    says = statement.says
    if not isinstance(says, tree.Relation):
        yield None, "", says
        return
    sides = [before if side is None else side for side in says.sides]
    yield from zip(sides, says.relations, sides[1:], strict=False)


def _judged(
    text: str, left: Part | None, relation: str, right: Part, statement: tree.Statement, about: Reading
) -> Verdict:
    shown = _shown(text, left), _shown(text, right)
    if left is None:
        return Verdict("malformed", shown[1], "", "it says nothing: there is no relation", "")
    if relation not in ("=", ":="):
        return Verdict("unknown", *shown, f"the relation {relation} is not judged", relation)
    if statement.when:
        return Verdict("unknown", *shown, "conditions in words are not understood yet", relation)
    lowering = Lowering(text, about.net, about.notation, about.sense)
    try:
        sides = lowering.both(left, right)
        _comparable(*sides, text, (left.span[0], right.span[1]))
        at = arrays.rows(max(sides, key=lambda side: len(side.dims)))
        one, other = (side.entry(*at) if side.dims else side.entry() for side in sides)
    except Refusal as why:
        kind: Kind = "malformed" if isinstance(why, Malformed) else "unknown"
        return Verdict(kind, *shown, str(Unreadable(text, why.span[0], why.reason)), relation)
    there = frozenset(h for h in lowering.conditions if not _holds(h))
    ends = sides[0].dims or sides[1].dims
    rows = [gap for i, (lo, hi) in zip(at, ends, strict=True) if i is not arrays.ONE for gap in (i - lo, hi - i)]
    given = about.assumed | there | {h for h in map(NonNegative, rows) if not _holds(h)}
    told = tuple(conditions(about.assumed | _needed(h for h in there if not _is_about_rows(h)), about.notation))
    return replace(_answered(about.net, one, other, given, shown), relation=relation, assumed=told)


def _needed(given: Iterable[Any]) -> frozenset[Any]:
    """The conditions that do not follow from the others."""
    left = sorted(given, key=str)
    for h in [*left]:
        rest = [other for other in left if other is not h]
        left = rest if entails([form(other.args[0]) for other in rest], form(h.args[0])) else left
    return frozenset(left)


def _is_about_rows(h: Any) -> bool:
    """Whether a condition is about an entry that no letter is written for."""
    return any(s.name.startswith("open") or isinstance(s, Dummy) for s in free(h))


def _shown(text: str, side: Part | None) -> str:
    return "" if side is None else " ".join(text[slice(*side.span)].split())


def _holds(h: Any) -> bool:
    return bool(h.args[0].is_Integer and h.args[0] >= 0)


def _comparable(left: Array, right: Array, text: str, span: Span) -> None:
    if left.dims != right.dims and not any(side.is_number and side.entry() == 0 for side in (left, right)):
        raise Malformed(span, f"{arrays.said(left, text)}, {arrays.said(right, text)}")


def _answered(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any], shown: tuple[str, str]) -> Verdict:
    answer = asked(exact.judge, net, lhs, rhs, hypotheses)
    if answer.kind == "holds":
        reason = f"{answer.reason}; a wrong one passes with a probability below 2^{answer.error_bound_log2}"
        return Verdict("verified", *shown, reason, error_bound_log2=answer.error_bound_log2)
    kind: Kind = "unknown" if answer.kind == "unsupported" else answer.kind
    return Verdict(kind, *shown, answer.reason, counterexample=answer.counterexample)
