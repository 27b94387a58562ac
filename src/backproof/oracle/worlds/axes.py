"""What terms mean in many networks and for many values of their indices at once: NumPy arrays instead of numbers.

An index is an array of whole numbers whose last axis has the networks. A number has one more axis, the lanes. Every
sum puts one more axis in front of those that are there, so that what does not depend on it fits by broadcasting.
A number comes with its slope, or None, where a derivative is asked for: they are dual numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ...surface.terms import Apply, D, ForAll, Kron, Member, Mults, NonNegative, NonZero, Positive, Total, n
from . import lanes
from .exists import OPEN, Exists
from .exponents import addends, within_log
from .index import Index, single
from .terms import family
from .verdicts import Unsupported

LARGEST = 3_000_000  # numbers in an array


class Number(NamedTuple):
    """A value in each network, and the slope in some direction, if it has one."""

    value: Any
    slope: Any = None

    def __add__(self, other: Any) -> Number:
        return Number(lanes.add(self.value, other.value), _either(self.slope, other.slope))

    def __mul__(self, other: Any) -> Number:
        terms = [(v, s) for v, s in ((self.value, other.slope), (other.value, self.slope)) if s is not None]
        return Number(lanes.multiply(self.value, other.value), lanes.products(terms) if terms else None)

    def times(self, factor: Any) -> Number:
        """The product with a number that does not move."""
        return self * Number(factor)

    def inverse(self) -> Number:
        value = lanes.inverse(self.value)
        return self.mapped(value, lambda: lanes.negative(lanes.multiply(value, value)))

    def power(self, times: int) -> Number:
        value = lanes.power(self.value, times)
        return self.mapped(value, lambda: lanes.multiply(lanes.integers([times]), lanes.power(self.value, times - 1)))

    def to(self, times: int) -> Number:
        """A whole power; 1/0 is 0."""
        return self.power(times) if times > 0 else self.inverse().power(-times)

    def mapped(self, value: Any, derivative: Callable[[], Any]) -> Number:
        """A function of it: its value, and its derivative where one is needed."""
        return Number(value, None if self.slope is None else lanes.multiply(derivative(), self.slope))

    def summed(self, within: Any) -> Number:
        """The sum over the first axis, as far as ``within`` says."""
        mask = within[..., None].astype(np.uint64)
        return Number(*(None if part is None else lanes.total(part * mask) for part in self))


def _either(first: Any, second: Any) -> Any:
    return second if first is None else first if second is None else lanes.add(first, second)


class Target(NamedTuple):
    """The quantity that is moved: its family, and its indices."""

    family: str
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class Axes:
    """The values of the indices, in a crowd of networks.

    ``depth``: how many axes they have before that of the networks; ``positions``: how many places in these.

    ``numbers``: variables that stand for numbers, as the u of an activation's formula; ``target``: what is moved.
    """

    crowd: Any
    env: Mapping[Any, Index]
    depth: int = 0
    positions: int = 1
    numbers: Mapping[Any, Number] | None = None
    target: Target | None = None
    known: dict[Any, Number] = field(default_factory=dict, init=False)  # what has been read here

    # Indices.

    def index(self, e: Any) -> Index:
        """An index, a limit or a layer. Unsupported if it is none."""
        if isinstance(e, Integer):
            return single(int(e))
        if isinstance(e, Symbol) and e in self.env:
            return self.env[e]
        if isinstance(e, n):
            return self.crowd.width(self.index(e.args[0]))  # type: ignore[no-any-return]
        if isinstance(e, Add):
            return reduce(Index.__add__, map(self.index, e.args))
        if isinstance(e, Mul):
            return reduce(Index.__mul__, map(self.index, e.args))
        raise Unsupported(f"{e} is no index")

    def indices(self, e: Any) -> tuple[Index, ...]:
        """Those of a quantity."""
        return tuple(map(self.index, e.args[1:]))

    def bound(self, symbol: Any, lo: Any, hi: Any) -> tuple[Axes, Any]:
        """The same with one more axis, for the values of a symbol from lo to hi; and where it is within them."""
        low, high = self.index(lo), self.index(hi)
        values = np.arange(low.low, high.high + 1).reshape(-1, *[1] * (self.depth + 1))
        if values.size * self.positions * self.crowd.size * lanes.LANES > LARGEST:
            raise Unsupported("sums of too many terms at once")
        within = (low.values <= values) & (values <= high.values)
        env = {**self.env, symbol: Index(values, low.low, high.high)}
        inside = replace(self, env=env, depth=self.depth + 1, positions=self.positions * max(values.size, 1))
        return inside, within

    # Numbers.

    def number(self, e: Any) -> Number:
        """What ``e`` is. Unsupported where these judges cannot read it."""
        found = self.known.get(e)
        if found is None:
            found = self.known[e] = self._read(e)
        return found

    def _read(self, e: Any) -> Number:
        for head in type(e).__mro__:
            if head in MEANINGS:
                return MEANINGS[head](self, e)
        raise Unsupported(f"no meaning for {e}")

    def symbol(self, e: Any) -> Number:
        if self.numbers is not None and e in self.numbers:
            return self.numbers[e]
        if e in self.env:
            return Number(lanes.integers(self.env[e].values))
        return Number(self.crowd.parameter(e.name))

    def member(self, e: Any) -> Number:
        name, indices = family(e), self.indices(e)
        value = self.crowd.value(name, indices)
        return Number(value, None if self.target is None else self.crowd.slope(name, indices, self.target))

    def total(self, e: Any) -> Number:
        body, bound, lo, hi = e.args
        inside, within = self.bound(bound, lo, hi)
        return inside.number(body).summed(within)

    def partial(self, e: Any) -> Number:
        y, x = e.args
        if not isinstance(x, Member):
            raise Unsupported(f"a derivative by {x}, which is no quantity of the network")
        if self.target is not None:
            raise Unsupported("a second derivative")
        target = Target(family(x), self.indices(x))
        self.crowd.value(*target)  # it has to be one
        adjoint = self.crowd.adjoints.of(family(y), target) if isinstance(y, Member) and not y.args[1:] else None
        if adjoint is not None:
            return Number(adjoint)
        slope = replace(self, target=target).number(y).slope
        return Number(lanes.integers([0]) if slope is None else slope)

    def power(self, e: Any) -> Number:
        base, times = e.args
        if not isinstance(times, Integer):
            raise Unsupported(f"the power {e}")
        return self.number(base).to(int(times))

    def function(self, e: Any) -> Number:
        f, u, times = e.args
        if not isinstance(times, Integer) or times < 0:
            raise Unsupported(f"the order of the derivative in {e}")
        if f.name == "exp" and self.crowd.apart:
            value = self.exponential(u)
            return self.number(u).mapped(value, lambda: value)
        return self.crowd.apply(f.name, int(times), self.number(u))  # type: ignore[no-any-return]

    def slope_of(self, e: Any) -> Any:
        """The derivative of a function at its argument."""
        f, u, times = e.args
        if f.name == "exp" and self.crowd.apart:
            return self.number(e).value
        inner = self.number(u).value
        return self.crowd.apply(f.name, int(times), Number(inner, np.ones_like(inner))).slope

    def exponential(self, u: Any) -> Any:
        """exp of a sum, as the product of what belongs to its terms."""
        parts = (Number(self._one_exponential(part)).to(times).value for times, part in addends(u) if times)
        return reduce(lanes.multiply, parts, lanes.integers([1]))

    def _one_exponential(self, e: Any) -> Any:
        found, known = within_log(self.crowd.net, e), self.numbers or {}
        drawn = self.crowd.apply("exp", 0, Number(self.number(e).value)).value
        if found is None or e in known:
            return drawn
        value, quantity = self.number(found[0]).value, found[1]
        there = True if quantity is None else self.crowd.exists(family(quantity), self.indices(quantity))[..., None]
        return np.where(there, value, drawn)

    def multiplications(self, e: Any) -> Number:
        return Number(lanes.integers(self.count(e.args[0])))

    # How many multiplications it takes; a factor -1 is free.

    def count(self, e: Any) -> Any:
        """The multiplications in ``e`` as it is written, in each network."""
        if isinstance(e, Mul):
            factors = [arg for arg in e.args if not isinstance(arg, Integer)]
            sign = [arg for arg in e.args if isinstance(arg, Integer)] in ([], [-1])
            return sum(map(self.count, factors)) + (len(factors) - int(sign) if factors else 0)
        if isinstance(e, Pow):
            if not isinstance(e.exp, Integer) or e.exp < 0:
                raise Unsupported("divisions are not counted")
            return self.count(e.base) + (int(e.exp) - 1)
        if isinstance(e, Total):
            body, bound, lo, hi = e.args
            inside, within = self.bound(bound, lo, hi)
            return (inside.count(body) * within).sum(axis=0)
        if isinstance(e, Apply):
            return self.count(e.args[1])
        return sum(map(self.count, e.args)) if isinstance(e, Add) else np.array([0])

    # Conditions.

    def holds(self, h: Any) -> Any:
        """Where a hypothesis on indices or values holds."""
        if isinstance(h, NonNegative):
            return self.index(h.args[0]).values >= 0
        if isinstance(h, NonZero | Positive):  # there is no order modulo a prime
            return ~lanes.is_zero(self.number(h.args[0]).value)
        if isinstance(h, Exists):
            indices = (None if index is OPEN else self.index(index) for index in h.args[0].args[1:])
            return self.crowd.exists(family(h.args[0]), tuple(indices))
        if isinstance(h, ForAll):
            inside, within = self.bound(*h.args[1:])
            return (inside.holds(h.args[0]) | ~within).all(axis=0)
        raise Unsupported(f"the hypothesis {h}")


#: What the heads mean.
MEANINGS: dict[type, Callable[[Axes, Any], Number]] = {
    Integer: lambda _, e: Number(lanes.integers([int(e)])),
    Rational: lambda _, e: Number(lanes.rational(int(e.p), int(e.q))),
    Symbol: Axes.symbol,
    Member: Axes.member,
    Add: lambda axes, e: reduce(Number.__add__, map(axes.number, e.args)),
    Mul: lambda axes, e: reduce(Number.__mul__, map(axes.number, e.args)),
    Pow: Axes.power,
    Total: Axes.total,
    Kron: lambda axes, e: Number(lanes.integers(axes.index(e.args[0]).values == axes.index(e.args[1]).values)),
    Apply: Axes.function,
    D: Axes.partial,
    n: lambda axes, e: Number(lanes.integers(axes.index(e).values)),
    Mults: Axes.multiplications,
}
