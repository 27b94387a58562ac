"""Numbers of the exact judge: ten residues modulo p = 2^31 - 1 each, all drawn by chance, in NumPy arrays.

The last axis of an array has the ten lanes. One lane alone would let a false equation pass with a probability of
degree/p; all ten do so with the tenth power of that. A function takes all lanes of its argument together: two
arguments that are formally different are the same number only if they agree in every lane.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache, reduce
from math import prod
from typing import Any

import numpy as np

P = 2**31 - 1
PRIME, HALF = np.uint64(P), np.uint32(P)  # as they are in arrays
LANES = 10
FEW = 16  # so many numbers are inverted one by one
CHANCE = -30  # as a power of two: more than the probability of any value of a lane, a random number of 32 bits modulo p

Numbers = Any  # an array of uint64 below p


def add(x: Numbers, y: Numbers) -> Numbers:
    found = x + y
    return np.minimum(found, found - PRIME)  # below p, found - p is far above it: these numbers have no sign


def negative(x: Numbers) -> Numbers:
    return (PRIME - x) % PRIME


def multiply(x: Numbers, y: Numbers) -> Numbers:
    return reduced(x * y)


def products(pairs: Iterable[tuple[Numbers, Numbers]]) -> Numbers:
    """The sum of at most four products: so many are below 2^64 before they are reduced."""
    return reduced(reduce(np.add, [x * y for x, y in pairs]))


def total(x: Numbers) -> Numbers:
    """The sum over the first axis."""
    return reduced(x.sum(axis=0))


def reduced(x: Numbers) -> Numbers:
    """What remains modulo p: NumPy divides faster than it finds remainders."""
    whole = x // PRIME
    whole *= PRIME
    return np.subtract(x, whole, out=whole)


def power(x: Numbers, times: int) -> Numbers:
    result = np.ones_like(x)
    while times:
        if times & 1:
            result = multiply(result, x)
        x, times = multiply(x, x), times >> 1
    return result


def inverse(x: Numbers) -> Numbers:
    """1/x in each lane, and 0 of 0."""
    zero = x == 0
    found = _inverses(np.where(zero, np.uint64(1), x).reshape(-1)).reshape(x.shape)
    return np.where(zero, np.uint64(0), found)


def _inverses(x: Numbers) -> Numbers:
    """Of many, by few inverses: 1/x = y/(x y) and 1/y = x/(x y), again and again (Montgomery 1987)."""
    if len(x) < FEW:
        return np.array([pow(one, -1, P) for one in x.tolist()], dtype=np.uint64)
    half = len(x) // 2
    first, second = x[:half], x[half : 2 * half]
    both = _inverses(np.concatenate([multiply(first, second), x[2 * half :]]))
    found = (multiply(both[:half], second), multiply(both[:half], first), both[half:])
    return np.concatenate(found)


def integers(x: Any) -> Numbers:
    """Whole numbers, in all lanes."""
    return np.asarray(np.asarray(x) % P, dtype=np.uint64)[..., None]


def rational(top: int, bottom: int) -> Numbers:
    """The fraction, in all lanes and networks."""
    return integers([top * pow(bottom, -1, P)])


def is_zero(x: Numbers) -> Any:
    """Whether it is 0 in every lane."""
    return (x == 0).all(axis=-1)


@lru_cache(maxsize=1024)
def draw(name: str, *shape: int) -> Numbers:
    """Random numbers, the same for the same name: networks of the same shapes share them, and none may change them."""
    size = 4 * LANES * prod(shape)
    found = _residues(hashlib.shake_128(name.encode()).digest(size))
    found.flags.writeable = False
    return found.reshape(*shape, LANES)


def _residues(data: bytes) -> Numbers:
    """Numbers of 32 bits modulo p."""
    return (np.frombuffer(data, dtype="<u4") % HALF).astype(np.uint64)


class Atoms:
    """The values of functions that are left open: one, drawn by chance, for each function and argument."""

    def __init__(self, seed: str) -> None:
        self.seed, self.known = seed, dict[bytes, Any]()

    def value(self, name: str, times: int, u: Numbers) -> Numbers:
        """The value of a derivative of some function at each of the numbers."""
        label = f"{self.seed} {name} {times} ".encode()
        rows = np.ascontiguousarray(u.reshape(-1, u.shape[-1]).astype("<u4"))
        data, size = rows.tobytes(), 4 * LANES
        found = [self._one(label + data[place : place + size]) for place in range(0, len(data), size)]
        return _residues(b"".join(found)).reshape(u.shape)

    def _one(self, key: bytes) -> bytes:
        value = self.known.get(key)
        if value is None:
            value = self.known[key] = hashlib.blake2b(key, digest_size=4 * LANES).digest()
        return value
