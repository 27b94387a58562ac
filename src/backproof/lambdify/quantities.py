"""The data of a numeric function: arrays by layer, read by the indices of the theorem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import index
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ..surface.arrays import Shape, shape
from ..surface.network import Definition, Network
from ..surface.terms import D, Member, Refused, substitute
from .ranges import Affine
from .reading import Numbered, read
from .sizes import Sizes

#: What the families are called in messages.
WORDS: Final = {
    "w": "weights", "b": "biases", "z": "weighted inputs", "a": "activations", "delta": "errors", "x": "inputs",
    "y": "targets", "C": "cost", "Cx": "costs of the examples", "E": "costs of the outputs", "d": "errors",
}  # fmt: skip
ANY: Final = Symbol("any")  # unit

Layers = tuple[int, ...]


@dataclass(frozen=True)
class Quantity:
    """What the argument ``name`` holds: a family, "w", or the partial derivatives of one by another, ("C", "a")."""

    net: Network
    name: str
    family: Any
    shapes: dict[Layers, Shape] = field(default_factory=dict)  # those that were asked for

    @cached_property
    def kinds(self) -> str:
        """A letter an index, as in ``Family``."""
        return _kinds(self.net, self.family)

    def axes(self, at: Layers) -> Shape:
        """The ends of the indices that are left at these layers. ValueError where there is no such array."""
        if at not in self.shapes:
            if len(at) != self.kinds.count("l"):
                raise ValueError(f"{self.name} is given by {self.kinds.count('l')} layers, not by {at}")
            try:
                self.shapes[at] = shape(self.net, _whole(self.net, self.family, list(at)))
            except Refused as why:
                raise ValueError(why.reason) from None
        return self.shapes[at]

    def __str__(self) -> str:
        return f"the {_words(self.family)}"

    def at(self, indices: Iterable[Any]) -> str:
        """Such as w[2]."""
        inner = ", ".join(map(str, indices))
        return f"{self.name}[{inner}]" if inner else self.name

    def arrays(self, given: Any) -> dict[Layers, Any]:
        """The arrays by layer. ValueError where one has too many or too few indices."""
        found = by_layer(self.name, str(self), given) if "l" in self.kinds else {(): given}
        keyed = {tuple(map(index, key if isinstance(key, tuple) else (key,))): array for key, array in found.items()}
        return {at: self._array(at, array) for at, array in keyed.items()}

    def _array(self, at: Layers, given: Any) -> Any:
        array, indices = np.asarray(given), len(self.axes(at))
        if array.dtype.kind in "biu":  # their sums would be modulo a power of 2
            array = array.astype(float)
        column = indices == 1 and array.ndim == 2 and array.shape[1] == 1
        if not (column or array.ndim == indices):
            raise ValueError(f"{self.at(at)} has shape {array.shape}: it should have {indices} indices")
        return array

    def starts(self, at: Layers, sizes: Sizes) -> list[int]:
        """The first value of each index: 1, or 0 where there is a unit 0."""
        found = [sizes.value(lo) for lo, _ in self.axes(at)]
        if None in found:
            raise ValueError(f"it is not known where the indices of {self.at(at)} start")
        return [start for start in found if start is not None]

    def measure(self, at: Layers, array: Any, sizes: Sizes) -> None:
        """Learn from an array how wide layers are, or see that it fits."""
        for (_, hi), start, size in zip(self.axes(at), self.starts(at, sizes), array.shape, strict=False):
            sizes.learn(hi, size + start - 1, self.at(at))

    def fixed(self, at: Layers, count: int) -> Any:
        """The number that the network's equations say each of the ``count`` entries of an array is, or None."""
        if not isinstance(self.family, str):
            return None
        every = Definition(Member(self.family, *at, *[ANY] * count))
        return _number({d.body for d in self.net.definitions if d.overlaps(every)})

    def fixed_entry(self, at: Layers, units: Iterable[int], sizes: Sizes) -> Any:
        """The same of a single entry, such as the activation of a bias unit."""
        if not isinstance(self.family, str):
            return None
        entry = Member(self.family, *at, *units)
        matched = ((d, d.match(entry)) for d in self.net.definitions)
        return _number({d.body for d, values in matched if values is not None and _holds(d, values, sizes)})


def _holds(d: Definition, values: Mapping[Any, Any], sizes: Sizes) -> bool:
    """Whether the indices of a definition may have these values, as far as that is known."""
    ends = [
        (sizes.value(substitute(lo, values)), values[v], sizes.value(substitute(hi, values))) for v, lo, hi in d.bounds
    ]
    return all((lo is None or lo <= value) and (hi is None or value <= hi) for lo, value, hi in ends)


def _number(bodies: set[Any]) -> Any:
    """What a definition says, if that is one number."""
    body = bodies.pop() if len(bodies) == 1 else None
    return None if body is None or not body.is_Rational else int(body) if body.is_Integer else float(body)


def _kinds(net: Network, of: Any) -> str:
    return net.kinds[of] if isinstance(of, str) else "".join(_kinds(net, part) for part in of)


def _whole(net: Network, of: Any, layers: list[int]) -> Any:
    if isinstance(of, str):
        return Member(of, *[layers.pop(0) for kind in net.kinds[of] if kind == "l"])
    return D(_whole(net, of[0], layers), _whole(net, of[1], layers))


def _words(of: Any) -> str:
    if isinstance(of, str):
        return WORDS.get(of, of)
    return f"partial derivatives of the {_words(of[0])} by the {_words(of[1])}"


def by_layer(name: str, words: str, given: Any) -> Mapping[Any, Any]:
    """What is given by layer; a list counts layers from 1, so it has None at place 0. TypeError for anything else."""
    if isinstance(given, list | tuple) and given and given[0] is None:
        return {layer: value for layer, value in enumerate(given) if value is not None}
    if not isinstance(given, Mapping):
        raise TypeError(f"{words} are given by layer: {name}={{2: ..., 3: ...}}, or a list with None at place 0")
    return given


class Data:
    """The arrays of a quantity, read by the indices of the theorem: ``w[2, 1, 3]``, or many entries: see ``axis``."""

    def __init__(self, quantity: Quantity, arrays: Mapping[Layers, Any], sizes: Sizes) -> None:
        self.quantity, self.arrays, self.sizes = quantity, arrays, sizes

    def __getitem__(self, key: Any) -> Any:
        return self.read(key, ())

    def where(self, *least_zero: Any) -> Where:
        """As ``self``, where entries count only if all of these are at least 0."""
        return Where(self, least_zero)

    def read(self, key: Any, where: tuple[Any, ...]) -> Any:
        """A number, or an array with an index for each axis."""
        given = () if key is Ellipsis else key if isinstance(key, tuple) else (key,)
        slots = list(zip(given, self.quantity.kinds, strict=True))
        at, units = (tuple(slot for slot, kind in slots if (kind == "l") is layer) for layer in (True, False))
        if at not in self.arrays and not any(isinstance(unit, Affine) for unit in units):
            said = self.quantity.fixed_entry(at, units, self.sizes)
            if said is not None:
                return said
        found = read(partial(self._numbered, at), units, where)
        return found.item() if isinstance(found, np.generic | np.ndarray) and not found.ndim else found

    def _numbered(self, at: Layers) -> Numbered:
        """The array of these layers, a column as a vector."""
        q = self.quantity
        starts = q.starts(at, self.sizes)
        array = self.arrays[at] if at in self.arrays else self._said(at)
        return Numbered(array.reshape(array.shape[: len(starts)]), starts, partial(self._entry, at))

    def _said(self, at: Layers) -> Any:
        """What the network says itself of a whole array. ValueError where it says nothing."""
        q = self.quantity
        sizes = self._shape(at)
        value = q.fixed(at, len(sizes))
        if value is not None and None not in sizes:
            return np.full(sizes, value)
        array = f"an array of {_shown(sizes)}" if sizes else "a number"
        if at:
            array = f"{{{at if at[1:] else at[0]}: {array}}}"
        where = f" of layer {' and layer '.join(map(str, at))}" if at else ""
        raise ValueError(f"{q}{where} are needed: pass {q.name}={array}")

    def _entry(self, at: Layers, units: tuple[int, ...]) -> Any:
        """What the network says of one that no array has, such as the activation of a bias unit."""
        q = self.quantity
        value = q.fixed_entry(at, units, self.sizes)
        if value is None:
            raise ValueError(f"there is no {q.at((*at, *units))}: {q.at(at)} has {_shown(self._shape(at))}")
        return value

    def _shape(self, at: Layers) -> list[Any]:
        return [self.sizes.value(hi - lo + 1) for lo, hi in self.quantity.axes(at)]


@dataclass(frozen=True)
class Where:
    """Data of which entries count where all of ``least_zero`` are at least 0."""

    data: Data
    least_zero: tuple[Any, ...]

    def __getitem__(self, key: Any) -> Any:
        return self.data.read(key, self.least_zero)


def _shown(sizes: Iterable[Any]) -> str:
    return f"shape ({', '.join('?' if size is None else str(size) for size in sizes)})"


def data(given: Mapping[str, Any], quantities: Mapping[str, Quantity], sizes: Sizes) -> dict[str, Data]:
    """The ``quantities`` with the arrays that are given. From all of these the sizes are learnt."""
    arrays = {name: q.arrays(given[name]) for name, q in quantities.items() if name in given}
    for _ in range(2):  # what the first of them do not show, the others may, and then these have to fit
        for name, found in arrays.items():
            for at, array in found.items():
                quantities[name].measure(at, array, sizes)
    return {name: Data(q, arrays.get(name, {}), sizes) for name, q in quantities.items()}


def columns(found: Iterable[Data]) -> bool:
    """Whether vectors are columns. ValueError where some are, and others are not."""
    said: dict[bool, str] = {}
    for one in found:
        for at, array in one.arrays.items():
            if len(one.quantity.axes(at)) == 1:
                said.setdefault(array.ndim == 2, f"{one.quantity.at(at)} has shape {array.shape}")
    if len(said) == 2:
        raise ValueError(f"vectors are columns, or none of them is: {said[True]}, and {said[False]}")
    return True in said
