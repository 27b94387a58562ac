"""Plain text, with Unicode or without: ``δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)``, ``dW = X.T @ dZ / m``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..mathematics import GREEK
from .errors import NotKnown
from .tokens import SIGNS, TWINS, Token, check_length, paired

_WORDS: Final = ("for", "where", "with", "if", "when", "and", "all")
_TOKEN: Final = re.compile(
    r"""(?P<space>[^\S\n]+)
    | (?P<ROW>\n\s*)
    | (?P<TRANSPOSE>\.T\b)
    | (?P<hadamard>\.\*|(?<=\s)\(x\)(?=\s)|(?<=\s)\(\.\)(?=\s))
    | (?P<dots>\.\.\.)
    | (?P<stop>[.,;]\s*\Z)
    | (?P<assign>:=|<-|->|=>|==|!=|~=|<=|>=)
    | (?P<power>[⁰¹²³⁴-⁹])
    | (?P<NUMBER>\d+(?:\.\d+)?)
    | (?P<word>(?:np|numpy|torch)\.[a-z]+|[^\W\d_ᵀΣ]+\d*|Σ)
    | (?P<sign>\S)""",
    re.VERBOSE,
)
_RELATIONS: Final = {":=": ":=", "<-": "←", "->": "→", "=>": "⇒", "==": "=", "!=": "≠", "~=": "≈", "<=": "≤", ">=": "≥"}
_TURNED: Final = re.compile(r"T[A-Z]")  # a transpose, and the factor behind it
_POWERS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))


def tokens(text: str) -> list[Token]:
    """What the text is made of. Unreadable where a character has no meaning, or brackets do not fit."""
    check_length(text)
    return list(paired(text, _tokens(text, text.translate(TWINS))))


def _tokens(text: str, plain: str) -> Iterator[Token]:
    last = ""  # the kind of the token before, or "space"
    for found in _TOKEN.finditer(plain):
        kind, says = str(found.lastgroup), found.group()
        for t in _made(text, kind, says, found.start(), last):
            last = t.kind
            yield t
        last = "space" if kind == "space" else last


def _made(text: str, kind: str, says: str, start: int, last: str) -> Iterator[Token]:
    end = start + len(says)
    if kind in ("ROW", "NUMBER", "TRANSPOSE"):
        yield Token(kind, says.strip(), start, end)
    elif kind == "hadamard":
        yield Token("OPERATOR", "⊙", start, end)
    elif kind == "dots":
        yield Token("MARK", "…", start, end)
    elif kind == "assign":
        yield Token("RELATION", _RELATIONS[says], start, end)
    elif kind == "power":
        yield Token("UPPER", "^", start, end)
        yield Token("NUMBER", _POWERS[says], start, end)
    elif kind == "word" and last == "UPPER" and _TURNED.fullmatch(says):  # B^TA
        yield from _word("T", start)
        yield from _word(says[1:], start + 1)
    elif kind == "word":
        yield from _word(says, start)
    elif kind == "sign":
        yield _sign(text, says, start, last)


def _word(says: str, start: int) -> Iterator[Token]:
    if says in _WORDS:
        yield Token("WORDS", says, start, start + len(says))
    elif says in ("sum", "Σ"):
        yield Token("BIG", "sum", start, start + len(says))
    elif says in SIGNS:
        yield Token(*SIGNS[says], start, start + len(says))
    else:
        yield Token("NAME", f"\\{says}" if says in GREEK else says, start, start + len(says))


def _sign(text: str, says: str, start: int, last: str) -> Token:
    kind, meaning = SIGNS.get(says, ("", ""))
    if says in "{}":
        kind, meaning = ("LBRACE" if says == "{" else "RBRACE"), says
    if says == "[" and last in ("NAME", "RSQB"):  # w[l+1], without a space between
        kind = "INDEX"
    if says == "<" and last in ("UPPER", "LBRACE"):
        kind = "LANGLE"
    if not kind:
        raise NotKnown(text, start, f"{text[start]!r} has no meaning here")
    return Token(kind, meaning, start, start + 1)
