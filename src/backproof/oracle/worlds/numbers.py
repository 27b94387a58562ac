"""What the heads mean where they stand for numbers, and how multiplications are counted."""

from __future__ import annotations

from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ...surface.terms import Apply, D, Kron, Member, Mults, Total, n
from .reading import Code, Env, Reader, Rules
from .terms import free
from .verdicts import Unsupported

MANY = 3  # so many terms are added up one by one even where all are alike, as they are in small networks


class Tally:
    """A number that counts the multiplications it takes part in; a factor -1 is free."""

    def __init__(self, counter: list[int]) -> None:
        self.counter = counter

    def __add__(self, _: Any) -> Tally:
        return self

    def __mul__(self, other: Any) -> Tally:
        self.counter[0] += not (isinstance(other, int) and other == -1)
        return self

    def __pow__(self, times: int) -> Tally:
        self.counter[0] += times - 1
        return self

    __radd__, __rmul__ = __add__, __mul__


class Counting:
    """The world in which every quantity is a ``Tally``: evaluating a term there counts its multiplications."""

    def __init__(self, shape: Any) -> None:
        self.shape, self.counter = shape, [0]
        self.tally = Tally(self.counter)

    def value(self, _: Any) -> Tally:
        return self.tally

    def number(self, _: Any) -> Tally:
        return self.tally

    def parameter(self, _: str) -> Tally:
        return self.tally

    def rational(self, _p: int, _q: int) -> Tally:
        return self.tally

    def apply(self, _f: str, _d: int, _u: Any) -> Tally:
        return self.tally

    def partial(self, _y: Code, _env: Env, _x: Any) -> Tally:
        return self.tally

    def inverse(self, _: Any) -> Any:
        raise Unsupported("divisions are not counted")

    def repeated(self, body: Code, env: Env, times: int) -> Tally:
        """A long sum in which every term takes as many multiplications: one of them is counted."""
        before = self.counter[0]
        body(self, env)
        self.counter[0] += (times - 1) * (self.counter[0] - before)
        return self.tally


def _integer(_: Reader, e: Any) -> Code:
    value = int(e)
    return lambda _, __: value


def _rational(_: Reader, e: Any) -> Code:
    top, bottom = int(e.p), int(e.q)
    return lambda world, _: world.rational(top, bottom)


def _symbol(reader: Reader, e: Any) -> Code:
    name = reader.name(e)

    def code(world: Any, env: Env) -> Any:
        value = env.get(name)
        return world.parameter(name) if value is None else world.number(value)

    return code


def _width(reader: Reader, e: Any) -> Code:
    layer = reader.index(e.args[0])
    return lambda world, env: world.number(world.shape.width(layer(world, env)))


def _member(reader: Reader, e: Any) -> Code:
    return reader.value(e)


def _sum(reader: Reader, e: Any) -> Code:
    first, *rest = reader.codes(e)

    def code(world: Any, env: Env) -> Any:
        result = first(world, env)
        for part in rest:
            result = result + part(world, env)
        return result

    return code


def _factors(reader: Reader, e: Any) -> Code:
    """The product: 0 where some [j = k] is 0, whatever the other factors are."""
    first, *rest = reader.codes(e)
    brackets = [reader.code(arg) for arg in e.args if isinstance(arg, Kron)]

    def code(world: Any, env: Env) -> Any:
        if brackets and not isinstance(world, Counting):
            for bracket in brackets:
                if not bracket(world, env):
                    return 0
        result = first(world, env)
        for part in rest:
            result = result * part(world, env)
        return result

    return code


def _power(reader: Reader, e: Any) -> Code:
    if not isinstance(e.exp, Integer):
        raise Unsupported(f"the power {e}")
    base, times = reader.code(e.base), int(e.exp)
    if times > 0:
        return lambda world, env: base(world, env) ** times
    if times == -1:
        return lambda world, env: world.inverse(base(world, env))
    return lambda world, env: world.inverse(base(world, env)) ** -times


def _total(reader: Reader, e: Any) -> Code:
    body, bound = reader.code(e.args[0]), reader.name(e.args[1])
    low, high = reader.index(e.args[2]), reader.index(e.args[3])
    alike = not varies(e.args[0], e.args[1], counting=False), not varies(e.args[0], e.args[1], counting=True)

    def code(world: Any, env: Env) -> Any:
        outer, result, values = env.get(bound), 0, range(low(world, env), high(world, env) + 1)
        if len(values) > MANY and alike[isinstance(world, Counting)]:
            env[bound] = values[0]
            result = world.repeated(body, env, len(values))
        else:
            for value in values:
                env[bound] = value
                result = result + body(world, env)
        env.pop(bound, None)
        if outer is not None:
            env[bound] = outer
        return result

    return code


def varies(e: Any, bound: Any, *, counting: bool) -> bool:
    """Whether the value of ``e`` may depend on ``bound``; or, where multiplications are counted, their number."""
    if bound not in free(e):
        return False
    if isinstance(e, Mults):
        return varies(e.args[0], bound, counting=True)
    if isinstance(e, Member | D | Symbol) and counting:
        return False
    if isinstance(e, Symbol) or (isinstance(e, Total) and bound in free(e.args[2]) | free(e.args[3])):
        return True
    return any(varies(arg, bound, counting=counting) for arg in e.args)


def _kron(reader: Reader, e: Any) -> Code:
    first, second = map(reader.index, e.args)
    return lambda world, env: int(first(world, env) == second(world, env))


def _function(reader: Reader, e: Any) -> Code:
    if not isinstance(e.args[2], Integer):
        raise Unsupported(f"the order of the derivative in {e}")
    name, u, times = str(e.args[0]), reader.code(e.args[1]), int(e.args[2])
    if times < 0:
        raise Unsupported(f"the order of the derivative in {e}")
    return lambda world, env: world.apply(name, times, u(world, env))


def _partial(reader: Reader, e: Any) -> Code:
    y, x = reader.code(e.args[0]), reader.key(e.args[1])
    return lambda world, env: world.partial(y, env, x(world, env))


def _multiplications(reader: Reader, e: Any) -> Code:
    inner = reader.code(e.args[0])

    def code(world: Any, env: Env) -> Any:
        counting = Counting(world.shape)
        inner(counting, env)
        return world.number(counting.counter[0])

    return code


NUMBERS: Rules = {
    Integer: _integer,
    Rational: _rational,
    Symbol: _symbol,
    Member: _member,
    Add: _sum,
    Mul: _factors,
    Pow: _power,
    Total: _total,
    Kron: _kron,
    Apply: _function,
    D: _partial,
    n: _width,
    Mults: _multiplications,
}
