"""Entries as expressions of Python and C: scalars with names, or elements of arrays that loops go through."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from sympy import Add, Integer, Mul, Pow, Symbol

from ..surface.terms import Binder, Choice, Member, Total, i
from .entries import Statement, Where
from .infix import ATOM, POWER, PRODUCT, SUM, Infix, Shown, keeps_nan, negative
from .program import Spec

CASES: Final = SUM - 1  # how strongly a conditional expression holds together
LAYERED: Final = ("w", "b", "z", "a", "delta", "nabla_w", "nabla_b")
MOST_TERMS: Final = 32  # of a sum without brackets: compilers and parsers go down a level with each

#: By name: the text with {u} for the argument, {minus} for its negative and {factor} where it is multiplied.
Functions = Mapping[str, tuple[str, int]]

#: As fast as they are in Python; OverflowError where an exponential overflows.
FAST: Final[Functions] = {
    "exp": ("math.exp({u})", ATOM),
    "log": ("math.log({u})", ATOM),
    "sqrt": ("math.sqrt({u})", ATOM),
    "expm1": ("math.expm1({u})", ATOM),
    "log1p": ("math.log1p({u})", ATOM),
    "erf": ("math.erf({u})", ATOM),
    "tanh": ("math.tanh({u})", ATOM),
    "sigmoid": ("1.0 / (1.0 + math.exp({minus}))", PRODUCT),
    "softplus": ("math.log1p(math.exp({u}))", ATOM),
    "Phi": ("0.5 * math.erfc(-0.7071067811865476 * {factor})", PRODUCT),
    "phi": ("0.3989422804014327 * math.exp(-0.5 * {factor} * {factor})", PRODUCT),
    "step": ("0.0 if {u} <= 0.0 else 1.0", CASES),
    "power": ("{u} ** {n}", POWER),
    "max": ("max({u})", ATOM),
}

#: Calls of functions that the text defines, or imports.
CALLS: Final[Functions] = {
    **{name: (f"{name}({{u}})", ATOM) for name in ("exp", "log", "sqrt", "expm1", "log1p")},
    **{name: (f"{name}({{u}})", ATOM) for name in ("sigmoid", "softplus", "Phi", "phi")},
    "erf": ("math.erf({u})", ATOM),
    "step": ("positive({u})", ATOM),  # the module has a step of its own: that of gradient descent
    "tanh": ("math.tanh({u})", ATOM),
    "power": ("power({u}, {n})", ATOM),
    "max": ("max({u})", ATOM),
}


class Scalars(Infix):
    """Writes entries of arrays. Notes which functions are ``used``."""

    functions: Functions
    zero = "0"

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec.layout)
        self.used: set[str] = set()

    # What differs.

    @abstractmethod
    def element(self, family: str, layer: int | None, units: Sequence[Any]) -> str:
        """A quantity of a unit, or of two."""

    @abstractmethod
    def binder(self, e: Binder) -> Shown:
        """A sum, or the largest of several."""

    @abstractmethod
    def conditional(self, test: str, yes: str, no: str) -> str: ...

    @abstractmethod
    def literal(self, value: Fraction) -> str: ...

    # What does not.

    def name(self, family: str, layer: int | None) -> str:
        """A whole array: there are none."""
        raise TypeError(f"{family}[{layer}] is no entry of an array")

    def over_units(self, body: str) -> Shown:
        raise TypeError(f"the sum of {body} over an axis: there are no arrays")

    over_examples = over_units

    def choice(self, e: Any) -> Shown:
        d, above, below = e.args
        return self.show(Where(d, below, above))

    def show(self, e: Any) -> Shown:
        if isinstance(e, Binder):
            return self.binder(e)
        if isinstance(e, Mul) and (gates := [f for f in e.args if isinstance(f, Where) and f.args[1] == 0]):
            test, low, high = gates[0].args
            return self.show(Where(test, low, Mul(*(f for f in e.args if f != gates[0]), high)))
        if isinstance(e, Where):
            test, low, high = map(self.text, e.args)
            if keeps_nan(Choice(e.args[0], e.args[2], e.args[1])):
                return Shown(self.conditional(f"{test} > {self.zero}", high, low), CASES)
            return Shown(self.conditional(f"{test} <= {self.zero}", low, high), CASES)
        if isinstance(e, Pow) and e.exp > 0:
            base, times = self.text(e.base, ATOM), int(e.exp)
            return (
                Shown(" * ".join([base] * times), PRODUCT) if times <= 3 else self.call("power", u=base, n=str(times))
            )
        return super().show(e)

    def quantity(self, e: Any) -> str:
        layered = e.family in LAYERED
        layer, rest = (int(e.indices[0]), e.indices[1:]) if layered else (None, e.indices)
        return self.element(e.family, layer, rest)

    def number(self, e: Any) -> Shown:
        return Shown(self.literal(Fraction(int(e.p), int(e.q))))

    def call(self, name: str, **parts: str) -> Shown:
        self.used.add(name)
        text, strength = self.functions[name]
        return Shown(text.format(**parts), strength)

    def function(self, name: str, argument: Any, order: int) -> Shown:
        assert order == 0
        return self.call(name, u=self.text(argument), minus=self.text(-argument), factor=self.text(argument, POWER))

    def _sum(self, e: Add) -> Shown:
        parts = sorted(e.args, key=lambda part: (negative(part), part.is_number, not part.has(Total)))
        return self.added(parts)

    def _factors(self, e: Mul) -> Shown:
        if negative(e):
            return Shown(f"-{self.text(-e, PRODUCT)}", SUM)
        below = [1 / f for f in e.args if isinstance(f, Pow) and f.exp < 0]
        above = [f for f in e.args if not (isinstance(f, Pow) and f.exp < 0) and not f.is_Rational]
        coefficient = e.as_coeff_Mul()[0]
        top = [Integer(coefficient.p)] * (coefficient.p != 1) + sorted(above, key=place)
        below += [Integer(coefficient.q)] * (coefficient.q != 1)
        first, *rest = top or [Integer(1)]
        text = self.times.join([self.text(first, PRODUCT), *(self.text(f, POWER) for f in rest)])
        return Shown(self.over.join([text, *(self.text(f, POWER) for f in below)]), PRODUCT)

    def added(self, parts: Sequence[Any]) -> Shown:
        """The sum of the terms, in this order."""
        first, *rest = parts
        if not rest:
            return self.show(first)
        signed = ((self.minus, -part) if negative(part) else (self.plus, part) for part in rest)
        return Shown(self.text(first) + "".join(sign + self.text(part, PRODUCT) for sign, part in signed), SUM)


def place(factor: Any) -> int:
    """Where a factor is written: w before delta before what is multiplied with them."""
    family = factor.family if isinstance(factor, Member) else ""
    return ("w", "delta").index(family) if family in ("w", "delta") else 3 if isinstance(factor, Total) else 2


class Unrolled(Scalars):
    """Without arrays: every unit is written out, for one example."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.sizes, self.at = spec.sizes, dict[Symbol, int]()

    def statement(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """Name and expression, for every unit."""
        places: list[dict[Symbol, int]] = [{}]
        for symbol, size in statement.units:
            places = [{**at, symbol: unit} for at in places for unit in range(1, size + 1)]
        for self.at in places:
            yield self.quantity(statement.target), self.text(statement.value, CASES)

    def unit(self, index: Any) -> int:
        """The number of a unit, from 1."""
        return self.at[index] if isinstance(index, Symbol) else int(index)

    def terms(self, e: Binder, show: Callable[[Any], str]) -> list[str]:
        """The terms of a sum."""
        body, bound, lo, hi = e.args
        before, texts = self.at, []
        for unit in range(int(lo), (self.sizes[int(hi.args[0]) - 1] if hi.args else 1) + 1):
            self.at = {**before, bound: unit}
            texts.append(show(body))
        self.at = before
        return texts

    def binder(self, e: Binder) -> Shown:
        if isinstance(e, Total):
            return self.total(e)
        texts = self.terms(e, self.text)
        return Shown(texts[0]) if len(texts) == 1 else self.largest(texts)

    def largest(self, texts: Sequence[str]) -> Shown:
        """The largest of two or more."""
        return self.call("max", u=", ".join(texts))

    def total(self, e: Total) -> Shown:
        """A sum, with brackets around parts of it if it is a long one."""
        sign, body = (self.minus, -e.args[0]) if negative(e.args[0]) else (self.plus, e.args[0])
        texts = self.terms(Total(body, *e.args[1:]), lambda part: self.text(part, PRODUCT))
        if len(texts) == 1 and sign == self.plus:
            return Shown(texts[0], PRODUCT)
        while len(texts) > MOST_TERMS:
            parts = (texts[start : start + MOST_TERMS] for start in range(0, len(texts), MOST_TERMS))
            texts = [f"({self.plus.join(part)})" for part in parts]
        return Shown("-" * (sign == self.minus) + sign.join(texts), SUM)


def decimal(value: Fraction) -> str:
    """The nearest number of 64 bits."""
    return repr(value.numerator / value.denominator)


class PythonScalars(Unrolled):
    """Local variables of Python: w2_1_3 is the weight from unit 3 of layer 1 to unit 1 of layer 2."""

    def __init__(self, spec: Spec, functions: Functions) -> None:
        super().__init__(spec)
        self.functions = functions

    def element(self, family: str, layer: int | None, units: Sequence[Any]) -> str:
        if (family, layer) == ("a", 1):
            family, layer = "x", None
        numbers = [str(self.unit(unit)) for unit in units if unit != i]
        return "_".join([family + ("" if layer is None else str(layer)), *numbers])

    zero = "0.0"

    def conditional(self, test: str, yes: str, no: str) -> str:
        if (test, yes) == (f"{no} <= 0.0", "0.0"):
            return f"max({no}, 0.0)"  # which is NaN for NaN, and the other way round it is not
        if (test, no) == (f"{yes} > 0.0", "0.0"):
            return f"max(0.0, {yes})"
        return f"{yes} if {test} else {no}"

    def literal(self, value: Fraction) -> str:
        return decimal(value)
