"""How an array lies in a program: its axes by letters, several of them in one where they stand in brackets.

``"(b t) i"`` is a matrix whose rows are all positions of all examples, ``"b t i"`` the same with three axes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

Array = Any


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
    assert sorted(before) == sorted(after), f"{old} and {new} have different axes"
    spread = np.asarray(array, dtype=object).reshape([sizes[letter] for letter in before])
    return spread.transpose([before.index(letter) for letter in after]).reshape(shape(new, sizes)).copy()


__all__ = ["letters", "rearranged", "shape"]
