"""What is wrong with a program, as a diagnosis has it, and what is diagnosed: its gradients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Array = Any


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong: the equation, the layers (of weights, from 1), the slip or None, and what was done."""

    equation: str
    layers: tuple[int, ...]
    mistake: str | None
    words: str
    families: tuple[str, ...] = ("w", "b")  # the parameters that it is seen in, "w" or "b"
    value: Any = field(default=None, compare=False, repr=False)  # the wrong numbers: an error, or a gradient
    left_in: int | None = None  # the layer that they are written to, where it is not their own
    error: Any = field(default=None, compare=False, repr=False)  # that they come from; of BP2, the one above


@dataclass(frozen=True)
class Explained:
    """The defects, and how much they weigh."""

    defects: tuple[Defect, ...]
    weight: int


@dataclass(frozen=True)
class Claims:
    """The gradients of a program, in the orientation of ``Truth``; biases may have shapes that are wrong."""

    weights: Mapping[int, Array]
    biases: Mapping[int, Array]


__all__ = ["Claims", "Defect", "Explained"]
