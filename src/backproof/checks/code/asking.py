"""The ways in which a program's gradient may be asked for, and what comes of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from . import roles, words
from .calls import Claim, Way
from .layouts import LAYOUTS, TARGETS, Layout, Targets
from .probe import batch
from .said import Said
from .subject import Callee, Made, Subject


@dataclass(frozen=True)
class Tried:
    """A way that gave a gradient, or what it raised."""

    way: Way
    claim: Claim | None
    error: BaseException | None = None


def ways(subject: Subject, said: Said, talk: words.Said) -> Iterator[Way]:
    """How a gradient may be asked for; what the program's words say comes first."""
    for made in subject.made:
        all_ = list(subject.callees(made))
        forwards = [c for c in all_ if c.kind == "forward" and _takes_inputs(c)]
        loss_of = [c for c in all_ if c.kind == "loss"]
        wanted = said.entry.split(".")[-1]
        chosen = [c for c in all_ if c.name == wanted] or sorted(
            (c for c in all_ if c.kind in ("gradient", "step") or takes_examples(c)), key=_preference
        )
        for callee in chosen:
            if callee in loss_of and not takes_examples(callee):
                continue
            forward = next((c for c in forwards if c.name != callee.name), None)
            for layout, targets in product(_layouts(subject, made, talk), TARGETS.values()):
                if _targets_fit(subject, targets, layout, talk, made):
                    penalised = talk.penalty is not None
                    yield Way(subject, made, callee, layout, targets, forward, penalised)


def _takes_inputs(c: Callee) -> bool:
    return any(roles.role(p.name) == "inputs" for p in c.parameters)


def takes_examples(c: Callee) -> bool:
    """Whether it has parameters for inputs and targets."""
    found = {roles.role(p.name) for p in c.parameters}
    return {"inputs", "targets"} <= found or "pairs" in found


def _preference(c: Callee) -> tuple[Any, ...]:
    return ({"gradient": 0, "step": 1}.get(c.kind, 2), c.name.startswith("_"))


def _layouts(subject: Subject, made: Made, talk: words.Said) -> list[Layout]:
    data = subject.data
    if data is not None:
        columns = data[0].shape[-1] != made.layers.sizes[0]
        return [LAYOUTS["columns" if columns else "rows"]]
    told = [LAYOUTS[name] for name in talk.layouts if name in LAYOUTS]
    return told or [LAYOUTS[name] for name in LAYOUTS]


def _targets_fit(subject: Subject, targets: Targets, layout: Layout, talk: words.Said, made: Made) -> bool:
    outputs = made.layers.sizes[-1]
    data = subject.data
    if data is not None:
        flat = data[1].ndim == 1
        return bool(targets.name == ("flat" if flat and outputs == 1 else "integers" if flat else "matrix"))
    if talk.integers and outputs > 1:
        return bool(targets.name == "integers")
    return bool(targets.fits(layout, np.zeros((outputs, 1))))


def tried(subject: Subject, said: Said, talk: words.Said) -> list[Tried]:
    """All ways that gave a gradient for one callee, in floating point; or what was raised, if none did."""
    found, failed = list[Tried](), list[Tried]()
    done = set[Any]()
    for way in ways(subject, said, talk):
        key = (id(way.made), way.callee.name)
        if found and key not in done:
            break
        given = batch(way.made, 0, float, labels=one_hot(way, talk))
        try:
            with np.errstate(all="ignore"):
                claim = way.gradient(given)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program, or a CannotCallError
            failed.append(Tried(way, None, error))
            continue
        done.add(key)
        found.append(Tried(way, claim))
    return found or failed


def one_hot(way: Way, talk: words.Said) -> bool:
    """Whether targets have to be: class numbers are, and what costs with logarithms are about."""
    return way.targets.name == "integers" or talk.cost in ("log-likelihood", "cross-entropy")


__all__ = ["Tried", "one_hot", "takes_examples", "tried", "ways"]
