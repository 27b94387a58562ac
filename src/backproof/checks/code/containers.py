"""Where the parameters of a program are: arrays in attributes, lists, dictionaries, tuples and nested lists of numbers.

A leaf is one array of them, with the way that leads to it. Weights and biases are told apart by their shapes, and by
the order in which they stand: sizes are chosen so that all of them, and their successors, are different.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final

import numpy as np

Array = Any
DEEP: Final = 4  # levels that are looked into
MOST_THIN: Final = 8  # rows and columns that may be biases
STATE: Final = ("velocit", "moment", "grad", "nabla", "cache", "prev", "old", "delta", "error", "d_", "dw", "db")
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

    def get(self, holder: Any) -> Array:
        """The numbers there, as an array."""
        found = holder
        for part in self.path:
            found = _part(found, part)
        return array(found)

    def put(self, holder: Any, value: Array) -> Any:
        """Put numbers there; what holds them is returned, anew where it is a tuple."""
        return _put(holder, self.path, value.tolist() if self.nested else value)


def _part(holder: Any, part: Any) -> Any:
    if isinstance(holder, dict | list | tuple | np.ndarray):
        return holder[part]
    return getattr(holder, part)


def _put(holder: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        if isinstance(holder, np.ndarray) and holder.shape == np.shape(value) and holder.dtype == value.dtype:
            holder[...] = value
            return holder
        return value
    inner = _put(_part(holder, path[0]), path[1:], value)
    if isinstance(holder, tuple):
        return (*holder[: path[0]], inner, *holder[path[0] + 1 :])
    if isinstance(holder, dict | list):
        holder[path[0]] = inner
    else:
        setattr(holder, path[0], inner)
    return holder


def array(value: Any) -> Array:
    """An array of the numbers; of objects, where they are residues."""
    if isinstance(value, np.ndarray):
        return value
    found = np.array(value, dtype=object)
    try:
        return found.astype(float)
    except (TypeError, ValueError):
        return found


def leaves(holder: Any, path: tuple[Any, ...] = ()) -> Iterator[Leaf]:
    """The arrays of numbers with one or two axes, in the order in which they stand."""
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
    elif hasattr(holder, "__dict__") and not isinstance(holder, type) and not callable(holder):
        for at, e in vars(holder).items():
            yield from leaves(e, (*path, at))


def _regular(value: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers, None for other things."""
    if all(isinstance(e, NUMBER) and not isinstance(e, bool) for e in value):
        return None if all(isinstance(e, int) for e in value) else (len(value),)
    if all(isinstance(e, list) and e and all(isinstance(n, NUMBER) for n in e) for e in value):
        return (len(value), len(value[0])) if len({len(e) for e in value}) == 1 else None
    return None


@dataclass(frozen=True)
class Layer:
    """Where the weight and the bias of a layer are. ``extra``: the bias is a column of the weights, at that end."""

    weight: Leaf
    bias: Leaf | None
    extra: str | None = None  # "first" or "last"


@dataclass(frozen=True)
class Layers:
    """The parameters of a dense network. ``orientation``: "out,in" or "in,out"; ``sizes``: units of each layer."""

    layers: tuple[Layer, ...]
    orientation: str
    sizes: tuple[int, ...]

    @property
    def last(self) -> int:
        return len(self.sizes)

    def put(self, holder: Any, weights: dict[int, Array], biases: dict[int, Array]) -> Any:
        """Write the parameters; the layers of both tables are counted from the input, 1."""
        for number, layer in enumerate(self.layers, start=2):
            holder = layer.weight.put(holder, self.raw(number, weights[number], biases.get(number)))
            if layer.bias is not None:
                holder = layer.bias.put(holder, biases[number].reshape(layer.bias.shape))
        return holder

    def get(self, holder: Any) -> tuple[dict[int, Array], dict[int, Array]]:
        """Read them."""
        weights, biases = dict[int, Array](), dict[int, Array]()
        for number, layer in enumerate(self.layers, start=2):
            weights[number], bias = self.plain(number, layer.weight.get(holder))
            if layer.bias is not None:
                bias = layer.bias.get(holder).reshape(-1)
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


def found(holder: Any, sizes: Sequence[int] | None = None) -> list[Layers]:
    """The ways to see the arrays as the parameters of a dense network: those with biases of their own first."""
    all_leaves = [leaf for leaf in leaves(holder) if not _is_state(leaf, holder)]
    matrices = [leaf for leaf in all_leaves if len(leaf.shape) == 2]
    results = []
    for orientation in ("out,in", "in,out"):
        for extra in (0, 1):
            for chain in _chains(matrices, orientation, extra, sizes):
                results += _with_biases(chain, all_leaves, orientation, extra)
    wanted = [r for r in results if sizes is None or r.sizes == tuple(sizes)] or results
    return sorted(wanted, key=lambda r: (len(all_leaves) - _used(r), sum(layer.bias is None for layer in r.layers)))


def _used(r: Layers) -> int:
    return sum(1 + (layer.bias is not None) for layer in r.layers)


def _is_state(leaf: Leaf, holder: Any) -> bool:
    """Whether it is something beside the parameters: a velocity, a gradient, a cache."""
    name = str(leaf.path[0]).casefold().lstrip("_") if leaf.path else ""
    names = {str(e).casefold() for e in _names(holder)}
    twin = any(name.startswith(sign) and name.removeprefix(sign).lstrip("_") in names for sign in ("d", "v", "m", "g"))
    return twin or any(word in name for word in STATE if len(word) > 2) or name.startswith(("dw", "db"))


def _names(holder: Any) -> list[Any]:
    if isinstance(holder, dict):
        return list(holder)
    return list(vars(holder)) if hasattr(holder, "__dict__") else []


def _ends(leaf: Leaf, orientation: str, extra: int) -> tuple[int, int]:
    """The units below and above, as the shape of a matrix of weights says."""
    out, below = leaf.shape if orientation == "out,in" else leaf.shape[::-1]
    return below - extra, out


def _chains(
    matrices: list[Leaf], orientation: str, extra: int, sizes: Sequence[int] | None
) -> Iterator[list[tuple[Leaf, int, int]]]:
    """Matrices in the order in which they stand, each of which goes on where the one before ended.

    Rows and columns may be biases; all other matrices are weights, unless the sizes are known.
    """
    rows = [(leaf, *_ends(leaf, orientation, extra)) for leaf in matrices]
    thin = [row for row in rows if 1 in row[0].shape][:MOST_THIN]
    for count in range(len(thin) + 1):
        for left_out in combinations(thin, count):
            chain = [row for row in rows if row not in left_out]
            if chain and all(below >= 1 for _, below, _ in chain) and _goes_on(chain):
                yield chain
    if sizes is not None:  # others stand between them
        chain, place = list[tuple[Leaf, int, int]](), 0
        for below, out in pairwise(sizes):
            at = next((n for n in range(place, len(rows)) if rows[n][1:] == (below, out)), None)
            if at is None:
                return
            chain.append(rows[at])
            place = at + 1
        yield chain


def _goes_on(chain: list[tuple[Leaf, int, int]]) -> bool:
    return all(one[2] == other[1] for one, other in pairwise(chain))


def _with_biases(
    chain: list[tuple[Leaf, int, int]], all_leaves: list[Leaf], orientation: str, extra: int
) -> Iterator[Layers]:
    sizes = (chain[0][1], *(out for _, _, out in chain))
    if extra:
        for end in ("last", "first"):
            yield Layers(tuple(Layer(leaf, None, end) for leaf, _, _ in chain), orientation, sizes)
        return
    taken = {leaf.path for leaf, _, _ in chain}
    rest = [leaf for leaf in all_leaves if leaf.path not in taken]
    layers = []
    for leaf, _, out in chain:
        shapes = ((out,), (out, 1)) if orientation == "out,in" else ((out,), (1, out), (out, 1))
        bias = next((one for shape in shapes for one in rest if one.shape == shape), None)
        rest = [one for one in rest if one is not bias]
        layers.append(Layer(leaf, bias))
    yield Layers(tuple(layers), orientation, sizes)


__all__ = ["Layer", "Layers", "Leaf", "array", "found", "leaves"]
