"""Letters: which family, function or size one stands for in a notation, whatever font it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final

from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..notation.row import Notation, Spelling

_FONTS: Final = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|mathrm|mathsf|mathit|mathtt)\{(.*)\}")  # they mean nothing
_CURLY: Final = re.compile(r"\\(?:mathscr|cal|mathfrak)\{(.*)\}")
_NUMBERED: Final = re.compile(r"(\\?[A-Za-z]+?)(\d+)")
_DIFFERENTIAL: Final = re.compile(r"d(?:[A-Za-z]\d*|[^\W\d_])")
TRANSPOSES: Final = ("T", r"\top", r"\mathsf{T}", r"\mathrm{T}", r"\mathbf{T}", r"\intercal", "t", r"\mathsf{\top}")

#: Words, which are no letters side by side.
WORDS: Final = ("max", "min", "tr", "Tr", "in", "out", "old", "new", "true", "pred", "lim")


#: Signs for 1 where something holds, else 0: before it, or with it below.
INDICATORS: Final = (r"\mathbb{1}", r"\mathbb{I}", "1", "I")
#: Words below a letter that say its layer.
PLACES: Final = {"in": "in", "input": "in", "out": "out", "output": "out", "hid": "hidden", "hidden": "hidden"}


@cache
def plain(text: str) -> str:
    r"""A letter without its font: ``\mathbf{x}`` is x, ``\hat{\mathbf{y}}`` is ``\hat{y}``."""
    bare = _CURLY.sub(r"\\mathcal{\1}", _FONTS.sub(r"\1", text))
    bare = re.sub(r"\\(hat|widehat|tilde|bar)\{\\math[a-z]+\{([^{}]*)\}\}", r"\\\1{\2}", bare).replace("widehat", "hat")
    return re.sub(r"\\(hat|tilde|bar)\{\s*\\(?:mathbf|boldsymbol|bm)\s*([A-Za-z])\s*\}", r"\\\1{\2}", bare)


def letter(part: Any) -> str:
    """The letter that a part is, without its font; empty where it is none."""
    return plain(part.text) if isinstance(part, tree.Name) else ""


def numbered(text: str) -> tuple[str, int | None]:
    """``W1`` as W and 1."""
    found = _NUMBERED.fullmatch(text)
    return (found[1], int(found[2])) if found else (text, None)


def behind_d(part: Part) -> Part | None:
    """W of ``dW`` where that is one word, with the marks on it; None of another word."""
    if isinstance(part, tree.Scripted):
        base = behind_d(part.base)
        return None if base is None else replace(part, base=base)
    if isinstance(part, tree.Name) and _DIFFERENTIAL.fullmatch(part.text):
        return tree.Name((part.span[0] + 1, part.span[1]), part.text[1:])
    return None


def is_transpose(part: Part) -> bool:
    """Whether it says that something is transposed."""
    return isinstance(part, tree.Name) and (part.text in TRANSPOSES or letter(part) in TRANSPOSES)


@cache
def _table(row: Notation) -> dict[str, tuple[Spelling, ...]]:
    found: dict[str, dict[Spelling, None]] = {}
    whole = (Spelling(family, text) for family, text in row.whole.items())
    for spelling in (*(Spelling(f, text) for f, text in row.letters.items()), *whole, *row.also):
        found.setdefault(plain(spelling.letter), {})[spelling] = None
    return {text: tuple(spellings) for text, spellings in found.items()}


def spellings(text: str, row: Notation, families: Any) -> tuple[Spelling, ...]:
    r"""What a letter is read for, among ``families``; what is printed comes first.

    What a family is called that the notation has no letter for, is its name: ``lambda`` is read ``\lambda``.
    """
    own = (Spelling(f, text) for f in families if f not in row.letters and text in (f"\\{f}", f))
    return (*(s for s in _table(row).get(text, ()) if s.family in families), *own)


def is_size(part: Part, family: str, row: Notation) -> bool:
    """Whether a part is a letter of that size: n, or M."""
    return any(s.family == family for s in _table(row).get(letter(part), ()))


def indicated(part: Part, behind: Part | None) -> tree.Relation | None:
    r"""The relation of ``1(i = j)``, ``\mathbb{1}\{i = j\}``, ``\mathbf{1}_{i = j}``; None where it is no such sign."""
    base = part.base if isinstance(part, tree.Scripted) else part
    sign = base.text if isinstance(base, tree.Number) else letter(base)
    below = part.lower if isinstance(part, tree.Scripted) and not part.upper else (behind,)
    inner = below[0] if len(below) == 1 and sign in INDICATORS else None
    if isinstance(inner, tree.Group) and len(inner.parts) == 1:
        inner = inner.parts[0]
    return inner if isinstance(inner, tree.Relation) else None


def layer_word(lower: tuple[Part, ...]) -> str:
    """``in``, ``hidden`` or ``out`` where a word below a letter says so; else empty."""
    return PLACES.get("".join(letter(part) for part in flat(lower)), "")


def parts_of(part: Part) -> Iterator[Part]:
    """A part and all that is below it."""
    yield part
    for inner in tree.below(part):
        yield from parts_of(inner)


def flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts, and the factors of those that stand side by side."""
    for part in parts:
        yield from part.factors if isinstance(part, tree.Product) and not any(part.between) else (part,)


__all__ = [
    "TRANSPOSES",
    "WORDS",
    "behind_d",
    "flat",
    "indicated",
    "is_size",
    "is_transpose",
    "layer_word",
    "letter",
    "numbered",
    "parts_of",
    "plain",
    "spellings",
]
