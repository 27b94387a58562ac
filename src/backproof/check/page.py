"""A document as it is read: what its formulas are about, which of them define, and what is said of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..notation.reader import Unreadable, read, tree
from .claims import Reading, Verdict, judge
from .definitions import Defined, NotDefined, with_definition
from .subject import subject


@dataclass
class Page:
    """``formulas`` are pairs of a text and the words before it; ``about``: what is known before each, so far."""

    front: Mapping[str, Any]
    formulas: list[tuple[str, str]]
    about: list[Reading] = field(default_factory=list)
    defined: dict[int, list[Verdict]] = field(default_factory=dict)

    def reading(self, place: int) -> Reading:
        """What the formula at ``place`` is read in: what the document says in front, and defines before it."""
        if not self.about:
            self.about.append(subject(self.front))
        while len(self.about) <= place:
            self._go_on()
        return self.about[place]

    def _go_on(self) -> None:
        place = len(self.about) - 1
        text, before = self.formulas[place]
        try:
            found: Defined = with_definition(text, before, self.about[place])
        except NotDefined:
            self.about.append(self.about[place])
        else:
            self.defined[place] = found.verdicts
            self.about.append(found.reading)

    def verdicts(self, place: int) -> list[dict[str, Any]]:
        """A row for each relation of the formula at ``place``."""
        about = self.reading(place)
        _ = self.reading(place + 1)
        text = self.formulas[place][0]
        found = self.defined.get(place) or judge(text, about)
        return list(_rows(text, found))


def _rows(text: str, verdicts: list[Verdict]) -> Iterator[dict[str, Any]]:
    lines = _lines(text)
    for place, verdict in enumerate(verdicts):
        found = verdict.counterexample
        yield {
            "line": lines[place] if len(lines) == len(verdicts) else 0,
            "left": verdict.left, "relation": verdict.relation, "right": verdict.right,
            "verdict": verdict.kind, "reason": verdict.reason, "assumed": list(verdict.assumed),
            "mistake": verdict.mistake, "suggestion": verdict.correction, "right_if": list(verdict.right_if),
            "counterexample": None if found is None else found.as_dict(),
            "error_bound_log2": verdict.error_bound_log2 or None,
        }  # fmt: skip


def _lines(text: str) -> list[int]:
    """Of each relation, how many lines below the first one its right side begins."""
    try:
        display = read(text)
    except Unreadable as why:
        return [text.count("\n", 0, why.at)]
    says = [statement.says for line in display.lines for statement in line]
    sides = [side for part in says for side in (part.sides[1:] if isinstance(part, tree.Relation) else (part,))]
    return [text.count("\n", 0, side.span[0]) for side in sides if side is not None]


__all__ = ["Page"]
