"""Which activations and which loss a program has, where it is not declared: by its own numbers, then by its words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np

from ... import reference
from . import losses, roles, words
from .activations import of_source, plain
from .asking import takes_examples
from .calls import PENALTY, Batch, Claim, Way
from .losses import Loss
from .model import equal
from .said import Said
from .subject import fresh
from .watching import Seen, first, watched

Array = Any
OWN: Final = "the program's own loss"
HIDDEN: Final = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus", "gelu", "identity")
OUTPUTS: Final = (*HIDDEN, "softmax")


class Activations(NamedTuple):
    """Of the hidden layers and of the last one, and what shows it."""

    hidden: str
    last: str
    source: str


OWN_OUTPUTS: Final = "the program's own outputs"


def activations(way: Way, given: Batch, claim: Claim, said: Said, talk: words.Said) -> Activations:
    """What is declared; else what gives the program's outputs, its loss, or the arrays on its way; else its words."""
    hidden_ = (*HIDDEN, *of_source(str(way.subject.module.__file__)))
    pairs = [(h, o) for h, o in product(hidden_, OUTPUTS) if said.hidden in (None, h) and said.output in (None, o)]
    if talk.bent and said.hidden is None:
        pairs = [pair for pair in pairs if pair[0] != "identity"]
    implied = {"cross-entropy": "sigmoid", "log-likelihood": "softmax"}.get(talk.cost or "")
    pairs.sort(key=lambda pair: (pair[0] != talk.hidden, pair[1] != talk.output, pair[1] != implied))
    if len(pairs) == 1:
        return Activations(*pairs[0], "declared")
    for source, shows in (
        (OWN_OUTPUTS, _by_outputs),
        (OWN, _by_loss),
        ("the arrays that the program computes", _by_arrays),
    ):
        found = shows(way, given, claim, pairs)
        if found is not None:
            return Activations(found[0], _of_logits(found[1], said, talk), source)
    hidden = said.hidden or talk.hidden or _first_hidden(way, given, pairs) or "sigmoid"
    last = said.output or talk.output or implied or ("sigmoid" if hidden == "sigmoid" else "identity")
    return Activations(hidden, last, "the program's words" if talk.hidden else "a guess")


Pairs = list[tuple[str, str]]


def _by_outputs(way: Way, given: Batch, _: Claim, pairs: Pairs) -> tuple[str, str] | None:
    output = output_of(way, given)
    if output is None:
        return None
    return next((pair for pair in pairs if equal(output, outputs(way, given, *pair))), None)


def _by_loss(way: Way, given: Batch, claim: Claim, pairs: Pairs) -> tuple[str, str] | None:
    if claim.cost is None or not np.isscalar(claim.cost):
        return None
    squares = float(sum((w**2).sum() for w in given.weights.values()))
    for pair in pairs:
        a = outputs(way, given, *pair)
        if losses.by_value(_number(claim.cost), a, given.y, squares, pair[1], decays(way)):
            return pair
    return None


def _by_arrays(way: Way, given: Batch, _: Claim, pairs: Pairs) -> tuple[str, str] | None:
    """The outputs of all layers are among what the program assigns."""
    seen = _assigned(way, given)
    return next((pair for pair in pairs if first(seen, outputs(way, given, *pair), exactly=True)), None)


def _first_hidden(way: Way, given: Batch, pairs: Pairs) -> str | None:
    """The activation of the first layer, whose outputs are there where those of the last one are wrong."""
    seen = _assigned(way, given)
    z = given.weights[2] @ given.x + (given.biases[2].reshape(-1, 1) if 2 in given.biases else 0)
    for name in dict.fromkeys(hidden for hidden, _ in pairs if hidden != "identity"):
        own = plain(name)
        f = own[0] if isinstance(own, tuple) else reference.ACTIVATIONS[own].f
        if first(seen, f(z), exactly=True):
            return name
    return None


def _assigned(way: Way, given: Batch) -> list[Seen]:
    """What the functions of the program assign on the way to its gradient."""

    def run() -> None:
        with np.errstate(all="ignore"):
            way.gradient(given)

    return watched(str(way.subject.module.__file__), run)


def _of_logits(last: str, said: Said, talk: words.Said) -> str:
    """Many programs return the weighted inputs of the last layer, and have the softmax within the loss."""
    if last != "identity" or said.output:
        return last
    if talk.output == "softmax" or talk.cost == "log-likelihood":
        return "softmax"
    return "sigmoid" if talk.cost == "cross-entropy" else last


def output_of(way: Way, given: Batch) -> Array | None:
    """What the forward pass of the program returns, as columns; None where there is none."""
    try:
        with np.errstate(all="ignore"):
            found = way.output(given)
    except Exception:  # noqa: BLE001 - it is somebody's program
        return None
    return found


def outputs(way: Way, given: Batch, hidden: str, last: str) -> Array:
    """The outputs of the network, by the plain reference."""
    layers, a = len(way.made.layers.sizes), given.x
    for n in range(2, layers + 1):
        z = given.weights[n] @ a
        if n in given.biases:
            z = z + given.biases[n].reshape(-1, 1)
        own = plain(last if n == layers else hidden)
        f = own[0] if isinstance(own, tuple) else reference.ACTIVATIONS[own].f
        a = f(z) if n < layers or last != "softmax" else np.hstack([f(z[:, [i]]) for i in range(z.shape[1])])
    return a


def _number(value: Any) -> float:
    return float(value)


def decays(way: Way) -> list[Any]:
    """What lambda may be: an attribute of the program, or what is given for a parameter."""
    found: list[Any] = []
    holder = way.made.holder
    if hasattr(holder, "__dict__"):
        found += [v for k, v in vars(holder).items() if roles.role(k) == "penalty" and isinstance(v, float | int)]
    if any(roles.role(p.name) in ("penalty", "either") for p in way.callee.parameters):
        found.append(PENALTY)
    return [value for value in dict.fromkeys(found) if value]


def loss_value(way: Way, given: Batch, claim: Claim) -> float | None:
    """What the program says that its loss is."""
    if claim.cost is not None and np.isscalar(claim.cost):
        return _number(claim.cost)
    for callee in way.subject.callees(way.made):
        if callee.kind == "loss" and takes_examples(callee):
            try:
                holder = way.made.layers.put(fresh(way.made), dict(given.weights), dict(given.biases))
                known = {"_forward": None}
                return float(way._call(callee, holder, given.x, given.y, known))  # noqa: SLF001
            except Exception:  # noqa: BLE001, S112 - it is somebody's program
                continue
    return _of_outputs(way, given)


def _of_outputs(way: Way, given: Batch) -> float | None:
    """The value of a function that takes outputs and targets, two arrays."""
    a = output_of(way, given)
    if a is None or not way.layout.together:
        return None
    for callee in way.subject.callees(way.made):
        needs = [p.name for p in callee.parameters if roles.required(p)]
        names = [name for name in needs if roles.role(name) == "targets" and "hat" not in name and "pred" not in name]
        if callee.kind != "loss" or len(needs) != 2 or len(names) != 1 or roles.is_slope(callee.name):
            continue
        outputs_, targets = way.layout.inputs(a), way.targets.give(way.layout, given.y)
        pair = {name: targets if name == names[0] else outputs_ for name in needs}
        try:
            with np.errstate(all="ignore"):
                return float(callee.of(way.made.holder)(**pair))
        except Exception:  # noqa: BLE001, S112 - it is somebody's program
            continue
    return None


def losses_for(way: Way, given: Batch, claim: Claim, last: str, said: Said, talk: words.Said) -> tuple[list[Loss], str]:
    """The losses to hold it against, the likeliest first, and where they come from."""
    if said.cost:
        return [Loss(said.cost, 1, said.reduction or "sum")], "declared"
    value = loss_value(way, given, claim)
    rates = decays(way)
    if value is not None:
        a = output_of(way, given)
        if a is None:
            a = outputs(way, given, *activations(way, given, claim, said, talk)[:2])
        squares = float(sum((w**2).sum() for w in given.weights.values()))
        found = losses.by_value(value, a, given.y, squares, last, rates)
        if found:
            return found, OWN
    if talk.cost:
        return list(_told(talk, rates)), "the program's words"
    return [
        loss for loss in losses.candidates(last, rates) if loss.cost != "log-likelihood" or last == "softmax"
    ], "fit"


def _told(talk: words.Said, rates: list[Any]) -> Iterator[Loss]:
    for reduction in [talk.reduction] if talk.reduction else losses.REDUCTIONS:
        plain = Loss(talk.cost or "quadratic", int(talk.factor or 1), reduction)
        if talk.penalty and rates:
            for decay in rates:
                for penalty in losses.PENALTIES:
                    yield Loss(plain.cost, plain.factor, plain.reduction, penalty, decay)
        yield plain
    if talk.loose:
        yield from (loss for loss in losses.candidates("identity", []) if loss.cost == talk.cost)


__all__ = ["OWN_OUTPUTS", "Activations", "activations", "losses_for", "output_of", "outputs"]
