"""Letters as a document has them: of what is defined, and names for their families."""

from __future__ import annotations

import re
from typing import Final

from ..notation import safe
from ..notation.reader import tree
from ..notation.reader.tree import Part

_FONTS: Final = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm|mathsf|mathit)\{(.*)\}")  # which mean nothing
#: Signs that are letters to the reader.
_SIGNS: Final = (r"\partial", r"\nabla", r"\Delta", "d", "e", r"\infty", r"\top", r"\pi")


def letter(part: Part) -> str:
    """The letter that a part is, without its font; "" where it is none."""
    return _FONTS.sub(r"\1", part.text) if isinstance(part, tree.Name) else ""


def letter_of(part: Part) -> str:
    """The letter of a quantity, with or without indices, or of a function that is applied, as in f(x); else ""."""
    if isinstance(part, tree.Product) and len(part.factors) == 2 and isinstance(part.factors[1], tree.Group):
        part = part.factors[0]
    found = letter(part.base if isinstance(part, tree.Scripted) else part)
    is_indexed = isinstance(part, tree.Scripted) and bool(part.lower)  # e_s is no number
    return found if found and (is_indexed or found not in _SIGNS) and is_letter(found) else ""


def is_letter(text: str) -> bool:
    """Whether it is one letter, Latin or Greek, perhaps with an accent."""
    try:
        return safe.letter(text) == text
    except ValueError:
        return False


def named(text: str, taken: set[str]) -> str:
    """A name for the family of a letter, which no other has."""
    name = "".join(re.findall(r"[A-Za-z]+", text)) or "q"
    while name in taken:
        name += "_"
    return name


__all__ = ["is_letter", "letter", "letter_of", "named"]
