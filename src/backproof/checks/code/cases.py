"""A program that was run, held against a loss, and explained; of several ways and losses, the one with fewest slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from . import words
from .asking import Tried
from .calls import Claim
from .defects import Claims, Explained
from .diagnose import UNKNOWN, diagnose
from .fitting import Reading, likeliest
from .inferring import Activations
from .losses import Loss
from .running import Run, run
from .said import Said
from .watching import Seen

Array = Any
OF_SHAPES: Final = ("bias-not-summed", "bias-scalar", "broadcast")
MOST_WAYS, MOST_LOSSES = 3, 4  # that are looked at for one program


@dataclass(frozen=True)
class Case:
    """A program that was run in one way, held against one loss, and what explains its numbers."""

    found: Run
    explained: Explained
    activations: Activations
    loss: Loss
    source: str
    seen: tuple[Seen, ...] = ()
    alone: Claim | None = None  # of the first example, where there is a call for each

    @property
    def weight(self) -> int:
        return self.explained.weight

    @property
    def of_shapes(self) -> bool:
        """Whether the examples may just have been given in another way than the program takes them."""
        return any(d.mistake in OF_SHAPES for d in self.explained.defects)


def best(good: list[Tried], said: Said, talk: words.Said) -> Case:
    """The way and the loss that explain the numbers with the fewest slips; what is likelier comes first."""
    return candidates(good, said, talk)[0]


def candidates(good: list[Tried], said: Said, talk: words.Said) -> list[Case]:
    """The best case, and where nothing explains its numbers, the likeliest of each of the other ways."""
    best: Case | None = None
    others = list[Case]()
    for one, found in likeliest(good, said, talk)[:MOST_WAYS]:
        for place, case in enumerate(_cases(one, found, talk)):
            others += [] if place else [case]
            if best is None or case.weight < best.weight:
                best = case
            if not case.weight:
                return [case]
        if best is not None and best.weight < UNKNOWN and not best.of_shapes:
            return [best]
    assert best is not None
    return [best, *(case for case in others if case is not best)]


def _cases(one: Tried, readings: list[Reading], talk: words.Said) -> Iterator[Case]:
    for chosen, loss, source, *_ in readings[:MOST_LOSSES]:
        found = run(one.way, chosen[:2], loss, talk)
        yield Case(found, explained(found), chosen, loss, source)


def explained(found: Run) -> Explained:
    """What explains the numbers of a program: nothing has to, where all are right."""
    if all(verdict == "ok" for verdict in found.verdicts.values()):
        return Explained((), 0)
    return diagnose(found.model, claims(found))


def claims(found: Run) -> Claims:
    """The gradients of the program, in the orientation of the proved ones."""
    weights, biases = dict[int, Array](), dict[int, Array]()
    layers = found.way.made.layers
    for p, e in found.claim.gradients.items():
        if p.family == "w" and e.shape == layers.raw_shape(p.layer):
            weights[p.layer], extra = layers.plain(p.layer, e)
            if extra is not None:
                biases[p.layer] = extra
        elif p.family == "w":  # of another shape
            weights[p.layer] = e.T if layers.orientation == "in,out" and e.ndim == 2 else e
        else:
            biases[p.layer] = (
                e.reshape(())
                if p.shared and e.size == 1
                else _bias(e, found.truth.grad_b[p.layer].shape[0], found.truth.examples)
            )
    return Claims(weights, biases)


def _bias(e: Array, units: int, examples: int) -> Array:
    """Along one axis where it has the right size, or one entry per example; of shape (n, M) where it was not summed."""
    if e.size in (units, examples):
        return e.reshape(-1)
    return e.T if e.shape == (examples, units) else e


__all__ = ["Case", "best", "candidates", "claims", "explained"]
