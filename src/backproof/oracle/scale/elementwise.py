"""Functions and entries: what a term over one unit and one example is, for all units and examples at once.

The elementary functions are free variables, one for each argument, with the derivatives that they have, and
exp(-u) = 1/exp(u). So is step: it is no number 0 or 1 here, since with those a wrong program would often pass, and a
right one would often take the logarithm of 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ...surface.network import Network
from ...surface.terms import Apply, Choice, M, Member, Total, n
from ..dual import Dual
from ..worlds.terms import replaced
from .equations import definition, kinds
from .limbs import PRIME, SIZE, Clash
from .residues import CONSTANT, VARIABLE, Array, Degree, number

EXAMPLES = 3
SCALAR = (1, 1)
KINDS = ("", "u", "e", "ue")  # a quantity of a unit, of an example, of both

Known = dict[Any, Any]  # the values of terms
Key = tuple[Any, ...]  # a family, and the layer where it has one: ("z", 2), ("y",)


def each(value: Any, change: Callable[[Array], Array]) -> Any:
    """A linear change of an array, or of both parts of a dual one."""
    return Dual(change(value.value), change(value.slope)) if isinstance(value, Dual) else change(value)


def inverse(value: Any) -> Any:
    """1/value. Clash for 0."""
    if isinstance(value, Dual):
        found = value.value.inverse()
        return Dual(found, found * found * value.slope * -1)
    return value.inverse()


@dataclass
class Atoms:
    """The values of functions: random numbers, the same for the same seed, name and argument."""

    seed: int
    examples: Array  # M, where it is written as a number
    values: dict[str, dict[int, int]] = field(default_factory=dict)
    asked: int = 0
    arguments: Degree = CONSTANT

    def value(self, name: str, times: int, u: Any) -> Any:
        """A derivative, 0 or 1 times, of a function without a body."""
        if isinstance(u, Dual):
            if times:
                raise Clash(f"a second derivative of {name}")
            value = self.value(name, 0, u.value)
            return Dual(value, self._slope(name, u.value, value) * u.slope)
        if times:
            return self._slope(name, u, self.value(name, 0, u))
        return self._exponential(u) if name == "exp" else self._variable(name, u)

    def _slope(self, name: str, u: Array, value: Array) -> Array:
        return SLOPES[name](self, u, value) if name in SLOPES else self._variable(f"{name}'", u)

    @property
    def chance(self) -> int:
        """p times the chance that arguments that are formally different are equal, or opposite in sign, or 0."""
        return (self.asked + 1) ** 2 * (self.arguments.top + self.arguments.bottom)

    def _variable(self, name: str, u: Array) -> Array:
        self.asked += len(u.entries)
        self.arguments = Degree(*map(max, self.arguments, u.degree))
        values, before = self.values.setdefault(name, {}), f"{self.seed} {name} ".encode()
        for x in u.entries:
            if x not in values:
                digest = hashlib.blake2b(before + x.to_bytes(SIZE, "little"), digest_size=SIZE).digest()
                values[x] = (int.from_bytes(digest, "little") >> 1) % PRIME
        return Array(u.shape, [values[x] for x in u.entries], VARIABLE)

    def _exponential(self, u: Array) -> Array:
        """Of u and -u, the one that is less has a variable; the other has its inverse."""
        signs = [x + x > PRIME for x in u.entries]
        least = Array(u.shape, [PRIME - x if sign else x for x, sign in zip(u.entries, signs, strict=True)], u.degree)
        values = self._variable("exp", least)
        places = [place for place, sign in enumerate(signs) if sign]
        entries = [1 if x == 0 else value for x, value in zip(u.entries, values.entries, strict=True)]
        turned = Array((len(places),), [entries[place] for place in places], CONSTANT).inverse()
        for place, value in zip(places, turned.entries, strict=True):
            entries[place] = value
        return Array(u.shape, entries, Degree(1, 1, len(entries)))


#: The derivatives of the elementary functions, from the argument and the value.
SLOPES: dict[str, Callable[[Atoms, Array, Array], Array]] = {
    "exp": lambda _atoms, _u, value: value,
    "log": lambda _atoms, u, _value: u.inverse(),
    "sqrt": lambda _atoms, _u, value: (value * 2).inverse(),
    "step": lambda _atoms, u, _value: u * 0,
    "Phi": lambda atoms, u, _value: atoms.value("phi", 0, u),
    "phi": lambda _atoms, u, value: value * u * -1,
}


class Place(NamedTuple):
    """Where entries are: the symbols of their unit and example, and how many there are of each."""

    shape: tuple[int, ...] = SCALAR
    unit: Any = None
    example: Any = None

    @property
    def natural(self) -> tuple[int, ...]:
        """The shape of the array: without what it has not an index for."""
        indices = (self.unit, self.example)
        return tuple(count for count, index in zip(self.shape, indices, strict=True) if index is not None)


@dataclass
class Elementwise:
    """Reads terms whose quantities have the unit and the example of one place; the values are arrays, or dual ones.

    ``slopes``: the derivatives of activations that are known, by the name of the activation and the key of z.
    """

    net: Network
    sizes: tuple[int, ...]
    atoms: Atoms
    values: Mapping[Key, Any]
    slopes: Mapping[tuple[str, Key], Any] = field(default_factory=dict)

    def width(self, layer: Any) -> int:
        """The units of a layer."""
        if not isinstance(layer, Integer | int) or not 1 <= layer <= len(self.sizes):
            raise Clash(f"there is no layer {layer}")
        return self.sizes[int(layer) - 1]

    def key(self, e: Member) -> tuple[Key, Sequence[Any]]:
        """The array that a quantity is in, and what is left of its indices."""
        sorts = kinds(self.net).get(e.family)
        if sorts is None:
            raise Clash(f"the network has no quantity {e.family}")
        if not sorts.startswith("l"):
            return (e.family,), e.indices
        if not e.indices:
            raise Clash(f"{e} is not the quantities of one layer")
        self.width(e.indices[0])
        return (e.family, int(e.indices[0])), e.indices[1:]

    def known(self, key: Key) -> Any:
        """The value of an array."""
        if key not in self.values:
            raise Clash(f"{show(key)} is used before it is known")
        return self.values[key]

    def place(self, e: Member) -> Place:
        """Where the entries of a quantity are that has a symbol for each of its indices but the layer."""
        equation, values = definition(self.net, e)
        layer = {v: values[v] for v in values if not isinstance(values[v], Symbol)}
        counts = {values[v]: self._count(replaced(hi, layer)) for v, _, hi in equation.bounds if v not in layer}
        sorts, (_, indices) = kinds(self.net)[e.family].removeprefix("l"), self.key(e)
        found = dict(zip(sorts, indices, strict=True))
        if len(counts) != len(sorts) or sorts not in KINDS:
            raise Clash(f"{e} has no symbol for its unit and example")
        shape = tuple(counts[found[kind]] if kind in found else 1 for kind in "ue")
        return Place(shape, found.get("u"), found.get("e"))

    def _count(self, hi: Any) -> int:
        return EXAMPLES if hi == M else self.width(hi.args[0] if isinstance(hi, n) else None)

    def read(self, e: Any, place: Place, known: Known) -> Any:
        """What ``e`` is at a place, of which ``known`` is known: an array of its shape, or a number; perhaps dual."""
        if e in known:
            return known[e]
        if isinstance(e, Rational):
            return number(int(e.p) * pow(int(e.q), -1, PRIME))
        if isinstance(e, Add):
            return reduce(add, (self.read(arg, place, known) for arg in e.args))
        if isinstance(e, Mul):
            return reduce(mul, (self.read(arg, place, known) for arg in e.args))
        if isinstance(e, Pow) and isinstance(e.exp, Integer):
            base = self.read(e.base, place, known)
            return (base if e.exp > 0 else inverse(base)) ** abs(int(e.exp))
        if isinstance(e, Apply):
            known[e] = self._apply(e, place, known)
            return known[e]
        if isinstance(e, Choice):
            test, above, below = (self.read(arg, place, known) for arg in (Apply("step", e.args[0]), *e.args[1:]))
            return below + test * (above + below * -1)
        if isinstance(e, Total):
            return self._total(e, place)
        if isinstance(e, Member):
            return self._member(e, place)
        if isinstance(e, n):
            return number(self.width(e.args[0]))
        if e == M:
            return self.atoms.examples
        raise Clash(f"no meaning for {e}")

    def function(self, name: str, times: int, u: Any) -> Any:
        """The value of a function: by its body, if it has one."""
        for f in self.net.functions:
            if f.name == name and times == 0:
                shape = (u.value if isinstance(u, Dual) else u).shape
                return spread(self.read(f.body, Place(shape), {f.variable: u}), shape)
            if f.name == name:
                raise Clash(f"the derivative of {name} is used before it is known")
        return self.atoms.value(name, times, u)

    def _apply(self, e: Any, place: Place, known: Known) -> Any:
        if e.args[2] not in (0, 1):
            raise Clash(f"no meaning for {e}")
        name, times = str(e.args[0]), int(e.args[2])
        slope = self.slope(name, times, e.args[1])
        if slope is not None:
            self._member(e.args[1], place)
            return slope
        return self.function(name, times, spread(self.read(e.args[1], place, known), place.shape))

    def slope(self, name: str, times: int, inner: Any) -> Any:
        """The derivative of an activation at z, where it is known."""
        return self.slopes.get((name, self.key(inner)[0])) if times == 1 and isinstance(inner, Member) else None

    def _total(self, e: Any, place: Place) -> Any:
        body, bound, lo, hi = e.args
        if lo != 1 or not (hi == M or isinstance(hi, n)):
            raise Clash(f"the sum {e} is not over the units of a layer or the examples")
        (rows, columns), count = place.shape, self._count(hi)
        unit, example = (None if index == bound else index for index in (place.unit, place.example))
        if hi == M:
            axis, inside = 1, Place((rows, count), unit, bound)
        else:
            axis, inside = 0, Place((count, columns), bound, example)
        value = spread(self.read(body, inside, {}), inside.shape)
        return each(value, lambda array: array.over(axis).spread(rows, columns))

    def _member(self, e: Member, place: Place) -> Any:
        key, indices = self.key(e)
        sorts, value = kinds(self.net)[e.family].removeprefix("l"), self.known(key)
        if sorts not in KINDS or len(indices) != len(sorts):
            raise Clash(f"{e} is not a quantity of one unit and example")
        wanted = {"u": place.unit, "e": place.example}
        if any(index != wanted[kind] for kind, index in zip(sorts, indices, strict=True)):
            raise Clash(f"{e} is not of the unit and the example that are spoken of")
        return each(value, lambda array: _at(array, sorts, place.shape, e))


def _at(array: Array, sorts: str, shape: tuple[int, ...], e: Member) -> Array:
    rows, columns = array.shape[0] if "u" in sorts else 1, array.shape[-1] if "e" in sorts else 1
    if ("u" in sorts and rows != shape[0]) or ("e" in sorts and columns != shape[1]):
        raise Clash(f"{e} is of the shape {array.shape} and not {shape}")
    return array.reshaped(rows, columns).spread(*shape)


def spread(value: Any, shape: tuple[int, ...]) -> Any:
    """The value, if it is a number as an array."""
    return each(value, lambda array: array if array.shape else array.repeated(shape))


def show(key: Key) -> str:
    """The name of an array, for the reader."""
    return str(Member(key[0], *map(Integer, key[1:])))
