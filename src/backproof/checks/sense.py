"""How a claim is taken: the notation, and what it leaves to the reader: where no layer or no example is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sympy import Integer

from ..networks.setting import Setting
from ..networks.tables import SOFTMAX


class Activity(NamedTuple):
    """What the layers from ``first`` to ``last`` do: the name of a function, ``softmax``, or sigma."""

    first: Any
    last: Any
    name: str


@dataclass(frozen=True)
class Sense:
    """``single``: there is one layer with weights, and letters without a layer are of it. ``ones``: layers have one
    unit each, and their index is left out. ``units``: the layer that an index letter is of, where indices say layers.
    ``numbers``: letters of indices that stand for the one example that there is. ``numerator``: the derivative of a
    number by a column is a row. ``activities``: where layers do different things. ``weights``: where a weight has one
    index, w_j, which of the two that is, and whether what it stands for is a row. ``differentials``: dX is a small
    change of X, and no derivative of the cost.
    """

    single: bool = False
    ones: bool = False
    units: Mapping[str, Any] = field(default_factory=dict, hash=False)
    numbers: frozenset[str] = frozenset()
    numerator: bool = False
    activities: tuple[Activity, ...] = ()
    weights: tuple[int, bool] | None = None
    differentials: bool = False

    def activity(self, layer: Any) -> Activity | None:
        """What a layer does, where it is known which one it is, or else what those do that come first."""
        known = [a for a in self.activities if a.first == a.last == layer]
        return known[0] if known else self.activities[0] if self.activities else None


def activities(setting: Setting) -> tuple[Activity, ...]:
    """What the layers of a network do, those that are numbered first last."""
    found = [
        Activity(first, last, "sigma" if f is None else "softmax" if f == SOFTMAX else f.name)
        for first, last, f in setting.layers
    ]
    hidden = [a for a in found if a.first != Integer(1)]
    return tuple(hidden)


__all__ = ["Activity", "Sense", "activities"]
