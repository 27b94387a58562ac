r"""Prose in another notation: its formulas are written in Nielsen's letters, and are printed in those of the report.

A letter with its layer and its units is read as what it is, ``w^{l+1}_{jk}``, and printed by the printer; what is not
read as one of these stays as it is.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sympy import Integer, Symbol

from ..notation import latex
from ..notation.profiles import NIELSEN
from ..notation.row import LETTERS, Notation
from ..surface.terms import L, Member, l, n
from .words import Emphasis, Items, Link, Math, Piece, Words

FAMILIES: Final = {
    letter: family
    for family, letter in LETTERS.items()
    if family in ["w", "b", "z", "a", "x", "y", "C", "d", "P", "S", "delta"]
}
_ONE: Final = r"(?:[A-Za-z0-9]|\{[A-Za-z0-9+\- ]+\})"
_QUANTITY: Final = re.compile(
    r"(?<![A-Za-z\\])(?P<letter>\\delta|[wbzaxyCdPS])(?![A-Za-z])"
    rf"(?:\^(?P<above>{_ONE}))?(?:_(?P<below>{_ONE}))?"
    r"|(?P<sigma>\\sigma)(?![A-Za-z])(?P<primes>'*)"
    rf"|(?<![A-Za-z\\])n_(?P<width>{_ONE})"
)
_LAYER: Final = re.compile(r"(?P<letter>l|L)(?P<more>[+-]\d)?|(?P<number>\d)")


def words(given: Words, row: Notation) -> Words:
    """``given`` with its formulas in the letters of ``row``."""
    return given if not given else Words(_piece(piece, row) for piece in given)


def _piece(piece: Piece, row: Notation) -> Piece:
    if isinstance(piece, Math):
        return Math(formula(piece.latex, row))
    if isinstance(piece, Emphasis):
        return Emphasis(words(piece.parts, row), piece.strong)
    if isinstance(piece, Link):
        return Link(piece.to, words(piece.parts, row))
    return Items(tuple(words(item, row) for item in piece.items)) if isinstance(piece, Items) else piece


def formula(text: str, row: Notation) -> str:
    r"""A formula in the letters of ``row``.

    >>> from backproof.notation.profiles import NG
    >>> formula(r"\delta^l_j = \sigma'(z^l_j)\,w^{l+1}_{kj}", NG)
    "\\delta^{(l)}_{j} = g'(z^{(l)}_{j})\\,w^{(l)}_{kj}"
    """
    return _QUANTITY.sub(lambda found: _printed(found, row), text)


def _printed(found: re.Match[str], row: Notation) -> str:
    if found["sigma"]:
        return row.letters["sigma"] + found["primes"]
    if found["width"]:
        layer = _layer(found["width"])
        return found[0] if layer is None else latex.latex(n(layer), row)
    family = FAMILIES[found["letter"]]
    kinds = NIELSEN.kinds[family]
    layer = None if found["above"] is None else _layer(found["above"])
    if ("l" in kinds) != (layer is not None):
        return found[0] if found["above"] or family != "C" else row.letters["C"]
    units = _units(found["below"] or "")
    indices = (*([layer] if layer is not None else []), *units)
    return latex.latex(Member(family, *indices), row) if len(indices) <= len(kinds) else found[0]


def _layer(text: str) -> Any:
    found = _LAYER.fullmatch(text.strip("{}").replace(" ", ""))
    if not found:
        return None
    if found["number"]:
        return Integer(found["number"])
    return (l if found["letter"] == "l" else L) + int(found["more"] or 0)


def _units(text: str) -> tuple[Any, ...]:
    return tuple(Integer(c) if c.isdigit() else Symbol(c) for c in text.strip("{}").replace(" ", ""))


__all__ = ["formula", "words"]
