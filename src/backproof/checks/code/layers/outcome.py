"""What an attempt gave: which of the arrays that came back is which gradient, and how well it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from . import judge
from .attempt import Attempt, Code
from .judge import Answer, Piece
from .layer import Drawn, Layer, Slot
from .pair import OUTPUT
from .python import meaning
from .values import Key

INEXACT: Final = ("InexactError", "UFuncTypeError", "TypeError: Cannot cast", "TypeError: ufunc", "_UFunc")


@dataclass
class Outcome:
    """What one attempt gave."""

    attempt: Attempt
    drawn: Drawn
    failed: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    misshapen: list[Answer] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    forward: dict[str, Any] | None = None
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # inputs of which there is no gradient

    @property
    def right(self) -> bool:
        """Whether all that it gave is."""
        forward = self.forward is None or self.forward["verdict"] == "ok"
        return bool(self.pieces) and forward and not self.misshapen and not any(p.wrong.any() for p in self.pieces)

    @property
    def far(self) -> bool:
        """Whether something is not right in floating point either."""
        forward = self.forward is not None and self.forward["verdict"] != "ok"
        return not self.pieces or forward or bool(self.misshapen) or any(judge.closeness(p)[0] for p in self.pieces)

    @property
    def seen(self) -> bool:
        """Whether some of the numbers are right, and not for being 0: then it is clear what was meant."""
        return any((~p.wrong & p.counts & (judge.residues(p.truth) != 0)).any() for p in self.pieces)

    @property
    def inexact(self) -> bool:
        """Whether it failed for its numbers alone."""
        return self.failed is not None and any(sign in self.failed for sign in INEXACT)

    @property
    def score(self) -> tuple[Any, ...]:
        """The smaller, the better it fits."""
        wrong = [p for p in self.pieces if p.wrong.any()]
        return (
            not self.pieces,
            self.failed is not None and not self.inexact,
            self.forward is not None and self.forward["verdict"] != "ok",
            len(self.misshapen) + sum(judge.closeness(p)[0] > 0 for p in self.pieces) - len(self.pieces) / 100,
            len(self.misshapen) + len(wrong) - len(self.pieces) / 100,
            sum(round(int(p.wrong.sum()) / max(1, int(p.counts.sum())), 1) for p in wrong),
        )


def sort(returned: list[dict[str, Any]], begin: Mapping[str, Any], found: Outcome, layer: Layer, code: Code) -> None:
    """Which answer is which gradient: by its name, then by its shape."""
    rules = found.drawn.values.rules
    wanted = [
        slot
        for slot in layer.slots
        if slot.role == "input" and all(Key(part.family, partial=True) in rules for part in slot.parts)
    ]
    done: list[str] = []
    waiting: list[dict[str, Any]] = []
    put = [e for e in returned if e.get("instead")]
    for e in returned:
        if e["name"] == OUTPUT:
            own = getattr(code, "output", None)
            found.forward = _output(e, found, layer) if own is None else own(e, found, layer)
            continue
        if e.get("instead"):
            continue
        meant = found.attempt.meant.get(e["name"]) if e["filled"] else None
        slots = [meant.slot] if meant is not None else [
            m.slot for m in meaning(e["name"], layer, code.declared) if m.filled and m.slot is not None
        ]  # fmt: skip
        slot = next((s for s in slots if s is not None and s.name not in done), None)
        if slot is None:
            waiting.append(e)
            continue
        done.append(slot.name)
        _piece(e, slot, begin, found)
    for e in waiting:
        own = [s for s in wanted if s.name not in done and _fits(e, s, found)]
        if own and not e["filled"]:
            done.append(own[0].name)
            _piece({**e, "name": f"d{own[0].name}"}, own[0], begin, found)
        else:
            found.strange.append(e["name"] or "an array")
    for e in put:
        slot = _instead(e, found, [s for s in wanted if s.name not in done])
        if slot is not None:
            done.append(slot.name)
            _piece(e, slot, begin, found)
    found.missing = [s.name for s in wanted if s.name not in done]


def _instead(e: Mapping[str, Any], found: Outcome, left: list[Slot]) -> Slot | None:
    """The input whose gradient is put in the place of what comes from above, or in that of the input of a loss."""
    own = found.attempt.meant[e["name"]].slot
    assert own is not None
    if own.role == "output":
        return next((s for s in left if s.becomes in ("", own.name) and _fits(e, s, found)), None)
    return next((s for s in left if (s is own or own.role == "saved") and _fits(e, s, found)), None)


def _output(e: Mapping[str, Any], found: Outcome, layer: Layer) -> dict[str, Any]:
    """What is said of the output of a forward pass."""
    slot = next(slot for slot in layer.slots if slot.role == "output")
    truth = found.drawn.laid_out(slot, found.attempt.style)
    wrong = truth.size
    if judge.alike(tuple(e["shape"]), truth.shape):
        pairs = zip(e["residues"], judge.residues(truth).flat, e["shadows"], judge.real(truth).flat, strict=True)
        wrong = sum(a != b and abs(c - d) > judge.CLOSE * abs(d) for a, b, c, d in pairs)
    verdict = {"verdict": "ok", "mistake": None, "reason": None}
    if wrong:
        verdict = {"verdict": "wrong", "mistake": "other", "reason": f"its output is not {layer.words}"}
    return {
        "parameter": "output", "layer": None, "equation": "forward", **verdict, "wrong_entries": wrong,
        "max_relative_error": None, "factor": None, "where": None,
    }  # fmt: skip


def _fits(e: Mapping[str, Any], slot: Slot, found: Outcome) -> bool:
    shape = found.drawn.laid_out(slot, found.attempt.style, partial=True).shape
    return judge.alike(tuple(e["shape"]), shape)


def _piece(e: Mapping[str, Any], slot: Slot, begin: Mapping[str, Any], found: Outcome) -> None:
    own = begin.get(e["name"]) if e["filled"] and not found.attempt.in_place else None
    made = np.empty(len(e["residues"]), dtype=object)
    made[:] = e["residues"]
    shadows = np.array(e["shadows"], float).reshape(e["shape"])
    answer = Answer(e["name"], slot, made.reshape(e["shape"]), shadows, own, e.get("degree", 0))
    parts = judge.pieces(answer, found.drawn, found.attempt.style)
    if parts is None:
        found.misshapen.append(answer)
    else:
        found.pieces += parts


__all__ = ["Outcome", "sort"]
