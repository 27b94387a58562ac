"""Which reading of a program its own gradients agree with: found in floating point, by the plain reference.

Nothing is judged here. Of several ways to see the parameters, to give the examples and to read the loss, those that
fit are looked at first: a right program is not accused because of a layout that nobody declared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np

from ... import reference
from . import losses, words
from .activations import plain
from .asking import Tried, one_hot
from .calls import Batch, Claim, Way
from .inferring import HIDDEN, OUTPUTS, OWN, Activations, activations, decays, losses_for, outputs
from .losses import Loss
from .matching import constants
from .probe import batch
from .said import Said

Array = Any
CLOSE: Final = 1e-7  # of the largest entry of an array
TOLD: Final = ("declared", "the program's words")
UNSURE: Final = ("the program's words", "a guess")
MOST_READ: Final = 24  # ways, of those that gave gradients
LIKELY: Final = ("sigmoid", "tanh", "relu", "softmax", "identity")


class Reading(NamedTuple):
    """Activations, and a loss with where it comes from; and how many gradients of the program are its gradients."""

    activations: Activations
    loss: Loss
    source: str
    fitting: int
    fits: bool


@dataclass(frozen=True)
class Asked:
    """A way, and what it gives for targets of both kinds: any numbers, and one-hot."""

    way: Way
    claims: dict[Any, tuple[Batch, Claim]]
    plain: dict[Any, tuple[list[Array], list[Array]]] = field(default_factory=dict)

    def with_targets(self, *, hot: Any) -> tuple[Batch, Claim] | None:
        """Parameters, examples and gradients; None where the program raises with such targets."""
        if hot not in self.claims:
            given = batch(self.way.made, 0, float, labels=hot)
            try:
                with np.errstate(all="ignore"):
                    self.claims[hot] = given, self.way.gradient(given)
            except (Exception, SystemExit):  # noqa: BLE001 - it is somebody's program
                return None
        return self.claims[hot]

    def right(self, given: Batch, pair: tuple[str, str], cost: str) -> tuple[list[Array], list[Array]]:
        """The gradient of the sum of the costs by biases and weights, from the first layer on."""
        key = (id(given), pair, cost)
        if key not in self.plain:
            sizes = self.way.made.layers.sizes
            net = reference.Network(
                sizes, activations=[plain(pair[0])] * (len(sizes) - 2) + [plain(pair[1])], cost=cost
            )
            net.weights = [given.weights[n] for n in range(2, len(sizes) + 1)]
            net.biases = [given.biases.get(n, np.zeros(sizes[n - 1])).reshape(-1, 1) for n in range(2, len(sizes) + 1)]
            each = [net.backprop(given.x[:, [i]], given.y[:, [i]]) for i in range(given.x.shape[1])]
            self.plain[key] = (
                [sum(e) for e in zip(*(b for b, _ in each), strict=True)],
                [sum(e) for e in zip(*(w for _, w in each), strict=True)],
            )
        return self.plain[key]


def readings(one: Tried, said: Said, talk: words.Said) -> list[Reading]:
    """All readings of what a program gave, the likeliest first: those that fit, then those that the words tell."""
    assert one.claim is not None
    hot = one_hot(one.way, talk)
    given = batch(one.way.made, 0, float, labels=hot)
    asked = Asked(one.way, {hot: (given, one.claim)})
    first = activations(one.way, given, one.claim, said, talk)
    found, options, source = list[Reading](), list[Loss](), ""
    for chosen in _choices(first, said, talk):
        if chosen == first:
            options, source = losses_for(one.way, given, one.claim, chosen.last, said, talk)
        elif source not in TOLD:
            options, source = _by_value(one, given, chosen), "fit"
        fitting = [fitting_of(asked, chosen[:2], loss) for loss in options]
        all_ = len(one.way.parameters)
        rows = [Reading(chosen, loss, source, n, n == all_) for loss, n in zip(options, fitting, strict=True)]
        if _most(rows) > _most(found) or chosen == first:  # what nothing shows is what fits more of the gradients
            found = rows
        if any(row.fits for row in rows):
            break
    return sorted(found, key=lambda row: (not row.fits, _unlike(row.loss, talk), -row.fitting, _undivided(row)))


def _undivided(row: Reading) -> bool:
    """Where some gradients are means and others are sums, the sums have lost their factor."""
    return row.fitting > 0 and row.loss.reduction == "sum"


def _most(rows: list[Reading]) -> int:
    return max((row.fitting for row in rows), default=0)


def _choices(first: Activations, said: Said, talk: words.Said) -> Iterator[Activations]:
    """The activations to try: what was inferred; where nothing shows them, the common ones that the words allow."""
    yield first
    if first.source not in UNSURE:
        if first.last == "identity" and said.output is None and talk.output is None:  # the softmax is in the loss
            yield from (first._replace(last=last) for last in ("softmax", "sigmoid"))
        return
    hidden = [name for name in HIDDEN if name in LIKELY and name == (said.hidden or talk.hidden or name)]
    output = [name for name in OUTPUTS if name in LIKELY and name == (said.output or talk.output or name)]
    yield from (Activations(*pair, "fit") for pair in product(hidden, output) if pair != first[:2])


def _by_value(one: Tried, given: Batch, chosen: Activations) -> list[Loss]:
    """The losses that have the value that the program returns with its gradients; all, where it returns none."""
    rates, cost = decays(one.way), one.claim.cost if one.claim is not None else None
    if cost is None or not np.isscalar(cost):
        return [*losses.candidates(chosen.last, rates)]
    squares = float(sum((w**2).sum() for w in given.weights.values()))
    return losses.by_value(float(cost), outputs(one.way, given, *chosen[:2]), given.y, squares, chosen.last, rates)  # type: ignore[arg-type]


def _unlike(loss: Loss, talk: words.Said) -> int:
    """In how many ways a loss is not the one that the words say; said in passing, a squared error may have its 1/2."""
    told = {"cost": talk.cost, "factor": None if talk.loose else talk.factor, "reduction": talk.reduction}
    return sum(value is not None and getattr(loss, name) != value for name, value in told.items())


def likeliest(good: list[Tried], said: Said, talk: words.Said) -> list[tuple[Tried, list[Reading]]]:
    """The ways that gave gradients, those first that have a reading that fits, then those whose outputs are shown."""
    read = list[tuple[Tried, list[Reading]]]()
    ordered = good if len(good) <= MOST_READ else sorted(good, key=_misshapen)
    for one in ordered[:MOST_READ]:
        read.append((one, readings(one, said, talk)))
        if read[-1][1] and read[-1][1][0].fits and not _takes_batches(one, read):
            return [read[-1], *read[:-1]]
    return sorted(read, key=lambda pair: (_takes_batches(pair[0], read), *_doubts(pair)))


def _takes_batches(one: Tried, read: list[tuple[Tried, list[Reading]]]) -> bool:
    """Whether examples are given one at a time to a program that takes several: its own loss is a mean over them, or it
    gives as many numbers for many as for one, those of biases too, that fit in part.
    """
    if one.way.layout.together or one.way.made.layers.sizes[-1] == 1:
        return False
    own = [(other, found[0]) for other, found in read if found and other.way.layout.together
           and other.way.callee.name == one.way.callee.name]  # fmt: skip
    mean = any(likely.source == OWN and likely.loss.reduction == "mean" for _, likely in own)
    return mean or any(likely.fitting and _sums(other) for other, likely in own)


def _sums(one: Tried) -> bool:
    """Whether gradients of a batch have the shapes of their parameters, as those of biases have if they are summed."""
    return not _misshapen(one) and any(p.family == "b" for p in one.way.parameters)


def _doubts(read: tuple[Tried, list[Reading]]) -> tuple[Any, ...]:
    """Where fewer gradients fit, outputs that are a guess, targets as class numbers, and other shapes come last."""
    one, found = read
    return -found[0].fitting, found[0].activations.source in UNSURE, bool(one.way.targets.labels), _misshapen(one)


def _misshapen(one: Tried) -> int:
    """How many gradients have another shape than their parameters, with axes of one entry counted."""
    claimed = one.claim.gradients if one.claim is not None else {}
    return sum(p not in claimed or claimed[p].shape != p.leaf.shape for p in one.way.parameters)


def fitting_of(asked: Asked, pair: tuple[str, str], loss: Loss) -> int:
    """How many gradients of a program are those of a loss, as far as floating point tells."""
    got = asked.with_targets(hot=asked.way.targets.labels or loss.cost != "quadratic")
    if got is None:
        return 0
    fitting = 0
    given, claim = got
    biases, weights = asked.right(given, pair, loss.cost)
    examples, way = given.x.shape[1], asked.way
    count = examples if way.layout.together or way.paired else 1  # that the program sees in one call
    share, decay = float(loss.share(count, given.y.shape[0])), float(loss.slope(count)) * (examples // count)
    layers = asked.way.made.layers
    fixed = constants(claim.gradients, asked.way.parameters)
    for p in (p for p in asked.way.parameters if p not in fixed):
        found, bias = claim.gradients.get(p), biases[p.layer - 2] * share
        if p.family == "b":
            right = bias.sum().reshape(-1) if p.shared else bias.reshape(-1)
            found = None if found is None else np.reshape(found, -1)
        else:
            weight = weights[p.layer - 2] * share + decay * given.weights[p.layer]
            right = layers.raw(p.layer, weight, bias.reshape(-1))
        fitting += found is not None and _close(found, right)
    return fitting


def _close(found: Array, right: Array) -> bool:
    if np.shape(found) != np.shape(right):
        return False
    try:
        gap = abs(np.asarray(found, dtype=float) - right)
    except (TypeError, ValueError):
        return False
    return bool(np.all(gap <= CLOSE * (1e-3 + abs(right).max())))


__all__ = ["Reading", "likeliest", "readings"]
