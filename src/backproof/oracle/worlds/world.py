"""Worlds: concrete networks in which every quantity is a number, kept once it is known.

A ``World`` is a network of given widths with data and parameters drawn at random. What the numbers are (integers modulo
a prime, floats, fractions) and how to differentiate is up to its subclasses, one for each judge. The world ``Shifted``
at x is the same network with the quantity x overridden by x + epsilon; what does not depend on x is taken over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from sympy import Symbol

from ...surface.network import Definition, Network
from ...surface.terms import L, M
from . import own
from .arrays import ARRAYS
from .numbers import NUMBERS
from .reading import Code, Env, Reader
from .shapes import Shape
from .terms import family, free
from .verdicts import Unsupported

Key = tuple[Any, ...]  # a family and the values of its indices: ("w", 2, 1, 3)


def show(key: Key) -> str:
    """The name of a quantity, for the reader."""
    return f"{key[0]}[{', '.join(map(str, key[1:]))}]"


@dataclass(frozen=True)
class Equation:
    """A defining equation, read: the head's indices, the bounds of its variables, the code of its body."""

    definition: Definition
    head: tuple[str | Code, ...]  # a variable, or the code of a fixed index
    bounds: tuple[tuple[str, Code, Code], ...]
    body: Code | None
    inputs: tuple[tuple[tuple[str, ...], Code], ...]  # variables that are not the head's, and the key


class Plan:
    """A network, read once for all judges: its equations by family."""

    def __init__(self, net: Network) -> None:
        self.net, self.reader = net, Reader({f.name: f.kinds for f in net.families}, NUMBERS, ARRAYS)
        self.equations: dict[str, list[Equation]] = {}
        for definition in net.definitions:
            self.equations.setdefault(family(definition.head), []).append(self._equation(definition))
        self.functions = {f.name: (self.reader.name(f.variable), self.reader.code(f.body)) for f in net.functions}

    def _equation(self, d: Definition) -> Equation:
        read, variables = self.reader, [v for v, *_ in d.bounds]
        head = tuple(read.name(index) if index in variables else read.index(index) for index in d.head.args[1:])
        bounds = tuple((read.name(v), read.index(lo), read.index(hi)) for v, lo, hi in d.bounds)
        known = {*variables, *own.fixed(self.net)}
        inputs = tuple((tuple(sorted(map(read.name, free(e) - known))), read.key(e)) for e in d.inputs)
        return Equation(d, head, bounds, None if d.body is None else read.code(d.body), inputs)


@lru_cache(maxsize=64)
def plan(net: Network) -> Plan:
    """The network, read; kept, since most statements are about a few networks."""
    return Plan(net)


class Grid:
    """Which quantities a network of this shape has, and which equation defines each: the same for all worlds."""

    def __init__(self, net: Network, shape: Shape) -> None:
        self.plan, self.shape = plan(net), shape
        depths = {L, net.depth} if isinstance(net.depth, Symbol) else {L}
        self.constants: Env = {M.name: shape.examples, **dict.fromkeys((d.name for d in depths), len(shape.widths))}
        self.constants |= dict(shape.sizes)
        self._found: dict[Key, tuple[Equation, Env] | None] = {}
        self._inputs: dict[Key, list[Key]] = {}
        self._ranges: dict[Key, tuple[range, ...]] = {}

    def find(self, key: Key) -> tuple[Equation, Env] | None:
        """The equation that defines ``key``, with the values of its variables; None if there is none."""
        if key not in self._found:
            candidates = self.plan.equations.get(key[0], ())
            self._found[key] = next(filter(None, (self._match(e, key[1:]) for e in candidates)), None)
        return self._found[key]

    def _match(self, equation: Equation, indices: tuple[int, ...]) -> tuple[Equation, Env] | None:
        if len(equation.head) != len(indices):
            return None
        env = dict(self.constants)
        for pattern, index in zip(equation.head, indices, strict=True):
            if not isinstance(pattern, str):
                if pattern(self, env) != index:
                    return None
            elif env.setdefault(pattern, index) != index:
                return None
        within = all(lo(self, env) <= env[v] <= hi(self, env) for v, lo, hi in equation.bounds)
        return (equation, env) if within else None

    def ranges(self, key: Key) -> tuple[range, ...]:
        """The ranges of the indices that the array ``key`` leaves open; beyond the layers, what they would be."""
        if key not in self._ranges:
            found = [r for e in self.plan.equations.get(key[0], ()) for r in self._open(e, key[1:])]
            if not found:
                raise Unsupported(f"the network does not say how many entries {show(key)} has")
            self._ranges[key] = max(found, key=lambda item: item[0])[1]
        return self._ranges[key]

    def _open(self, equation: Equation, given: tuple[int, ...]) -> Iterator[tuple[bool, tuple[range, ...]]]:
        """The ranges that an equation gives, and whether the given indices are within its own."""
        rest = equation.head[len(given) :]
        env, within = dict(self.constants), True
        limits: dict[Any, tuple[Code, Code]] = {v: (lo, hi) for v, lo, hi in equation.bounds}
        for pattern, index in zip(equation.head, given, strict=False):
            if isinstance(pattern, str):
                env[pattern] = index
            else:
                within = within and pattern(self, env) == index
        if not all(isinstance(index, str) for index in rest) or not (within or limits.keys() >= set(equation.head)):
            return
        within = within and all(lo(self, env) <= env[v] <= hi(self, env) for v, (lo, hi) in limits.items() if v in env)
        yield within, tuple(range(lo(self, env), hi(self, env) + 1) for lo, hi in map(limits.__getitem__, rest))

    def exists(self, key: Key) -> bool:
        """Whether the network has the quantity, or the array with entries; or one with some index for None."""
        if None in key:
            place = key.index(None)
            values = range(max(*self.shape.widths, self.shape.examples, len(self.shape.widths)) + 1)
            return any(self.exists((*key[:place], value, *key[place + 1 :])) for value in values)
        if len(key) - 1 == len(self.plan.reader.kinds[key[0]]):
            return self.find(key) is not None
        return any(
            within and all(r) for e in self.plan.equations.get(key[0], ()) for within, r in self._open(e, key[1:])
        )

    def inputs(self, key: Key, equation: Equation, env: Env) -> list[Key]:
        """What the unspecified function ``key`` may depend on."""
        if key not in self._inputs:
            units = range(max(*self.shape.widths, self.shape.examples) + 1)
            names = (
                name(self, {**env, **dict(zip(variables, values, strict=True))})
                for variables, name in equation.inputs for values in product(units, repeat=len(variables))
            )  # fmt: skip
            self._inputs[key] = [name for name in names if self.find(name)]
        return self._inputs[key]


@lru_cache(maxsize=256)
def grid(net: Network, shape: Shape) -> Grid:
    """The quantities of a network; kept, for the judges share shapes."""
    return Grid(net, shape)


class World(ABC):
    """A concrete network. Subclasses say what numbers are: the methods at the end."""

    def __init__(self, net: Network, shape: Shape, seed: str = "") -> None:
        self.plan, self.grid, self.shape, self.seed = (
            plan(net),
            grid(net, shape),
            shape,
            f"{shape.widths}{shape.sizes or ''}{seed}",
        )
        self.constants, self.ranges = self.grid.constants, self.grid.ranges
        self.values: dict[Key, Any] = {}
        self.bits: dict[Key, int] = {}
        self.masks: dict[Key, int] = {}  # the bits of all quantities that went into this one
        self._seen = 0
        self.shifts: dict[Key, Shifted] = {}

    # Values.

    def value(self, key: Key) -> Any:
        """The number that the quantity is here; some number of its own, if the network has no such quantity."""
        mask = self.masks.get(key)
        if mask is None:
            outer, self._seen = self._seen, 0
            self.values[key] = self.compute(key, self)
            bit = self.bits[key] = 1 << len(self.bits)
            mask = self.masks[key] = self._seen | bit
            self._seen = outer
        self._seen |= mask
        return self.values[key]

    def compute(self, key: Key, world: World | Shifted) -> Any:
        """The value of ``key`` from those of the quantities in its equation, as they are in ``world``."""
        found = self.grid.find(key)
        if found is None:
            return self.draw(("outside", *key))
        equation, env = found
        if equation.body is not None:
            return self.reduce(equation.body(world, dict(env)))
        if not equation.inputs:
            return self.datum(key, equation, env)
        inputs = [(name, world.value(name)) for name in self.grid.inputs(key, equation, env)]
        return self.reduce(self.unspecified(key, inputs))

    def datum(self, key: Key, equation: Equation, env: Env) -> Any:
        """A number that is given: drawn at random, by what is known of it and of those beside it."""
        facts = equation.definition.facts
        draw = (lambda name: abs(self.draw(name))) if own.POSITIVE in facts else self.draw
        if own.SUMS_TO_1 not in facts:
            return draw(key)
        [(lo, hi)] = [(lo, hi) for v, lo, hi in equation.bounds if v == equation.head[-1]]
        places = range(lo(self.grid, env), hi(self.grid, env) + 1)
        row = {at: draw((*key[:-1], at)) for at in places}
        if own.POSITIVE in facts:
            return self.reduce(row[key[-1]] * self.inverse(sum(row.values())))
        others = (value for at, value in row.items() if at != key[-1])
        return row[key[-1]] if key[-1] < places[-1] else self.reduce(sum(others) * -1 + 1)

    def shifted(self, key: Key) -> Shifted:
        """The network with ``key`` shifted."""
        if key not in self.shifts:
            self.shifts[key] = Shifted(self, key)
        return self.shifts[key]

    def partial(self, y: Code, env: Env, key: Key) -> Any:
        """The derivative of the code ``y`` when ``key`` is shifted."""
        y(self, dict(env))  # so that what y depends on is seen
        return self.slope(y(self.shifted(key), dict(env)))

    def apply(self, name: str, times: int, u: Any) -> Any:
        """The value of a derivative of the function ``name``, by its body if it has one."""
        if name not in self.plan.functions:
            return self.function(name, times, u)
        variable, body = self.plan.functions[name]
        if times == 0:
            return body(self, {**self.constants, variable: u})
        if times > 1 or self.is_shifted(u):
            raise Unsupported(f"the second derivative of {name}")
        return self.slope(body(self, {**self.constants, variable: self.shift(u)}))

    def parameter(self, name: str) -> Any:
        """A free number such as the learning rate."""
        return self.draw(("parameter", name))

    def number(self, value: Any) -> Any:
        """A number of this world, for an integer."""
        return value

    def repeated(self, body: Code, env: Env, times: int) -> Any:
        """The sum of equal terms."""
        return body(self, env) * self.number(times)

    def reduce(self, value: Any) -> Any:
        """A number in its shortest form."""
        return value

    # What a judge has to say.

    @abstractmethod
    def draw(self, key: Key) -> Any:
        """A random number, the same for the same ``key``."""

    @abstractmethod
    def rational(self, top: int, bottom: int) -> Any:
        """The number top/bottom."""

    @abstractmethod
    def inverse(self, value: Any) -> Any:
        """1/value. Raises Undefined for 0."""

    @abstractmethod
    def function(self, name: str, times: int, u: Any) -> Any:
        """A derivative of an elementary function, or of one that the network leaves open."""

    @abstractmethod
    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        """The value of an unspecified differentiable function of these inputs; shifted where they are."""

    @abstractmethod
    def shift(self, value: Any) -> Any:
        """value + epsilon."""

    @abstractmethod
    def is_shifted(self, value: Any) -> bool:
        """Whether the number carries an epsilon."""

    @abstractmethod
    def slope(self, value: Any) -> Any:
        """The coefficient of epsilon."""

    def is_zero(self, value: Any) -> bool:
        """Whether the number counts as 0."""
        return bool(value == 0)

    def is_nonzero(self, value: Any) -> bool:
        """Whether it does not."""
        return not self.is_zero(value)

    def is_positive(self, value: Any) -> bool:
        """Whether it is above 0; True where numbers have no order, as modulo a prime."""
        return bool(value > 0)


class Shifted:
    """The network of ``base`` with the quantity ``key`` overridden by its value + epsilon."""

    def __init__(self, base: World, key: Key) -> None:
        self.base, self.shape = base, base.shape
        value = base.value(key)
        self.values: dict[Key, Any] = {key: base.shift(value)}
        self.bit = base.bits[key]
        self.apply, self.number, self.rational, self.grid = base.apply, base.number, base.rational, base.grid
        self.inverse, self.parameter, self.ranges = base.inverse, base.parameter, base.ranges

    def value(self, key: Key) -> Any:
        """The number that the quantity is when ``self.key`` is shifted."""
        found = self.values.get(key)
        if found is None:
            base = self.base
            if key not in base.masks:
                base.value(key)
            found = base.compute(key, self) if base.masks[key] & self.bit else base.values[key]
            self.values[key] = found
        return found

    def repeated(self, body: Code, env: Env, times: int) -> Any:
        """The sum of equal terms."""
        return body(self, env) * self.number(times)

    def partial(self, y: Code, env: Env, key: Key) -> Any:  # noqa: ARG002 - as in World
        """Refused: it would be a second derivative."""
        raise Unsupported("a second derivative")
