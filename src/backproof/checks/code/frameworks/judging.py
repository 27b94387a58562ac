"""The backward pass of what a library differentiates, and its forward pass, which the library's own derivative judges.

Where a gradient is not what the theorem says, the library differentiates the forward pass as it stands, without the
program's rule. If that is what the theorem says, the rule is wrong; if it is the gradient of the program, the forward
pass is another one than the layer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ..layers import judge
from ..layers.judge import Piece
from ..layers.layer import Layer
from ..layers.outcome import Outcome
from ..layers.trying import Tries
from ..layers.values import Key

Array = Any
TIMES: Final = 0.75  # what a loss is multiplied by, to see whether its gradient is


def output(e: Mapping[str, Any], found: Outcome, layer: Layer, *, above: bool) -> dict[str, Any]:
    """What is said of the output; of several, the first that is wrong counts."""
    if found.forward is not None and found.forward["verdict"] != "ok":
        return found.forward
    truth = _true_output(found, layer, above=above)
    own = np.array(e["shadows"], dtype=float)
    wrong, error = truth.size, None
    if judge.alike(tuple(e["shape"]), truth.shape):
        gap = abs(own - truth.ravel()) / np.maximum(abs(truth.ravel()), judge.CLOSE**2)
        wrong, error = int((~(gap <= judge.CLOSE)).sum()), float(gap.max(initial=0.0))
    row = {"parameter": "output", "layer": None, "equation": "forward", "verdict": "ok", "mistake": None,
           "reason": None, "wrong_entries": wrong, "max_relative_error": error, "factor": None,
           "where": None}  # fmt: skip
    if wrong:
        row |= {"verdict": "wrong", "mistake": "wrong-forward", "reason": _not_this(layer)}
    return row


def _not_this(layer: Layer) -> str:
    return f"the forward pass is not {layer.words}"


def _true_output(found: Outcome, layer: Layer, *, above: bool) -> Array:
    """As the network has it; of a loss, each position by itself or all together, as they count."""
    slot = next((slot for slot in layer.slots if slot.role == "output"), None)
    if slot is not None:
        return judge.real(found.drawn.laid_out(slot, found.attempt.style))
    each = judge.real(found.drawn.array(Key("ell")))
    if above:
        return each.reshape(found.drawn.laid_out(layer.slot("dloss"), found.attempt.style).shape)
    return np.array((judge.real(found.drawn.array(Key("alpha"))) * each).sum())


@dataclass(frozen=True)
class Judged:
    """One attempt at a layer that a library differentiates."""

    layer: Layer
    code: Any
    seconds: float
    best: Outcome

    def further(self, report: dict[str, Any]) -> dict[str, Any]:
        """With what the library's own derivative of the forward pass shows."""
        if report["overall"] == "ok":
            return self._unless_ignored(report, self.best)
        if self.best.pieces:
            self._compare(report, self.best)
        return report

    @property
    def _not_this_layer(self) -> str:
        return _not_this(self.layer)

    def _again(self, best: Outcome, **other: Any) -> Outcome:
        """The same numbers, asked for in another way."""
        code = replace(self.code, **other)
        ways = {a.name: a.way for a in code.asked(self.layer)}
        return Tries(self.layer, code, self.seconds).tried(best.attempt, ways, exactly=False)

    def _unless_ignored(self, report: dict[str, Any], best: Outcome) -> dict[str, Any]:
        """A loss is multiplied by something further on, and so is its gradient."""
        if best.forward is None or any(slot.role == "output" for slot in self.layer.slots) or self.code.above:
            return report
        other = self._again(best, times=TIMES)
        wrong = {p.name for p in other.pieces if judge.closeness(p)[0]}
        for row in report["findings"]:
            if row["parameter"] in wrong:
                count = sum(int(p.counts.sum()) for p in other.pieces if p.name == row["parameter"])
                row |= {"verdict": "wrong", "mistake": "operand", "where": self.code.where(row["parameter"]),
                        "reason": "what comes from above is left out: it is right where the loss is the end",
                        "wrong_entries": count, "max_relative_error": None}  # fmt: skip
        if wrong:
            report |= {"overall": "wrong", "right_if": ["what comes from above is 1"]}
        return report

    def _compare(self, report: dict[str, Any], best: Outcome) -> None:
        plain = self._again(best, plainly=True)
        own = {(p.answer.slot.name, p.family): p for p in plain.pieces}
        shown = self.code.framework.shown
        wrong_output = best.forward is not None and best.forward["verdict"] != "ok"
        for piece, row in zip(best.pieces, report["findings"][-len(best.pieces) :], strict=True):
            if row["verdict"] == "ok":
                continue
            if (mixed := _of_another(piece, best.pieces)) is not None:
                row |= {"mistake": "operand", "reason": f"it is the gradient that {mixed} should be"}
            other = own.get((piece.answer.slot.name, piece.family))
            if other is None:
                more = f"{shown} cannot differentiate the forward pass as it stands: {plain.failed}"
                row["reason"] += f"; {more}" if self.code.rule.has_own else ""
            elif not judge.closeness(other)[0]:
                row["reason"] += f"; {shown}'s derivative of the forward pass is what the theorem says"
            elif _same(piece, other) and wrong_output:
                row |= {"equation": "forward", "mistake": "wrong-forward", "reason": self._not_this_layer,
                        "where": None}  # fmt: skip
            elif _same(piece, other):
                row |= {"equation": "forward", "mistake": "wrong-forward", "reason": _cut(piece), "where": None}
            elif wrong_output:
                row["reason"] += f"; nor is it {shown}'s derivative of the forward pass, which is another one"


def _same(one: Piece, other: Piece) -> bool:
    """Whether two gradients are."""
    gap = abs(one.real - other.real)[one.counts]
    return bool(np.all(gap <= judge.CLOSE * abs(other.real)[one.counts] + judge.CLOSE**2))


def _of_another(piece: Piece, every: list[Piece]) -> str | None:
    """What else a gradient is the right one of: what a backward pass returns stands in another order."""
    for other in every:
        if other is not piece and other.truth.shape == piece.truth.shape and bool(piece.real.any()):
            truth = judge.real(other.truth)
            if np.allclose(piece.real, truth, rtol=judge.CLOSE, atol=judge.CLOSE**2):
                return other.name
    return None


def _cut(piece: Piece) -> str:
    if not np.any(piece.real[piece.counts]):
        return "the output is right, and is cut off from this: by detach, .data, no_grad, item or the like"
    return (
        "the output is right, and not its derivative: on one of several ways it is cut off, by detach, .data, "
        "no_grad or the like, or something that is called has a wrong derivative of its own"
    )


__all__ = ["Judged", "output"]
