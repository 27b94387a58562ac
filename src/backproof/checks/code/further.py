"""More of a program that is wrong: what its functions assign, and whether its forward pass explains its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import numpy as np

from . import forward, words
from .asking import one_hot
from .calls import Batch
from .cases import Case, claims
from .diagnose import UNKNOWN, Defect, Explained, diagnose
from .inferring import OWN_OUTPUTS, output_of
from .model import Model, equal
from .operands import told
from .probe import batch
from .running import run
from .watching import Seen, first, watched

Array = Any


FEW: Final = 2  # examples, with which the error of a layer can be told from the gradient of its weights


def explained_further(case: Case, talk: words.Said, file: str, others: Sequence[Case] = ()) -> Case:
    """With what the program's functions assigned, and a slip of the forward pass where that explains more; ``others``:
    of which one is taken where such a slip explains its numbers, and nothing those of the first.
    """
    case = _of_forward(case, talk, file)
    for other in others if case.weight >= UNKNOWN else ():
        found = _of_forward(other, talk, file)
        if found.weight < UNKNOWN:
            return found
    if case.weight >= UNKNOWN and (fewer := _with_few(case, talk)) is not case:
        case, _ = _watched(fewer, talk, file)
    return _by_arrays(case) if case.weight >= UNKNOWN else case


def _of_forward(case: Case, talk: words.Said, file: str) -> Case:
    case, given = _watched(case, talk, file)
    if case.weight < UNKNOWN or case.activations.source == OWN_OUTPUTS:
        return case
    return _with_forward(case, list(case.seen), given)


def _watched(case: Case, talk: words.Said, file: str) -> tuple[Case, Batch]:
    """With what the functions of the program assign, and what they were given."""
    way, labels = case.found.way, one_hot(case.found.way, talk) or case.loss.cost != "quadratic"
    given = batch(way.made, case.found.seed, float, labels=labels)

    def once() -> None:
        with np.errstate(all="ignore"):
            way.gradient(given)

    seen, alone = list[Seen](), None
    with suppress(Exception):  # it ran before
        seen = watched(file, once)
        if case.found.model.single:
            alone = way.gradient(replace(given, x=given.x[:, :1], y=given.y[:, :1]))
    return replace(case, seen=tuple(seen), alone=alone), given


def _by_arrays(case: Case) -> Case:
    """What is left, by the arrays of the program."""
    old = case.explained.defects
    defects = tuple(told(d, case.found.model, list(case.seen)) for d in old)
    found = sum(d is not before for d, before in zip(defects, old, strict=True))
    return replace(case, explained=Explained(defects, case.weight - (UNKNOWN - 1) * found))


def _with_few(case: Case, talk: words.Said) -> Case:
    """Of few examples, where they explain more: what is wrong is an error of a layer, and not its two gradients."""
    way = case.found.way
    if way.made.layout or way.subject.data is not None or way.made.examples <= FEW:
        return case
    fewer = replace(way, made=replace(way.made, examples=FEW))
    try:
        found = run(fewer, case.activations[:2], case.loss, talk, case.found.seed)
    except Exception:  # noqa: BLE001 - it ran with more of them
        return case
    other = diagnose(found.model, claims(found))
    return replace(case, found=found, explained=other) if 0 < other.weight < case.weight else case


def _with_forward(case: Case, seen: list[Seen], given: Batch) -> Case:
    """The slip of the forward pass that gives what the program has there, and makes the rest plainest."""
    model, plain, best = case.found.model, case.found.model.floating(), case
    output = output_of(case.found.way, given)
    for layers, text, changed in forward.changes(plain):
        if not _is_there(plain, changed, layers, seen, output):
            continue
        exact = forward.slipped(model, layers, text)
        if exact is None:
            continue
        explained = diagnose(exact, claims(case.found))
        if explained.weight + 1 < best.weight:
            numbers = tuple(layer - 1 for layer in layers)
            slip = Defect("forward", numbers, "wrong-forward", text, value=_wrong(model, exact, layers[0]))
            best = replace(case, explained=Explained((slip, *explained.defects), explained.weight + 1))
        if best.weight == 1:
            break
    return best


def _wrong(model: Model, changed: Model, layer: int) -> Array:
    """The first array of a layer that is another one."""
    return changed.a[layer] if equal(changed.z[layer], model.z[layer]) else changed.z[layer]


def _is_there(plain: Model, changed: Model, layers: tuple[int, ...], seen: list[Seen], output: Array | None) -> bool:
    if output is not None:
        return equal(output, changed.a[plain.last])
    return all(first(seen, plain.a[layer]) is None and first(seen, changed.a[layer]) is not None for layer in layers)


__all__ = ["explained_further"]
