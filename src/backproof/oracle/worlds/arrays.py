"""What the heads mean where they stand for vectors and matrices, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from sympy import Add, Mul

from ...surface.terms import Apply, D, Dot, Hadamard, Member, Outer, Total, Transposed
from .reading import Array, Code, Env, Reader, Rules, multiply
from .verdicts import Malformed, Undefined, Unsupported


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
        return _together([part(world, env) for part in parts], sum)

    return code


def _hadamard(reader: Reader, e: Any) -> Code:
    parts = reader.codes(e)

    def code(world: Any, env: Env) -> Array:
        return _together([part(world, env) for part in parts], multiply)

    return code


def _together(parts: list[Any], f: Callable[[Iterable[Any]], Any]) -> Array:
    """Entry by entry; a number stands for an array of it."""
    arrays = [part for part in parts if isinstance(part, Array)]
    ranges = arrays[0].ranges
    if any(array.ranges != ranges for array in arrays):
        raise Malformed("the shapes " + " and ".join(map(str, arrays)) + " differ")
    columns = [part.entries if isinstance(part, Array) else dict.fromkeys(arrays[0].entries, part) for part in parts]
    return Array(ranges, {place: f(column[place] for column in columns) for place in product(*ranges)})


def _array_total(reader: Reader, e: Any) -> Code:
    body, bound = reader.code(e.args[0]), reader.name(e.args[1])
    low, high = reader.index(e.args[2]), reader.index(e.args[3])

    def code(world: Any, env: Env) -> Array:
        values = range(low(world, env), high(world, env) + 1)
        if not values:
            raise Undefined("a sum of no arrays")
        return _together([body(world, {**env, bound: value}) for value in values], sum)

    return code


def _scaled(reader: Reader, e: Any) -> Code:
    arrays = [arg for arg in e.args if reader.rank(arg)]
    if len(arrays) != 1:
        raise Malformed(f"a product of {len(arrays)} arrays in {e}")
    array, rest = reader.code(arrays[0]), [reader.code(arg) for arg in e.args if not reader.rank(arg)]

    def code(world: Any, env: Env) -> Array:
        factors = [part(world, env) for part in rest]
        return array(world, env).map(lambda entry: multiply((*factors, entry)))  # type: ignore[no-any-return]

    return code


def _array_function(reader: Reader, e: Any) -> Code:
    name, u, times = str(e.args[0]), reader.code(e.args[1]), int(e.args[2])
    if times < 0:
        raise Unsupported(f"the order of the derivative in {e}")
    return lambda world, env: u(world, env).map(lambda entry: world.apply(name, times, entry))


def _transposed(reader: Reader, e: Any) -> Code:
    if reader.rank(e.args[0]) != 2:
        raise Unsupported(f"{e}: rows are not read, only columns and matrices")
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
    if reader.rank(e.args[0]) == 1:
        raise Unsupported(f"{e}: rows are not read, only columns and matrices")
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


ARRAYS: Rules = {
    Member: _array_member,
    Add: _array_sum,
    Mul: _scaled,
    Hadamard: _hadamard,
    Dot: _dot,
    Transposed: _transposed,
    Outer: _outer,
    Total: _array_total,
    Apply: _array_function,
    D: _array_partial,
}
