"""The programs of the corpus and what is said of them: ``python -m tests.checks.code.corpus``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from backproof.checks.code.answer import Answer
from backproof.checks.code.flow import Said, check

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "code"
KINDS = ("overall", "equations", "layers", "slips")


@dataclass(frozen=True)
class Item:
    """A program, what is known of it, and what is said of it."""

    name: str
    truth: dict[str, Any]
    answer: Answer

    @property
    def said(self) -> dict[str, Any]:
        """The verdict, and the equations, layers and slips of all defects."""
        defects = self.answer.defects
        return {
            "overall": self.answer.overall,
            "equations": {d.equation for d in defects},
            "layers": {layer for d in defects for layer in d.layers},
            "slips": {d.mistake for d in defects},
        }

    @property
    def right(self) -> dict[str, bool]:
        """Which of these are as they should be; a slip may have another name that fits as well."""
        wanted = [{d["mistake"], *d["mistake_also"]} for d in self.truth["defects"]]
        said = self.said
        slips = all(names & said["slips"] for names in wanted) and said["slips"] <= set().union(*wanted)
        return {
            "overall": said["overall"] == self.truth["overall"],
            "equations": said["equations"] == set(self.truth["equations"]),
            "layers": said["layers"] == set(self.truth["layers"]),
            "slips": slips,
        }


def items() -> Iterator[Item]:
    """All programs, checked; none where the corpus is not there."""
    file = CORPUS / "truth.json"
    truth = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for name, row in truth.items():
        yield Item(name, row, check(str(CORPUS / row["file"]), Said()))


@cache
def judged() -> tuple[Item, ...]:
    """The same, once."""
    return tuple(items())


def line(item: Item) -> str:
    """A row of the table."""
    said, right = item.said, item.right
    cells = [f"{said['overall']:8}", *(",".join(sorted(map(str, said[kind]))) for kind in KINDS[1:])]
    marks = "".join("." if right[kind] else "X" for kind in KINDS)
    return f"{item.name}  {marks}  {cells[0]} {cells[1]:18} {cells[2]:7} {cells[3]}"


def main() -> None:
    """The table; X where something is not as it should be."""
    for item in judged():
        sys.stdout.write(line(item) + "\n")
    for kind in KINDS:
        count = sum(item.right[kind] for item in judged())
        sys.stdout.write(f"{kind:10} {count} of {len(judged())}\n")


if __name__ == "__main__":
    main()
