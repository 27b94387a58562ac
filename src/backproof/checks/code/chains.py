"""Which arrays of a program are the weights and biases of which layer.

Weights and biases are told apart by their shapes, and by the order in which they stand: sizes are chosen so that all of
them, and their successors, are different.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from typing import Any, Final

import numpy as np

from .containers import Layer, Layers, Leaf, Neurons, Piece, Shared, leaves, numbers, part_of

MOST_THIN: Final = 8  # rows and columns that may be biases
STATE: Final = ("velocit", "moment", "grad", "nabla", "cache", "prev", "old", "delta", "error", "last")
WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
BIAS: Final = re.compile(r"_*(?:\w*__)?b(?:ias(?:es)?)?_?\w{0,3}")


def found(holder: Any, sizes: Sequence[int] | None = None, data: Sequence[Any] = ()) -> list[Layers]:
    """The ways to see the arrays as the parameters of a dense network: those with biases of their own first.

    ``data``: paths of what are no parameters, but examples that the program keeps.
    """
    listed = [leaf for leaf in leaves(holder) if not _is_state(leaf, holder) and leaf.path not in data]
    plain = [_with_shared(r, holder) for r in _found(_without_twins(listed, holder), sizes)]
    if plain and (sizes is None or any(r.sizes == tuple(sizes) or _is_whole(r, listed, sizes) for r in plain)):
        return plain
    return _found(_neurons(holder), sizes) or (_flat(listed, sizes) if sizes else []) or plain


def _with_shared(r: Layers, holder: Any) -> Layers:
    """With one number for each layer, where they have no biases, and there are as many numbers that are called so."""
    if any(layer.bias is not None or layer.extra is not None for layer in r.layers):
        return r
    paths = list[tuple[Any, ...]]()
    for path, length in numbers(holder):
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        if BIAS.fullmatch(name.casefold()) and not isinstance(_at(holder, path), np.ndarray):
            paths += [(*path, place) for place in range(length)] if length else [path]
    if len(paths) != len(r.layers):
        return r
    pairs = zip(r.layers, paths, strict=True)
    return Layers(tuple(Layer(layer.weight, Shared(path, ())) for layer, path in pairs), r.orientation, r.sizes)


def _at(holder: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        holder = part_of(holder, part)
    return holder


def _found(all_leaves: list[Leaf], sizes: Sequence[int] | None) -> list[Layers]:
    matrices = [leaf for leaf in all_leaves if len(leaf.shape) == 2]
    results = list[Layers]()
    for orientation in ("out,in", "in,out"):
        for extra in _extras(len(matrices)):
            for chain in _chains(matrices, orientation, extra, sizes):
                results += _with_biases(chain, all_leaves, orientation, extra)
    whole = [r for r in results if sizes is not None and _is_whole(r, all_leaves, sizes)]
    wanted = whole or [r for r in results if sizes is None or r.sizes == tuple(sizes)] or results
    return sorted(wanted, key=lambda r: (len(all_leaves) - _used(r), _without_bias(r), _stems(r)))


def _is_whole(r: Layers, all_leaves: list[Leaf], sizes: Sequence[int]) -> bool:
    """Whether nothing is left over, and the ends are those that were asked for: layers between may be repeated."""
    return _used(r) == len(all_leaves) and (r.sizes[0], r.sizes[-1]) == (sizes[0], sizes[-1])


def _without_bias(r: Layers) -> int:
    return sum(layer.bias is None for layer in r.layers)


def _stems(r: Layers) -> int:
    """How many kinds of names the weights have, and the biases: W1, W2, W3 are of one kind."""
    weights = {re.sub(r"\d+", "", layer.weight.name) for layer in r.layers}
    return len(weights) + len({re.sub(r"\d+", "", layer.bias.name) for layer in r.layers if layer.bias is not None})


def _extras(count: int) -> list[tuple[int, ...]]:
    """Which layers have the biases among their weights: none, all, or only the first."""
    return list(dict.fromkeys([(0,), (1,), *([(1, 0)] if count == 2 else [])]))


def _without_twins(listed: list[Leaf], holder: Any) -> list[Leaf]:
    """Without matrices of zeros beside another one of the same shape: what was learned last, and the like."""
    zero = {leaf.path for leaf in listed if len(leaf.shape) == 2 and not np.any(leaf.get(holder) != 0)}
    shapes = [leaf.shape for leaf in listed if leaf.path not in zero]
    return [leaf for leaf in listed if leaf.path not in zero or leaf.shape not in shapes]


def _neurons(holder: Any) -> list[Leaf]:
    """Matrices whose rows, and vectors whose entries, are kept neuron by neuron."""
    groups: dict[tuple[Any, ...], dict[int, tuple[tuple[Any, ...], int]]] = {}
    for path, length in numbers(holder):
        at = next((n for n in range(len(path) - 1, -1, -1) if isinstance(path[n], int)), None)
        if at is not None:
            groups.setdefault((path[:at], path[at + 1 :]), {})[int(path[at])] = path, length
    result = list[Leaf]()
    for (before, after), group in groups.items():
        rows = [group[n] for n in sorted(group)]
        lengths = {length for _, length in rows}
        if len(lengths) == 1 and sorted(group) == list(range(len(rows))):
            length = lengths.pop()
            shape = (len(rows), length) if length else (len(rows),)
            path = (*before, *after)
            result.append(Neurons(path, shape, places=tuple(p for p, _ in rows)))
    return [leaf for leaf in result if not _is_state(Leaf(leaf.path[-1:], leaf.shape), holder)]


#: How a flat vector is put together: matrix and bias of each layer in turn, all matrices first, biases in a column,
#: none.
TOGETHER: Final = ("in turn", "matrices first", "first", "last", "none")


def _flat(listed: list[Leaf], sizes: Sequence[int]) -> list[Layers]:
    """One vector with everything in it."""
    result = []
    for leaf in listed:
        for way, orientation, order in product(TOGETHER, ("out,in", "in,out"), "CF"):
            made = _pieces(leaf, tuple(sizes), way, orientation, order)
            if made is not None:
                result.append(made)
    return result


#: What the text of a program has where its flat vector has the biases in a column, and where it is read by columns.
IN_A_COLUMN: Final = re.compile(r"\[:, ?1:\]|hstack|column_stack|np\.c_|np\.insert|\[1:\]")
BY_COLUMNS: Final = re.compile(r"""['"]F['"]""")


def likelier(found_: list[Layers], source: str) -> list[Layers]:
    """Ways to see one flat vector, those first that the text of the program speaks of."""
    by_columns, in_a_column = (bool(hint.search(source)) for hint in (BY_COLUMNS, IN_A_COLUMN))

    def unlike(r: Layers) -> int:
        leaf, extra = r.layers[0].weight, r.layers[0].extra
        order = isinstance(leaf, Piece) and (leaf.order == "F") != by_columns
        return order + (isinstance(leaf, Piece) and (extra is not None) != in_a_column)

    return sorted(found_, key=unlike)


def _pieces(leaf: Leaf, sizes: tuple[int, ...], way: str, orientation: str, order: str) -> Layers | None:
    extra = int(way in ("first", "last"))
    shapes = [(out, below + extra) for below, out in pairwise(sizes)]
    shapes = shapes if orientation == "out,in" else [shape[::-1] for shape in shapes]
    named = [(f"W{n}", shape) for n, shape in enumerate(shapes, start=1)]
    with_bias = [(f"b{n}", (out,)) for n, out in enumerate(sizes[1:], start=1)] if way in TOGETHER[:2] else []
    both = [e for pair in zip(named, with_bias, strict=True) for e in pair] if way == "in turn" else named + with_bias
    pieces, start = dict[str, Piece](), 0
    for name, shape in both:
        pieces[name] = Piece(leaf.path, shape, leaf.nested, start, order, name)
        start = pieces[name].stop
    if leaf.shape not in ((start,), (start, 1), (1, start)):
        return None
    layers = [Layer(pieces[f"W{n}"], pieces.get(f"b{n}"), way if extra else None) for n in range(1, len(sizes))]
    return Layers(tuple(layers), orientation, sizes)


def _used(r: Layers) -> int:
    return sum(1 + (layer.bias is not None) for layer in r.layers)


def _is_state(leaf: Leaf, holder: Any) -> bool:
    """Whether it is something beside the parameters: a velocity, a gradient, a cache."""
    name = str(next((part for part in reversed(leaf.path) if isinstance(part, str)), ""))
    names = {str(e).casefold() for e in _names(holder)}
    low = name.casefold().lstrip("_")
    twin = any(low.startswith(sign) and low.removeprefix(sign).lstrip("_") in names for sign in ("d", "v", "m", "g"))
    first = str(leaf.path[0]) if leaf.path else ""
    spoken = [word.casefold() for part in (name, first) for word in WORD.findall(part)]
    return twin or any(word.startswith(STATE) for word in spoken) or low.startswith(("dw", "db"))


def _names(holder: Any) -> list[Any]:
    if isinstance(holder, dict):
        return list(holder)
    return list(vars(holder)) if hasattr(holder, "__dict__") else []


def _ends(leaf: Leaf, orientation: str, extra: tuple[int, ...], place: int) -> tuple[int, int]:
    """The units below and above, as the shape of a matrix of weights says."""
    out, below = leaf.shape if orientation == "out,in" else leaf.shape[::-1]
    return below - extra[min(place, len(extra) - 1)], out


def _chains(
    matrices: list[Leaf], orientation: str, extra: tuple[int, ...], sizes: Sequence[int] | None
) -> Iterator[list[tuple[Leaf, int, int]]]:
    """Matrices in the order in which they stand, each of which goes on where the one before ended.

    Rows and columns may be biases; all other matrices are weights, unless the sizes are known.
    """
    rows = [(leaf, *_ends(leaf, orientation, extra, place)) for place, leaf in enumerate(matrices)]
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
    chain: list[tuple[Leaf, int, int]], all_leaves: list[Leaf], orientation: str, extra: tuple[int, ...]
) -> Iterator[Layers]:
    sizes = (chain[0][1], *(out for _, _, out in chain))
    if any(extra):
        for end in ("last", "first"):
            ends = [end if extra[min(place, len(extra) - 1)] else None for place in range(len(chain))]
            layers = [Layer(leaf, None, own) for (leaf, _, _), own in zip(chain, ends, strict=True)]
            yield Layers(tuple(layers), orientation, sizes)
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


__all__ = ["found", "likelier"]
