"""Formulas as words: the text that a screen reader says for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from .formula import Decorated, Fenced, Fraction, Root, Row, Scripts, Sign, Space, Table, tree

PARTIAL: Final = "∂"


@lru_cache(maxsize=8192)
def spoken(latex: str) -> str:
    r"""What is said for a formula.

    >>> spoken(r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l-1}_{k} \delta^{l}_{j}")
    'the derivative of C with respect to w super l sub j k equals a super l minus 1 sub k delta super l sub j'
    """
    return " ".join(_said(tree(latex)).split())


def _said(e: Any) -> str:
    return " ".join(_SAY[type(e)](e).split())


def _sign(e: Sign) -> str:
    if e.kind == "letter" and e.text.isupper() and e.text.isascii():
        return f"{e.text}"
    return e.said or e.text if e.kind != "operator" else e.said


def _fraction(e: Fraction) -> str:
    above, below = _after_partial(e.above), _after_partial(e.below)
    if below is not None and above is not None:
        of = f" of {_said(above)}" if above.parts else ""
        return f"the derivative{of} with respect to {_said(below)}{'' if of else ' of'}"
    return f"the fraction {_said(e.above)} over {_said(e.below)}, end of fraction"


def _after_partial(e: Any) -> Row | None:
    """What stands behind the sign of a partial derivative; None where there is none."""
    if isinstance(e, Sign) and e.text == PARTIAL:
        return Row(())
    if isinstance(e, Row) and isinstance(e.parts[0], Sign) and e.parts[0].text == PARTIAL:
        return Row(e.parts[1:])
    return None


def _scripts(e: Scripts) -> str:
    above, below = ("" if part is None else _said(part) for part in (e.above, e.below))
    if isinstance(e.base, Sign) and e.base.kind == "large":
        return f"the {e.base.said} over {below}{f' up to {above}' if above else ''} of"
    if isinstance(e.above, Sign) and e.above.text.startswith("′"):
        return f"{_said(e.base)}{f' sub {below}' if below else ''} {above}"
    if isinstance(e.above, Sign) and e.above.text == "T":
        return f"{_said(e.base)}{f' sub {below}' if below else ''} transposed"
    return f"{_said(e.base)}{f' super {above}' if above else ''}{f' sub {below}' if below else ''}"


def _table(e: Table) -> str:
    rows = "; ".join(", ".join(map(_said, row)) for row in e.rows)
    if e.environment in ("bmatrix", "pmatrix"):
        return f"the matrix with rows {rows}, end of matrix"
    return rows


def _decorated(e: Decorated) -> str:
    styles = {"hat": "hat", "tilde": "tilde", "bar": "bar", "vec": "vector", "mathbf": "bold", "mathcal": "script"}
    return f"{_said(e.of)} {styles.get(e.style, '')}"


_SAY: Final[dict[type, Callable[[Any], str]]] = {
    Sign: _sign,
    Row: lambda e: " ".join(map(_said, e.parts)),
    Scripts: _scripts,
    Fenced: lambda e: f"open bracket {_said(e.inner)} close bracket",
    Table: _table,
    Decorated: _decorated,
    Fraction: _fraction,
    Root: lambda e: f"the root of {_said(e.of)}, end of root",
    Space: lambda _: "",
}

__all__ = ["spoken"]
