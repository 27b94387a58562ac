"""A document as it is read: what its formulas are about, which of them define, and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ..notation.reader import Unreadable, read, tree
from . import prose
from .claims import NO_RELATION, Verdict, judge
from .costs import with_cost
from .definitions import GENERIC, LETTERS, Known, Piece, Second, indices, pieces, sizes
from .extension import with_numbers
from .given import where_given
from .inference import TAKEN
from .letters import letter_of
from .relation import Reading
from .senses import counts_from_one
from .spelling import spellings
from .subject import OWN, subject
from .targets import where_they_sum_to_1
from .vectors import facts, is_meant
from .verdict import HOLD
from .which import equations
from .wording import wording

_SIZE: Final = re.compile(rf"(?<!\w)([{''.join(TAKEN)}])_(?![\w{{])")
_DEFINED: Final = re.compile(r"\\(?:equiv|coloneqq|triangleq)(?![A-Za-z])|:=|≡")
#: A derivative of a cost.
_SLOPE: Final = re.compile(r"(?:\\partial|\\nabla(?:_\S+)?|∂)\s*\{?\s*(?:\\mathcal|\\ell|[CJEL](?![A-Za-z]))")
IN_DEFINED: Final = "it is about the network that the definitions make"
#: Bodies of activations, for a function that is applied in definitions and not defined; empty: any function.
ACTIVATIONS: Final = {
    "generic": "", "sigmoid": r"\frac{1}{1 + e^{-u}}", "tanh": r"\frac{e^u - e^{-u}}{e^u + e^{-u}}", "identity": "u",
    "relu": "u [u > 0]",
}  # fmt: skip


@dataclass
class Page:
    """The formulas of a document, and their pieces as far as they have been read; ``words`` stand before each.

    ``inline``: which of them stand within lines. There a sign for definitions says that it is one.
    """

    front: Mapping[str, Any]
    formulas: list[str]
    words: Sequence[str] = ()
    inline: frozenset[int] = frozenset()
    sums: bool = False  #: whether the document says that something sums to 1
    read: list[list[Piece]] = field(default_factory=list)

    def pieces(self, place: int) -> list[Piece]:
        """The pieces of the formula at ``place``, each with what the document has said before it."""
        while len(self.read) <= place:
            known = self.read[-1][-1].known if self.read else self._start()
            at = len(self.read)
            is_said = prose.defines(self._before(at)) or bool(at in self.inline and _DEFINED.search(self.formulas[at]))
            self.read.append(pieces(self.formulas[at], known, is_said=is_said))
        return self.read[place]

    def _before(self, place: int) -> str:
        return self.words[place] if self.words else ""

    def _start(self) -> Known:
        own = self.front.get("network") == OWN
        about = subject(self.front)
        if own:
            return self._own(about, self.formulas)
        about = replace(about, notation=replace(about.notation, first=self._first(about)))
        is_open = "cost" not in self.front and about.setting is not None and about.setting.cost is None
        return Known(about, about, is_cost_open=is_open, second=self._second() if about.setting is not None else None)

    def _first(self, about: Reading) -> int:
        """The number of the input layer: 0 where the first weights are numbered 1 somewhere in the document."""
        row = about.notation
        if row.first != 1 or row.shifts or about.setting is None:
            return row.first
        return 0 if any(counts_from_one(text, row) for text in self.formulas) else row.first

    def _own(self, about: Reading, formulas: list[str]) -> Known:
        hidden, output = (str(self.front.get(key) or "generic") for key in ("hidden", "output"))
        body = ACTIVATIONS.get(hidden) if output in (hidden, "generic") else None
        return Known(about, about, sizes(formulas), indices(formulas), is_own=True, activation=body)

    def _second(self) -> Second | None:
        """The network of the definitions alone; None where there are none."""
        if not any(_DEFINED.search(text) for text in self.formulas):
            return None
        said = wording(self.formulas, _cost(self.front))
        known = self._own(subject({"network": OWN}), [*map(said.read, self.formulas)])
        return Second(known, said)

    def verdicts(self, place: int) -> list[dict[str, Any]]:
        """A row for each relation of the formula at ``place``."""
        sums = self.sums or "log-likelihood" in str(self.front.get("cost", ""))
        return [row for piece in self.pieces(place) for row in _rows(piece, self._before(place), sums=sums)]


def _rows(piece: Piece, words: str, *, sums: bool) -> Iterator[dict[str, Any]]:
    verdicts = where_given(piece.text, piece.known.reading_of(piece.text), words, _verdicts(piece, sums=sums))
    lines = _lines(piece.text)
    named = equations(piece.text, piece.known.reading_of(piece.text), verdicts)
    for place, verdict in enumerate(verdicts):
        found = verdict.counterexample
        if found is not None:
            found = replace(found, indices={_as_written(name): value for name, value in found.indices.items()})
        yield {
            "line": piece.line + (lines[place] if len(lines) == len(verdicts) else 0),
            "left": verdict.left, "relation": verdict.relation, "right": verdict.right,
            "verdict": verdict.kind, "reason": _as_written(verdict.reason),
            "assumed": [*map(_as_written, verdict.assumed)], "equation": named[place],
            "mistake": verdict.mistake, "suggestion": verdict.correction, "right_if": list(verdict.right_if),
            "counterexample": None if found is None else found.as_dict(),
            "error_bound_log2": verdict.error_bound_log2 or None,
        }  # fmt: skip


def _cost(front: Mapping[str, Any]) -> str:
    """The letter of the cost, as it is said in front."""
    letters = front.get("letters")
    given = letters.get("cost", "") if isinstance(letters, Mapping) else ""
    return str(given[0] if isinstance(given, list) and given else given)


def _as_written(says: str) -> str:
    """With the letters of sizes as the document has them."""
    return _SIZE.sub(r"\1", says)


def _verdicts(piece: Piece, *, sums: bool) -> list[Verdict]:
    """The verdicts on a piece; where it defines, its first relation is right by that, and the others are claims."""
    if piece.defines is None:
        return _judged(piece, sums=sums)
    says = read(piece.text).lines[0][0].says
    if isinstance(says, tree.Relation) and len(says.relations) == 1:
        return [piece.defines]
    return [piece.defines, *_judged(piece, sums=sums)[1:]]


def _judged(piece: Piece, *, sums: bool) -> list[Verdict]:
    """As claims; where something is missing in the network, what holds in it and what does not says nothing."""
    if piece.known.is_own:
        known, words = with_cost(piece.text, piece.known)
        if words:
            found = _judged(replace(piece, known=known), sums=sums)
            return [v if v.kind == "unknown" else replace(v, assumed=(*v.assumed, *words)) for v in found]
    found, gap, given = _claimed(piece, sums=sums), piece.known.gap, piece.known.given
    if gap is not None:
        why = f"what the document says of {gap} is not understood, and it may matter here"
        return [v if v.kind == "unknown" else Verdict("unknown", v.left, v.right, why, v.relation) for v in found]
    if given:
        said = f"given: {', '.join(given)}"
        return [v if v.kind == "unknown" else replace(v, assumed=(*v.assumed, said)) for v in found]
    return found


def _claimed(piece: Piece, *, sums: bool) -> list[Verdict]:
    """The verdicts on what a piece claims; to show a term is no claim, and not wrong."""
    about = piece.known.reading_of(piece.text)
    found = judge(piece.text, about)
    if piece.known.is_own:
        found = where_they_sum_to_1(piece.text, about, found, is_said=sums)
    if strange := sorted(piece.known.strange & {*LETTERS.findall(piece.text)}):
        why = f"the document says what {strange[0]} is, and it is not what it is in this notation"
        found = [Verdict("unknown", v.left, v.right, why, v.relation) for v in found]
    if _is_about_data(piece):
        found = [replace(v, kind="unknown", mistake=None) if v.kind == "malformed" else v for v in found]
    if _is_undefined(piece) and (matrices := facts(piece.text)) is not None:
        again = judge(piece.text, matrices)
        if len(again) == len(found) and all(v.kind in (*HOLD, "refuted") for v in again):
            said = ("the letters are any numbers, columns and matrices that fit",)
            return [replace(v, assumed=(*v.assumed, *said)) for v in again]
    if _is_undefined(piece) and not _SLOPE.search(piece.text):
        found = [replace(v, kind="unknown", mistake=None) if v.kind == "malformed" and v.cause else v for v in found]
    if any(v.kind == "unknown" for v in found) and piece.known.second is not None:
        found = _in_second(piece.text, piece.known.second, found, sums=sums)
    return [replace(v, kind="unknown") if v.reason == NO_RELATION else v for v in found]


def _in_second(text: str, second: Second, found: list[Verdict], *, sums: bool) -> list[Verdict]:
    """The verdicts in the network of the definitions alone, where all is understood there."""
    says = second.wording.read(text)
    known, words = with_cost(says, second.known)
    about = replace(second, known=known).reading
    if about is None:
        return found
    about = _with_numbers(says, about)
    again = where_they_sum_to_1(says, about, judge(says, about), is_said=sums)
    if len(again) != len(found):
        return found
    said_of = (*HOLD, "refuted", *(["malformed"] if is_meant(known.sources) else []))
    said = (IN_DEFINED, *second.wording.words, *words, f"given: {', '.join(second.known.given)}")
    return [
        old if old.kind != "unknown" or v.kind not in said_of else
        replace(
            v, left=old.left, right=old.right, assumed=(*v.assumed, *said),
            correction=v.correction if says == text else None, also=v.also if says == text else (),
        )
        for v, old in zip(again, found, strict=True)
    ]  # fmt: skip


def _is_undefined(piece: Piece) -> bool:
    """Whether nothing that is said before is about the letters of a claim, where letters mean what a document says."""
    known = piece.known
    if known.plain.notation.name != GENERIC or known.plain.setting is None or known.plain.meanings:
        return False
    heads = {letter_of(s.head) for s in known.second.known.sources} if known.second is not None else set()
    letters = {*LETTERS.findall(piece.text)}
    return not letters & {*heads, *known.more} and not letters & {"z", "Z", r"\delta"}


def _is_about_data(piece: Piece) -> bool:
    """Whether it is about letters of data alone, where a document says itself what its letters are: any arrays."""
    known = piece.known
    if known.plain.notation.name != GENERIC or known.plain.setting is None:
        return False
    row, net = known.plain.notation, known.plain.net
    families = {s.family for one in LETTERS.findall(piece.text) for s in spellings(one, row, {*net.kinds})[:1]}
    return families <= {"x", "y"}


def _with_numbers(text: str, about: Reading) -> Reading:
    """With the Greek letters that stand alone in a claim as numbers: rates of learning, and the like."""
    try:
        display = read(text)
    except Unreadable:
        return about
    for says in (statement.says for line in display.lines for statement in line):
        about = with_numbers(about, says)
    return about


def _lines(text: str) -> list[int]:
    """Of each relation, how many lines below the first one its right side begins."""
    try:
        display = read(text)
    except Unreadable as why:
        return [text.count("\n", 0, why.at)]
    says = [statement.says for line in display.lines for statement in line]
    sides = [side for part in says for side in (part.sides[1:] if isinstance(part, tree.Relation) else (part,))]
    return [text.count("\n", 0, side.span[0]) for side in sides if side is not None]


__all__ = ["Page"]
