"""Formulas as MathML, which browsers set themselves. The LaTeX stays with it: it can be copied, and read back."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any, Final

from .formula import ACCENTS, Decorated, Fenced, Fraction, Root, Row, Scripts, Sign, Space, Table, tree

#: Where the letters of a style begin among the mathematical ones of Unicode: capital A, small a.
STYLES: Final = {"mathbf": (0x1D400, 0x1D41A), "mathcal": (0x1D49C, 0x1D4B6), "mathsf": (0x1D5A0, 0x1D5BA)}
#: Letters that Unicode has elsewhere.
ELSEWHERE: Final = {
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
}
ALIGNED: Final = {"aligned": "right left", "cases": "left left"}
BRACKETS: Final = {"bmatrix": ("[", "]"), "pmatrix": ("(", ")"), "cases": ("{", "")}


@lru_cache(maxsize=8192)
def mathml(latex: str, *, display: bool = False) -> str:
    r"""A formula as a ``math`` element.

    >>> mathml("a_{j}")
    '<math><semantics><msub><mi>a</mi><mi>j</mi></msub><annotation encoding="application/x-tex">a_{j}</annotation>...'
    """
    how = ' display="block"' if display else ""
    note = f'<annotation encoding="application/x-tex">{escape(latex, quote=False)}</annotation>'
    return f"<math{how}><semantics>{_one(tree(latex))}{note}</semantics></math>"


def _one(e: Any) -> str:
    """A node as one element."""
    inner = _write(e)
    return inner if not isinstance(e, Row) else f"<mrow>{inner}</mrow>"


def _write(e: Any) -> str:
    return _WRITE[type(e)](e)


def _sign(e: Sign) -> str:
    text = escape(e.text, quote=False)
    if e.kind == "letter":
        upright = len(e.text) == 1 and (e.text in "∂∇∞…⋯⋮" or (e.text.isupper() and not e.text.isascii()))
        return f'<mi mathvariant="normal">{text}</mi>' if upright else f"<mi>{text}</mi>"
    if e.kind == "function":
        return f'<mi mathvariant="normal">{text}</mi>'
    if e.kind == "number":
        return f"<mn>{text}</mn>"
    if e.kind == "text":
        return f"<mtext>{text.replace(' ', '&#160;')}</mtext>"
    tight = ' stretchy="false"' if e.text in "()[]{}|‖⌊⌋⟨⟩" else ""
    if e.text in {"[", "]"}:
        tight += f' form="{"prefix" if e.text == "[" else "postfix"}"'
    return f"<mo{tight}>{text}</mo>"


def _row(e: Row) -> str:
    written = []
    for before, part in zip((None, *e.parts), e.parts, strict=False):
        if isinstance(before, Sign) and before.kind == "function" and len(before.text) > 1 and not _opens(part):
            written.append('<mspace width="0.17em"/>')
        written.append(_one(part))
    return "".join(written)


def _opens(e: Any) -> bool:
    return isinstance(e, Fenced | Space) or (isinstance(e, Sign) and e.text in "([,)]")


def _scripts(e: Scripts) -> str:
    large = isinstance(e.base, Sign) and e.base.kind == "large"
    names = ("under", "over") if large else ("sub", "sup")
    parts = [(name, part) for name, part in zip(names, (e.below, e.above), strict=True) if part is not None]
    tag = "m" + "".join(name for name, _ in parts)
    return f"<{tag}>{_one(e.base)}{''.join(_one(part) for _, part in parts)}</{tag}>"


def _fenced(e: Fenced) -> str:
    return f"<mrow>{_fence(e.left, 'prefix')}{_one(e.inner)}{_fence(e.right, 'postfix')}</mrow>"


def _fence(sign: str, form: str) -> str:
    return f'<mo fence="true" form="{form}">{escape(sign, quote=False)}</mo>' if sign else ""


def _table(e: Table) -> str:
    rows = "".join(f"<mtr>{''.join(f'<mtd>{_one(cell)}</mtd>' for cell in row)}</mtr>" for row in e.rows)
    columns = f' columnalign="{ALIGNED[e.environment]}" class="{e.environment}"' if e.environment in ALIGNED else ""
    display = ' displaystyle="true"' if e.environment == "aligned" else ""
    left, right = BRACKETS.get(e.environment, ("", ""))
    first, last = (f'<mo fence="true">{sign}</mo>' if sign else "" for sign in (left, right))
    return f"<mrow>{first}<mtable{columns}{display}>{rows}</mtable>{last}</mrow>"


def _decorated(e: Decorated) -> str:
    if e.style in ACCENTS:
        return f'<mover accent="true">{_one(e.of)}<mo stretchy="false">{ACCENTS[e.style]}</mo></mover>'
    if e.style in STYLES and isinstance(e.of, Sign) and e.of.text.isascii() and e.of.text.isalpha():
        return f'<mi mathvariant="normal">{_styled(e.style, e.of.text)}</mi>'
    return _one(e.of)


def _styled(style: str, letter: str) -> str:
    capital, small = STYLES[style]
    at = capital + ord(letter) - ord("A") if letter.isupper() else small + ord(letter) - ord("a")
    return ELSEWHERE.get(style, {}).get(letter, chr(at))


_WRITE: Final[dict[type, Callable[[Any], str]]] = {
    Sign: _sign,
    Row: _row,
    Scripts: _scripts,
    Fenced: _fenced,
    Table: _table,
    Decorated: _decorated,
    Fraction: lambda e: f"<mfrac>{_one(e.above)}{_one(e.below)}</mfrac>",
    Root: lambda e: f"<msqrt>{_one(e.of)}</msqrt>",
    Space: lambda e: f'<mspace width="{e.em}em"/>',
}

__all__ = ["mathml"]
