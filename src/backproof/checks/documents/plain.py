"""Plain text: signs for mathematics, as in Markdown; in a text without any, lines that are nothing but a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...notation.mathematics import GREEK
from . import markdown
from .document import Document, Formula
from .scan import Scan, numbered

_SIGNED: Final = re.compile(r"\$|\\\[|\\\(|\\begin\{|^ {0,3}```math", re.MULTILINE)
_LINE: Final = re.compile(r"^[ \t]*(?:[-*•][ \t]+|\(?\w{1,4}[.):][ \t]+)?(?P<formula>\S[^\n]*?)[ \t]*$", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_RELATION: Final = re.compile(r"[=≡≈]")
#: Words that formulas have.
_KNOWN: Final = {
    "exp", "log", "ln", "tanh", "sigmoid", "softmax", "relu", "diag", "sum", "for", "all", "where", "with", "if", "and",
    "net", "np", "dot", "outer", "multiply", "mean", "transpose", *GREEK,
}  # fmt: skip
LONGEST: Final = 1_000  # characters of a line that may be a formula


def document(target: str, text: str) -> Document:
    """The document that ``text`` is."""
    if _SIGNED.search(text):
        return markdown.document(target, text)
    return Document(target, text, numbered(target, _formulas(text)))


def _formulas(text: str) -> Iterator[Formula]:
    scan = Scan(text)
    for found in _LINE.finditer(text):
        says = found.group("formula")
        if len(says) <= LONGEST and _RELATION.search(says) and _is_formula(says):
            first, last = found.span("formula")
            made = scan.formula(first, first, last, last, displayed=True)
            if made is not None:
                yield made


def _is_formula(says: str) -> bool:
    """Whether there are no words in it but those that formulas have; two letters may be two factors, or indices."""
    return all(
        word.lower() in _KNOWN or (len(word) == 2 and word.isascii()) or word.endswith("ᵀ")
        for word in _WORD.findall(says)
    )


__all__ = ["document"]
