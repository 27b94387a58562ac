"""All partials of a dense network of its real size at once, exactly: Freivalds' idea on backpropagation.

For a random direction v, the derivative of the cost along v, found by one forward pass of dual numbers, must equal the
scalar product of v with the partials that the formulas give. One entry wrong among millions, and the two differ, except
with a probability of at most degree/p (Freivalds 1977, Schwartz 1980, Zippel 1979). Everything is random modulo the prime
p = 2^127 - 1: weights, the values a[l] of the activations and their derivatives at z[l], dC/da[L]; with an activation
that is left open those are free variables. The direction on a weight matrix is r c^T with random columns r and c: the
product r^T G c is a polynomial in them that vanishes only for G = 0.

Arithmetic: numbers in limbs of 16 bits, so that products of limbs, summed over up to 2^21 units, are exact in float64,
and BLAS multiplies the matrices. A weight matrix is never stored: its blocks are drawn again whenever they are needed.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, Integer, Mul, Rational, Symbol

from ..core.terms import Apply, C, D, Dot, Hadamard, Member, Outer, Transposed, l, substitute

PRIME = 2**127 - 1
LIMBS = 8
BITS = 16
BLOCK = 1 << 16  # weights in a block: 4 MB as float64 limbs
WANTED = -120  # the error bound, as a power of two
MOST_UNITS = 1 << 18  # in one layer: float64 holds the sums of products of limbs

Numbers = np.ndarray[Any, Any]


class Equations(NamedTuple):
    """The right-hand sides to check: delta[L], delta[l] for l < L, D(C, b[l]) and D(C, w[l]), in l."""

    last: Any
    below: Any
    bias: Any
    weight: Any


@dataclass(frozen=True)
class AtScale:
    """``partials``: how many the equations gave, all of them checked; ``error_bound_log2``: as a power of two."""

    holds: bool
    partials: int
    error_bound_log2: int
    seconds: float
    reason: str = ""


class Clash(Exception):  # noqa: N818 - a verdict
    """The shapes in an equation do not fit, or it mentions what a dense network does not have."""


@dataclass(frozen=True)
class Column:
    """A vector modulo p, as Python integers; ``degree`` in what was drawn at random."""

    entries: list[int]
    degree: int

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.entries),)

    def times(self, other: Column) -> Column:
        pairs = zip(self.entries, other.entries, strict=True)
        return Column([x * y % PRIME for x, y in pairs], self.degree + other.degree)

    def plus(self, other: Column) -> Column:
        pairs = zip(self.entries, other.entries, strict=True)
        return Column([(x + y) % PRIME for x, y in pairs], max(self.degree, other.degree))

    def scaled(self, factor: int) -> Column:
        return Column([x * factor % PRIME for x in self.entries], self.degree)

    def with_(self, other: Column) -> int:
        """The scalar product."""
        return sum(x * y for x, y in zip(self.entries, other.entries, strict=True)) % PRIME


@dataclass(frozen=True)
class Matrix:
    """A random weight matrix, drawn from ``seed`` block by block of rows."""

    rows: int
    columns: int
    seed: tuple[int, ...]
    transposed: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.columns, self.rows) if self.transposed else (self.rows, self.columns)

    def blocks(self) -> Iterator[tuple[slice, Numbers]]:
        """Some rows, and their limbs: float64, shape (LIMBS, rows, columns), the lowest limb first."""
        height = max(1, BLOCK // self.columns)
        for start in range(0, self.rows, height):
            stop = min(start + height, self.rows)
            rng = np.random.Generator(np.random.SFC64([*self.seed, start]))
            words = rng.integers(0, 1 << 64, (LIMBS * BITS // 64) * (stop - start) * self.columns, dtype=np.uint64)
            limbs = words.view(np.uint16).reshape(LIMBS, stop - start, self.columns)
            limbs[-1] &= (1 << BITS - 1) - 1
            yield slice(start, stop), limbs.astype(np.float64)

    def dot(self, x: Column) -> Column:
        """The product with a column, exact."""
        known = _limbs(x.entries)
        if self.transposed:
            sums = np.zeros((LIMBS, self.columns, LIMBS))
            for rows, limbs in self.blocks():
                sums += limbs.swapaxes(1, 2) @ known[rows]
        else:
            sums = np.concatenate([limbs @ known for _, limbs in self.blocks()], axis=1)
        return Column(_numbers(sums), x.degree + 1)


def _limbs(entries: Sequence[int]) -> Numbers:
    """float64 of shape (len(entries), LIMBS), the lowest limb first."""
    data = b"".join(entry.to_bytes(LIMBS * BITS // 8, "little") for entry in entries)
    return np.frombuffer(data, dtype="<u2").reshape(-1, LIMBS).astype(np.float64)


def _numbers(sums: Numbers) -> list[int]:
    """The numbers modulo p from sums of products of limbs, of shape (LIMBS, numbers, LIMBS)."""
    diagonals = np.zeros((sums.shape[1], 2 * LIMBS + 4), dtype=np.int64)
    for place in range(LIMBS):
        diagonals[:, place : place + LIMBS] += sums[place].astype(np.int64)
    for place in range(2 * LIMBS + 3):
        diagonals[:, place + 1] += diagonals[:, place] >> BITS
    data = (diagonals & (1 << BITS) - 1).astype("<u2").tobytes()
    size = diagonals.shape[1] * BITS // 8
    return [int.from_bytes(data[at : at + size], "little") % PRIME for at in range(0, len(data), size)]


@dataclass(frozen=True)
class Rank1:
    """The matrix u v^T."""

    u: Column
    v: Column

    @property
    def shape(self) -> tuple[int, ...]:
        return self.u.shape + self.v.shape
