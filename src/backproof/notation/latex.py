r"""Terms as LaTeX, in a notation. Only amsmath is needed; nothing is used that pandoc and typst would set badly.

A superscript on a member is a layer, never a power: powers of members are bracketed, ``(a^{l}_{j})^{2}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from sympy import Add, Integer, Symbol

from ..surface.arrays import entry, shape
from ..surface.network import Network
from ..surface.terms import Apply, D, Dot, Hadamard, Kron, Member, Mults, Outer, Total, Transposed, n
from . import ranges, safe
from .printer import ATOM, HADAMARD, POWER, PRODUCT, TOTAL, Index, Printer, Shown
from .profiles import NIELSEN, Notation
from .written import there, written, written_layer

TALL: Final = (r"\frac", r"\sum", r"\begin")
TIGHT: Final = (Member, Symbol, n, Integer)  # heads that need no extra space beside their like


class Latex(Printer):
    """The LaTeX of a term."""

    def brackets(self, text: str) -> str:
        return rf"\left({text}\right)" if any(command in text for command in TALL) else f"({text})"

    def adjoin(self, first: str, second: str, left: Any, right: Any) -> str:
        loose = isinstance(right, Total) or (isinstance(left, D) and isinstance(right, D))
        close = isinstance(left, TIGHT) and isinstance(right, TIGHT)
        return f"{first} {second}" if close or loose else rf"{first}\,{second}"

    def fraction(self, above: Shown, below: Shown) -> Shown:
        return Shown(rf"\frac{{{above.text}}}{{{below.text}}}")

    def power(self, base: str, exponent: str) -> Shown:
        return Shown(f"{base}^{{{exponent}}}", POWER)

    def special(self, latex: str) -> str:
        return latex

    def letter(self, key: str) -> str:
        """The notation's letter for a family, a function or a size, or else the name itself."""
        return self.notation.letters.get(key) or safe.name(key)

    def written_letter(self, latex: str) -> str:
        return latex

    def member(self, e: Member, index: Index) -> Shown:
        layer = self.notation.layer.format(index.layer) if index.layer else ""
        below = _below(_together(self.below(e, index)))
        return Shown(self.letter_of(e) + (f"^{{{layer}}}" if layer else "") + below)

    def gradient(self, y: Member, x: Member) -> Shown:
        return Shown(rf"\nabla_{{{self.text(x)}}} {self.text(y)}")

    def derivative(self, y: Shown, x: str, *, plain: bool) -> Shown:
        if plain:
            return Shown(rf"\frac{{\partial {y.text}}}{{\partial {x}}}")
        return Shown(rf"\frac{{\partial}}{{\partial {x}}}\left({y.text}\right)")

    def applied(self, function: str, u: Any, times: int) -> Shown:
        primes = self.notation.prime * times if times < 4 else f"^{{({times})}}"
        return Shown(self.letter(function) + primes + self.brackets(self.text(u)))

    def apply_exp(self, u: Any) -> Shown:
        """e^u, or exp(u) where u is tall."""
        inner = self.text(u)
        return self.power("e", inner) if not any(c in inner for c in TALL) else Shown(r"\exp" + self.brackets(inner))

    def apply_log(self, u: Any) -> Shown:
        """ln u."""
        return Shown(rf"\ln {self.text(u, ATOM)}", PRODUCT)

    def apply_sqrt(self, u: Any) -> Shown:
        """The root of u."""
        return Shown(rf"\sqrt{{{self.text(u)}}}")

    def apply_step(self, u: Any) -> Shown:
        """[u > 0]."""
        return Shown(rf"[{self.text(u)} > 0]")

    def factor(self, e: Any) -> str:
        if isinstance(e, Apply) and str(e.args[0]) == "log" and e.args[2] == 0:
            return rf"\ln({self.text(e.args[1])})"  # something follows: the argument has to end visibly
        return super().factor(e)

    # Heads.

    def show_Symbol(self, e: Symbol) -> Shown:
        name = e.name.rstrip("'")
        return Shown(self.letter(name) + "'" * (len(e.name) - len(name)))

    def show_n(self, e: n) -> Shown:
        return Shown(self.letter("n") + _below(self.index(e.args[0])))

    def show_Kron(self, e: Kron) -> Shown:
        first, second = (self.index(arg) for arg in e.args)
        return Shown(f"[{first}={second}]")

    def show_Total(self, e: Total) -> Shown:
        body, bound, lo, hi = e.args
        limits = f"_{{{self.index(bound)}={self.index(lo)}}}^{{{self.index(hi)}}}"
        return Shown(rf"\sum{limits} {self.text(body, HADAMARD)}", TOTAL)

    def show_Mults(self, e: Mults) -> Shown:
        return Shown(rf"\mu\left[{self.text(e.args[0])}\right]")

    def show_Dot(self, e: Dot) -> Shown:
        first, second = e.args
        return Shown(f"{self.text(first, PRODUCT)} {self.text(second, PRODUCT)}", PRODUCT)

    def show_Transposed(self, e: Transposed) -> Shown:
        inner = self.text(e.args[0])
        mark = f"^{{{self.notation.transpose}}}"
        return Shown((inner if isinstance(e.args[0], Symbol) else self.brackets(inner)) + mark)

    def show_Hadamard(self, e: Hadamard) -> Shown:
        return Shown(f" {self.notation.hadamard} ".join(self.text(arg, ATOM) for arg in e.args), HADAMARD)

    def show_Outer(self, e: Outer) -> Shown:
        return Shown(f"{self.text(e.args[0], POWER)} {self.text(Transposed(e.args[1]))}", PRODUCT)


class InFull(Latex):
    """The same, with vectors and matrices of a net of numeric widths written out entry by entry."""

    def __init__(self, net: Network, notation: Notation) -> None:
        super().__init__(notation)
        self.net = net

    def shown(self, e: Any) -> Shown:
        as_it_was = there(e, self.notation) if _has_letter(e) else None
        bounds = () if as_it_was is None else shape(self.net, as_it_was)
        if len(bounds) not in (1, 2):
            return super().shown(e)
        rows, *columns = ([*range(int(lo), self._end(hi) + 1)] for lo, hi in bounds)
        cells = [[(r, *c) for c in _cells(columns)] for r in rows]
        if self._turned(as_it_was):
            cells = [list(column) for column in zip(*cells, strict=True)]
        lines = (
            " & ".join(latex(entry(self.net, as_it_was, tuple(map(Integer, at))), self.notation) for at in row)
            for row in cells
        )
        return Shown(r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}")

    def show_Transposed(self, e: Transposed) -> Shown:
        return Shown(self.text(e.args[0], ATOM) + "^{T}")

    def _turned(self, e: Any) -> bool:
        """Whether the array is written as its transpose; a Jacobian never is."""
        if isinstance(e, D) and shape(self.net, e.args[0]):
            return False
        last = e.args[1] if isinstance(e, D) else e
        weights = isinstance(last, Member) and last.family == "w"
        return self.notation.vectors == "rows" or (self.notation.from_first and weights)

    def _end(self, hi: Any) -> int:
        end = self.net.width(hi.args[0]) if isinstance(hi, n) else hi
        if not isinstance(end, int | Integer):
            raise ValueError(  # noqa: TRY004 - the term is of the right type, its size is not
                f"only arrays of numeric sizes can be written out, not of {hi}"
            )
        return int(end)


def _has_letter(e: Any) -> bool:
    """Whether an array is a quantity, or a function of one; of a product its factors are written out."""
    return isinstance(e, Member | D) or (isinstance(e, Apply) and isinstance(e.args[1], Member | Transposed | Symbol))


def _cells(columns: list[list[int]]) -> list[tuple[int, ...]]:
    return [(c,) for c in columns[0]] if columns else [()]


def _together(indices: tuple[str, ...]) -> str:
    """jk, but l,12: with commas where an index is more than one sign."""
    return ("" if all(re.fullmatch(r"\\[a-z]+|\w'*", index) for index in indices) else ",").join(indices)


def _below(indices: str) -> str:
    return f"_{{{indices}}}" if indices else ""


@lru_cache(maxsize=32)
def _printer(notation: Notation) -> Latex:
    """The printer of a notation; kept, since a report prints most terms more than once."""
    return Latex(notation)


def latex(e: Any, notation: Notation = NIELSEN) -> str:
    """The LaTeX of a term."""
    return _printer(notation).text(written(e, notation))


def layer(e: Any, notation: Notation = NIELSEN) -> str:
    """The LaTeX of the number of a layer."""
    return _printer(notation).text(written_layer(e, notation))


def terms(e: Any, notation: Notation = NIELSEN) -> list[str]:
    """The terms of a sum, the later ones with their signs in front: where a long line may be broken."""
    printer, e = _printer(notation), written(e, notation)
    if not isinstance(e, Add):
        return [printer.text(e)]
    (sign, first), *rest = printer.addends(e)
    return [sign.strip("+") + first, *(f"{{}}{sign} {term}" for sign, term in rest)]


def equation(lhs: Any, rhs: Any, notation: Notation = NIELSEN) -> str:
    """lhs = rhs."""
    return f"{latex(lhs, notation)} = {latex(rhs, notation)}"


def latex_in_full(net: Network, theorem: Any, notation: Notation = NIELSEN) -> str:
    """An equation between arrays with all entries written out; widths have to be numbers, else ValueError."""
    printer = InFull(net, notation)
    return " = ".join(printer.text(written(side, notation)) for side in (theorem.lhs, theorem.rhs))


def conditions(hypotheses: Iterable[Any], notation: Notation = NIELSEN) -> list[str]:
    """Hypotheses as formulas: ranges gathered by variable, then the rest."""
    given = [written(h, notation) for h in hypotheses]
    return [ranges.write(fact, _printer(notation), SIGNS) for fact in ranges.facts(given)]


def hypotheses(given: Iterable[Any], notation: Notation = NIELSEN) -> str:
    r"""Hypotheses as words: ``$2 \le l < L$ and $1 \le j \le n_{l}$``; empty where there are none."""
    return listed([f"${formula}$" for formula in conditions(given, notation)])


def listed(parts: list[str]) -> str:
    """a, b and c."""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


SIGNS: Final = ranges.Signs(le=r" \le ", lt=" < ", ne=r" \ne ", gt=" > ", eq=" = ", all=r"\text{ for }")

__all__ = ["conditions", "equation", "hypotheses", "latex", "latex_in_full", "listed", "terms"]
