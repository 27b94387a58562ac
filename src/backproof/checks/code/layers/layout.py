"""How an array lies in a program: its axes by letters, several of them in one where they stand in brackets.

``"(b t) i"`` is a matrix whose rows are all positions of all examples, ``"b t i"`` the same with three axes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

Array = Any


class Unfit(ValueError):  # noqa: N818 - it is no fault of anyone
    """Arrays of these sizes cannot lie so."""


@dataclass(frozen=True)
class Joined:
    """Several arrays, each as its layout says, one behind the other along an axis; ``fold``: which then is one with
    the axis before it.
    """

    layouts: tuple[str, ...]
    axis: int = -1
    fold: bool = False

    def together(self, arrays: Sequence[Array]) -> Array:
        """All in one."""
        made = np.concatenate(list(arrays), axis=self.axis)
        return made.reshape(self.folded(made.shape))

    def folded(self, whole: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the whole."""
        at = self.axis % len(whole)
        return (*whole[: at - 1], whole[at - 1] * whole[at], *whole[at + 1 :]) if self.fold else whole

    def apart(self, array: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
        """The parts of the whole."""
        at = self.axis % len(shapes[0])
        count = sum(one[at] for one in shapes)
        spread = array.reshape((*shapes[0][:at], count, *shapes[0][at + 1 :]))
        ends = np.cumsum([one[at] for one in shapes])[:-1]
        return list(np.split(spread, ends, axis=at))


def joined(layout: str | tuple[str, ...] | Joined) -> Joined:
    """Of one array or more, behind one another along the last axis where nothing else is said."""
    if isinstance(layout, Joined):
        return layout
    return Joined((layout,) if isinstance(layout, str) else layout)


def groups(layout: str) -> list[list[str]]:
    """The letters of each axis."""
    return [word.strip("()").split() for word in re.findall(r"\([^)]*\)|\S+", layout)]


def letters(layout: str) -> list[str]:
    """All letters, in order; 1 is an axis with one entry and no letter."""
    return [letter for group in groups(layout) for letter in group if letter != "1"]


def shape(layout: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape of an array that lies so."""
    return tuple(prod(1 if letter == "1" else sizes[letter] for letter in group) for group in groups(layout))


def rearranged(array: Array, old: str, new: str, sizes: Mapping[str, int]) -> Array:
    """``array``, which lies as ``old`` says, as ``new`` says."""
    before, after = letters(old), letters(new)
    lost = [letter for letter in before if letter not in after]
    if any(sizes[letter] > 1 for letter in lost):
        raise Unfit(f"an array that lies as {new} has no {' '.join(lost)}")
    before = [letter for letter in before if letter not in lost]
    spread = np.asarray(array, dtype=object).reshape([sizes[letter] for letter in before])
    return spread.transpose([before.index(letter) for letter in after]).reshape(shape(new, sizes)).copy()


__all__ = ["Joined", "Unfit", "joined", "letters", "rearranged", "shape"]
