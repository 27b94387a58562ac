"""Arrays of numbers modulo p, each a rational function of what was drawn at random, of a degree that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import prod
from operator import mul
from typing import Any, NamedTuple

from .limbs import PRIME, Clash


class Degree(NamedTuple):
    """Upper bounds for the entries of an array, as rational functions.

    ``top``, ``bottom``: the degrees of numerator and denominator of each of them; ``common``: the degree of one
    polynomial that all their denominators divide. A sum over many units has that for its denominator, which is a better
    bound than the product of all the denominators: the rows of w a have the denominators of a in common.
    """

    top: int = 0
    bottom: int = 0
    common: int = 0

    def plus(self, other: Degree) -> Degree:
        top = max(self.top + other.bottom, other.top + self.bottom)
        return Degree(top, self.bottom + other.bottom, self.common + other.common)

    def times(self, other: Degree) -> Degree:
        return Degree(self.top + other.top, self.bottom + other.bottom, self.common + other.common)

    def power(self, times: int) -> Degree:
        return Degree(times * self.top, times * self.bottom, times * self.common)

    def summed(self) -> Degree:
        """Of a sum of some of the entries."""
        return Degree(self.top + self.common, self.common, self.common)

    def inverse(self, count: int) -> Degree:
        """Of an array of ``count`` inverses: a common denominator is the product of all the numerators."""
        return Degree(self.bottom, self.top, count * self.top)

    def of_difference(self, other: Degree) -> int:
        """The degree of the numerator of a difference."""
        return max(self.top + other.bottom, other.top + self.bottom)


CONSTANT, VARIABLE = Degree(), Degree(1)


@dataclass(frozen=True, eq=False)
class Array:
    """Numbers modulo p, row by row. Arithmetic is entry by entry; () is the shape of a number, which goes with all."""

    shape: tuple[int, ...]
    entries: Sequence[int]
    degree: Degree

    def __add__(self, other: Any) -> Array:
        other = number(other) if isinstance(other, int) else other
        if not isinstance(other, Array):
            return NotImplemented
        entries = [(x + y) % PRIME for x, y in self._pairs(other)]
        return Array(self.shape or other.shape, entries, self.degree.plus(other.degree))

    def __mul__(self, other: Any) -> Array:
        other = number(other) if isinstance(other, int) else other
        if not isinstance(other, Array):
            return NotImplemented
        entries = [x * y % PRIME for x, y in self._pairs(other)]
        return Array(self.shape or other.shape, entries, self.degree.times(other.degree))

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, times: int) -> Array:
        return Array(self.shape, [pow(x, times, PRIME) for x in self.entries], self.degree.power(times))

    def _pairs(self, other: Array) -> Iterable[tuple[int, int]]:
        if self.shape and other.shape and self.shape != other.shape:
            raise Clash(f"the shapes {self.shape} and {other.shape} differ")
        first = self.entries if self.shape else repeat(self.entries[0], len(other.entries))
        return zip(first, other.entries if other.shape or not self.shape else repeat(other.entries[0]), strict=False)

    def inverse(self) -> Array:
        """1/x for each entry x. Clash where one is 0. Inverts once: the product of all (Montgomery 1987)."""
        before, product = [], 1
        for x in self.entries:
            before.append(product)
            product = product * x % PRIME
        if not product:
            raise Clash("division by 0")
        rest, found = pow(product, -1, PRIME), []
        for x, others in zip(reversed(self.entries), reversed(before), strict=True):
            found.append(rest * others % PRIME)
            rest = rest * x % PRIME
        return Array(self.shape, found[::-1], self.degree.inverse(len(found)))

    # Matrices: the shape is (rows, columns).

    def row(self, place: int) -> Sequence[int]:
        return self.entries[place * self.shape[1] : (place + 1) * self.shape[1]]

    def column(self, place: int) -> Sequence[int]:
        return self.entries[place :: self.shape[1]]

    def reshaped(self, *shape: int) -> Array:
        """The same entries."""
        return Array(shape, self.entries, self.degree)

    def transposed(self) -> Array:
        rows, columns = self.shape
        return Array((columns, rows), [x for place in range(columns) for x in self.column(place)], self.degree)

    def dot(self, vector: Array) -> Array:
        """The product with a column."""
        sums = [sum(map(mul, self.row(place), vector.entries)) % PRIME for place in range(self.shape[0])]
        return Array((self.shape[0],), sums, self.degree.times(vector.degree).summed())

    def dotted(self, vector: Array) -> Array:
        """The product of the transpose with a column."""
        sums = [sum(map(mul, self.column(place), vector.entries)) % PRIME for place in range(self.shape[1])]
        return Array((self.shape[1],), sums, self.degree.times(vector.degree).summed())

    def over(self, axis: int) -> Array:
        """The sums over all rows, a single row (axis 0), or over all columns, a single column (axis 1)."""
        lines = [self.row(place) if axis else self.column(place) for place in range(self.shape[1 - axis])]
        shape = (len(lines), 1) if axis else (1, len(lines))
        return Array(shape, [sum(line) % PRIME for line in lines], self.degree.summed())

    def repeated(self, shape: tuple[int, ...]) -> Array:
        """A number, for all entries of an array."""
        return Array(shape, [*self.entries] * prod(shape), self.degree)

    def spread(self, rows: int, columns: int) -> Array:
        """A single row or column, repeated where there are to be more. Clash where the shape is another."""
        height, width = self.shape
        if height not in (1, rows) or width not in (1, columns):
            raise Clash(f"the shapes {self.shape} and {(rows, columns)} differ")
        wide = self.entries if width == columns else [x for x in self.entries for _ in range(columns)]
        return Array((rows, columns), wide if height == rows else [*wide] * rows, self.degree)


def number(value: int) -> Array:
    """The array of one number."""
    return Array((), [value % PRIME], CONSTANT)
