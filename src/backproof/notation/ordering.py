"""Which factor and which term stands first: SymPy sorts by its own lights, a reader by the chain rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, S, Symbol

from ..surface.terms import Apply, D, Dot, Hadamard, Kron, Member, Mults, Outer, Total, Transposed, n
from .profiles import KINDS, Notation

#: The kind of a factor, by its family, by its function (its value, its derivatives), or by its head.
FAMILIES: Final = {
    "w": "weight", "b": "bias", "z": "preactivation", "a": "activation", "x": "activation", "y": "target",
    "delta": "error", "d": "error", "S": "error", "C": "cost", "Cx": "cost", "E": "cost",
}  # fmt: skip
FUNCTIONS: Final = {"log": ("log", "slope"), **dict.fromkeys(("step", "Phi", "phi"), ("slope", "slope"))}
HEADS: Final[tuple[tuple[tuple[type, ...], str], ...]] = (
    ((Rational, Symbol, n, Mults), "size"), ((D,), "partial"), ((Kron,), "bracket"), ((Total,), "total"),
    ((Dot, Hadamard, Outer, Transposed), "array"),
)  # fmt: skip
LAST_IN_A_SUM: Final = ("bias", "target")


class Product(NamedTuple):
    """``(-1)^negative scale above / below``: what a product is made of, in the order of printing."""

    negative: bool
    scale: Rational
    above: tuple[Any, ...]
    below: tuple[Any, ...]


def members(e: Any) -> Iterator[Member]:
    """Every quantity that ``e`` is written with, in the order of its arguments."""
    if isinstance(e, Member):
        yield e
    for arg in e.args:
        yield from members(arg)


def kind(e: Any) -> str:
    """What sort of factor ``e`` is."""
    if isinstance(e, Member):
        return FAMILIES.get(e.family, "other")
    if isinstance(e, Apply):
        return FUNCTIONS.get(str(e.args[0]), ("value", "slope"))[0 if e.args[2] == 0 else 1]
    if isinstance(e, Pow):
        return kind(e.base)
    if isinstance(e, Add):
        return _kind_of_sum(e)
    return next((name for heads, name in HEADS if isinstance(e, heads)), "other")


def _kind_of_sum(e: Add) -> str:
    if is_size(e):
        return "size"
    backward = e.has(D) or any(kind(member) in ("error", "target") for member in members(e))
    return "errors" if backward else "sum"


def is_size(e: Any) -> bool:
    """Whether ``e`` is made of numbers, indices and widths only."""
    return isinstance(e, Rational | Symbol | n | Mults) or (
        isinstance(e, Add | Mul | Pow) and all(map(is_size, e.args))
    )


def product(e: Any, notation: Notation) -> Product:
    """``e`` taken apart into sign, number, numerator and denominator."""
    scale: Any = S.One
    above: list[Any] = []
    below: list[Any] = []
    for factor in Mul.make_args(e):
        if isinstance(factor, Rational):
            scale *= factor
        elif isinstance(factor, Pow) and isinstance(factor.exp, Rational) and factor.exp < 0:
            below.append(Pow(factor.base, -factor.exp, evaluate=False) if factor.exp != -1 else factor.base)
        else:
            above.append(factor)
    return Product(bool(scale < 0), abs(scale), arranged(above, notation), arranged(below, notation))


def arranged(factors: Iterable[Any], notation: Notation) -> tuple[Any, ...]:
    """The factors in the order of the notation; partials in the order of the chain rule, in one place."""
    rest = sorted(factors, key=_layers_down)
    partials = chained([f for f in rest if isinstance(f, D)])
    others = [f for f in rest if not isinstance(f, D)]
    start = partials[0].args[0] if partials else None
    place = "cost partial" if start is not None and kind(start) == "cost" else "partial"
    ranked = [(notation.order.index(kind(f)), f) for f in others] + [(notation.order.index(place), f) for f in partials]
    return tuple(f for _, f in sorted(ranked, key=lambda pair: pair[0]))


def chained(partials: Sequence[Any]) -> list[Any]:
    """Partials in chain order: each one starts where the last one ended, the outermost first."""
    left = list(partials)
    result: list[Any] = []
    while left:
        link = next((f for f in left if result and f.args[0] == result[-1].args[1]), None)
        first = next((f for f in left if not any(f.args[0] == g.args[1] for g in left)), left[0])
        costly = next((f for f in left if kind(f.args[0]) == "cost"), first)
        result.append(link or costly)
        left.remove(result[-1])
    return result


def terms(e: Any, notation: Notation) -> list[tuple[Any, Product]]:
    """The terms of a sum in the order of printing, each with its factors."""
    parts = [(term, product(term, notation)) for term in Add.make_args(e)]
    place = _among_sizes if is_size(e) else _among_values
    return sorted(parts, key=lambda pair: (place(*pair), [natural(f) for f in pair[1].above + pair[1].below]))


def _among_values(term: Any, p: Product) -> tuple[Any, ...]:
    """1 - a, but w a + b and a - y: a number first, biases and targets last, and what is negative after that."""
    return (p.negative, not isinstance(term, Rational), kind(term) in LAST_IN_A_SUM)


def _among_sizes(term: Any, p: Product) -> tuple[Any, ...]:
    """l - 1, 2 n_l - 1: a number last, and higher degrees first."""
    return (isinstance(term, Rational), p.negative, -len(p.above))


def _layers_down(factor: Any) -> tuple[Any, ...]:
    """Later layers first, then by indices."""
    first = next(members(factor), None)
    layered = first is not None and first.indices and KINDS.get(first.family, "").startswith("l")
    return (-first.indices[0].as_coeff_Add()[0] if layered and first is not None else S.Zero, natural(factor))


@cache
def natural(e: Any) -> tuple[Any, ...]:
    """A total order of terms: quantities before what is made of them, 2 before 10."""
    if isinstance(e, Integer):
        return (0, "", int(e))
    simple = 0 if isinstance(e, Member | Symbol) else 1
    return (simple, type(e).__name__, *(map(natural, e.args) if e.args else [(str(e),)]))
