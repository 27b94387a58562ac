"""The exact judge: random networks modulo a prime, derivatives by dual numbers; no tolerance anywhere.

Once the values and derivatives of activations and costs are free variables, a statement is an identity between rational
functions of them, of the parameters and of the data. If it is false, then at a random point modulo p it shows itself,
except with a probability of at most degree/p (Schwartz 1980, Zippel 1979; both sides multiplied by their denominators).
``degree.py`` finds the degree. A function has one value at one point: arguments that are formally different and come
out equal would be given equal values, and the chance of that is counted too, pair by pair.

The elementary functions are free variables too, with the derivatives they have (and exp(-u) = 1/exp(u)). So a
statement that rests on more (exp(u + v) = exp(u) exp(v), Phi(u) + Phi(-u) = 1) does not hold here; it is refuted only
by a counterexample in real numbers, and without one this judge says nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log2
from typing import Any

from ..core.network import Network
from .counterexample import Counterexample, find
from .degree import Degrees, of_difference
from .dual import Dual
from .worlds.elementary import REAL, hermite
from .worlds.reading import Malformed, Undefined, Unsupported
from .worlds.shapes import shapes, square
from .worlds.statement import Statement, statement
from .worlds.world import Key, Shape, World

PRIME = 2**255 - 19
DEPTHS = (4, 5, 3)
CLAIMED = -200  # no smaller bound is claimed, so that it does not depend on what was tried before


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
        self.points: set[Any] = set()  # the functions, and where their values were asked for

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
        self.points.add((name, times, u))
        if name == "exp":
            return self._exponential(u)
        if name == "log" and times:
            return -((-self.inverse(u)) ** times) * _factorial(times - 1) % PRIME
        if name == "step" and times:
            return 0
        if name == "Phi" and times:
            return self.function("phi", times - 1, u)
        if name == "phi" and times:
            return hermite(times, u) * self.function("phi", 0, u) % PRIME
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
    found = [Modular(net, shape, f" {place}") for place, shape in enumerate(shapes(net, DEPTHS))]
    if not (net.widths or all(model.is_whole() for model in found)):
        found = [Modular(net, square(net, depth), f" {place}") for place, depth in enumerate(DEPTHS)]
    return tuple((model, Degrees(net, model.shape, f" {place}")) for place, model in enumerate(found))


def judge(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Exact:
    """Whether ``lhs = rhs`` holds under the hypotheses in random networks of that kind."""
    try:
        claim = statement(net, lhs, rhs, hypotheses)
    except Malformed as why:
        return Exact(False, counterexample=Counterexample(net.widths or (), {}, str(lhs), str(why)), reason=str(why))
    except Unsupported as why:
        return Exact(None, reason=str(why))
    try:
        return _on_models(net, claim)
    except Malformed as why:
        return Exact(False, counterexample=find(net, claim), reason=str(why))
    except Unsupported as why:
        return Exact(None, reason=str(why))


def _on_models(net: Network, claim: Statement) -> Exact:
    tried, chance = 0, 0
    for model, degrees in models(net):
        compared = False
        for entry in claim.cases(model):
            compared = True
            if (entry.lhs - entry.rhs) % PRIME:
                return _refuted(net, claim, model)
        if compared:
            tried, chance = tried + 1, max(chance, _chance(claim, model, degrees))
    if not tried:
        return Exact(None, reason="the hypotheses hold for no values that the statement speaks of")
    return Exact(True, tried, max(floor(log2(chance) - log2(PRIME)) + 1, CLAIMED))


def _refuted(net: Network, claim: Statement, model: Modular) -> Exact:
    counterexample = find(net, claim)
    if counterexample is None and any(name in REAL for name, *_ in model.points):
        return Exact(None, reason="equal in real numbers, as far as was tried, and not by algebra alone")
    return Exact(False, counterexample=counterexample)


def _chance(claim: Statement, model: Modular, degrees: Degrees) -> int:
    """p times the chance that a false statement passes: its degree, and that of every pair of functions' arguments."""
    entries = list(claim.cases(degrees))
    pairs = len(model.points) ** 2
    return max(of_difference(entry.lhs, entry.rhs) for entry in entries) + pairs * degrees.of_arguments + 1
