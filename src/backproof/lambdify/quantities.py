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
from ..surface.terms import D, Member, Refused
from .ranges import Affine
from .reading import read
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

    def fixed(self, at: Layers, units: Iterable[Any]) -> Any:
        """The number that the network's equations say an entry is, such as the activation of a bias unit, or None."""
        if not isinstance(self.family, str):
            return None
        entry = Definition(Member(self.family, *at, *(ANY if isinstance(unit, slice) else unit for unit in units)))
        bodies = {d.body for d in self.net.definitions if d.overlaps(entry)}
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
    """The arrays of a quantity, read by the indices of the theorem: ``w[2, 1, 3]``, or ``w[2]`` for the matrix."""

    def __init__(self, quantity: Quantity, arrays: Mapping[Layers, Any], sizes: Sizes, *, columns: bool) -> None:
        self.quantity, self.arrays, self.sizes, self.columns = quantity, arrays, sizes, columns
        self._entries: dict[Layers, tuple[Any, list[int]]] = {}

    def __getitem__(self, key: Any) -> Any:
        kinds, given = self.quantity.kinds, () if key is Ellipsis else key if isinstance(key, tuple) else (key,)
        slots = list(zip([*given, *[slice(None)] * (len(kinds) - len(given))], kinds, strict=True))
        at = tuple(slot for slot, kind in slots if kind == "l")
        units = tuple(slot for slot, kind in slots if kind != "l")
        if any(isinstance(unit, Affine) for unit in units):
            return self._many(at, units, strict=True)
        whole = bool(units) and all(isinstance(unit, slice) for unit in units)
        if at not in self.arrays:
            return self._unsaid(at, units)
        return self.arrays[at] if whole else self._part(at, units)

    def near(self, *key: Any) -> Any:
        """As ``self[key]`` for many entries, where those that are not there do not count: there is a mask."""
        kinds = self.quantity.kinds
        at, units = (tuple(s for s, kind in zip(key, kinds, strict=True) if (kind == "l") is l) for l in (True, False))
        return self._many(at, units, strict=False)

    def _many(self, at: Layers, units: tuple[Any, ...], *, strict: bool) -> Any:
        if at not in self.arrays:
            array, starts = self._unsaid(at, (slice(None),) * len(units)), self.quantity.starts(at, self.sizes)
            array = array.reshape(array.shape[: len(units)])
        else:
            array, starts = self._numbered(at, len(units))
        return read(array, starts, units, partial(self._unsaid, at) if strict else None)

    def _numbered(self, at: Layers, indices: int) -> tuple[Any, list[int]]:
        """An array, a column as a vector, and where its indices start."""
        if at not in self._entries:
            array = self.arrays[at]
            self._entries[at] = array.reshape(array.shape[:indices]), self.quantity.starts(at, self.sizes)
        return self._entries[at]

    def _part(self, at: Layers, units: tuple[Any, ...]) -> Any:
        """An entry, as a Python number, or a row or column."""
        array, starts = self._numbered(at, len(units))
        places = tuple(u if isinstance(u, slice) else u - start for u, start in zip(units, starts, strict=True))
        within = zip(places, array.shape, strict=True)
        if not all(isinstance(place, slice) or 0 <= place < size for place, size in within):
            return self._unsaid(at, units)
        return array[places] if any(isinstance(place, slice) for place in places) else array.item(places)

    def _unsaid(self, at: Layers, units: tuple[Any, ...]) -> Any:
        """What the network says itself. ValueError where it says nothing."""
        q = self.quantity
        sizes = [self.sizes.value(hi - lo + 1) for lo, hi in q.axes(at)]
        left = [size for size, unit in zip(sizes, units, strict=True) if isinstance(unit, slice)]
        value = q.fixed(at, units)
        if value is not None and None not in left:
            column = [1] if self.columns and len(sizes) == 1 else []
            return np.full([*left, *column], value) if left else value
        shown = f"shape ({', '.join('?' if size is None else str(size) for size in sizes)})"
        if at in self.arrays:
            raise ValueError(f"there is no {q.at((*at, *units))}: {q.at(at)} has {shown}")
        value = f"an array of {shown}" if sizes else "a number"
        if at:
            value = f"{{{at if at[1:] else at[0]}: {value}}}"
        where = f" of layer {' and layer '.join(map(str, at))}" if at else ""
        raise ValueError(f"{q}{where} are needed: pass {q.name}={value}")


def data(given: Mapping[str, Any], quantities: Mapping[str, Quantity], sizes: Sizes, *, whole: bool) -> dict[str, Data]:
    """The ``quantities`` with the arrays that are given. From all of these the sizes are learnt.

    Where ``whole`` arrays are computed with, vectors have to be columns, or none of them.
    """
    arrays = {name: q.arrays(given[name]) for name, q in quantities.items() if name in given}
    said: dict[bool, str] = {}
    for name, found in arrays.items():
        for at, array in found.items():
            quantities[name].measure(at, array, sizes)
            if len(quantities[name].axes(at)) == 1:
                said.setdefault(array.ndim == 2, f"{quantities[name].at(at)} has shape {array.shape}")
    if whole and len(said) == 2:
        raise ValueError(f"vectors are columns, or none of them is: {said[True]}, and {said[False]}")
    columns = True in said
    return {name: Data(q, arrays.get(name, {}), sizes, columns=columns) for name, q in quantities.items()}
