"""The exact judge: random networks modulo a prime, derivatives by dual numbers; no tolerance anywhere.

Once the values and derivatives of activations and costs are free variables, a statement is an identity between rational
functions of them, of the parameters and of the data. If it is false, then at a random point modulo p it shows itself,
except with a probability of at most degree/p (Schwartz 1980, Zippel 1979; both sides multiplied by their denominators).
``degree.py`` finds the degree. A function has one value at one point: arguments that are formally different and come
out equal would be given equal values, and the chance of that is counted too, pair by pair.

The functions exp, log and step are free variables too, with the derivatives they have (and exp(-u) = 1/exp(u)). So a
statement that rests on more (exp(u + v) = exp(u) exp(v)) does not hold here; it is refuted only by a counterexample
in real numbers, and without one this judge says nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log2
from typing import Any

from ..core.network import Network
from .counterexample import Counterexample, find
from .degree import Degrees
from .dual import Dual
from .reading import Malformed, Undefined, Unsupported
from .shapes import shapes, square
from .statement import Statement, statement
from .worlds import Key, Shape, World

PRIME = 2**255 - 19
DEPTHS = (4, 5, 4)
MOST = 8  # assignments of the indices that are tried in one model


@dataclass(frozen=True)
class Exact:
    """``holds`` is None where this judge cannot say, and ``reason`` says why.

    ``error_bound_log2``: the probability that one false statement about one model passes is at most two to this.
    """

    holds: bool | None
    models: int = 0
    error_bound_log2: int = 0
    counterexample: Counterexample | None = None
    reason: str = ""


class Modular(World):
    """Numbers are integers modulo ``PRIME``; shifted ones are dual."""

    def __init__(self, net: Network, shape: Shape, seed: str) -> None:
        super().__init__(net, shape, seed)
        self.drawn: dict[Any, int] = {}

    def draw(self, key: Any) -> int:
        if key not in self.drawn:
            digest = hashlib.blake2b(f"{self.seed}{key}".encode(), digest_size=40).digest()
            self.drawn[key] = int.from_bytes(digest, "big") % PRIME
        return self.drawn[key]

    def rational(self, top: int, bottom: int) -> int:
        return top * pow(bottom, -1, PRIME) % PRIME

    def inverse(self, value: Any) -> Any:
        if isinstance(value, Dual):
            inverse = self.inverse(value.value)
            return Dual(inverse, -inverse * inverse * value.slope % PRIME)
        if value % PRIME == 0:
            raise Undefined("division by 0")
        return pow(value, -1, PRIME)

    def function(self, name: str, times: int, u: Any) -> Any:
        if isinstance(u, Dual):
            return Dual(self.function(name, times, u.value), self.function(name, times + 1, u.value) * u.slope)
        u %= PRIME
        if name == "exp":
            return self._exponential(u)
        if name == "log" and times:
            return -((-self.inverse(u)) ** times) * _factorial(times - 1) % PRIME
        if name == "step" and times:
            return 0
        return self.draw((name, times, u))

    def _exponential(self, u: int) -> int:
        if u == 0:
            return 1
        least = min(u, PRIME - u)
        value = self.draw(("exp", least))
        return value if u == least else self.inverse(value)

    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        value = self.draw(key)
        slope = sum(self.draw((key, name)) * v.slope for name, v in inputs if isinstance(v, Dual))
        return Dual(value, slope) if any(isinstance(v, Dual) for _, v in inputs) else value

    def reduce(self, value: Any) -> Any:
        if isinstance(value, Dual):
            return Dual(value.value % PRIME, value.slope % PRIME)
        return value % PRIME

    def shift(self, value: Any) -> Dual:
        return Dual(value, 1)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, Dual)

    def slope(self, value: Any) -> Any:
        return value.slope % PRIME if isinstance(value, Dual) else 0

    def is_zero(self, value: Any) -> bool:
        return bool(value % PRIME == 0)

    def is_positive(self, value: Any) -> bool:
        return bool(value % PRIME != 0)


def _factorial(number: int) -> int:
    return number * _factorial(number - 1) if number > 1 else 1


@lru_cache(maxsize=64)
def models(net: Network) -> tuple[tuple[Modular, Degrees], ...]:
    """The networks on which statements about ``net`` are tried, each with its twin that knows degrees."""
    found = shapes(net, DEPTHS)
    if not all(map(_is_whole, [Modular(net, shape, "") for shape in found])):
        found = [square(net, depth) for depth in DEPTHS]
    return tuple((Modular(net, shape, f" {place}"), Degrees(net, shape)) for place, shape in enumerate(found))


def _is_whole(world: Modular) -> bool:
    """Whether the network has these widths at all: with residual connections layers must be equally wide."""
    try:
        for layer, width in enumerate(world.shape.widths, start=1):
            for key in [("a", layer, width), ("a", layer, width, 1)]:
                if world.find(key):
                    world.value(key)
    except Undefined:
        return False
    except Unsupported:
        return True
    return True


def judge(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Exact:
    """Whether ``lhs = rhs`` holds under the hypotheses in random networks of that kind."""
    try:
        claim = statement(net, lhs, rhs, hypotheses)
        tried, bound = 0, -float("inf")
        for model, degrees in models(net):
            entries = [e for case in claim.cases(model, MOST) for e in case]
            if any((e.lhs - e.rhs) % PRIME for e in entries):
                return _refuted(claim)
            tried += bool(entries)
            bound = max(bound, _error(claim, model, degrees)) if entries else bound
    except Malformed as malformed:
        return _refuted(lambda: statement(net, lhs, rhs, hypotheses), str(malformed))
    except Unsupported as unsupported:
        return Exact(None, reason=str(unsupported))
    if not tried:
        return Exact(None, reason="the hypotheses hold for no values that the statement speaks of")
    return Exact(True, tried, floor(bound) + 1)
