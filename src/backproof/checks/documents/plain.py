r"""Plain text: signs for mathematics, as in Markdown; in a text without any, lines that are nothing but a formula.

Where a page is copied, a formula often comes three times in one line, as the page shows it, in LaTeX, and as it is
shown again: ``z ( 2 ) = w x z^{(2)} = wx z(2)=wx``. The LaTeX is what has the same letters before it and behind it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Final

from ...notation.mathematics import GREEK
from . import markdown
from .document import Document, Formula
from .scan import ENVIRONMENTS, Scan, numbered

_SIGNED: Final = re.compile(rf"\$|\\\[|\\\(|\\begin\{{{ENVIRONMENTS}\}}|^ {{0,3}}```math", re.MULTILINE)
_LINE: Final = re.compile(r"^[ \t]*(?:[-*•][ \t]+|\(?\w{1,4}[.):][ \t]+)?(?P<formula>\S[^\n]*?)[ \t]*$", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_RELATION: Final = re.compile(r"[=≡≈]|\\(?:equiv|approx|coloneqq|gets|leftarrow)(?![A-Za-z])")
_COMMAND: Final = re.compile(r"\\(?:begin|end)\s*\{\w+\*?\}|\\[A-Za-z]+")
_TOKEN: Final = re.compile(r"\S+")
_LATEX: Final = re.compile(r"[\\^_{}]")
#: Words that formulas have.
_KNOWN: Final = {
    "exp", "log", "ln", "tanh", "sigmoid", "softmax", "relu", "diag", "sum", "for", "all", "where", "with", "if", "and",
    "net", "np", "dot", "outer", "multiply", "mean", "transpose", *GREEK,
}  # fmt: skip
LONGEST: Final = 1_000  # characters of a line that may be a formula
LONGEST_COPY: Final = 5_000  # of one that has it three times
BESIDE: Final = 4  # words at each end of the LaTeX without a sign of it, as in a = b^{l} + 1


def document(target: str, text: str) -> Document:
    """The document that ``text`` is."""
    if _SIGNED.search(text):
        return markdown.document(target, text)
    return Document(target, text, numbered(target, _formulas(text)))


def _formulas(text: str) -> Iterator[Formula]:
    scan = Scan(text)
    for found in _LINE.finditer(text):
        says = found.group("formula")
        first, last = found.span("formula")
        if (copied := _copied(says)) is not None:
            first, last = first + copied[0], first + copied[1]
        if _RELATION.search(text, first, last) and (copied is not None or (len(says) <= LONGEST and _is_formula(says))):
            made = scan.formula(first, first, last, last, displayed=True)
            if made is not None:
                yield made


def _is_formula(says: str) -> bool:
    """Whether there are no words in it but those that formulas have; two letters may be two factors, or indices."""
    return all(
        word.lower() in _KNOWN or (len(word) == 2 and word.isascii()) or word.endswith("ᵀ")
        for word in _WORD.findall(_COMMAND.sub(" ", says))
    )


def _copied(says: str) -> tuple[int, int] | None:
    """Where the LaTeX stands in a line that has a formula three times."""
    if not _LATEX.search(says) or len(says) > LONGEST_COPY:
        return None
    words = [found.span() for found in _TOKEN.finditer(says)]
    signed = [place for place, span in enumerate(words) if _LATEX.search(says, *span)]
    for before, behind in product(range(BESIDE + 1), repeat=2):
        start, end = signed[0] - before, signed[-1] + behind
        if start < 1 or end + 1 >= len(words):
            continue
        first, last = words[start][0], words[end][1]
        if _letters(says[:first]) == _letters(says[first:last]) == _letters(says[last:]):
            return first, last
    return None


def _letters(says: str) -> Counter[str]:
    """Letters and digits, but for those in names of commands."""
    return Counter(sign for sign in _COMMAND.sub(" ", says) if sign.isascii() and sign.isalnum())


__all__ = ["document"]
