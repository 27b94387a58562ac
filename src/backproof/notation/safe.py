"""What people write, on its way into a LaTeX document: text is escaped, letters and formulas are held against lists."""

from __future__ import annotations

import re
from typing import Final

from .mathematics import DECORATIONS, GREEK, is_math

_TEXT: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "[": "{[}", "]": "{]}",
    "–": "--", "—": "---", "’": "'", "‘": "`", "“": "``", "”": "''", "…": r"\dots{}", "·": r"\textperiodcentered{}",
    "\u00a0": "~", "²": "$^2$", "³": "$^3$", "¹": "$^1$", "±": r"$\pm$", "×": r"$\times$", "µ": r"$\mu$",
    "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "∂": r"$\partial$", "′": "$'$", "⊙": r"$\odot$", "∑": r"$\sum$",
    "→": r"$\to$", "∇": r"$\nabla$", "−": "$-$", "∞": r"$\infty$", "√": r"$\surd$",
    **{letter: f"$\\{name}$" for name, letter in GREEK.items()},
}  # fmt: skip

_ONE = rf"[A-Za-z]|\\(?:{'|'.join(GREEK)})"
_LETTER = re.compile(rf"([A-Za-z]+|{_ONE}|\\(?:{'|'.join(DECORATIONS)})\{{(?:{_ONE})\}})('*|\^[A-Za-z0-9])")


#: A Greek letter that stands alone is one of mathematics; in a word it is text.
_GREEK_WORD: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2,}")


def escape(text: str) -> str:
    """``text`` as LaTeX that prints it, whatever its script is; what cannot be printed comes out as its code point."""
    made, end = "", 0
    for word in _GREEK_WORD.finditer(text := str(text)):
        made += "".join(map(_escaped, text[end : word.start()])) + word[0]
        end = word.end()
    return made + "".join(map(_escaped, text[end:]))


def _escaped(character: str) -> str:
    if character in _TEXT:
        return _TEXT[character]
    if character.isspace():
        return " "
    return character if character.isprintable() else f"(U+{ord(character):04X})"


def letter(latex: str) -> str:
    r"""``latex`` if it is a letter (``W``, ``\Theta``, ``\mathbf{x}``) or a word, set upright; else ValueError.

    There may be primes behind it, or one mark above: ``x'``, ``W^Q``.
    """
    found = _LETTER.fullmatch(latex) if isinstance(latex, str) else None
    if found is None:
        shown = repr(latex).replace("\\\\", "\\")
        raise ValueError(f"{shown} is no letter: write one like W, net, \\Theta or \\mathbf{{x}}")
    bare, mark = found.groups()  # several of one kind: x', W^Q
    return latex if bare.startswith("\\") or len(bare) == 1 else rf"\mathrm{{{bare}}}{mark}"


def name(text: str) -> str:
    """A name out of somebody's program, as mathematics."""
    if text in GREEK:
        return f"\\{text}"
    return text if len(text) == 1 and text.isalpha() and text.isascii() else rf"\mathrm{{{_words(text)}}}"


def _words(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else r"\_" for c in text)


def prose(text: str) -> str:
    """Plain text with ``$mathematics$`` and ``code`` between backquotes, as LaTeX; the rest is escaped.

    Blank lines part paragraphs. A formula that ``is_math`` does not know is printed as it was typed.
    """
    parts = re.split(r"(\$(?!\s)[^$]*(?<!\s)\$(?!\d)|`[^`]*`)", text)
    return "".join(_quoted(part) if place % 2 else _paragraphs(part) for place, part in enumerate(parts))


def _quoted(part: str) -> str:
    inner = part[1:-1]
    if part[0] == "`":
        return rf"\texttt{{{escape(inner)}}}"
    return f"${' '.join(inner.split())}$" if inner and is_math(inner) else escape(part)


def _paragraphs(text: str) -> str:
    return "\n\n".join(escape(part) for part in re.split(r"\n\s*\n", text))
