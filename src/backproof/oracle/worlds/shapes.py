"""Which shapes the judges try: all widths distinct, for a square layer hides a transpose; layers grow and shrink."""

from __future__ import annotations

import hashlib
import random
from operator import mul
from typing import Any, NamedTuple

from sympy import Integer

from ...surface.network import Network

EXAMPLES = 3
LARGE = 200  # weights of a network, above which only statements that count are tried


class Shape(NamedTuple):
    """The units of each layer, and the number of examples; the sizes of axes of one's own, by name."""

    widths: tuple[int, ...]
    examples: int
    sizes: tuple[tuple[str, int], ...] = ()

    def width(self, layer: int) -> int:
        """The units of a layer; of one that is not there, some number from 1 to 4."""
        if 1 <= layer <= len(self.widths):
            return self.widths[layer - 1]
        return hashlib.blake2b(f"{self.widths} {layer}".encode(), digest_size=1).digest()[0] % 4 + 1

    @property
    def weights(self) -> int:
        """How many there are."""
        return sum(map(mul, self.widths, self.widths[1:]))

    def __str__(self) -> str:
        return ", ".join(f"{name}={size}" for name, size in self.sizes) or ",".join(map(str, self.widths))


def fixed_depth(net: Network) -> int | None:
    """The depth if the network gives one."""
    return int(net.depth) if isinstance(net.depth, Integer) else None


def zigzag(depth: int, seed: Any, *, rising: bool) -> tuple[int, ...]:
    """Distinct widths from 2 up, now more, now fewer than in the layer before."""
    widths = list(range(2, depth + 2))
    low, high = widths[: depth // 2 + depth % 2 * rising], widths[depth // 2 + depth % 2 * rising :]
    rng = random.Random(f"{depth} {seed}")  # noqa: S311 - nothing is secret
    rng.shuffle(low)
    rng.shuffle(high)
    first, second = (low, high) if rising else (high, low)
    return tuple((first if place % 2 == 0 else second)[place // 2] for place in range(depth))


def shapes(net: Network, depths: tuple[int, ...]) -> list[Shape]:
    """A shape for each of the depths; the network's own depth and widths where it gives them."""
    if net.widths is not None:
        return [Shape(net.widths, EXAMPLES)] * len(depths)
    depths = tuple(fixed_depth(net) or depth for depth in depths)
    return [Shape(zigzag(depth, place, rising=place % 2 == 0), EXAMPLES) for place, depth in enumerate(depths)]


def square(net: Network, depth: int) -> Shape:
    """Three units in every layer: for networks that ask for it."""
    return Shape(net.widths or (3,) * (fixed_depth(net) or depth), EXAMPLES)
