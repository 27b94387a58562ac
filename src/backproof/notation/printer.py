"""What the LaTeX printer and the plain one share: brackets, signs, fractions and order. Leaves are up to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ..surface.terms import Apply, D, Dot, Hadamard, Kron, Member, Outer, Total, free, n
from .ordering import Product, is_size, product, terms
from .profiles import COSTS, Notation

#: How tightly what is printed holds together.
SUM, HADAMARD, TOTAL, PRODUCT, POWER, ATOM = range(6)


class Shown(NamedTuple):
    """Printed, and how tightly it holds together."""

    text: str
    strength: int = ATOM


class Index(NamedTuple):
    """Where the indices of a member go."""

    layer: str  #: "" where there is none
    units: tuple[str, ...]
    example: tuple[str, ...]


class Printer(ABC):
    """Terms to text: one ``show_<head>`` a head, found by the class of the term."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self._known: dict[Any, Shown] = {}

    def text(self, e: Any, least: int = SUM) -> str:
        """``e`` as text, in brackets where it holds together less than ``least``."""
        shown = self.shown(e)
        return shown.text if shown.strength >= least else self.brackets(shown.text)

    def shown(self, e: Any) -> Shown:
        """``e`` by the method for its class."""
        if e not in self._known:
            self._known[e] = self._shown(e)
        return self._known[e]

    def _shown(self, e: Any) -> Shown:
        for cls in type(e).__mro__:
            method = getattr(self, f"show_{cls.__name__}", None)
            if method is not None:
                return method(e)  # type: ignore[no-any-return]  # found by name
        raise TypeError(f"no way to print {type(e).__name__}: {e}")

    # Sums, products, powers.

    def show_Add(self, e: Add) -> Shown:
        (sign, first), *rest = self.addends(e)
        return Shown(sign.strip("+") + first + "".join(f" {sign} {term}" for sign, term in rest), SUM)

    def addends(self, e: Any) -> list[tuple[str, str]]:
        """The terms of ``e`` in order: its sign, and the rest."""
        return [("-" if p.negative else "+", self._unsigned(p, HADAMARD)) for _, p in terms(e, self.notation)]

    def show_Mul(self, e: Mul) -> Shown:
        parts = product(e, self.notation)
        shown = self._product(parts)
        if not parts.negative:
            return shown
        return Shown("-" + (shown.text if shown.strength >= HADAMARD else self.brackets(shown.text)), SUM)

    def _unsigned(self, parts: Product, least: int) -> str:
        shown = self._product(parts)
        return shown.text if shown.strength >= least else self.brackets(shown.text)

    def _product(self, parts: Product) -> Shown:
        p, q = (Integer(part) for part in (parts.scale.p, parts.scale.q))
        lead = [p] if p != 1 else []
        below = [*([q] if q != 1 else []), *parts.below]
        if not below:
            return self._juxtaposed([*lead, *parts.above])
        last = [f for f in parts.above if not is_size(f)] if all(map(is_size, below)) else _open(parts.above)
        top = [*lead, *(f for f in parts.above if f not in last)]
        fraction = self.fraction(self._juxtaposed(top), self._juxtaposed(below))
        return self._beside(fraction, last) if last else fraction

    def _beside(self, fraction: Shown, factors: Sequence[Any]) -> Shown:
        first = fraction.text if fraction.strength >= PRODUCT else self.brackets(fraction.text)
        rest = self._juxtaposed(factors, alone=False)
        return Shown(self.adjoin(first, rest.text, None, factors[0]), min(rest.strength, PRODUCT))

    def _juxtaposed(self, factors: Sequence[Any], *, alone: bool = True) -> Shown:
        """Factors side by side; only the last may be a sum over an index without brackets."""
        if not factors:
            return Shown("1")
        if len(factors) == 1 and alone:
            return self.shown(factors[0])
        *front, last = factors
        tail = self.shown(last)
        text, strength = (tail.text, tail.strength) if tail.strength >= TOTAL else (self.brackets(tail.text), ATOM)
        for place, factor in reversed(list(enumerate(front))):
            text = self.adjoin(self.factor(factor), text, factor, factors[place + 1])
        return Shown(text, min(strength, PRODUCT))

    def factor(self, e: Any) -> str:
        """A factor that others follow."""
        return self.text(e, PRODUCT)

    def show_Pow(self, e: Pow) -> Shown:
        if isinstance(e.exp, Rational) and e.exp < 0:
            return self._product(product(e, self.notation))
        base = self.text(e.base)
        return self.power(base if isinstance(e.base, Symbol | n | Integer) else self.brackets(base), self.text(e.exp))

    def show_Rational(self, e: Rational) -> Shown:
        if e < 0:
            return Shown("-" + self.text(-e), SUM)
        return Shown(str(e)) if e.q == 1 else self.fraction(Shown(str(e.p)), Shown(str(e.q)))

    # Members and derivatives.

    def index(self, e: Any) -> str:
        """An index, set without spaces."""
        return self.text(e).replace(" ", "")

    def placed(self, e: Member) -> Index:
        """The indices of a member, printed and sorted by where they go; unknown families have units only."""
        kinds = self.notation.kinds.get(e.family, "")
        if len(e.indices) > len(kinds):
            return Index("", tuple(map(self.index, e.indices)), ())
        by_kind: dict[str, list[str]] = {"l": [], "u": [], "e": []}
        for place, index in zip(kinds, e.indices, strict=False):
            by_kind[place].append(self.index(index))
        if self.notation.from_first and e.family == "w":
            by_kind["u"].reverse()
        return Index("".join(by_kind["l"]), tuple(by_kind["u"]), tuple(by_kind["e"]))

    def letter_of(self, e: Member) -> str:
        """The letter of a quantity; arrays of all examples may have one of their own."""
        every = self.notation.kinds.get(e.family, "").endswith("ue") and len(e.indices) <= 1
        whole = self.notation.whole.get(e.family) if every else None
        return self.written_letter(whole) if whole else self.letter(e.family)

    def below(self, e: Member, index: Index) -> tuple[str, ...]:
        """The indices below a letter, in the order of the notation."""
        example = self.notation.example.get(e.family, "")
        units, examples = index.units, index.example
        last = (*examples, *units) if self.notation.vectors == "rows" else (*units, *examples)
        return (*([example] if example else []), *last)

    def show_Member(self, e: Member) -> Shown:
        special = self.notation.special.get((e.family, *map(_number, e.indices)))
        return Shown(self.special(special)) if special else self.member(e, self.placed(e))

    def show_D(self, e: D) -> Shown:
        y, x = e.args
        if _is_gradient(y, x):
            return self.gradient(y, x)
        return self.derivative(self.shown(y), self.text(x), plain=isinstance(y, Member | Apply))

    def show_Apply(self, e: Apply) -> Shown:
        function, u, times = str(e.args[0]), e.args[1], int(e.args[2])
        special = getattr(self, f"apply_{function}", None)
        if special is not None and times == 0:
            return special(u)  # type: ignore[no-any-return]  # found by name
        return self.applied(function, u, times)

    # What a printer has to say itself.

    @abstractmethod
    def letter(self, key: str) -> str:
        """The notation's letter for a family, a function or a size."""

    @abstractmethod
    def written_letter(self, latex: str) -> str:
        """A letter as the printer writes it."""

    @abstractmethod
    def brackets(self, text: str) -> str:
        """In round brackets."""

    @abstractmethod
    def adjoin(self, first: str, second: str, left: Any, right: Any) -> str:
        """Two factors side by side; ``left`` and ``right`` are the terms that meet (None: a fraction)."""

    @abstractmethod
    def fraction(self, above: Shown, below: Shown) -> Shown:
        """A fraction."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> Shown:
        """A power."""

    @abstractmethod
    def special(self, latex: str) -> str:
        """A member with a name of its own."""

    @abstractmethod
    def member(self, e: Member, index: Index) -> Shown:
        """A member of a family."""

    @abstractmethod
    def gradient(self, y: Member, x: Member) -> Shown:
        """The vector of the partials of a cost by activations."""

    @abstractmethod
    def derivative(self, y: Shown, x: str, *, plain: bool) -> Shown:
        """A partial derivative; ``plain``: y is one quantity or one value of a function."""

    @abstractmethod
    def applied(self, function: str, u: Any, times: int) -> Shown:
        """A function, or its derivative of some order, at u."""


def _is_gradient(y: Any, x: Any) -> bool:
    return isinstance(y, Member) and y.family in COSTS and x.family == "a" and len(x.indices) == 1


def _open(factors: Sequence[Any]) -> list[Any]:
    """What stands beside a fraction rather than on top of it: what is long, and what is a fraction itself."""
    long = Total | Dot | Hadamard | Outer | D | Kron
    return [f for f in factors if isinstance(f, long) or (f.is_Add and _divides(f))]


def _divides(e: Any) -> bool:
    return e.has(D) or any(part.exp.is_Rational and part.exp < 0 for part in e.atoms(Pow))


def _number(index: Any) -> Any:
    return int(index) if isinstance(index, Integer) else index


def mentions(e: Any) -> frozenset[str]:
    """The families, functions and heads that ``e`` is written with: what a legend has to explain."""
    return _written(e) | {symbol.name for symbol in free(e)}


@cache
def _written(e: Any) -> frozenset[str]:
    names = {type(e).__name__}
    if isinstance(e, Member):
        names.add(e.family)
    elif isinstance(e, Apply):
        names.add(str(e.args[0]))
    elif isinstance(e, D) and _is_gradient(*e.args):
        names.add("gradient")
    return frozenset(names).union(*map(_written, e.args))
