"""A counterexample for the reader: a small network with small integers, and the two numbers that should be equal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..surface.network import Network
from .answer import Counterexample, differ
from .dual import Dual
from .worlds import own
from .worlds.elementary import REAL
from .worlds.exists import where_all_exists
from .worlds.pinned import pinned
from .worlds.shapes import EXAMPLES, Shape, fixed_depth, square, zigzag
from .worlds.statement import Statement, statement
from .worlds.verdicts import Malformed, Undefined, Unsupported
from .worlds.world import Key, World

SEEDS = 6
SMALL = (1, 2, 3, -1, -2, -3)


class Fractions(World):
    """Numbers are exact: data, parameters and the values of activations and costs are small integers."""

    def draw(self, key: Any) -> Any:
        return SMALL[hashlib.blake2b(f"{self.seed}{key}".encode(), digest_size=8).digest()[0] % len(SMALL)]

    def rational(self, top: int, bottom: int) -> Any:
        return Fraction(top, bottom)

    def inverse(self, value: Any) -> Any:
        if isinstance(value, Dual):
            inverse = self.inverse(value.value)
            return Dual(inverse, -inverse * inverse * value.slope)
        if value == 0:
            raise Undefined("division by 0")
        return 1 / Fraction(value)

    def function(self, name: str, times: int, u: Any) -> Any:
        if name in REAL:
            raise Unsupported(f"{name} in exact fractions")
        if isinstance(u, Dual):
            return Dual(self.function(name, times, u.value), self.function(name, times + 1, u.value) * u.slope)
        return self.draw((name, times, Fraction(u)))

    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        value = self.draw(key)
        slope = sum(self.draw((key, name)) * v.slope for name, v in inputs if isinstance(v, Dual))
        return Dual(value, slope) if any(isinstance(v, Dual) for _, v in inputs) else value

    def shift(self, value: Any) -> Any:
        return Dual(value, 1)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, Dual)

    def slope(self, value: Any) -> Any:
        return value.slope if isinstance(value, Dual) else 0

    def differ(self, lhs: Any, rhs: Any) -> bool:
        """Whether two numbers are surely different."""
        return bool(lhs != rhs)

    def show(self, value: Any) -> str:
        """The number, for the reader."""
        return str(value)


class Reals(Fractions):
    """The same with the elementary functions as they are, in floating point."""

    def draw(self, key: Any) -> Any:
        return super().draw(key) / 4

    def rational(self, top: int, bottom: int) -> Any:
        return top / bottom

    def inverse(self, value: Any) -> Any:
        if isinstance(value, Dual):
            return super().inverse(value)
        if abs(value) < 1e-9:
            raise Undefined("division by 0")
        return 1 / value

    def function(self, name: str, times: int, u: Any) -> Any:
        if name not in REAL:  # the same at arguments that only rounding tells apart
            return super().function(name, times, u if isinstance(u, Dual) else float(f"{u:.9g}"))
        if isinstance(u, Dual):
            return Dual(REAL[name](times, u.value), REAL[name](times + 1, u.value) * u.slope)
        return REAL[name](times, u)

    def is_zero(self, value: Any) -> bool:
        return bool(abs(value) < 1e-9)

    def is_positive(self, value: Any) -> bool:
        return bool(value > 1e-9)

    def differ(self, lhs: Any, rhs: Any) -> bool:
        return bool(abs(lhs - rhs) > 1e-6 * max(abs(lhs), abs(rhs), 1e-3))

    def show(self, value: Any) -> str:
        return f"{value:.6g}"


def find(
    net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset(), shapes: tuple[Shape, ...] = ()
) -> Counterexample | None:
    """The first failure in a small network, or one of these shapes, where all that is spoken of exists if possible."""
    return search(net, lhs, rhs, hypotheses, (*_small(net), *shapes))


def soon(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> bool:
    """Whether the first small network is a counterexample: then nothing else need be asked."""
    for kind in (Fractions, Reals):
        try:
            claim = statement(net, lhs, rhs, hypotheses)
            return _fails(_first(kind, claim.net, _soonest(claim.net, hypotheses)), claim) is not None
        except Malformed:
            return False
        except Unsupported:
            continue
    return False


@lru_cache(maxsize=64)
def _first(kind: type[Fractions], net: Network, shape: Shape) -> Fractions:
    """A small network, whose numbers are kept: many statements are tried in it."""
    return kind(net, shape, " 0")


@lru_cache(maxsize=256)
def _soonest(net: Network, hypotheses: frozenset[Any]) -> Shape:
    """The first small shape; where hypotheses say how many units there are, the first with so many."""
    small = tuple(_small(net))
    return next((shape for shapes in pinned(net, hypotheses, ((one,) for one in small)) for shape in shapes), small[0])


def search(
    net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any], shapes: tuple[Shape, ...]
) -> Counterexample | None:
    """The first failure in networks of these shapes."""
    for more in (where_all_exists(lhs, rhs), frozenset[Any]()):
        try:
            claim = statement(net, lhs, rhs, hypotheses | more)
        except (Malformed, Unsupported):
            return None
        for kind in (Fractions, Reals):
            try:
                found = next(filter(None, _outcomes(kind, claim.net, claim, shapes)), None)
            except Malformed:
                return None
            except Unsupported:
                continue
            if found:
                return found
            break
    return None


def _outcomes(kind: Any, net: Network, claim: Statement, shapes: tuple[Shape, ...]) -> Iterator[Counterexample | None]:
    for shape in shapes:
        for seed in range(SEEDS):
            yield _fails(kind(net, shape, f" {seed}"), claim)


def _small(net: Network) -> Iterator[Shape]:
    if net.depth is None:
        yield from own.usual(net)
        return
    if net.widths is None:
        for depth in (3, 4, 5):
            for rising in (True, False):
                yield Shape(zigzag(fixed_depth(net) or depth, "small", rising=rising), EXAMPLES)
    yield square(net, 4)


def _fails(world: Fractions, claim: Statement) -> Counterexample | None:
    for entry in claim.cases(world):
        if world.differ(entry.lhs, entry.rhs):
            return differ(world.shape, entry.indices, world.show(entry.lhs), world.show(entry.rhs))
    return None
