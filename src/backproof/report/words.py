"""Prose as data: words, formulas, code, links. Each form writes the pieces in its own way.

What people write is Markdown of a small sort: ``$formulas$``, ```code```, *emphasis*, **strong words**,
[links](address), lists whose lines begin with ``- ``, and blank lines between paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from ..notation.mathematics import is_math


@dataclass(frozen=True)
class Math:
    """A formula, as LaTeX."""

    latex: str


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Emphasis:
    parts: Words
    strong: bool = False


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: an address, or the ``#label`` of something in this report."""

    to: str
    parts: Words


@dataclass(frozen=True)
class Number:
    """What a statement or a section is called, as a link: Theorem 3.2."""

    label: str
    name: str
    number: str = ""


@dataclass(frozen=True)
class Break:
    """Between paragraphs."""


@dataclass(frozen=True)
class Items:
    items: tuple[Words, ...]


Piece = str | Math | Code | Emphasis | Link | Number | Break | Items


class Words(tuple[Piece, ...]):
    """Pieces in reading order."""

    __slots__ = ()

    def __add__(self, other: Iterable[Any]) -> Words:
        return Words((*self, *other))

    @property
    def plain(self) -> str:
        """As one line of text, formulas as LaTeX without dollars."""
        return "".join(map(_plain, self))


def _plain(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Math):
        return piece.latex
    if isinstance(piece, Code):
        return piece.text
    if isinstance(piece, Emphasis | Link):
        return piece.parts.plain
    if isinstance(piece, Number):
        return f"{piece.name} {piece.number}".strip()
    return " " if isinstance(piece, Break) else "; ".join(item.plain for item in piece.items)


EMPTY: Final = Words()
_SPAN: Final = re.compile(
    r"(?P<math>\$(?!\s)[^$]*(?<!\s)\$(?!\d))"
    r"|`(?P<code>[^`]*)`"
    r"|\*\*(?P<strong>[^*\s](?:[^*]*[^*\s])?)\*\*"
    r"|(?<![\w*])\*(?P<emphasis>[^*\s](?:[^*]*[^*\s])?)\*(?![\w*])"
    r"|\[(?P<words>[^\][]+)\]\((?P<address>https?://[^\s()]+)\)"
)


def prose(text: str) -> Words:
    """Somebody's text. A formula that ``is_math`` does not know is printed as it was typed.

    >>> prose("of $a^l$, *always*")
    ('of ', Math(latex='a^l'), ', ', Emphasis(parts=('always',), strong=False))
    """
    return Words(_paragraphs(text))


def line(text: str) -> Words:
    """The same, of one paragraph without lists: a title."""
    return Words(_spans(" ".join(text.split())))


def spans(text: str) -> Words:
    """The same, of a part of a sentence: the spaces at its ends stay."""
    return Words(_spans(text))


def printed(text: str) -> Words:
    """Text whose ``$formulas$`` a printer has made.

    >>> printed("for $l < L$ and so on")
    ('for ', Math(latex='l < L'), ' and so on')
    """
    parts = text.split("$")
    return Words(Math(part) if place % 2 else part for place, part in enumerate(parts) if part)


def _paragraphs(text: str) -> Iterator[Piece]:
    for place, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        if place:
            yield Break()
        first, *items = re.split(r"(?:^|\n)[-*] +", paragraph)
        yield from _spans(first)
        if items:
            yield Items(tuple(Words(_spans(item)) for item in items))


def _spans(text: str) -> Iterator[Piece]:
    end = 0
    for found in _SPAN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        end = found.end()
        yield _span(found)
    if text[end:]:
        yield text[end:]


def _span(found: re.Match[str]) -> Piece:
    if found["math"]:
        inner = found["math"][1:-1]
        return Math(" ".join(inner.split())) if inner and is_math(inner) else found[0]
    if found["code"] is not None:
        return Code(found["code"])
    if found["words"]:
        return Link(found["address"], Words(_spans(found["words"])))
    return Emphasis(Words(_spans(found["strong"] or found["emphasis"])), bool(found["strong"]))


def joined(parts: Iterable[Iterable[Piece]], between: str) -> Words:
    """Words one after the other, with something between."""
    made: list[Piece] = []
    for part in parts:
        made += [between, *part] if made else [*part]
    return Words(made)


__all__ = [
    "EMPTY",
    "Break",
    "Code",
    "Emphasis",
    "Items",
    "Link",
    "Math",
    "Number",
    "Piece",
    "Words",
    "joined",
    "line",
    "printed",
    "prose",
    "spans",
]
