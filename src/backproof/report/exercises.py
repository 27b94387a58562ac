"""Exercises, made from what was proved: a line that is left out, to be found again. So the answers are checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .model import Exercise, Statement
from .tex import Tex
from .words import Number, Words

MOST: Final = 2  #: exercises of a chapter
FEWEST_STEPS: Final = 3  #: in a proof that has a line to be left out: the first and the last are given


def of(statements: Sequence[Statement], number: str) -> tuple[Exercise, ...]:
    """The exercises of a chapter, by its statements and its number."""
    chosen = sorted(
        (
            s
            for s in statements
            if s.count >= FEWEST_STEPS and not s.left_more and not any(step.more for step in s.steps)
        ),
        key=lambda s: -s.count,
    )[:MOST]
    wanted = {s.label for s in chosen}
    made = [s for s in statements if s.label in wanted]
    return tuple(_left_out(s, f"{number}.{place}") for place, s in enumerate(made, 1))


def _left_out(s: Statement, number: str) -> Exercise:
    """A line between two others, which is to be found, with its reason."""
    at = (s.count - 1) // 2  # of the steps, from 0: not the last, and not the first where there are more
    before = s.steps[at - 1].formula if at else s.left
    question = Words(
        [
            f"Line ({at + 1}) of the proof of ", Number(s.label, s.kind, s.number),
            " is left out. What stands in its place, and why?",
        ]
    )  # fmt: skip
    shown = Tex(rf"{before} = \text{{ ? }}"), Tex(rf"\text{{ ? }} = {s.steps[at + 1].formula}")  # both may be long
    answer = Words(["The reason is: ", *s.steps[at].reason, "."])
    return Exercise(Tex(f"ex:{s.label.removeprefix('thm:')}"), number, question, shown, answer, (s.steps[at].formula,))


__all__ = ["of"]
