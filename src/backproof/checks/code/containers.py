"""Where the parameters of a program are: arrays in attributes, lists, dictionaries, tuples and nested lists of numbers.

A leaf is one array of them, with the way that leads to it.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

import numpy as np

from .frameworks import table as frameworks

Array = Any
DEEP: Final = 5  # levels that are looked into
NUMBER: Final = (int, float, np.number)


@dataclass(frozen=True)
class Leaf:
    """An array, and how one comes to it: ``path`` has attributes, keys and places; ``nested``: of lists of numbers."""

    path: tuple[Any, ...]
    shape: tuple[int, ...]
    nested: bool = False

    @property
    def name(self) -> str:
        """As one writes it: W1, coefs[0], params["W1"]."""
        first, *rest = self.path or ("",)
        return str(first) + "".join(f"[{part!r}]" if isinstance(part, int) else f".{part}" for part in rest)

    @property
    def place(self) -> tuple[Any, ...]:
        """What tells it from the others."""
        return self.path

    def get(self, holder: Any) -> Array:
        """The numbers there, as an array."""
        return array(self.value(holder))

    def value(self, holder: Any) -> Any:
        """What is there."""
        found = holder
        for part in self.path:
            found = part_of(found, part)
        return found

    def put(self, holder: Any, value: Array) -> Any:
        """Put numbers there; what holds them is returned, anew where it is a tuple."""
        return _put(holder, self.path, value.tolist() if self.nested else value)


def part_of(holder: Any, part: Any) -> Any:
    if isinstance(holder, dict | list | tuple | np.ndarray):
        return holder[part]
    return getattr(holder, part)


def _put(holder: Any, path: tuple[Any, ...], value: Any, *, anew: bool = False) -> Any:
    if not path and anew:
        return value
    if not path:
        if frameworks.framework_of(holder) is not None:
            return frameworks.put(holder, np.asarray(value))
        if isinstance(holder, np.ndarray) and holder.shape == np.shape(value) and holder.dtype == value.dtype:
            holder[...] = value
            return holder
        return value
    inner = _put(part_of(holder, path[0]), path[1:], value, anew=anew)
    if isinstance(holder, tuple):
        parts = (*holder[: path[0]], inner, *holder[path[0] + 1 :])
        return type(holder)(*parts) if hasattr(holder, "_fields") else parts
    if isinstance(holder, dict | list):
        holder[path[0]] = inner
    else:
        setattr(holder, path[0], inner)
    return holder


def replaced(holder: Any, path: tuple[Any, ...], value: Any) -> Any:
    """What holds parameters with another thing at a place, and all that is on the way to it copied."""
    if not path:
        return value
    return _put(copy.copy(holder), path[:1], replaced(part_of(holder, path[0]), path[1:], value), anew=True)


def array(value: Any) -> Array:
    """An array of the numbers; of objects, where they are residues."""
    value = frameworks.plain(value)
    if isinstance(value, np.ndarray):
        return value
    found = np.array(value, dtype=object)
    try:
        return found.astype(float)
    except (TypeError, ValueError):
        return found


def leaves(holder: Any, path: tuple[Any, ...] = ()) -> Iterator[Leaf]:
    """The arrays of numbers with one or two axes, in the order in which they stand."""
    holder = frameworks.plain(holder)
    if isinstance(holder, np.ndarray):
        if holder.ndim in (1, 2) and holder.dtype.kind in "fO" and holder.size:  # whole numbers are sizes, or labels
            if holder.dtype == object and any(isinstance(e, np.ndarray) for e in holder.flat):
                yield from (leaf for at, e in enumerate(holder) for leaf in leaves(e, (*path, at)))
            else:
                yield Leaf(path, holder.shape)
        return
    if len(path) > DEEP:
        return
    if isinstance(holder, list) and holder and (shape := _regular(holder)):
        yield Leaf(path, shape, nested=True)
    elif isinstance(holder, list | tuple):
        for at, e in enumerate(holder):
            yield from leaves(e, (*path, at))
    elif isinstance(holder, dict):
        for at, e in holder.items():
            yield from leaves(e, (*path, at))
    elif is_object(holder):
        for name, e in frameworks.attributes(holder).items():
            yield from leaves(e, (*path, name))


def is_object(holder: Any) -> bool:
    """Whether it has attributes of its own: an instance of a class."""
    if isinstance(holder, type | ModuleType) or inspect.isroutine(holder):
        return False
    return hasattr(holder, "__dict__")


def numbers(holder: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], int]]:
    """The numbers that stand alone, and the lists and vectors of them, with their lengths: 0 for a number."""
    holder = frameworks.plain(holder)
    if isinstance(holder, float) or (isinstance(holder, np.ndarray) and holder.ndim == 0):
        yield path, 0
    elif isinstance(holder, np.ndarray):
        if holder.ndim == 1 and holder.dtype.kind in "fO":
            yield path, len(holder)
    elif len(path) > DEEP or isinstance(holder, str):
        return
    elif isinstance(holder, list) and holder and all(isinstance(e, NUMBER) for e in holder):
        if any(isinstance(e, float) for e in holder):
            yield path, len(holder)
    else:
        for at, e in _parts(holder):
            yield from numbers(e, (*path, at))


def _parts(holder: Any) -> list[tuple[Any, Any]]:
    if isinstance(holder, list | tuple):
        return list(enumerate(holder))
    if isinstance(holder, dict):
        return list(holder.items())
    return list(frameworks.attributes(holder).items()) if is_object(holder) else []


def _regular(value: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers, None for other things."""
    if all(isinstance(e, NUMBER) and not isinstance(e, bool) for e in value):
        return None if all(isinstance(e, int) for e in value) else (len(value),)
    if all(isinstance(e, list) and e and all(isinstance(n, NUMBER) for n in e) for e in value):
        return (len(value), len(value[0])) if len({len(e) for e in value}) == 1 else None
    return None


@dataclass(frozen=True)
class Neurons(Leaf):
    """An array whose rows, or entries, belong to neurons that stand one after the other: ``places``, of each."""

    places: tuple[tuple[Any, ...], ...] = ()

    def get(self, holder: Any) -> Array:
        """The rows, one below the other."""
        return array([array(self._at(holder, place)).tolist() for place in self.places])

    @staticmethod
    def _at(holder: Any, place: tuple[Any, ...]) -> Any:
        for part in place:
            holder = part_of(holder, part)
        return holder

    def put(self, holder: Any, value: Array) -> Any:
        """Each neuron gets its own; lists stay lists."""
        for place, own in zip(self.places, value, strict=True):
            listed = isinstance(self._at(holder, place), list)
            holder = _put(holder, place, own.tolist() if listed else own)
        return holder


@dataclass(frozen=True)
class Shared(Leaf):
    """A number that is the bias of all units of a layer."""

    def get(self, holder: Any) -> Array:
        """The number, as an array without an axis."""
        return np.array(super().get(holder)).reshape(())

    def put(self, holder: Any, value: Array) -> Any:
        """The first of them: they are the same."""
        return _put(holder, self.path, value.flat[0])


@dataclass(frozen=True)
class Piece(Leaf):
    """A part of one flat vector, from ``start``, of a matrix whose entries stand in the order "C" or "F"."""

    start: int = 0
    order: str = "C"
    called: str = ""

    @property
    def name(self) -> str:
        """As if it were an array of its own."""
        return self.called

    @property
    def place(self) -> tuple[Any, ...]:
        """What tells it from the others."""
        return (*self.path, self.called, self.order)

    @property
    def stop(self) -> int:
        return self.start + int(np.prod(self.shape))

    def cut(self, vector: Array) -> Array:
        """Its part of the whole vector."""
        part = vector.reshape(-1)[self.start : self.stop]
        return np.reshape(part, self.shape, order=self.order)  # type: ignore[call-overload]

    def get(self, holder: Any) -> Array:
        """The numbers there, as an array."""
        return self.cut(super().get(holder))

    def put(self, holder: Any, value: Array) -> Any:
        """Write them into the vector, which is an array of objects from then on if they are."""
        whole = super().get(holder)
        if value.dtype == object and whole.dtype != object:
            whole = whole.astype(object)
        whole[self.start : self.stop] = value.reshape(-1, order=self.order)
        return super().put(holder, whole)


@dataclass(frozen=True)
class Layer:
    """Where the weight and the bias of a layer are. ``extra``: the bias is a column of the weights, at that end."""

    weight: Leaf
    bias: Leaf | None
    extra: str | None = None  # "first" or "last"

    @property
    def shared(self) -> bool:
        """Whether all units have the same bias."""
        return isinstance(self.bias, Shared)


def _adjoining(layer: Layer) -> bool:
    """Whether the bias stands behind its matrix in one vector."""
    weight, bias = layer.weight, layer.bias
    return isinstance(bias, Piece) and isinstance(weight, Piece) and bias.start == weight.stop


@dataclass(frozen=True)
class Layers:
    """The parameters of a dense network. ``orientation``: "out,in" or "in,out"; ``sizes``: units of each layer."""

    layers: tuple[Layer, ...]
    orientation: str
    sizes: tuple[int, ...]

    @property
    def last(self) -> int:
        return len(self.sizes)

    @property
    def parameters(self) -> int:
        """How many weights and biases there may be."""
        return sum(out * (below + 1) for below, out in pairwise(self.sizes))

    @property
    def places(self) -> tuple[Any, ...]:
        """Where everything is, whatever the sizes are: by it, the same network of other sizes is known again."""
        return tuple(
            (layer.weight.place, layer.bias.place if layer.bias is not None else None, layer.extra, _adjoining(layer))
            for layer in self.layers
        )

    def put(self, holder: Any, weights: dict[int, Array], biases: dict[int, Array]) -> Any:
        """Write the parameters; the layers of both tables are counted from the input, 1."""
        before = list(arrays(holder))
        for number, layer in enumerate(self.layers, start=2):
            # Copies: many programs change their arrays in place.
            holder = layer.weight.put(holder, self.raw(number, weights[number], biases.get(number)).copy())
            if layer.bias is not None:
                own = biases[number] if layer.shared else biases[number].reshape(layer.bias.shape)
                holder = layer.bias.put(holder, own.copy())
        return _with_aliases(holder, before)

    def get(self, holder: Any) -> tuple[dict[int, Array], dict[int, Array]]:
        """Read them."""
        weights, biases = dict[int, Array](), dict[int, Array]()
        for number, layer in enumerate(self.layers, start=2):
            weights[number], bias = self.plain(number, layer.weight.get(holder))
            if layer.bias is not None:
                own = layer.bias.get(holder).reshape(-1)
                bias = np.repeat(own, self.sizes[number - 1]) if layer.shared else own
            if bias is not None:
                biases[number] = bias
        return weights, biases

    def raw(self, number: int, weight: Array, bias: Array | None) -> Array:
        """The weights of a layer as the program has them."""
        extra = self.layers[number - 2].extra
        if extra is not None and bias is not None:
            parts = [bias[:, None], weight] if extra == "first" else [weight, bias[:, None]]
            weight = np.concatenate(parts, axis=1)
        return weight if self.orientation == "out,in" else np.ascontiguousarray(weight.T)

    def plain(self, number: int, raw: Array) -> tuple[Array, Array | None]:
        """The weights of a layer, of shape (out, in), and the bias that is among them."""
        weight, extra = raw if self.orientation == "out,in" else raw.T, self.layers[number - 2].extra
        if extra is None:
            return weight, None
        return (weight[:, 1:], weight[:, 0]) if extra == "first" else (weight[:, :-1], weight[:, -1])

    def raw_shape(self, number: int) -> tuple[int, ...]:
        """The shape of the weights of a layer as the program has them."""
        return self.layers[number - 2].weight.shape


def arrays(holder: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Array]]:
    """All arrays, with the ways to them."""
    if isinstance(holder, np.ndarray):
        yield path, holder
    elif len(path) <= DEEP and not isinstance(holder, str):
        for at, e in _parts(holder):
            yield from arrays(e, (*path, at))


def as_objects(holder: Any) -> Any:
    """Let all arrays of floating-point numbers take others: what was one array in two places is one again."""
    new = dict[int, Array]()
    for path, e in list(arrays(holder)):
        if e.dtype.kind == "f":
            holder = _put(holder, path, new.setdefault(id(e), e.astype(object)))
    return holder


def exactly(holder: Any, like: Any) -> Any:
    """Arrays of zeros beside the parameters, as sums of gradients and velocities are, with numbers of this kind."""
    if hasattr(like, "residue"):
        for path, e in list(arrays(holder)):
            if e.dtype.kind == "f" and e.size and not e.any():
                holder = _put(holder, path, np.full(e.shape, like.field.number(0), dtype=object))
    return holder


def _with_aliases(holder: Any, before: list[tuple[tuple[Any, ...], Array]]) -> Any:
    """What was the same array in two places is so again."""
    now = dict(arrays(holder))
    first: dict[int, tuple[tuple[Any, ...], Array]] = {}
    for path, old in before:
        new = now.get(path)
        if new is not None and new is not old:
            first.setdefault(id(old), (path, new))
    for path, old in before:
        other = first.get(id(old))
        if other is not None and now.get(path) is old:
            holder = _put(holder, path, other[1])
    return holder


__all__ = ["DEEP", "Layer", "Layers", "Leaf", "Neurons", "Piece", "Shared", "array", "arrays", "as_objects", "exactly",
           "is_object", "leaves", "numbers", "part_of", "replaced"]  # fmt: skip
