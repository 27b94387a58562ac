"""The ways in which programs take examples: side by side as columns or rows, or one at a time.

A batch is x of shape (n_1, M) and targets y of shape (n_L, M), in columns, as ``Truth`` has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Array = Any


@dataclass(frozen=True)
class Layout:
    """``words`` for the verdict; ``calls`` cuts a batch into what is given at a time: inputs, and targets likewise."""

    name: str
    words: str
    together: bool
    inputs: Callable[[Array], Any]
    outputs: Callable[[Any], Array]  # what a forward pass returns, as columns

    def batches(self, x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
        """What is given in one call: the whole batch, or an example of it."""
        if self.together:
            yield x, y
        else:
            yield from ((x[:, [i]], y[:, [i]]) for i in range(x.shape[1]))


def _flat(values: Any) -> Array:
    return np.asarray(values).reshape(-1, 1)


LAYOUTS: Final = {
    row.name: row
    for row in (
        Layout("columns", "an example is a column", True, lambda x: x, np.asarray),
        Layout("rows", "an example is a row", True, lambda x: np.ascontiguousarray(x.T), lambda a: np.asarray(a).T),
        Layout("list of columns", "a list of columns", True, lambda x: [x[:, [i]] for i in range(x.shape[1])],
               lambda a: np.concatenate([_flat(e) for e in a], axis=1)),
        Layout("column", "one example at a time, a column", False, lambda x: x, np.asarray),
        Layout("vector", "one example at a time, an array of one axis", False, lambda x: x[:, 0], _flat),
        Layout("row", "one example at a time, a row", False, lambda x: np.ascontiguousarray(x.T),
               lambda a: np.asarray(a).T),
        Layout("lists", "one example at a time, a list", False, lambda x: x[:, 0].tolist(), _flat),
        Layout("list of lists", "a list of lists", True, lambda x: x.T.tolist(), lambda a: np.asarray(a).T),
    )
}  # fmt: skip


SIGNS: Final = "signs"


@dataclass(frozen=True)
class Targets:
    """How targets are given: as the outputs are, as class numbers, or without the axis of the single output."""

    name: str
    words: str
    fits: Callable[[Layout, Array], bool]
    give: Callable[[Layout, Array], Any]
    labels: Any = False  # which numbers the targets of a batch are, as for ``probe.batch``


TARGETS: Final = {
    row.name: row
    for row in (
        Targets("matrix", "as the outputs", lambda _l, _y: True, lambda layout, y: layout.inputs(y)),
        Targets("integers", "class numbers from 0", lambda _l, y: y.shape[0] > 1,
                lambda layout, y: _labels(y) if layout.together else int(_labels(y)[0]), True),
        Targets("integers from 1", "class numbers from 1", lambda _l, y: y.shape[0] > 1,
                lambda layout, y: _labels(y) + 1 if layout.together else int(_labels(y)[0]) + 1, True),
        Targets("flat", "one axis", lambda layout, y: y.shape[0] == 1 and layout.together,
                lambda _l, y: y[0]),
        Targets("number", "a number", lambda layout, y: y.shape[0] == 1 and not layout.together,
                lambda _l, y: y[0, 0]),
        Targets("signs", "-1 or 1", lambda layout, y: y.shape[0] == 1 and layout.together,
                lambda _l, y: y[0], SIGNS),
        Targets("columns of signs", "-1 or 1, as the outputs", lambda _l, _y: True,
                lambda layout, y: layout.inputs(y), SIGNS),
        Targets("sign", "-1 or 1", lambda layout, y: y.shape[0] == 1 and not layout.together,
                lambda _l, y: y[0, 0], SIGNS),
        Targets("signs of classes", "-1 or 1 for 0 and 1", lambda layout, y: y.shape[0] == 1 and layout.together,
                lambda _l, y: 2 * y[0] - 1, True),
        Targets("columns of signs of classes", "-1 or 1 for 0 and 1, as the outputs", lambda _l, _y: True,
                lambda layout, y: layout.inputs(2 * y - 1), True),
        Targets("sign of a class", "-1 or 1 for 0 and 1", lambda layout, y: y.shape[0] == 1 and not layout.together,
                lambda _l, y: 2 * y[0, 0] - 1, True),
    )
}  # fmt: skip


def _labels(y: Array) -> Array:
    return np.array([max(range(y.shape[0]), key=lambda k: y[k, i]) for i in range(y.shape[1])])


__all__ = ["LAYOUTS", "SIGNS", "TARGETS", "Layout", "Targets"]
