"""Exact products of matrices modulo p = 2^127 - 1, at the size that networks have.

Numbers are in limbs of 16 bits, so that products of limbs, summed over up to 2^18 units, are exact in float64, and BLAS
multiplies the matrices. A weight matrix is never stored: its blocks are drawn again whenever they are needed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

PRIME = 2**127 - 1
LIMBS = 8
BITS = 16
SIZE = LIMBS * BITS // 8  # bytes of a number
CHANCE = -(LIMBS * BITS - 2)  # no number is drawn with a probability above two to this
BLOCK = 1 << 16  # weights in a block: 4 MB as float64 limbs
MOST_UNITS = 1 << 18  # in one layer: float64 holds the sums of products of limbs

Numbers = np.ndarray[Any, Any]


class Clash(Exception):  # noqa: N818 - a verdict
    """The shapes in an equation do not fit, or it mentions what the network does not have."""


def draw(key: str, count: int) -> list[int]:
    """Random numbers modulo p, the same for the same key."""
    data = random.Random(key).randbytes(count * SIZE)  # noqa: S311 - nothing is secret
    words = (int.from_bytes(data[at : at + SIZE], "little") for at in range(0, len(data), SIZE))
    return [(word >> 1) % PRIME for word in words]


@dataclass(frozen=True)
class Weights:
    """A random weight matrix, drawn from ``seed`` block by block of rows."""

    rows: int
    columns: int
    seed: tuple[int, ...]
    transposed: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.columns, self.rows) if self.transposed else (self.rows, self.columns)

    def flipped(self) -> Weights:
        """The transpose."""
        return replace(self, transposed=not self.transposed)

    def blocks(self) -> Iterator[tuple[slice, Numbers]]:
        """Some rows, and their limbs: float64, shape (LIMBS, rows, columns), the lowest limb first."""
        height = max(1, BLOCK // self.columns)
        for start in range(0, self.rows, height):
            stop = min(start + height, self.rows)
            rng = np.random.Generator(np.random.SFC64([*self.seed, start]))
            words = rng.integers(0, 1 << 64, (SIZE // 8) * (stop - start) * self.columns, dtype=np.uint64)
            limbs = words.view(np.uint16).reshape(LIMBS, stop - start, self.columns)
            limbs[-1] &= (1 << BITS - 1) - 1
            yield slice(start, stop), limbs.astype(np.float64)

    def times(self, *factors: Sequence[int]) -> list[list[int]]:
        """The products with some matrices, exact, in one pass through the blocks.

        A factor has ``shape[1]`` rows and any number of columns; it is given row by row, and so is its product.
        """
        known = np.concatenate([_limbs(factor).reshape(self.shape[1], -1) for factor in factors], axis=1)
        if self.transposed:
            sums = np.zeros((LIMBS, self.columns, known.shape[1]))
            for rows, limbs in self.blocks():
                sums += limbs.swapaxes(1, 2) @ known[rows]
        else:
            sums = np.concatenate([_product(limbs, known) for _, limbs in self.blocks()], axis=1)
        ends = np.cumsum([LIMBS * (len(factor) // self.shape[1]) for factor in factors])[:-1]
        return [_numbers(part.reshape(LIMBS, -1, LIMBS)) for part in np.split(sums, ends, axis=2)]


def _product(limbs: Numbers, known: Numbers) -> Numbers:
    """``limbs @ known``, as one product and not one for each limb."""
    return (limbs.reshape(-1, limbs.shape[2]) @ known).reshape(LIMBS, limbs.shape[1], -1)


def _limbs(entries: Sequence[int]) -> Numbers:
    """float64 of shape (len(entries), LIMBS), the lowest limb first."""
    data = b"".join(entry.to_bytes(SIZE, "little") for entry in entries)
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
