"""Tokens: what both ways of writing, LaTeX and plain text, are taken apart into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ..mathematics import GREEK
from .errors import NotKnown, Unreadable


@dataclass(frozen=True)
class Token:
    """A word of ``grammar.lark``: ``kind`` is its terminal, ``says`` what it says, from ``start`` up to ``end``."""

    kind: str
    says: str
    start: int
    end: int


LONGEST, DEEPEST = 20_000, 50  # characters of one display; brackets within brackets

_TWINS: Final = (  # characters that are typed for others, one for one, so that places stay
    "（(", "）)", "［[", "］]", "｛{", "｝}", "＝=", "＋+", "－-", "−-", "‐-", "–-", "＊*", "∗*", "／/", "，,", "；;",
    "：:", "．.", "｜|", "＜<", "＞>", "＾^", "＿_", "＇'", "’'", "‘'", "′'", "´'", "\u00a0 ", "\u2009 ", "\u3000 ",
)  # fmt: skip
TWINS: Final = str.maketrans({twin[0]: twin[1] for twin in _TWINS})

#: Signs that both ways of writing have.
SIGNS: Final = {
    "+": ("SIGN", "+"), "-": ("SIGN", "-"), "±": ("SIGN", "±"), "*": ("OPERATOR", "*"), "/": ("OPERATOR", "/"),
    "⊙": ("OPERATOR", "⊙"), "∘": ("OPERATOR", "⊙"), "•": ("OPERATOR", "⊙"), "·": ("OPERATOR", "·"),
    "⋅": ("OPERATOR", "·"), "∙": ("OPERATOR", "·"), "×": ("OPERATOR", "×"), "@": ("OPERATOR", "@"),
    "=": ("RELATION", "="), "≡": ("RELATION", ":="), "≈": ("RELATION", "≈"), "≠": ("RELATION", "≠"),
    "≤": ("RELATION", "≤"), "≥": ("RELATION", "≥"), "←": ("RELATION", "←"), "→": ("RELATION", "→"),
    "∈": ("RELATION", "∈"), "∝": ("RELATION", "∝"), "<": ("RELATION", "<"), ">": ("RELATION", ">"),
    "⇒": ("RELATION", "⇒"), "(": ("LPAR", "("), ")": ("RPAR", ")"), "[": ("LSQB", "["), "]": ("RSQB", "]"),
    "⟨": ("LANGLE", "<"), "⟩": ("RANGLE", ">"), ",": ("SEPARATOR", ","), ";": ("SEPARATOR", ";"),
    "'": ("PRIME", "'"), "″": ("PRIME", "''"), "^": ("UPPER", "^"), "_": ("LOWER", "_"), "‖": ("NORM", "‖"),
    "|": ("ABS", "|"), ":": ("MARK", ":"), "…": ("MARK", "…"), "⋯": ("MARK", "…"), "∂": ("NAME", r"\partial"),
    "∇": ("NAME", r"\nabla"), "∑": ("BIG", "sum"), "∏": ("BIG", "prod"), "∞": ("NAME", r"\infty"), "√": ("ROOT", "√"),
    "ᵀ": ("TRANSPOSE", "T"), "⊤": ("NAME", r"\top"),
    **{letter: ("NAME", f"\\{name}") for name, letter in GREEK.items()},
}  # fmt: skip

_PAIRS: Final = {"ABS": ("LABS", "RABS"), "NORM": ("LNORM", "RNORM")}
_OPENING: Final = {"LPAR": ")", "LSQB": "]", "LSET": "}", "LANGLE": ">", "LABS": "|", "LNORM": "‖", "LBRACE": "}",
                   "INDEX": "]", "BEGIN": "the end of the matrix", "CASES": "the end of the cases"}  # fmt: skip
_CLOSING: Final = {"RPAR": "LPAR", "RSQB": "LSQB", "RSET": "LSET", "RANGLE": "LANGLE", "RABS": "LABS",
                   "RNORM": "LNORM", "RBRACE": "LBRACE", "END": "BEGIN"}  # fmt: skip
_ALSO: Final = {"RSQB": "INDEX", "END": "CASES"}  #: what else these close


def paired(text: str, tokens: Iterable[Token]) -> Iterator[Token]:
    r"""The tokens, with ``|`` and ``‖`` told apart into opening and closing ones. Unreadable where brackets do not fit.

    ``<`` and ``>`` are brackets only where something is written above: ``w^<l+1>``, ``w^{\langle l+1 \rangle}``.
    """
    open_: list[Token] = []
    sums = 0
    for t in tokens:
        sums = sums + 1 if t.kind == "BIG" else 0 if t.kind == "ROW" else sums
        if sums > DEEPEST:
            raise NotKnown(text, t.start, f"more than {DEEPEST} sums in one line")
        kind = t.kind
        if kind in _PAIRS:
            kind = _PAIRS[kind][any(o.kind == _PAIRS[t.kind][0] for o in open_[-1:])]
        if kind == "RELATION" and t.says == ">" and open_ and open_[-1].kind == "LANGLE":
            kind = "RANGLE"
        if kind in _OPENING:
            open_.append(Token(kind, t.says, t.start, t.end))
            if len(open_) > DEEPEST:
                raise NotKnown(text, t.start, f"more than {DEEPEST} brackets within one another")
        elif kind in _CLOSING:
            if not open_ or open_[-1].kind not in (_CLOSING[kind], _ALSO.get(kind, "")):
                wanted = f"{_OPENING[open_[-1].kind]} was to come first" if open_ else "nothing is open here"
                raise Unreadable(text, t.start, f"{t.says} closes nothing: {wanted}")
            open_.pop()
        yield Token(kind, t.says, t.start, t.end)
    if open_:
        raise Unreadable(text, open_[-1].start, f"{open_[-1].says} is not closed")


def check_length(text: str) -> None:
    """Unreadable where there is more than a display holds."""
    if len(text) > LONGEST:
        raise NotKnown(text, LONGEST, f"a formula of more than {LONGEST:,} characters")
