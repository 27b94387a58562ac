"""Matrix forms: what the heads for vectors and matrices mean, at the real size of a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Any

from sympy import Add, Mul

from ...surface.terms import Apply, Dot, Hadamard, Member, Outer, Transposed
from .elementwise import EXAMPLES, Elementwise, Place
from .limbs import PRIME, Clash, Weights
from .residues import Array


@dataclass(frozen=True)
class Product:
    """The matrix u v^T, not multiplied out: of the size of a weight matrix, and of low rank."""

    u: Array
    v: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.u.shape[0], self.v.shape[0])

    def transposed(self) -> Product:
        return Product(self.v, self.u)

    def dot(self, vector: Array) -> Array:
        return self.u.dot(self.v.dotted(vector))

    def array(self) -> Array:
        """Multiplied out. Clash where it is as large as a weight matrix."""
        rows, columns = self.shape
        if min(rows, columns) > EXAMPLES:
            raise Clash(f"a matrix of {rows} times {columns} numbers is not for sums and products entry by entry")
        lines, others = map(self.u.row, range(rows)), [self.v.row(place) for place in range(columns)]
        entries = [sum(map(mul, line, other)) % PRIME for line in lines for other in others]
        return Array(self.shape, entries, self.u.degree.times(self.v.degree).summed())


Multiply = Callable[[Weights, Array], Array]


@dataclass(frozen=True)
class Matrices:
    """Reads terms over whole arrays; the values are ``Array``, ``Product`` and ``Weights``."""

    entries: Elementwise
    weights: Callable[[int], Weights]
    multiply: Multiply

    def read(self, e: Any) -> Any:
        """What the term is."""
        if isinstance(e, Member):
            return self._member(e)
        if isinstance(e, Apply):
            return self._apply(e)
        if isinstance(e, Dot):
            return self.dot(self.read(e.args[0]), self.read(e.args[1]))
        if isinstance(e, Outer):
            return outer(self.read(e.args[0]), self.read(e.args[1]))
        if isinstance(e, Transposed):
            return _transposed(self.read(e.args[0]))
        if isinstance(e, Hadamard):
            return _hadamard(array(self.read(e.args[0])), array(self.read(e.args[1])))
        if isinstance(e, Add):
            return reduce(_plus, (array(self.read(arg)) for arg in e.args))
        if isinstance(e, Mul):
            return reduce(_times, (self.read(arg) for arg in e.args))
        return self.entries.read(e, Place(), {}).reshaped()

    def _member(self, e: Member) -> Any:
        key, indices = self.entries.key(e)
        if indices:
            raise Clash(f"{e} is not a whole array")
        return self.weights(key[1]) if e.family == "w" else self.entries.known(key)

    def _apply(self, e: Any) -> Any:
        if e.args[2] not in (0, 1):
            raise Clash(f"no meaning for {e}")
        name, times, u = str(e.args[0]), int(e.args[2]), array(self.read(e.args[1]))
        slope = self.entries.slope(name, times, e.args[1])
        return self.entries.function(name, times, u) if slope is None else slope

    def dot(self, matrix: Any, other: Any) -> Any:
        """The product of a matrix with a matrix or a column."""
        if len(matrix.shape) != 2 or not other.shape or matrix.shape[1] != other.shape[0]:
            raise Clash(f"the product of shapes {matrix.shape} and {other.shape}")
        if isinstance(matrix, Weights):
            return self.multiply(matrix, array(other))
        if isinstance(other, Weights):
            return self.multiply(other.flipped(), array(matrix).transposed()).transposed()
        other = array(other)
        if len(other.shape) == 1:
            return matrix.dot(other)
        return Product(array(matrix), other.transposed())


def array(value: Any) -> Array:
    """The value, if it is an array of moderate size."""
    if isinstance(value, Product):
        return value.array()
    if not isinstance(value, Array):
        raise Clash("the weights themselves, where an array of units and examples is expected")
    return value


def outer(first: Any, second: Any) -> Product:
    """u v^T of two columns."""
    u, v = array(first), array(second)
    if len(u.shape) != 1 or len(v.shape) != 1:
        raise Clash(f"u v^T of the shapes {u.shape} and {v.shape}, which are no columns")
    return Product(u.reshaped(*u.shape, 1), v.reshaped(*v.shape, 1))


def _transposed(value: Any) -> Any:
    if len(value.shape) != 2:
        raise Clash(f"the transpose of the shape {value.shape}, which is no matrix")
    return value.flipped() if isinstance(value, Weights) else value.transposed()


def _plus(first: Array, second: Array) -> Array:
    if first.shape != second.shape:
        raise Clash(f"the sum of the shapes {first.shape} and {second.shape}")
    return first + second


def _hadamard(first: Array, second: Array) -> Array:
    if first.shape != second.shape:
        raise Clash(f"the product, entry by entry, of the shapes {first.shape} and {second.shape}")
    return first * second


def _times(first: Any, second: Any) -> Any:
    """The product of a number with anything but weights."""
    first, second = (first, second) if second.shape else (second, first)
    if first.shape or isinstance(second, Weights):
        raise Clash("a product that is neither entry by entry nor of matrices")
    return Product(first * second.u, second.v) if isinstance(second, Product) else first * second
