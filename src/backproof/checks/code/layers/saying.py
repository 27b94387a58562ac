"""What is said of an outcome: what was assumed, and a finding for each gradient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import judge
from .attempt import Code
from .judge import Answer, Piece
from .layer import Layer
from .layout import joined
from .outcome import Outcome
from .values import Key


@dataclass(frozen=True)
class Said:
    """One outcome in words."""

    layer: Layer
    code: Code
    best: Outcome
    accumulates: bool | None

    def report(self, *, exact: bool, why: str | None = None) -> dict[str, Any]:
        """All but the name."""
        best = self.best
        findings = [self._misshapen(answer) for answer in best.misshapen]
        near = [p for p in best.pieces if exact and p.wrong.any() and not judge.closeness(p)[0]]
        if near and self.layer.readings[best.attempt.reading].near:  # it has constants of its own
            exact = False
            why = f"{', '.join(p.name for p in near)}: equal in floating point, and not as exact numbers"
        if not exact:
            best.pieces = [replace(p, near=True) for p in best.pieces]
        wrong = [p for p in best.pieces if (p.wrong.any() if exact else judge.closeness(p)[0])]
        right = [p for p in best.pieces if all(p is not w for w in wrong)]
        reasons = self._reasons(wrong, right)
        findings += [] if best.forward is None else [best.forward]
        oks = {id(p) for p in right}
        findings += [self._finding(p, reasons.get(id(p)), exact=exact, ok=id(p) in oks) for p in best.pieces]
        report: dict[str, Any] = {
            "assumed": self._assumed(),
            "overall": "",
            "grade": "exact" if exact else "float64",
            "error_bound_log2": judge.error_bound(best.pieces, best.drawn) if exact else None,
            "reason": why,
            "findings": findings,
        }
        report["overall"] = judge.summary(report)
        return report

    def _assumed(self) -> dict[str, Any]:
        layer, best, attempt = self.layer, self.best, self.best.attempt
        said: dict[str, Any] = {"network": layer.name, "is": layer.words}
        if layer.readings[attempt.reading].words:
            said["reading"] = layer.readings[attempt.reading].words
        said["sizes"] = dict(attempt.letters)
        said["arguments"] = {name: str(meant) for name, meant in attempt.meant.items()}
        said["layouts"] = {
            name: layout_in_words(m.slot.layout(attempt.style))
            for name, m in attempt.meant.items()
            if m.slot is not None and m.slot.parts
        }
        adds = {p.answer.name: p.accumulates for p in best.pieces if p.accumulates is not None}
        if adds:
            said["accumulates"] = adds
        begins = [n for n, m in attempt.meant.items() if m.filled and m.slot is not None and m.slot.role == "saved"]
        if begins:
            said["begins with 0"] = begins
        if best.changed:
            said["changes what it is given"] = best.changed
        if best.strange:
            said["not judged"] = best.strange
        if best.missing:
            said["no gradient by"] = best.missing
        return said

    def _misshapen(self, answer: Answer) -> dict[str, Any]:
        shape = self.best.drawn.laid_out(answer.slot, self.best.attempt.style, partial=True).shape
        return {
            "parameter": answer.name, "layer": None, "equation": self._equation(answer.slot.parts[0].family),
            "verdict": "shape", "mistake": "transpose" if answer.residues.shape == shape[::-1] else "other",
            "reason": f"it has the shape {answer.residues.shape}, the gradient has {shape}", "wrong_entries": None,
            "max_relative_error": None, "factor": None, "where": self.code.where(answer.name),
        }  # fmt: skip

    def _equation(self, family: str) -> str | None:
        rules = self.best.drawn.values.rules.get(Key(family, partial=True), ())
        return " / ".join(rule.name for rule in rules) or None

    def _reasons(self, wrong: list[Piece], right: list[Piece]) -> dict[int, Any]:
        """What explains wrong numbers, by the identity of a piece."""
        found: dict[int, Any] = {}
        ours = [p for p in wrong if judge.factor(p) is None]
        for pieces, rule, slip in judge.explained(ours, right, self.best.drawn) if ours else ():
            found |= {id(p): (rule, slip) for p in pieces}
        return found

    def _finding(self, piece: Piece, why: Any, *, exact: bool, ok: bool) -> dict[str, Any]:
        count, error = judge.closeness(piece)
        made: dict[str, Any] = {
            "parameter": piece.name, "layer": None, "equation": self._equation(piece.family), "verdict": "ok",
            "mistake": None, "reason": None, "wrong_entries": 0, "max_relative_error": error, "factor": None,
            "where": None,
        }  # fmt: skip
        if ok and not (self.accumulates and piece.accumulates is False):
            return made
        made |= {"verdict": "wrong", "wrong_entries": int(piece.wrong.sum()) if exact else count, "mistake": "other"}
        made["where"] = self.code.where(piece.answer.name)
        if ok:
            reason = "it overwrites what is in the array, and was to add to it"
            return {**made, "mistake": "missing-sum", "reason": reason}
        number = judge.factor(piece)
        if number == 0:
            made |= {"mistake": "missing-term", "reason": "nothing is computed: all entries are 0", "factor": "0"}
        elif number is not None and number != 1:
            made |= {"mistake": "sign" if number == -1 else "scale", "factor": str(number),
                     "reason": f"all entries are {number} times what they should be"}  # fmt: skip
            made["verdict"] = "scale" if number != -1 else "wrong"
        elif why is not None:
            rule, slip = why
            made |= {"mistake": slip.mistake, "reason": f"it is {rule.name} where {slip.words}"}
        else:
            every = int(piece.counts.sum())
            made["reason"] = f"{made['wrong_entries']} of {every} entries are not what the theorem says"
        return made


def layout_in_words(layout: Any) -> str:
    """How an array lies."""
    if callable(layout):
        return " ".join((layout.__doc__ or "").split()).rstrip(".")
    return " | ".join(joined(layout).layouts)


__all__ = ["Said"]
