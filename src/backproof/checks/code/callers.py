"""What is around a gradient that is right: the steps that a program makes with it, and what one leaves for the next."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np

from . import roles, words
from .asking import one_hot, tried
from .calls import Claim, Way
from .cases import Case, claims
from .diagnose import UNKNOWN, Defect, Explained, diagnose
from .losses import REDUCTIONS
from .matching import Parameter
from .model import equal
from .probe import batch
from .running import run
from .said import Said
from .slips import SCALES
from .subject import Callee, Subject
from .watching import watched

RESETS: Final = re.compile(r"zero|reset|clear|flush")
MOST: Final = 2  # ways to make a step that are looked at
STALE: Final = "it is added to what the step before has left: nothing sets it back to 0"


def step_of(subject: Subject, said: Said, talk: words.Said, case: Case) -> Case | None:
    """A step of the program that is not along its own gradient, by a slip that is known and no constant."""
    if said.entry or case.found.claim.step:
        return None
    others = tried(subject, said, talk, frozenset({case.found.way.callee.name}))
    for one in [one for one in others if one.claim is not None and one.claim.step][:MOST]:
        layers = one.way.made.layers
        if layers.sizes != case.found.way.made.layers.sizes or layers.places != case.found.way.made.layers.places:
            continue
        made = []
        for reduction in sorted(REDUCTIONS, key=lambda each: (each != talk.reduction, each == "sum")):
            found = run(one.way, case.activations[:2], replace(case.loss, reduction=reduction), talk)
            made.append(replace(case, found=found, explained=diagnose(found.model, claims(found))))
        best = min(made, key=lambda each: each.weight)
        if 0 < best.weight < UNKNOWN and not any(map(_may_be_meant, best.explained.defects)):
            return replace(best, loss=case.loss)
    return None


def _may_be_meant(d: Defect) -> bool:
    """Whether a constant may be one of a learning rate; the number of examples in some of the gradients is none."""
    return d.mistake in SCALES and not (d.mistake == "batch-constant" and len(d.families) == 1)


def stale(case: Case, talk: words.Said, file: str) -> Case | None:
    """A step to which the gradient of the one before it is added once more; momentum adds a part of it."""
    way = case.found.way
    step = None if case.found.claim.step else _step_beside(way)
    if (step is None and not case.found.claim.step) or way.made.layout or way.made.kept is not None:
        return None
    labels = one_hot(way, talk) or case.loss.cost != "quadratic"
    one, other = (batch(way.made, seed, float, labels=labels) for seed in (0, 1))
    got: list[tuple[Claim, Claim, Claim]] = []

    def run_() -> None:
        with np.errstate(all="ignore"):
            got.append(way.kept(one, other, step))

    try:
        seen = watched(file, run_)
    except Exception:  # noqa: BLE001 - it ran with one batch; that it does not with two is not looked at here
        return None
    first, fresh, second = got[0]
    left = [p for p in way.parameters if _left(p, first, fresh, second)]
    if not left:
        return None
    defects = [_defect(p, second) for p in left]
    return replace(case, explained=Explained(tuple(defects), len(defects)), seen=tuple(seen))


def _step_beside(way: Way) -> Callee | None:
    """The method that makes a step with what the object keeps of a gradient, where nothing sets that back to 0."""
    methods = [c for c in way.subject.callees(way.made) if c.method] if way.made.is_object else []
    if any(RESETS.search(c.name.casefold()) for c in methods):
        return None
    taking = {c.name: {roles.role(p.name) for p in c.parameters} for c in methods}
    steps = [c for c in methods if c.kind == "step" and not taking[c.name] & {"inputs", "targets", "pairs"}]
    return steps[0] if len(steps) == 1 else None


def _left(p: Parameter, first: Claim, fresh: Claim, second: Claim) -> bool:
    try:
        one, alone, after = (np.asarray(c.gradients[p], dtype=float) for c in (first, fresh, second))
    except (KeyError, TypeError, ValueError):
        return False
    size = np.full(one.shape, 1e4 * (abs(one).max() + abs(alone).max()))
    return bool(one.any()) and equal(after, alone + one, size)


def _defect(p: Parameter, second: Claim) -> Defect:
    equation = "BP4" if p.family == "w" else "BP3"
    value = np.asarray(second.gradients[p], dtype=float)
    return Defect(equation, (p.layer - 1,), "not-reset", STALE, (p.family,), value)


__all__ = ["stale", "step_of"]
