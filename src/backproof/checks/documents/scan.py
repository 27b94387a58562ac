r"""Where the mathematics of a text stands: one pass from the left, by signs that open and close it.

Libraries for Markdown say on which lines a block stands, and not where a formula within it does, and libraries for
LaTeX build trees of whole documents; here both are scanned for the same signs, in time that is linear in the text: each
sign is looked for once, and what was not found from some place on is not looked for again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from typing import Final

from ...errors import CannotRun
from .document import Formula
from .macros import closed

ENVIRONMENTS: Final = r"(?:equation|displaymath|align|alignat|flalign|gather|multline|eqnarray|dmath)\*?"
BLANK: Final = re.compile(r"\n[ \t]*(?:>[ \t]*)*\n")
LABELS: Final = re.compile(r"\\(?:label|tag\*?)\s*\{([^{}]*)\}")
MOST: Final = 5_000  # formulas of a document
WORD: Final = re.compile(r"[^\s<>]{1,50}")


@dataclass
class Scan:
    """A scan of ``text``, whose lines are counted; ``lost`` are the closing signs that do not come again."""

    text: str
    lost: set[str] = field(default_factory=set)
    comment: tuple[int, str] = (-1, "")  #: where the last comment ended, and what it said

    def __post_init__(self) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line(self, at: int) -> int:
        """The number of the line in which a character stands, from 1."""
        return bisect_right(self.starts, at)

    def find(self, sign: str, at: int) -> int:
        """Where ``sign`` stands next, not behind a backslash; -1 where it does not."""
        if sign in self.lost:
            return -1
        found = self.text.find(sign, at)
        while sign[0] != "\\" and found > at and self.text[found - 1] == "\\":
            found = self.text.find(sign, found + 1)
        if found < 0:
            self.lost.add(sign)
        return found

    def formula(self, start: int, first: int, last: int, end: int, *, displayed: bool) -> Formula | None:
        """What stands from ``first`` to ``last``, with its signs from ``start`` to ``end``; None if it is nothing."""
        (first, last), number = within(self.text, first, last)
        inner = self.text[first:last]
        if _COLUMN.search(self.text, start, first):
            inner = rows_of(inner)
        if not inner:
            return None
        label = (self._label(start, inner) or number) if displayed else ""
        return Formula(inner, self.line(first), displayed, (start, end), label)

    def _label(self, start: int, inner: str) -> str:
        end, says = self.comment
        if 0 <= end <= start <= end + 100 and not self.text[end:start].strip() and WORD.fullmatch(says):
            return says
        found = LABELS.search(inner[:10_000])
        return found.group(1).strip() if found else ""

    def unclosed(self, start: int, end: int) -> Formula:
        """A sign that nothing closes."""
        sign = self.text[start:end]
        return Formula(sign, self.line(start), True, (start, end), flaw=f"{sign} is not closed")

    def between(self, start: int, first: int, closing: str, *, displayed: bool) -> tuple[Formula | None, int]:
        """A formula up to its closing sign, and where to go on."""
        last = self.find(closing, first)
        if last < 0:
            return (self.unclosed(start, first) if displayed else None), first
        return self.formula(start, first, last, last + len(closing), displayed=displayed), last + len(closing)

    def dollars(self, start: int, sign: str) -> tuple[Formula | None, int]:
        """As ``between``, for a sign that opens and closes: it does not go beyond its paragraph."""
        first, displayed = start + len(sign), sign == "$$"
        last = self.find(sign if sign != "$`" else "`$", first)
        if last < 0 or BLANK.search(self.text, first, last):
            return (self.unclosed(start, first) if displayed else None), first
        end = last + len(sign)
        if sign == "$" and not self._are_signs(first, last):
            return None, last
        return self.formula(start, first, last, end, displayed=displayed), end

    def _are_signs(self, first: int, last: int) -> bool:
        """Whether $ and $ around this are signs for mathematics, and no amounts of money: $5 and $10."""
        opens, closes = self.text[first : first + 1].isspace(), self.text[last - 1].isspace()
        return last > first and opens == closes and not self.text[last + 1 : last + 2].isdigit()

    def environment(self, found: re.Match[str], name: str) -> tuple[Formula | None, int]:
        """What an environment for displays has within."""
        first = found.end()
        if name.startswith("alignat") and (columns := re.compile(r"\s*\{\d+\}").match(self.text, first)):
            first = columns.end()
        return self.between(found.start(), first, f"\\end{{{name}}}", displayed=True)


_NUMBER: Final = re.compile(r"\\(?:q?quad|hfill)\s*\(([\w.]{1,10})\)\s*\Z")
_COLUMN: Final = re.compile(r"\\begin\{array\}\s*\{[lrc]{1,3}\}")
_COLUMN_ENDS: Final = "\\end{array}"


def within(text: str, first: int, last: int) -> tuple[tuple[int, int], str]:
    """Where the formula itself begins and ends, and its number, if one stands behind it: no space, no array around."""
    number = ""
    while True:
        before = first, last
        while first < last and text[first].isspace():
            first += 1
        while first < last and text[last - 1].isspace():
            last -= 1
        column = _COLUMN.match(text, first, last)
        if (
            column
            and text.endswith(_COLUMN_ENDS, first, last)
            and text.find(_COLUMN_ENDS, first) == last - len(_COLUMN_ENDS)
        ):
            first, last = column.end(), last - len(_COLUMN_ENDS)
        if found := _NUMBER.search(text, max(first, last - 40), last):
            number, last = found.group(1), found.start()
        if before == (first, last):
            return before, number


def rows_of(text: str) -> str:
    """The rows of an array, each without braces around it, in the same places."""
    if "\\\\" not in text:
        text = text.replace("\\ ", "\\\\")  # of a sign that ends a row, half gets lost on the way
    rows = text.split("\\\\")
    return "\\\\".join(map(_without_braces, rows))


def _without_braces(row: str) -> str:
    first, last = len(row) - len(row.lstrip()), len(row.rstrip())
    if row[first : first + 1] == "{" and closed(row, first, len(row)) == last:
        return f"{row[:first]} {row[first + 1 : last - 1]} {row[last:]}"
    return row


SIGNS: Final = {"\\[": "\\]", "\\(": "\\)", "\\\\[": "\\\\]", "\\\\(": "\\\\)"}


def mathematics(scan: Scan, found: re.Match[str]) -> tuple[Formula | None, int]:
    """What one of the signs that Markdown and LaTeX share opens, and where to go on."""
    sign = found.group()
    if sign.startswith("$"):
        return scan.dollars(found.start(), sign)
    if sign in SIGNS:
        return scan.between(found.start(), found.end(), SIGNS[sign], displayed=sign.endswith("["))
    return scan.environment(found, found.group("environment"))


def numbered(target: str, formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """Displayed formulas without a label are eq-1, eq-2 and so on, by their place among all that are displayed.

    CannotRun where there are too many.
    """
    listed = list(islice(formulas, MOST + 1))
    if len(listed) > MOST:
        raise CannotRun(f"{target}: it has more than {MOST:,} formulas")
    counts = accumulate(int(f.displayed) for f in listed)
    return tuple(
        replace(f, label=f.label or f"eq-{count}") if f.displayed else f
        for f, count in zip(listed, counts, strict=True)
    )


__all__ = ["ENVIRONMENTS", "Scan", "mathematics", "numbered"]
