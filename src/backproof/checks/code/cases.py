"""A program that was run, held against a loss, and explained; of several ways and losses, the one with fewest slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import words
from .asking import Tried, one_hot
from .diagnose import UNKNOWN, Claims, Explained, diagnose
from .inferring import Activations, activations, losses_for
from .losses import Loss
from .probe import batch
from .running import Run, run
from .said import Said
from .watching import Seen

Array = Any
MOST_WAYS, MOST_LOSSES = 4, 8  # that are looked at for one program


@dataclass(frozen=True)
class Case:
    """A program that was run in one way, held against one loss, and what explains its numbers."""

    found: Run
    explained: Explained
    activations: Activations
    loss: Loss
    source: str
    seen: tuple[Seen, ...] = ()

    @property
    def weight(self) -> int:
        return self.explained.weight


def best(good: list[Tried], said: Said, talk: words.Said) -> Case:
    """The way and the loss that explain the numbers with the fewest slips; what is likelier comes first."""
    best: Case | None = None
    for one in good[:MOST_WAYS]:
        for case in _cases(one, said, talk):
            if best is None or case.weight < best.weight:
                best = case
            if not case.weight:
                return case
        if best is not None and best.weight < UNKNOWN:
            break
    assert best is not None
    return best


def _cases(one: Tried, said: Said, talk: words.Said) -> Iterator[Case]:
    assert one.claim is not None
    given = batch(one.way.made, 0, float, labels=one_hot(one.way, talk))
    chosen = activations(one.way, given, one.claim, said, talk)
    options, source = losses_for(one.way, given, one.claim, chosen.last, said, talk)
    for loss in sorted(options, key=lambda loss: _unlike(loss, talk))[:MOST_LOSSES]:
        found = run(one.way, chosen[:2], loss, talk)
        yield Case(found, diagnose(found.model, claims(found)), chosen, loss, source)


def _unlike(loss: Loss, talk: words.Said) -> int:
    """In how many ways a loss is not the one that the words say."""
    told = {"cost": talk.cost, "factor": talk.factor, "reduction": talk.reduction}
    return sum(value is not None and getattr(loss, name) != value for name, value in told.items())


def claims(found: Run) -> Claims:
    """The gradients of the program, in the orientation of the proved ones."""
    weights, biases = dict[int, Array](), dict[int, Array]()
    layers = found.way.made.layers
    for p, e in found.claim.gradients.items():
        if p.family == "w" and e.shape == layers.raw_shape(p.layer):
            weights[p.layer], extra = layers.plain(p.layer, e)
            if extra is not None:
                biases[p.layer] = extra
        elif p.family == "w":
            weights[p.layer] = e
        else:
            biases[p.layer] = _bias(e, found.truth.grad_b[p.layer].shape[0], found.truth.examples)
    return Claims(weights, biases)


def _bias(e: Array, units: int, examples: int) -> Array:
    """Along one axis where it has the right size; of shape (n, M) where it was not summed."""
    if e.size == units:
        return e.reshape(-1)
    return e.T if e.shape == (examples, units) else e


__all__ = ["Case", "best", "claims"]
