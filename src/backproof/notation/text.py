"""Terms as one line of plain text, for terminals and JSON: δ[l,j] = Σ_k w[l+1,k,j] δ[l+1,k] σ′(z[l,j])."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from sympy import Integer, Symbol

from ..surface.terms import Dot, Hadamard, Kron, Member, Mults, Outer, Total, Transposed, n
from . import ranges
from .mathematics import GREEK
from .printer import ATOM, HADAMARD, POWER, PRODUCT, TOTAL, Index, Printer, Shown
from .profiles import NIELSEN, Notation
from .written import written

PRIMES: Final = ("", "′", "″", "‴")
SIGNS: Final = ranges.Signs(le=" ≤ ", lt=" < ", ne=" ≠ ", gt=" > ", eq=" = ", all=" for ")


class Text(Printer):
    """The plain text of a term."""

    def brackets(self, text: str) -> str:
        return f"({text})"

    def adjoin(self, first: str, second: str, left: Any, right: Any) -> str:  # noqa: ARG002 - all are a space apart
        return f"{first} {second}"

    def fraction(self, above: Shown, below: Shown) -> Shown:
        top = above.text if above.strength >= PRODUCT else self.brackets(above.text)
        return Shown(f"{top}/{below.text if below.strength >= POWER else self.brackets(below.text)}", PRODUCT)

    def power(self, base: str, exponent: str) -> Shown:
        return Shown(f"{base}^{exponent if exponent.isalnum() else self.brackets(exponent)}", POWER)

    def special(self, latex: str) -> str:
        return plain(latex)

    def letter(self, key: str) -> str:
        """The notation's letter as a plain one."""
        return plain(self.notation.letters.get(key, GREEK.get(key, key)))

    def written_letter(self, latex: str) -> str:
        return plain(latex)

    def member(self, e: Member, index: Index) -> Shown:
        inner = ",".join(part for part in (index.layer, *self.below(e, index)) if part)
        return Shown(self.letter_of(e) + (f"[{inner}]" if inner else ""))

    def gradient(self, y: Member, x: Member) -> Shown:
        return Shown(f"∇_{self.text(x)} {self.text(y)}")

    def derivative(self, y: Shown, x: str, *, plain: bool) -> Shown:
        return Shown(f"∂{y.text}/∂{x}" if plain else f"∂({y.text})/∂{x}")

    def applied(self, function: str, u: Any, times: int) -> Shown:
        primes = PRIMES[times] if times < len(PRIMES) else f"^({times})"
        return Shown(f"{self.letter(function)}{primes}({self.text(u)})")

    def apply_step(self, u: Any) -> Shown:
        """[u > 0]."""
        return Shown(f"[{self.text(u)} > 0]")

    def show_Symbol(self, e: Symbol) -> Shown:
        name = e.name.rstrip("'")
        return Shown(self.letter(name) + "′" * (len(e.name) - len(name)))

    def show_n(self, e: n) -> Shown:
        return Shown(f"{self.letter('n')}[{self.index(e.args[0])}]")

    def show_Kron(self, e: Kron) -> Shown:
        return Shown(f"[{'='.join(map(self.index, e.args))}]")

    def show_Total(self, e: Total) -> Shown:
        body, bound, lo, hi = e.args
        name = self.text(bound)
        usual = lo == Integer(1) and isinstance(hi, n)
        span = f"_{name}" if usual else f"_{{{name}={self.index(lo)}..{self.index(hi)}}}"
        return Shown(f"Σ{span} {self.text(body, HADAMARD)}", TOTAL)

    def show_Mults(self, e: Mults) -> Shown:
        return Shown(f"μ[{self.text(e.args[0])}]")

    def show_Dot(self, e: Dot) -> Shown:
        return Shown(" ".join(self.text(arg, PRODUCT) for arg in e.args), PRODUCT)

    def show_Transposed(self, e: Transposed) -> Shown:
        return Shown(f"{self.text(e.args[0], ATOM)}ᵀ", POWER)

    def show_Hadamard(self, e: Hadamard) -> Shown:
        return Shown(" ⊙ ".join(self.text(arg, POWER) for arg in e.args), HADAMARD)

    def show_Outer(self, e: Outer) -> Shown:
        return Shown(f"{self.text(e.args[0], POWER)} {self.text(Transposed(e.args[1]))}", PRODUCT)


def plain(latex: str) -> str:
    r"""A letter without LaTeX: ``\hat{\delta}`` is δ̂."""
    accents = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "vec": "\u20d7"}
    inner = re.sub(r"\\(\w+)\{(.*)\}", lambda m: plain(m[2]) + accents.get(m[1], ""), latex)
    greek = re.sub(r"\\(\w+)", lambda m: GREEK.get(m[1], m[1]), inner)
    return re.sub(r"_\{(\w)\}", r"_\1", greek)


@lru_cache(maxsize=32)
def _printer(notation: Notation) -> Text:
    """The printer of a notation; kept, as that of LaTeX is."""
    return Text(notation)


def text(e: Any, notation: Notation = NIELSEN) -> str:
    """A term as one line of plain text."""
    return _printer(notation).text(written(e, notation))


def equation(lhs: Any, rhs: Any, notation: Notation = NIELSEN) -> str:
    """lhs = rhs."""
    return f"{text(lhs, notation)} = {text(rhs, notation)}"


def conditions(hypotheses: Iterable[Any], notation: Notation = NIELSEN) -> list[str]:
    """Hypotheses as plain relations: ``["2 ≤ l < L", "1 ≤ j ≤ n[l]"]``."""
    given = [written(h, notation) for h in hypotheses]
    return [ranges.write(fact, _printer(notation), SIGNS) for fact in ranges.facts(given)]


def words(because: Iterable[Any], notation: Notation = NIELSEN) -> str:
    """The reason of a line, its terms printed; dollar signs and backquotes of the author left out."""
    return "".join(re.sub(r"[$`]", "", part) if isinstance(part, str) else text(part, notation) for part in because)


def title(written: str) -> str:
    """Somebody's title with ``$mathematics$`` as plain text."""
    return plain(words((written,)))


__all__ = ["conditions", "equation", "plain", "text", "title", "words"]
