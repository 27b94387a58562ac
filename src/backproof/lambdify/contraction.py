"""Sums of products of arrays: ``np.einsum``, where two arrays at a time are matrices for BLAS wherever that can be."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

Shapes = tuple[tuple[int, ...], ...]


def einsum(subscripts: str, *arrays: Any) -> Any:
    """As ``np.einsum`` with these subscripts, which name the letters of the result."""
    names, result = subscripts.split("->")
    letters, operands = names.split(","), list(map(np.asarray, arrays))
    if len(operands) < 3:
        return _step(letters, operands, result)
    for places in path(subscripts, tuple(array.shape for array in operands)):
        taken = [(letters.pop(place), operands.pop(place)) for place in sorted(places, reverse=True)]
        wanted = set(result).union(*letters)
        left = result if not letters else "".join(sorted(set().union(*(own for own, _ in taken)) & wanted))
        operands.append(_step([own for own, _ in taken], [array for _, array in taken], left))
        letters.append(left)
    return operands[0]


@lru_cache(1024)
def path(subscripts: str, shapes: Shapes) -> tuple[tuple[int, ...], ...]:
    """In which order arrays of these shapes are taken together."""
    steps, _ = np.einsum_path(subscripts, *(np.broadcast_to(0.0, shape) for shape in shapes), optimize="greedy")
    return tuple(steps[1:])


def _step(letters: list[str], arrays: list[Any], result: str) -> Any:
    if len(arrays) == 2 and all(len(set(own)) == len(own) for own in letters):
        return _two(letters, arrays, result)
    return np.einsum(f"{','.join(letters)}->{result}", *arrays)


def _two(letters: list[str], arrays: list[Any], result: str) -> Any:
    """The product of two arrays, as one of stacks of matrices where more than entries are multiplied."""
    first, second = letters
    batch = [x for x in result if x in first and x in second]
    rows = [x for x in result if x in first and x not in second]
    columns = [x for x in result if x in second and x not in first]
    inner = [x for x in first if x in second and x not in result]
    if not inner or len(first) + len(second) != 2 * len(batch + inner) + len(rows + columns):
        return np.einsum(f"{first},{second}->{result}", *arrays)
    sizes = dict(zip(first + second, [*arrays[0].shape, *arrays[1].shape], strict=True))
    left = _ordered(arrays[0], first, batch, rows, inner)
    right = _ordered(arrays[1], second, batch, inner, columns)
    found = np.matmul(left, right).reshape([sizes[x] for x in batch + rows + columns])
    made = "".join(batch + rows + columns)
    return found.transpose([made.index(x) for x in result])


def _ordered(array: Any, letters: str, batch: list[str], above: list[str], below: list[str]) -> Any:
    """A matrix for each letter of ``batch``."""
    moved = array.transpose([letters.index(x) for x in (*batch, *above, *below)])
    counts = [len(batch), len(batch) + len(above)]
    return moved.reshape(
        *moved.shape[: counts[0]], prod(moved.shape[counts[0] : counts[1]]), prod(moved.shape[counts[1] :])
    )


def masked(subscripts: str, mask: Any, *arrays: Any) -> Any:
    """``einsum`` of the terms where ``mask``, whose letters come first, is True; the others are 0 whatever they are."""
    names, result = subscripts.split("->")
    letters, operands = names.split(","), [mask, *map(np.asarray, arrays)]
    if not arrays:
        return einsum(subscripts, mask.astype(float))
    if all(np.isfinite(array).all() for array in operands[1:]):
        place = min(range(1, len(operands)), key=lambda i: _together(letters, operands, (0, i)))
        taken = {0, place}
    else:  # 0 times these would be NaN
        taken = set(range(len(operands)))
    union = "".join(dict.fromkeys("".join(letters[i] for i in sorted(taken))))
    product: Any = 1.0
    with np.errstate(invalid="ignore"):
        for i in sorted(taken - {0}):
            product = product * _along(operands[i], letters[i], union)
    kept = np.where(_along(mask, letters[0], union), product, 0)
    others = [i for i in range(1, len(operands)) if i not in taken]
    return einsum(f"{','.join([union, *(letters[i] for i in others)])}->{result}", kept, *(operands[i] for i in others))


def _together(letters: list[str], operands: list[Any], places: tuple[int, ...]) -> int:
    """How many entries these have together."""
    return prod({x: n for i in places for x, n in zip(letters[i], operands[i].shape, strict=True)}.values())


def _along(array: Any, letters: str, union: str) -> Any:
    """``array`` with the letters of ``union``, of size 1 where it has none."""
    own = [x for x in union if x in letters]
    moved = np.einsum(f"{letters}->{''.join(own)}", array)
    return moved.reshape([moved.shape[own.index(x)] if x in own else 1 for x in union])
