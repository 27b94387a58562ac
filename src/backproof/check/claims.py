"""A claim, judged relation by relation, each against the side before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..notation.profiles import NIELSEN, Notation
from ..notation.reader import Unreadable, read, tree
from ..notation.reader.tree import Part, Span
from ..oracle import exact
from ..oracle.answer import Counterexample
from ..surface.network import Network
from ..surface.terms import NonNegative
from . import arrays
from .arrays import Array
from .lower import Lowering
from .refusals import Malformed, Refusal

Kind = Literal["verified", "refuted", "malformed", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """What is said of one relation: ``left`` and ``right`` are what is written on its sides."""

    kind: Kind
    left: str
    right: str
    reason: str
    counterexample: Counterexample | None = None
    error_bound_log2: int = 0

    def __str__(self) -> str:
        lines = [f"{self.kind}: {self.left} = {self.right}", f"  {self.reason}"]
        if self.counterexample is not None:
            found = self.counterexample
            where = ", ".join(f"{name} = {value}" for name, value in found.indices.items())
            widths = f"layers of {', '.join(map(str, found.widths))}" if found.widths else ""
            lines.append(f"  with {'; '.join(filter(None, [widths, where]))}: {found.lhs} against {found.rhs}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Setting:
    """What claims are read in and judged by: a notation, a network, and what is assumed of its data."""

    net: Network
    notation: Notation = NIELSEN
    assumed: frozenset[Any] = frozenset()


def judge(text: str, about: Setting) -> list[Verdict]:
    """A verdict for each relation that is written; one that is malformed or unknown says where reading stopped."""
    try:
        display = read(text)
    except Unreadable as why:
        return [Verdict("malformed", text, "", str(why))]
    verdicts: list[Verdict] = []
    before: Part | None = None
    for statement in (statement for line in display.lines for statement in line):
        for left, relation, right in _relations(statement, before):
            verdicts.append(_judged(text, left, relation, right, statement, about))
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
    text: str, left: Part | None, relation: str, right: Part, statement: tree.Statement, about: Setting
) -> Verdict:
    shown = _shown(text, left), _shown(text, right)
    if left is None:
        return Verdict("malformed", shown[1], "", "it says nothing: there is no relation")
    if relation not in ("=", ":="):
        return Verdict("unknown", *shown, f"the relation {relation} is not judged")
    if statement.when:
        return Verdict("unknown", *shown, "conditions in words are not understood yet")
    lowering = Lowering(text, about.net, about.notation)
    try:
        sides = lowering.value(left), lowering.value(right)
        _comparable(*sides, text, (left.span[0], right.span[1]))
        at = arrays.rows(max(sides, key=lambda side: len(side.dims)))
        one, other = (side.entry(*at) if side.dims else side.entry() for side in sides)
    except Refusal as why:
        kind: Kind = "malformed" if isinstance(why, Malformed) else "unknown"
        return Verdict(kind, *shown, str(Unreadable(text, why.span[0], why.reason)))
    ends = sides[0].dims or sides[1].dims
    rows = [form for i, (lo, hi) in zip(at, ends, strict=True) if i is not arrays.ONE for form in (i - lo, hi - i)]
    hypotheses = frozenset([*lowering.conditions, *map(NonNegative, rows)])
    given = about.assumed | {h for h in hypotheses if not _holds(h)}
    return _answered(about.net, one, other, given, shown)


def _shown(text: str, side: Part | None) -> str:
    return "" if side is None else " ".join(text[slice(*side.span)].split())


def _holds(h: Any) -> bool:
    return bool(h.args[0].is_Integer and h.args[0] >= 0)


def _comparable(left: Array, right: Array, text: str, span: Span) -> None:
    if left.dims != right.dims and not any(side.is_number and side.entry() == 0 for side in (left, right)):
        raise Malformed(span, f"{arrays.said(left, text)}, {arrays.said(right, text)}")


def _answered(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any], shown: tuple[str, str]) -> Verdict:
    answer = exact.judge(net, lhs, rhs, hypotheses)
    if answer.kind == "holds":
        reason = f"{answer.reason}; a wrong one passes with a probability below 2^{answer.error_bound_log2}"
        return Verdict("verified", *shown, reason, None, answer.error_bound_log2)
    kind: Kind = "unknown" if answer.kind == "unsupported" else answer.kind
    return Verdict(kind, *shown, answer.reason, answer.counterexample)
