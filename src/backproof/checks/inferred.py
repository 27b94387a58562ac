"""The notation of a document that says nothing of it, by its formulas: a row of the table, and letters.

These are patterns in the text, so that a long document costs no time; what they find is said back to the reader, who
may say otherwise in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

SAYS: Final = ("notation", "letters", "network")  #: where one of them is said, nothing is inferred
MOST: Final = 200_000  #: characters of formulas that are looked at

_LAYER: Final = r"\^\s*\{?\s*\(\s*"  # an opening marker
_STEPS: Final = ((r"l\s*\+\s*1", "l"), *((str(layer + 1), str(layer)) for layer in range(1, 6)))
#: Weights with the number of the layer below: z^{(l+1)} = W^{(l)} a^{(l)}, z^{(2)} = W^{(1)} x.
_FROM_BELOW: Final = "|".join(
    rf"z\s*{_LAYER}{above}[^=&]*=&?\s*(?:\\sum[^W\w]*)?(?:[wW]|\\theta)\s*{_LAYER}{below}\s*\)\s*\}}?[^=]*[ax]"
    for above, below in _STEPS
)
#: What a row is known by: all of the patterns, somewhere in the document.
ROWS: Final = (
    ("deeplearning.ai", (r"\^\s*\{?\s*\[\s*(?:l|L|\d)", r"d[ZWAzwab]\s*\^\s*\{?\s*\[")),
    ("rumelhart", (r"(?:\\(?:mathrm|text|operatorname)\{)?net\}?\s*_", r"\\delta")),
    ("ng", (r"\\Theta\s*" + _LAYER,)),
    ("ng", (_FROM_BELOW, r"[xa]\s*(?:\^\s*\{?[^_]{1,6}\}?\s*)?_\s*\{?0")),
    ("ufldl", (_FROM_BELOW, rf"b\s*{_LAYER}")),
    ("rows", (r"[XHA]\s*(?:\^\s*\{?[^W]{1,8}\}?\s*)?W[^=]*\+\s*b",)),
)
COST: Final = re.compile(
    r"\\[dt]?frac\s*\{\s*\\partial\s*\{?\s*(?P<letter>[CEJQ]|\\mathcal\s*\{?\s*[LEJC]\s*\}?|\\ell|L)\b(?!\s*\^)"
)
SIGMA: Final = re.compile(
    r"(?<![\\A-Za-z])(?P<letter>\\sigma|\\phi|\\varphi|\\psi|[fgh])"
    r"(?:\s*(?:'|’|\^\s*\{?\s*\\prime\s*\}?)\s*(?:\\left)?\s*\(|\s*(?:\\left)?\s*\(\s*\{?z)"
)
USUAL: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {  # letters that a row reads in any case
    "cost": {"nielsen": ("C",), "ng": ("J",), "ufldl": ("J",), "deeplearning.ai": ("J", r"\mathcal{L}", "L"),
             "rumelhart": ("E",)},
    "sigma": {"nielsen": (r"\sigma", "f"), "ng": ("g", r"\sigma"), "ufldl": ("f", r"\sigma"),
              "deeplearning.ai": ("g", r"\sigma")},
}  # fmt: skip


def inferred(front: Mapping[str, Any], formulas: Iterable[str]) -> dict[str, Any]:
    """What a front matter would say of the notation; nothing where it says something, or where nothing is unusual."""
    if any(front.get(key) for key in SAYS):
        return {}
    text = "\n".join(formulas)[:MOST]
    row = next((name for name, signs in ROWS if all(re.search(sign, text) for sign in signs)), "nielsen")
    letters = {}
    for role, pattern in (("cost", COST), ("sigma", SIGMA)):
        found = {_plain(match["letter"]) for match in pattern.finditer(text)}
        usual = USUAL[role].get(row)
        if usual is not None and len(found) == 1 and not found & set(usual):
            letters[role] = found.pop()
    said: dict[str, Any] = {"notation": row} if row != "nielsen" else {}
    return said | ({"letters": letters} if letters else {})


def _plain(letter: str) -> str:
    return re.sub(r"\\mathcal\s*\{?\s*(\w)\s*\}?", r"\\mathcal{\1}", letter)


__all__ = ["inferred"]
