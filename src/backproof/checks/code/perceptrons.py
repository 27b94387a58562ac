"""The check of scikit-learn's multilayer perceptrons: of a class with all activations, of an object as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Final

import numpy as np

from ...networks import ACTIVATIONS
from . import losses, words
from .answer import Answer
from .calls import CannotCallError
from .cases import Case, claims
from .diagnose import diagnose
from .further import explained_further
from .inferring import Activations, outputs
from .losses import Loss
from .probe import batch
from .raising import raised
from .running import run
from .said import Said
from .scikit import CLASSES, Kind, Perceptron, exact_functions, fitted, kinds, ours
from .writing import written

WANTED: Final = -100  # the error bound of a right program, as a power of two
SEEDS: Final = (1, 2, 3)
COSTS: Final = {"softmax": "log-likelihood", "sigmoid": "cross-entropy", "identity": "quadratic"}
DIVIDED: Final = (
    "with several outputs its gradients are those of half the squared errors, the mean over the examples; the loss "
    "that it returns is divided by the number of outputs as well"
)


def check(module: ModuleType, found: Sequence[tuple[str, Any]], said: Said, file: str) -> Answer:
    """What is wrong with the first one that is; what was assumed for the first one, where none is."""
    exact_functions()
    answers = list[Answer]()
    for name, e in found:
        for kind in kinds(e):
            answers.append(_One(module, name, e, kind, said, file).answer())
            if answers[-1].overall != "ok":
                return answers[-1]
    return _together(answers, [name for name, _ in found])


def _together(answers: list[Answer], names: list[str]) -> Answer:
    first = answers[0]
    bounds = [a.bound for a in answers if a.bound is not None]
    exact = len(bounds) == len(answers)
    said = {
        **first.assumed, "made by": ", ".join(dict.fromkeys(names)),
        **{key: ", ".join(dict.fromkeys(str(a.assumed[key]) for a in answers)) for key in ("hidden", "output", "cost")},
    }  # fmt: skip
    reason = "; ".join(dict.fromkeys(a.reason for a in answers if a.reason))
    grade = "exact" if exact else "float64"
    return replace(first, assumed=said, bound=max(bounds) if exact else None, grade=grade, reason=reason)


@dataclass(frozen=True)
class _One:
    """One network of an object, or of a class."""

    module: ModuleType
    name: str
    found: Any
    kind: Kind
    said: Said
    file: str

    def answer(self) -> Answer:
        """What is right in it."""
        try:
            net = fitted(self.found, self.kind)
        except CannotCallError as error:
            return Answer("unknown", self._assumed, reason=str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
            return Answer("raises", self._assumed, reason=raised(error, self.file))
        pair = ours(net.activation), ours(net.out_activation_)
        if not set(pair) <= {*ACTIVATIONS, "softmax"}:
            return Answer(
                "unknown", self._assumed, reason=f"not recognised: there is no theorem of {' and '.join(pair)}"
            )
        way: Any = Perceptron(self.module, self.name, net)
        talk = replace(words.said(""), cost=self.said.cost or COSTS[pair[1]])
        try:
            return self._judged(way, pair, talk)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
            return Answer("raises", self._assumed, reason=raised(error, self.file))

    @property
    def _assumed(self) -> dict[str, Any]:
        return {"made by": self.name, "function": "_backprop"}

    def _judged(self, way: Any, pair: tuple[str, str], talk: words.Said) -> Answer:
        loss, source, note = self._loss(way, pair, talk)
        bound: int | None = 0
        case = self._case(way, pair, loss, source, talk, 0)
        for seed in SEEDS:
            bound = None if bound is None or case.found.bound is None else bound + case.found.bound
            if case.weight or bound is None or bound <= WANTED:
                break
            case = self._case(way, pair, loss, source, talk, seed)
        if case.weight:
            return self._accused(case, way, pair, talk)
        answer = written(case, talk, self.file)
        reason = "; ".join(filter(None, (answer.reason, note)))
        return replace(answer, bound=bound, grade="exact" if bound is not None else "float64", reason=reason)

    def _accused(self, case: Case, way: Any, pair: tuple[str, str], talk: words.Said) -> Answer:
        """What is wrong; right if the loss is the documented one, where it is."""
        answer = written(explained_further(case, talk, self.file), talk, self.file)
        documented = self._documented(way, talk)
        if case.loss != documented and not self._case(way, pair, documented, "", talk, 0).weight:
            return replace(answer, right_if=(*answer.right_if, f"the cost is {documented.words}"))
        return answer

    def _documented(self, way: Any, talk: words.Said) -> Loss:
        penalty = ("lambda/2M", way.net.alpha) if way.net.alpha else (None, 0)
        return Loss(str(talk.cost), 1, self.said.reduction or "mean", *penalty)

    @staticmethod
    def _case(way: Any, pair: tuple[str, str], loss: Loss, source: str, talk: words.Said, seed: int) -> Case:
        found = run(way, pair, loss, talk, seed)
        return Case(found, diagnose(found.model, claims(found)), Activations(*pair, "declared"), loss, source)

    def _loss(self, way: Any, pair: tuple[str, str], talk: words.Said) -> tuple[Loss, str, str]:
        """What it is held against, where that comes from, and what is to be said of it.

        The documented loss, for which the library has its gradients; of an object that knows its outputs, and of what
        computes another value for one output, the loss that it returns.
        """
        alpha, documented = way.net.alpha, self._documented(way, talk)
        if self.said.cost or self.said.reduction:
            return documented, "declared", ""
        given = batch(way.made, 0, float, labels=talk.cost != "quadratic")
        with np.errstate(all="ignore"):
            value = way.gradient(given).cost
        squares = float(sum((w**2).sum() for w in given.weights.values()))
        a = outputs(way, given, *pair)
        own = losses.by_value(float(value), a, given.y, squares, pair[1], [alpha] if alpha else [])
        if not own or documented in own:
            return documented, "the library's documentation", ""
        if self.kind == Kind(self.kind.hidden, "identity", CLASSES) and not hasattr(self.found, "n_outputs_"):
            return documented, "the library's documentation", DIVIDED
        return own[0], "the program's own loss", ""


__all__ = ["check"]
