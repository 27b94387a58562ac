r"""Markdown: ``$…$``, ``$$…$$``, ``\[…\]``, ``\(…\)``, environments of LaTeX, blocks of code called math."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .document import Document, Formula
from .front import front_matter
from .macros import Macros
from .scan import ENVIRONMENTS, Scan, mathematics, numbered

_SIGN: Final = re.compile(
    rf"""^(?P<fence>[ \t>]*(?P<ticks>`{{3,9}}|~{{3,9}})(?P<called>[^\n`]*)$)
    | (?P<comment><!--)
    | (?P<code>`+)
    | (?P<mathematics>\\\\?\[|\\\\?\(|\\begin\{{(?P<environment>{ENVIRONMENTS})\}}|\$\$|\$`(?!`)|\$)
    | (?P<escaped>\\.)""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
LONGEST_TICKS: Final = 9


def document(target: str, text: str) -> Document:
    """The document that ``text`` is."""
    front, start = front_matter(target, text)
    macros = Macros.of(text)
    return Document(target, text, numbered(target, macros.expanded(formulas_of(text, start))), front)


def formulas_of(text: str, start: int = 0) -> Iterator[Formula]:
    """What is written as mathematics, and not as code or comment."""
    scan, at = Scan(text), start
    while (found := _SIGN.search(text, at)) is not None:
        made, at = _read(scan, found)
        if made is not None:
            yield made


def _read(scan: Scan, found: re.Match[str]) -> tuple[Formula | None, int]:
    if found.group("fence"):
        return _block(scan, found)
    if found.group("comment"):
        last = scan.find("-->", found.end())
        if last < 0:
            return None, found.end()
        scan.comment = last + 3, scan.text[found.end() : last].strip()
        return None, last + 3
    if ticks := found.group("code"):
        return None, _behind_code(scan, found.end(), ticks)
    if found.group("mathematics"):
        return mathematics(scan, found)
    return None, found.end()


def _block(scan: Scan, found: re.Match[str]) -> tuple[Formula | None, int]:
    """A block of code, which is left alone if it is not called math; one that is not closed goes to the end."""
    ticks = found.group("ticks")
    closing = re.compile(rf"^[ \t>]*{ticks[0]}{{{len(ticks)},}}[ \t]*$", re.MULTILINE)
    closed = closing.search(scan.text, min(found.end() + 1, len(scan.text)))
    first, last, end = found.end(), *(closed.span() if closed else (len(scan.text), len(scan.text)))
    if found.group("called").strip().lower() not in ("math", "{math}"):
        return None, end
    return scan.formula(found.start(), first, last, end, displayed=True), end


def _behind_code(scan: Scan, at: int, ticks: str) -> int:
    """Where code within a line ends: at as many ticks as it began with."""
    if len(ticks) > LONGEST_TICKS or ticks in scan.lost:
        return at
    closing = re.compile(rf"(?<!`){ticks}(?!`)").search(scan.text, at)
    if closing is None:
        scan.lost.add(ticks)
        return at
    return closing.end()


__all__ = ["document", "formulas_of"]
