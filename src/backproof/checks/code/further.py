"""More of a program that is wrong: what its functions assign, and whether its forward pass explains its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from . import forward, words
from .asking import one_hot
from .calls import Batch
from .cases import Case, claims
from .diagnose import UNKNOWN, Defect, Explained, diagnose
from .inferring import OWN_OUTPUTS, output_of
from .model import Model, equal
from .probe import batch
from .watching import Seen, first, watched

Array = Any


def explained_further(case: Case, talk: words.Said, file: str) -> Case:
    """With what the program's functions assigned, and a slip of the forward pass where that explains more."""
    way, labels = case.found.way, one_hot(case.found.way, talk) or case.loss.cost != "quadratic"
    given = batch(way.made, case.found.seed, float, labels=labels)

    def once() -> None:
        with np.errstate(all="ignore"):
            way.gradient(given)

    alone = None
    try:
        seen = watched(file, once)
        if case.found.model.single:
            alone = way.gradient(replace(given, x=given.x[:, :1], y=given.y[:, :1]))
    except Exception:  # noqa: BLE001 - it ran before
        seen = []
    case = replace(case, seen=tuple(seen), alone=alone)
    if case.activations.source == OWN_OUTPUTS or case.weight < UNKNOWN:
        return case
    return _with_forward(case, seen, given)


def _with_forward(case: Case, seen: list[Seen], given: Batch) -> Case:
    """The first slip of the forward pass that gives what the program has there, and makes the rest plainer."""
    model, plain = case.found.model, case.found.model.floating()
    output = output_of(case.found.way, given)
    for layers, text, changed in forward.changes(plain):
        if not _is_there(plain, changed, layers, seen, output):
            continue
        exact = forward.slipped(model, layers, text)
        if exact is None:
            continue
        explained = diagnose(exact, claims(case.found))
        if explained.weight < case.weight:
            numbers = tuple(layer - 1 for layer in layers)
            slip = Defect("forward", numbers, "wrong-forward", text, value=_wrong(model, exact, layers[0]))
            return replace(case, explained=Explained((slip, *explained.defects), explained.weight + 1))
    return case


def _wrong(model: Model, changed: Model, layer: int) -> Array:
    """The first array of a layer that is another one."""
    return changed.a[layer] if equal(changed.z[layer], model.z[layer]) else changed.z[layer]


def _is_there(plain: Model, changed: Model, layers: tuple[int, ...], seen: list[Seen], output: Array | None) -> bool:
    if output is not None:
        return equal(output, changed.a[plain.last])
    return all(first(seen, plain.a[layer]) is None and first(seen, changed.a[layer]) is not None for layer in layers)


__all__ = ["explained_further"]
