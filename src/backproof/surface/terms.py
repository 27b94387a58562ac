"""The vocabulary: SymPy expressions over a few heads of our own, and one substitution that avoids capture.

Legend (Nielsen's letters; layers run from 1, the input, to L, the output):

    l, L         a layer, the last layer          w[l, j, k]  weight from unit k of layer l-1 to unit j of layer l
    j, k, m, p   units of a layer                 b[l, j]     bias of unit j of layer l
    n(l)         number of units of layer l       z[l, j]     weighted input of that unit
    C            the cost                         a[l, j]     its activation; a[1, j] = x[j]
    y[j]         the target of output j           delta[l, j] its error, the partial derivative of C by z[l, j]
    i, M         an example, their number         D(y, x)     the partial derivative of y by x, inert

A family with fewer indices than it has stands for the whole vector or matrix: ``w[l]``, ``a[l]``, ``D(C, w[l])``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import Add, Basic, Expr, Integer, Mul, Pow, S, Symbol, sympify
from sympy.core.symbol import Str

from ..verify.text import Refused as Refused  # noqa: PLC0414 - for all that people write with; and told in words

l, L, M = Symbol("l"), Symbol("L", integer=True, positive=True), Symbol("M", integer=True, positive=True)
i, j, k, m, p, q, r, t = (Symbol(letter) for letter in "ijkmpqrt")


class Head(Expr):  # type: ignore[misc]  # SymPy has no types
    """An inert head: SymPy builds it and knows nothing about it."""

    is_commutative = True

    def __new__(cls, *args: Any) -> Any:
        return Expr.__new__(cls, *(Str(a) if isinstance(a, str) else sympify(a, strict=True) for a in args))


class Member(Head):
    """``Member(family, *indices)``: one quantity of an indexed family; with too few indices, an array of them."""

    @property
    def family(self) -> str:
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])

    def _sympystr(self, printer: Any) -> str:
        inner = ", ".join(map(printer.doprint, self.indices))
        return f"{self.family}[{inner}]" if inner else self.family


@dataclass(frozen=True)
class Family:
    """An indexed family of quantities; ``kinds`` has a letter an index: l(ayer), u(nit), e(xample)."""

    name: str
    kinds: str
    __iter__ = None  # it has no end of indices, and nothing should look for one

    def __post_init__(self) -> None:
        if not re.fullmatch("l?u*e?", self.kinds):
            raise ValueError(f"{self.name} has the indices {self.kinds}: not a layer, units, an example, in that order")

    def admits(self, count: int) -> bool:
        """Whether a quantity, or an array of them, may have ``count`` indices: a layer is never left open."""
        return self.kinds.startswith("l") <= count <= len(self.kinds)

    def __getitem__(self, indices: Any) -> Any:
        return Member(self.name, *(indices if isinstance(indices, tuple) else (indices,)))

    def __call__(self, *indices: Any) -> Any:
        """TypeError: indices stand in square brackets."""
        raise not_called(self.name, indices)

    def __str__(self) -> str:
        return self.name


def not_called(name: str, indices: tuple[Any, ...]) -> TypeError:
    """What is said of ``w(l, j)``."""
    inner = ", ".join(map(str, indices))
    return TypeError(f"{name}({inner}) is no quantity: indices stand in square brackets, {name}[{inner}]")


class n(Head):  # noqa: N801 - the field's letter
    """``n(l)``: the number of units of layer l, at least 1."""


class D(Head):
    """``D(y, x)``: the derivative of ``y`` when the quantity ``x`` is shifted and all that depends on it follows.

    Inert: SymPy's own ``Derivative(C, z[l, j])`` would be 0, since no z is seen in C.
    """

    def __new__(cls, y: Any, x: Any) -> Any:
        return super().__new__(cls, y, x)


class Kron(Head):
    """``Kron(i, j)``: 1 if the indices are equal, else 0."""

    def __new__(cls, first: Any, second: Any) -> Any:
        difference = sympify(first, strict=True) - sympify(second, strict=True)
        if difference.is_Integer:
            return S.One if difference == 0 else S.Zero
        return super().__new__(cls, *sorted((sympify(first, strict=True), sympify(second, strict=True)), key=order))


class Apply(Head):
    """``Apply(f, u, d)``: the d-th derivative of the function named ``f``, at u; elementwise on arrays."""

    def __new__(cls, f: Any, u: Any, d: Any = 0) -> Any:
        return super().__new__(cls, f, u, d)


class Choice(Head):
    """``Choice(d, above, below)``: ``above`` where d > 0, else ``below``; at d = 0 nothing is claimed of derivatives.

    To the kernel it is ``below + step(d) (above - below)``; a program computes one of them, and multiplies neither.
    """

    @property
    def stepped(self) -> Any:
        """The term that it stands for."""
        d, above, below = self.args
        return below + step(d) * (above - below)


class Binder(Head):
    """``Binder(body, k, lo, hi)`` binds k, lo <= k <= hi, in its body."""

    @property
    def free_symbols(self) -> frozenset[Basic]:
        body, bound, lo, hi = self.args
        return (free(body) - {bound}) | free(lo) | free(hi)


class Total(Binder):
    """``Total(e, k, lo, hi)``: the finite sum of e; 0 where hi < lo."""


class Mults(Head):
    """``Mults(e)``: how many multiplications it takes to evaluate e as it is written."""


class Dot(Head):
    """``Dot(A, B)``: the matrix product, B a matrix or a column."""


class Transposed(Head):
    """``Transposed(A)``: the transpose of a matrix."""


class Hadamard(Head):
    """``Hadamard(A, B)``: the product entry by entry."""


class Outer(Head):
    """``Outer(u, v)``: the matrix u v^T of two columns."""


class NonNegative(Head):
    """A hypothesis on indices: ``NonNegative(d)`` says d >= 0, for an integer d."""


class NonZero(Head):
    """A hypothesis on values: e is not 0."""


class Positive(Head):
    """A hypothesis on values: e > 0."""


class Equal(Head):
    """A hypothesis: the equation a = b (the assumption of an induction)."""


class ForAll(Binder):
    """``ForAll(h, k, lo, hi)``: the hypothesis h for every k of the range."""


w, b, z, a = Family("w", "luu"), Family("b", "lu"), Family("z", "lu"), Family("a", "lu")
delta, x, y = Family("delta", "lu"), Family("x", "u"), Family("y", "u")
C = Member("C")


def sigma(u: Any) -> Any:
    """The activation function; which one is up to the network."""
    return Apply("sigma", u)


def sigma_prime(u: Any) -> Any:
    """Its derivative."""
    return Apply("sigma", u, 1)


def exp(u: Any) -> Any:
    """The exponential, as an atom of ours: SymPy's merges and splits powers on its own."""
    return Apply("exp", u)


def log(u: Any) -> Any:
    """The natural logarithm of a positive number."""
    return Apply("log", u)


def sqrt(u: Any) -> Any:
    """The square root of a positive number, as an atom of ours: SymPy's takes squares out on its own."""
    return Apply("sqrt", u)


def step(u: Any) -> Any:
    """1 where u > 0, 0 where u < 0; at the kink nothing is claimed."""
    return Apply("step", u)


def where(u: Any, above: Any, below: Any) -> Any:
    """``above`` where u > 0, ``below`` where u < 0; at u = 0 it is ``below``, and nothing is claimed of derivatives."""
    return below + step(u) * (above - below)


def absolute(u: Any) -> Any:
    """|u|, by the sign of u."""
    return u * (2 * step(u) - 1)


def maximum(u: Any, v: Any) -> Any:
    """The larger of two numbers."""
    return where(u - v, u, v)


def Phi(u: Any) -> Any:
    """The distribution function of the standard normal law."""
    return Apply("Phi", u)


def phi(u: Any) -> Any:
    """Its density, exp(-u^2/2) / sqrt(2 pi): an atom, since there are no roots among the terms."""
    return Apply("phi", u)


#: The elementary functions: the derivative, and the hypothesis that it needs. No network redefines them.
ELEMENTARY: dict[str, tuple[Callable[[Any], Any], type[Head] | None]] = {
    "exp": (exp, None),
    "log": (lambda u: 1 / u, Positive),
    "sqrt": (lambda u: 1 / (2 * sqrt(u)), Positive),
    "step": (lambda _: S.Zero, NonZero),
    "Phi": (phi, None),
    "phi": (lambda u: -u * phi(u), None),
}


def total(e: Any, bound: Symbol, layer: Any) -> Any:
    """The sum of ``e`` over all units ``bound`` of ``layer``. TypeError where that is not a layer but its size."""
    if isinstance(layer, n):
        raise TypeError(f"the units of a layer are summed over by its number: total(e, {bound}, {layer.args[0]})")
    return Total(e, bound, 1, n(layer))


@cache
def free(e: Basic) -> frozenset[Basic]:
    """The free symbols of ``e``."""
    return frozenset(e.free_symbols)


@cache
def order(e: Basic) -> tuple[Any, ...]:
    """A total order of terms, faster than SymPy's own."""
    return (type(e).__name__, *(map(order, e.args) if e.args else (str(e),)))


def variant(symbol: Symbol, avoid: frozenset[Basic] | set[Basic]) -> Symbol:
    """The first of k, k', k'', ... that is not to be avoided: the same on every run."""
    while symbol in avoid:
        symbol = Symbol(symbol.name + "'")
    return symbol


def substitute(e: Any, mapping: Mapping[Any, Any]) -> Any:
    """``e`` with the free symbols of ``mapping`` replaced; bound ones are renamed where they would capture."""
    mapping = {old: sympify(new, strict=True) for old, new in mapping.items() if old in free(e)}
    return _substitute(e, mapping) if mapping else e


def _substitute(e: Any, mapping: Mapping[Any, Any]) -> Any:
    if e in mapping:
        return mapping[e]
    if not e.args or free(e).isdisjoint(mapping):
        return e
    if isinstance(e, Mults):
        inside = _substitute(e.args[0], mapping)
        if written(inside) != written(e.args[0]):
            raise Refused("substitute", f"SymPy writes {inside} with fewer operations: its count would change")
        return Mults(inside)
    if isinstance(e, Binder):
        body, bound, lo, hi = e.args
        inner = {old: new for old, new in mapping.items() if old != bound and old in free(body)}
        captured = frozenset().union(*map(free, inner.values()))
        if bound in captured:
            fresh = variant(bound, captured | free(body))
            inner, bound = {**inner, bound: fresh}, fresh
        return e.func(substitute(body, inner), bound, _substitute(lo, mapping), _substitute(hi, mapping))
    return e.func(*(_substitute(arg, mapping) for arg in e.args))


def written(e: Any) -> Any:
    """The operations that ``e`` is written with; quantities are left out."""
    if isinstance(e, Add | Mul | Pow | Total | Apply):
        return type(e).__name__, *sorted(map(written, e.args), key=str)
    return str(e) if e.is_number else "quantity"


def difference(first: Any, second: Any) -> int | None:
    """``first - second`` where that is a number, else None."""
    gap = first - second
    return int(gap) if isinstance(gap, Integer) else None


@cache
def known(d: Any) -> bool | None:
    """Whether ``d >= 0`` holds whatever the widths, depth and number of examples (all at least 1); None: it depends."""
    terms = d.as_coefficients_dict()
    constant = terms.pop(S.One, S.Zero)
    if not all(isinstance(factor, n) or factor in (L, M) for atom in terms for factor in Mul.make_args(atom)):
        return None
    at_ones = constant + sum(terms.values())
    if at_ones >= 0 and all(c >= 0 for c in terms.values()):
        return True
    return False if at_ones < 0 and all(c <= 0 for c in terms.values()) else None
