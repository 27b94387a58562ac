"""One reading of the terms for all judges: each term becomes a function of a world and of the values of its indices.

A *world* (``worlds.py``) says what numbers are and how to differentiate; here it is only said what the heads mean.
Arrays are evaluated entry by entry with concrete shapes; a shape that does not fit is ``Malformed``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ..core.terms import Apply, D, Dot, Hadamard, Kron, Member, Mults, Outer, Total, Transposed, free, n

Env = dict[str, Any]  # by name: it is looked up a hundred thousand times, and SymPy's own hash is slow
Code = Callable[[Any, Env], Any]  # (world, values of the indices) -> number or array

MANY = 3  # so many terms are added up one by one even where all are alike, as they are in small networks


class Undefined(Exception):  # noqa: N818 - no error of the program: there is nothing to compare here
    """The term has no value here: a quantity is missing, or something is divided by zero."""


class Missing(Undefined):
    """The term mentions a quantity that this network does not have."""


class Malformed(Exception):  # noqa: N818 - a verdict
    """The shapes in the term do not fit."""


class Unsupported(Exception):  # noqa: N818 - a verdict
    """The judge cannot say: second derivatives, unknown heads."""


class Array(NamedTuple):
    """A vector or matrix: the range of each index, and the entries by index."""

    ranges: tuple[range, ...]
    entries: dict[tuple[int, ...], Any]

    def map(self, f: Callable[[Any], Any]) -> Array:
        return Array(self.ranges, {place: f(value) for place, value in self.entries.items()})

    def __str__(self) -> str:
        return " x ".join(str(len(r)) for r in self.ranges)


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


class Reader:
    """Turns the terms over the given families into code, once each."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.kinds = kinds
        self._codes: dict[Any, Code] = {}
        self._indices: dict[Any, Code] = {}
        self._names: dict[str, Any] = {}

    def name(self, symbol: Any) -> str:
        """The name of a symbol. Unsupported where two symbols (of different assumptions) share it."""
        if self._names.setdefault(symbol.name, symbol) != symbol:
            raise Unsupported(f"two symbols are called {symbol}")
        return str(symbol.name)

    # Indices: integers.

    def index(self, e: Any) -> Code:
        """The code of an index, a limit or a layer."""
        if e not in self._indices:
            self._indices[e] = self._index(e)
        return self._indices[e]

    def _index(self, e: Any) -> Code:
        if isinstance(e, Integer):
            number = int(e)
            return lambda _, __: number
        if isinstance(e, Symbol):
            name = self.name(e)
            return lambda _, env: env[name]
        if isinstance(e, n):
            layer = self.index(e.args[0])
            return lambda world, env: world.shape.width(layer(world, env))
        if isinstance(e, Add) and len(e.args) == 2 and isinstance(e.args[0], Integer) and isinstance(e.args[1], Symbol):
            by, name = int(e.args[0]), self.name(e.args[1])
            return lambda _, env: env[name] + by
        if isinstance(e, Add | Mul):
            parts = [self.index(arg) for arg in e.args]
            if isinstance(e, Add):
                return lambda world, env: sum(part(world, env) for part in parts)
            return lambda world, env: _product(part(world, env) for part in parts)
        raise Unsupported(f"{e} is no index")

    def key(self, e: Any) -> Code:
        """The code of a member's name, such as ("w", 2, 1, 3)."""
        if not isinstance(e, Member):
            raise Unsupported(f"a derivative by {e}, which is no quantity of the network")
        family, indices = e.family, [self.index(index) for index in e.indices]
        if len(indices) == 1:
            [one] = indices
            return lambda world, env: (family, one(world, env))
        if len(indices) == 2:
            first, second = indices
            return lambda world, env: (family, first(world, env), second(world, env))
        if len(indices) == 3:
            first, second, third = indices
            return lambda world, env: (family, first(world, env), second(world, env), third(world, env))
        return lambda world, env: (family, *[index(world, env) for index in indices])

    # Numbers and arrays.

    def rank(self, e: Any) -> int:
        """How many indices ``e`` leaves open: 0 for a number."""
        if isinstance(e, Member):
            return len(self.kinds.get(e.family, "")) - len(e.indices)
        if isinstance(e, Transposed):
            return 2
        if isinstance(e, Dot):
            return max(self.rank(e.args[1]), 1)
        if isinstance(e, Add | Hadamard):
            return max(map(self.rank, e.args))
        if isinstance(e, D | Mul | Outer):
            return sum(map(self.rank, e.args))
        return self.rank(e.args[1]) if isinstance(e, Apply) else 0

    def code(self, e: Any) -> Code:
        """The code of a term: it returns a number, or an ``Array`` where ``e`` leaves indices open."""
        if e not in self._codes:
            if self.rank(e) < 0:
                raise Malformed(f"{e} has too many indices")
            rules = ARRAYS if self.rank(e) else NUMBERS
            for head, rule in rules.items():
                if isinstance(e, head):
                    self._codes[e] = rule(self, e)
                    break
            else:
                raise Unsupported(f"no meaning for {e}")
        return self._codes[e]

    def codes(self, e: Any) -> list[Code]:
        return [self.code(arg) for arg in e.args]


def _product(values: Any) -> Any:
    result: Any = None
    for value in values:
        result = value if result is None else result * value
    return result


# What the heads mean as numbers.


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
    key = reader.key(e)
    return lambda world, env: world.value(key(world, env))


def _sum(reader: Reader, e: Any) -> Code:
    first, *rest = reader.codes(e)

    def code(world: Any, env: Env) -> Any:
        result = first(world, env)
        for part in rest:
            result = result + part(world, env)
        return result

    return code


def _factors(reader: Reader, e: Any) -> Code:
    first, *rest = reader.codes(e)

    def code(world: Any, env: Env) -> Any:
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
    if isinstance(e, Member | Symbol | Kron | n):
        return True
    if isinstance(e, Total) and not free(e.args[2] + e.args[3]).isdisjoint({bound}):
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


NUMBERS: dict[type, Callable[[Reader, Any], Code]] = {
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


# What they mean as arrays.


def _array_member(reader: Reader, e: Any) -> Code:
    key = reader.key(e)

    def code(world: Any, env: Env) -> Array:
        name = key(world, env)
        ranges = world.ranges(name)
        return Array(ranges, {place: world.value((*name, *place)) for place in product(*ranges)})

    return code


def _array_sum(reader: Reader, e: Any) -> Code:
    parts = reader.codes(e)

    def code(world: Any, env: Env) -> Array:
        arrays = [part(world, env) for part in parts]
        ranges = _common(arrays)
        return Array(ranges, {place: sum(a.entries[place] for a in arrays) for place in product(*ranges)})

    return code


def _hadamard(reader: Reader, e: Any) -> Code:
    parts = reader.codes(e)

    def code(world: Any, env: Env) -> Array:
        arrays = [part(world, env) for part in parts]
        ranges = _common(arrays)
        return Array(ranges, {place: _product(a.entries[place] for a in arrays) for place in product(*ranges)})

    return code


def _common(arrays: list[Any]) -> tuple[range, ...]:
    shapes = {a.ranges if isinstance(a, Array) else () for a in arrays}
    if len(shapes) != 1:
        raise Malformed("the shapes " + " and ".join(sorted(map(_shape, arrays))) + " differ")
    [ranges] = shapes
    return ranges


def _shape(a: Any) -> str:
    return str(a) if isinstance(a, Array) else "of a number"


def _scaled(reader: Reader, e: Any) -> Code:
    arrays = [arg for arg in e.args if reader.rank(arg)]
    if len(arrays) != 1:
        raise Malformed(f"a product of {len(arrays)} arrays in {e}")
    array, rest = reader.code(arrays[0]), [reader.code(arg) for arg in e.args if not reader.rank(arg)]

    def code(world: Any, env: Env) -> Array:
        factors = [part(world, env) for part in rest]
        return array(world, env).map(lambda entry: _product((*factors, entry)))  # type: ignore[no-any-return]

    return code


def _array_function(reader: Reader, e: Any) -> Code:
    name, u, times = str(e.args[0]), reader.code(e.args[1]), int(e.args[2])
    if times < 0:
        raise Unsupported(f"the order of the derivative in {e}")
    return lambda world, env: u(world, env).map(lambda entry: world.apply(name, times, entry))


def _transposed(reader: Reader, e: Any) -> Code:
    if reader.rank(e.args[0]) != 2:
        raise Malformed(f"the transpose of {e.args[0]}, which is no matrix")
    matrix = reader.code(e.args[0])

    def code(world: Any, env: Env) -> Array:
        found = matrix(world, env)
        return Array(found.ranges[::-1], {place[::-1]: value for place, value in found.entries.items()})

    return code


def _outer(reader: Reader, e: Any) -> Code:
    if any(reader.rank(arg) != 1 for arg in e.args):
        raise Malformed(f"{e} needs two columns")
    first, second = reader.codes(e)

    def code(world: Any, env: Env) -> Array:
        u, v = first(world, env), second(world, env)
        entries = {(*i, *j): x * y for i, x in u.entries.items() for j, y in v.entries.items()}
        return Array(u.ranges + v.ranges, entries)

    return code


def _dot(reader: Reader, e: Any) -> Code:
    if reader.rank(e.args[0]) != 2 or not reader.rank(e.args[1]):
        raise Malformed(f"{e} needs a matrix, and a matrix or a column")
    first, second = reader.codes(e)

    def code(world: Any, env: Env) -> Array:
        one, two = first(world, env), second(world, env)
        if one.ranges[1] != two.ranges[0]:
            raise Malformed(f"a {one} matrix times {two}")
        ranges = one.ranges[:1] + two.ranges[1:]
        inner = one.ranges[1]
        return Array(ranges, {
            (row, *rest): sum(one.entries[row, k] * two.entries[(k, *rest)] for k in inner)
            for row, *rest in product(*ranges)
        })  # fmt: skip

    return code


def _array_partial(reader: Reader, e: Any) -> Code:
    y, x = e.args
    if not isinstance(x, Member) or (reader.rank(y) and not isinstance(y, Member)):
        raise Unsupported(f"the array of derivatives {e}")
    over, by = reader.key(y) if reader.rank(y) else None, reader.key(x)
    scalar = None if reader.rank(y) else reader.code(y)

    def code(world: Any, env: Env) -> Array:
        name = by(world, env)
        below = world.ranges(name) if reader.rank(x) else ()
        if scalar is not None:
            return Array(below, {place: world.partial(scalar, env, (*name, *place)) for place in product(*below)})
        top = over(world, env) if over else ()
        above = world.ranges(top)
        entries = {
            (*up, *down): world.partial(lambda inner, _, key=(*top, *up): inner.value(key), env, (*name, *down))
            for up in product(*above) for down in product(*below)
        }  # fmt: skip
        return Array(above + below, entries)

    return code


ARRAYS: dict[type, Callable[[Reader, Any], Code]] = {
    Member: _array_member,
    Add: _array_sum,
    Mul: _scaled,
    Hadamard: _hadamard,
    Dot: _dot,
    Transposed: _transposed,
    Outer: _outer,
    Apply: _array_function,
    D: _array_partial,
}
