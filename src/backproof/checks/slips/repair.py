"""The nearest edit that makes a wrong claim right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice, product
from time import process_time
from typing import Any, Final

from ...notation.reader import Unreadable, read, tree
from ...notation.reader.tree import Part
from ...surface.elaborate import elaborate
from ...surface.terms import D, Member, Refused
from .. import updates
from ..arrays import Array
from ..claims import with_own_letters
from ..lower import Lowering
from ..refusals import Refusal
from ..relation import Claim, Equation, Reading, equated, is_right, lowered, understood
from ..senses import with_units
from ..verdict import Verdict
from .page import Edit, Page, balanced, edited
from .rows import ROWS, SHAPES, SMALL, edits

MOST, MORE, PAIRS, SECONDS = 600, 24, 150, 2.0  # edits that are tried; after one that mends it; pairs of them; in all
_ARRAY: Final = re.compile(r"(\\begin\{.*?\\end\{\w+\*?\})", re.DOTALL)
UNEXPLAINED: Final = "no single slip that is known explains it"
SHOWN: Final = 3  # of the edits that mend it, beside the first


@dataclass(frozen=True)
class Mended:
    """An edit that makes a claim right: the name of the slip, and the claim without it."""

    mistake: str
    correction: str
    equation: Equation


def mended(claim: Claim, found: Verdict, about: Reading) -> Verdict:
    """The verdict on a wrong claim, with the likely slip; as it is, where no edit makes the claim right."""
    page = _page(claim, about)
    if page is None:
        return found
    ways = _distinct(_Search(claim, about, page).found())
    if not ways and found.mistake is not None:
        return found
    if not ways and found.kind == "malformed" and (slip := _that_fits(page, about)) is not None:
        return replace(found, mistake=slip)
    if not ways:
        return replace(found, reason=f"{found.reason}\n  {UNEXPLAINED}")
    first, *others = ways
    also = tuple((way.mistake, way.correction) for way in others[:SHOWN])
    return replace(found, mistake=first.mistake, correction=first.correction, also=also)


def _page(claim: Claim, about: Reading) -> Page | None:
    """The relation on its own; None where it cannot be read on its own."""
    left, right = (claim.text[slice(*balanced(claim.text, side.span))] for side in (claim.left, claim.right))
    text = f"{_line(left)} = {_line(right)}"
    sides = _sides(text, about)
    return None if sides is None else Page(text, about, sides)


def _that_fits(page: Page, about: Reading) -> str | None:
    """The slip without which a side whose shapes clash has a meaning, whether or not the claim is right then."""
    for view in (page, page.of(0)):
        if _has_meaning(page.text, view.side, about):
            continue
        for edit in islice(edits(view, SHAPES), MOST):
            text = edited(page.text, edit.changes)
            sides = None if text is None else _sides(text, about)
            if text is not None and sides is not None and _has_meaning(text, sides[view.side is page.sides[1]], about):
                return edit.mistake
    return None


def _has_meaning(text: str, side: Part, about: Reading) -> bool:
    try:
        about.lowering(text).value(side)
    except Refusal:
        return False
    return True


def _line(text: str) -> str:
    """In one line, without the marks that align it; those of arrays stay."""
    kept = (
        part if part.startswith(r"\begin") else part.replace("&", " ").replace("\\\\", " ")
        for part in _ARRAY.split(text)
    )
    return " ".join("".join(kept).split())


def _sides(text: str, about: Reading) -> tuple[Part, Part] | None:
    """The two sides of a relation that is all that the text says."""
    try:
        lines = with_own_letters(read(text), about).lines
    except Unreadable:
        return None
    says = lines[0][0].says if len(lines) == 1 and len(lines[0]) == 1 and not lines[0][0].when else None
    if not isinstance(says, tree.Relation) or len(says.sides) != 2 or says.sides[0] is None or says.sides[1] is None:
        return None
    return says.sides[0], says.sides[1]


def _distinct(ways: list[Mended]) -> list[Mended]:
    """Those that say different things, the first of each."""
    seen = dict[Any, Mended]()
    for way in ways:
        seen.setdefault(_said(way.equation), way)
    return list(seen.values())


def _said(equation: Equation) -> Any:
    """What an equation says, whatever the order of its factors and terms."""
    try:
        return tuple(elaborate(equation.net.core, e).term for e in (equation.lhs, equation.rhs))
    except Refused:
        return equation.lhs, equation.rhs


class _Search:
    """The search for edits that mend one claim."""

    def __init__(self, claim: Claim, about: Reading, page: Page) -> None:
        self.claim, self.about, self.page = claim, about, page
        self.until = process_time() + SECONDS
        self.tried = set[str]([page.text])
        self.when = understood(claim, about)
        self.left = self._left()

    def found(self) -> list[Mended]:
        """The edits that mend the claim: of one place on the right, else on the left, else of two places."""
        right, left = self.page, self.page.of(0)
        for level in (self._single(right, ROWS), self._single(left, SMALL), self._pairs(right, left)):
            ways = self._first(level)
            if ways:
                return ways
        return []

    def _first(self, level: Iterator[Edit]) -> list[Mended]:
        """Those of a level that mend it: after the first, a few more are tried."""
        ways, left = list[Mended](), MOST
        for edit in level:
            if not left or process_time() > self.until:
                break
            left -= 1
            if (way := self._mends(edit)) is not None:
                left = min(left, MORE) if not ways else left
                ways.append(way)
        return ways

    def _single(self, page: Page, rows: Any) -> Iterator[Edit]:
        yield from edits(page, rows)

    def _pairs(self, right: Page, left: Page) -> Iterator[Edit]:
        ours, theirs = list(edits(right, SMALL)), list(edits(left, SMALL))
        pairs = sorted(combinations(range(len(ours)), 2), key=sum)  # the nearest first
        both = ((ours[one], ours[other]) for one, other in pairs)
        for one, other in islice(chain(islice(both, PAIRS), product(ours, theirs)), 2 * PAIRS):
            yield Edit(one.mistake, (*one.changes, *other.changes))

    def _mends(self, edit: Edit) -> Mended | None:
        text = edited(self.page.text, edit.changes)
        if text is None or text in self.tried:
            return None
        self.tried.add(text)
        try:
            equation = self._equation(text, edit)
        except (Refusal, Unreadable):
            return None
        if equation is None or _says_nothing(equation) or not is_right(equation) or _is_zero(equation):
            return None
        return Mended(edit.mistake, text, equation)

    def _equation(self, text: str, edit: Edit) -> Equation | None:
        """What the edited relation says. The side that stands first is read once, where it is as it was."""
        start, sense = self.page.sides[0].span[1], self.about.sense
        if sense.units:  # another index may say another layer
            sides = _sides(text, self.about)
            about = self.about if sides is None else self._with_units(sides)
            return None if sides is None else lowered(Claim(text, sides[0], "=", sides[1], self.claim.when), about)
        if self.left is None or any(place[0] < start for place, _ in edit.changes):
            sides = _sides(text, self.about)
            return None if sides is None else lowered(Claim(text, sides[0], "=", sides[1], self.claim.when), self.about)
        own = text[text.index("=", start) + 1 :]
        display = read(own, "latex" if self.page.is_latex else "plain")
        says = with_own_letters(display, self.about).lines[0][0].says
        first, before = self.left
        lowering = self.about.lowering(own)
        lowering.known, lowering.example = frozenset(before.ranges), before.example
        added = updates.added(self.about.notation, self.page.sides[0], says)
        one, other = lowering.paired(first, lowering.value(added))
        pair = updates.step(lowering, one, self.claim.relation, other)
        there = (*before.conditions, *lowering.conditions)
        return equated(*pair, (self.page.text, own), there, self.when, self.about)

    def _with_units(self, sides: tuple[Part, Part]) -> Reading:
        about = self.about
        return replace(about, sense=with_units(sides, about.notation, about.net, about.sense))

    def _left(self) -> tuple[Array, Lowering] | None:
        lowering = self.about.lowering(self.page.text)
        try:
            return lowering.value(self.page.sides[0]), lowering
        except Refusal:
            return None


def _is_zero(equation: Equation) -> bool:
    """Whether both sides are 0 wherever they are: what nothing depends on is nobody's correction."""
    return equation.rhs.has(D) and is_right(equation._replace(lhs=equation.rhs * 0))


def _says_nothing(equation: Equation) -> bool:
    """Whether it is true whatever the network is: x = x, 0 = 0, or not about the network at all."""
    return equation.lhs == equation.rhs or not (equation.lhs.has(Member, D) and equation.rhs.has(Member, D))
