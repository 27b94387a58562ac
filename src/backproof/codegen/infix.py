"""The lines of a program as formulas over whole arrays: for comments, and for languages whose arrays have operators.

An equation of entries, such as delta[3, j, i] = (a[3, j, i] - y[j, i])/M, is one of arrays: the indices of the entry
are left out, products are taken entry by entry, and a sum over the units of a layer is one along an axis. With rows for
examples every array is the transpose of what the theorem speaks of, and products change their order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Final, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational

from ..activations.stable import stable
from ..networks import A, Y, u
from ..surface.terms import Apply, Choice, D, Dot, Hadamard, M, Member, Outer, Total, Transposed

SUM, PRODUCT, POWER, ATOM = range(4)
VARIABLES: Final = {M: "m", u: "z", A: "a", Y: "y"}


class Shown(NamedTuple):
    """Text, and how strongly it holds together."""

    text: str
    strength: int = ATOM


class Infix(ABC):
    """Writes terms with operators. Subclasses say how names, functions and sums over an axis look."""

    plus, minus, times, dot, over, hadamard = " + ", " - ", " * ", " @ ", " / ", " * "

    def __init__(self, layout: str) -> None:
        self.rows = layout == "rows"

    # What differs from language to language.

    @abstractmethod
    def name(self, family: str, layer: int | None) -> str: ...

    def transposed(self, text: str) -> str:
        return f"{text}.T"

    @abstractmethod
    def function(self, name: str, argument: Any, order: int) -> Shown: ...

    @abstractmethod
    def over_units(self, body: str) -> Shown: ...

    @abstractmethod
    def over_examples(self, body: str) -> Shown: ...

    @abstractmethod
    def choice(self, e: Any) -> Shown:
        """One of two by the sign of a third."""

    def number(self, e: Any) -> Shown:
        if decimal(e):
            return Shown(decimal(e))
        return Shown(str(e), PRODUCT if e.q != 1 else ATOM)

    def examples(self) -> str:
        """M."""
        return "m"

    def power(self, base: str, exponent: int) -> Shown:
        return Shown(f"{base}**{exponent}", POWER)

    # What does not.

    def text(self, e: Any, least: int = SUM) -> str:
        """``e``, in brackets where it is weaker than ``least``."""
        shown = self.show(e)
        return shown.text if shown.strength >= least else f"({shown.text})"

    def show(self, e: Any) -> Shown:
        if isinstance(e, Member | D):
            return Shown(self.quantity(e))
        if isinstance(e, Rational):
            return self.number(e)
        if e in VARIABLES:
            return Shown(self.examples() if e == M else VARIABLES[e])
        if isinstance(e, Dot):
            return self._product(*e.args)
        if isinstance(e, Transposed):
            return Shown(self.transposed(self.text(e.args[0], ATOM)))
        if isinstance(e, Hadamard):
            return Shown(self.hadamard.join(self.text(arg, POWER) for arg in e.args), PRODUCT)
        if isinstance(e, Outer):  # b 1^T: the bias, for every example
            return self.show(e.args[0])
        if isinstance(e, Total):
            return self.over_units(self.text(e.args[0]))
        if isinstance(e, Apply):
            return self.function(str(e.args[0]), e.args[1], int(e.args[2]))
        if isinstance(e, Choice):
            return self.choice(e)
        for head, way in ((Add, self._sum), (Mul, self._factors), (Pow, self._power)):
            if isinstance(e, head):
                return way(e)
        raise TypeError(f"no array stands for {e}")

    def _power(self, e: Pow) -> Shown:
        if e.exp < 0:
            return Shown(f"1{self.over}{self.text(e.base**-e.exp, POWER)}", PRODUCT)
        return self.power(self.text(e.base, ATOM), int(e.exp))

    def quantity(self, e: Any) -> str:
        """A whole array, or the entry of it that the line is about."""
        if isinstance(e, D):
            return self.derivative(e.args[1])
        layered = e.family in ("w", "b", "z", "a", "delta")
        return self.name(e.family, int(e.indices[0]) if layered else None)

    def derivative(self, x: Member) -> str:
        """The partial derivative of C by a weight matrix or a vector of biases."""
        return self.name(f"nabla_{x.family}", int(x.indices[0]))

    def _product(self, first: Any, second: Any) -> Shown:
        if isinstance(second, Member) and second.family == "one":
            return self.over_examples(self.text(first, ATOM))
        left, right = (second, first) if self.rows else (first, second)
        return Shown(f"{self.text(left, POWER)}{self.dot}{self.text(right, POWER)}", PRODUCT)

    def _sum(self, e: Add) -> Shown:
        parts = sorted(e.args, key=lambda part: (negative(part), part.is_number))
        text = self.text(parts[0])
        for part in parts[1:]:
            sign, rest = (self.minus, -part) if negative(part) else (self.plus, part)
            text += sign + self.text(rest, PRODUCT)
        return Shown(text, SUM)

    def _factors(self, e: Mul) -> Shown:
        if negative(e):
            return Shown(f"-{self.text(-e, PRODUCT)}", SUM)
        below = [1 / f for f in e.args if isinstance(f, Pow) and f.exp < 0]
        above = [f for f in e.args if not (isinstance(f, Pow) and f.exp < 0)]
        numbers = [f for f in above if isinstance(f, Rational) and not decimal(f)]
        rest = [f for f in above if f not in numbers]
        rest.sort(key=lambda f: (not isinstance(f, Rational), isinstance(f, Apply | Total)))
        above = [Integer(f.p) for f in numbers if f.p != 1] + rest
        below += [Integer(f.q) for f in numbers if f.q != 1]
        text = self.times.join(self.text(f, POWER) for f in above) or "1"
        return Shown("".join([text, *(self.over + self.text(f, POWER) for f in below)]), PRODUCT)


def extreme(e: Any) -> tuple[str, tuple[Any, ...]] | None:
    """The larger or the smaller of two, or an absolute value: its name, and of what; None where it is none of them."""
    d, above, below = e.args
    if above == -below and (above / d).is_positive and (above / d).is_Rational:
        return "abs", (above,)
    for name, sign in (("max", 1), ("min", -1)):
        ratio = sign * (above - below) / d
        if ratio.is_Rational and ratio > 0:
            return name, tuple(sorted((above, below), key=lambda part: bool(part.is_number)))
    return None


def keeps_nan(e: Any) -> bool:
    """Whether "above where d > 0" is NaN where d is: else it has to be asked whether d <= 0."""
    _, above, below = e.args
    return bool(above.is_number) or not below.is_number


def negative(e: Any) -> bool:
    """Whether ``e`` is written with a minus sign."""
    return bool((isinstance(e, Rational) and e < 0) or (isinstance(e, Mul) and e.args[0].is_Rational and e.args[0] < 0))


def identifier(name: str) -> str:
    """The name of an activation, as a function is called."""
    return name.replace("-", "_")


def decimal(e: Any) -> str:
    """A fraction that somebody has written as 1.702, in that way again; "" for others, such as 1/2 and 1/3."""
    if e.q <= 100 or e < 0:
        return ""
    text = repr(int(e.p) / int(e.q))
    return text if "e" not in text and Rational(text) == e else ""


SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


LETTERS: Final = {"delta": "δ", "one": "1"}


class Comment(Infix):
    """The mathematics of a line, as a comment: δ² = (w³ᵀ δ³) ⊙ σ′(z²)."""

    minus, dot, times, hadamard, over = " − ", " ", " ", " ⊙ ", "/"

    def name(self, family: str, layer: int | None) -> str:
        if (family, layer) == ("a", 1):
            return "x"
        return LETTERS.get(family, family) + ("" if layer is None else str(layer).translate(SUPERSCRIPTS))

    def derivative(self, x: Member) -> str:
        return f"∂C/∂{self.quantity(x)}"

    def transposed(self, text: str) -> str:
        return f"{text}ᵀ"

    def function(self, name: str, argument: Any, order: int) -> Shown:
        letter = {"sigmoid": "σ", "Phi": "Φ", "phi": "φ"}.get(name, name)
        return Shown(f"{letter}{'′' * order}({self.text(argument)})")

    def choice(self, e: Any) -> Shown:
        found = extreme(e)
        if found is not None:
            return Shown(f"{found[0]}({', '.join(map(self.text, found[1]))})")
        d, above, below = map(self.text, e.args)
        return Shown(f"({above} if {d} > 0, else {below})")

    def over_units(self, body: str) -> Shown:
        return Shown(f"Σⱼ({body})")

    def over_examples(self, body: str) -> Shown:
        return Shown(f"Σₓ {body}", PRODUCT)

    def examples(self) -> str:
        return "M"

    def power(self, base: str, exponent: int) -> Shown:
        base = f"({base})" if base[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹" else base
        return Shown(base + str(exponent).translate(SUPERSCRIPTS), POWER)


class AnyLayer(Comment):
    """The same of a slope in z alone, whatever the layer: z² would be read as a square there."""

    def name(self, family: str, layer: int | None) -> str:  # noqa: ARG002 - that is the point
        return family


def equation(line: Any, layout: str) -> str:
    """An assignment as a comment."""
    in_z = line.label == "slope" and {e.family for e in line.value.atoms(Member)} <= {"z"}
    show = AnyLayer(layout) if in_z else Comment(layout)
    return f"{show.text(line.target)} = {show.text(stable(line.value))}"
