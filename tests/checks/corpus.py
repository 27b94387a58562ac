"""The equations of the corpus and what is said of them: ``python -m tests.checks.corpus``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from backproof.checks.documents import load
from backproof.checks.page import Page
from backproof.checks.prose import before

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "equations"
RIGHT, WRONG = ("verified", "proved", "definition"), ("refuted", "malformed")


@dataclass(frozen=True)
class Item:
    """A display, what is known of it, and what is said of each of its relations."""

    name: str
    truth: dict[str, Any]
    verdicts: list[dict[str, Any]]  #: a row for each, as in ``check --json``

    @property
    def kinds(self) -> list[str]:
        return [row["verdict"] for row in self.verdicts]

    @property
    def said(self) -> str:
        """true, false, malformed or unknown: of all relations together."""
        kinds = self.kinds
        if set(kinds) & set(WRONG):
            return "malformed" if "refuted" not in kinds else "false"
        return "true" if set(kinds) <= set(RIGHT) else "unknown"

    @property
    def right(self) -> bool | None:
        """Whether that is so; None where nothing is said."""
        if self.said == "unknown":
            return None
        wanted = {self.truth["verdict"], *(self.truth["also_acceptable"] or ())}
        alike = {"false", "malformed"} if wanted & {"false", "malformed"} else set()
        return self.said in wanted | alike

    @property
    def first_wrong(self) -> int | None:
        """The first relation that is refuted or malformed, from 1."""
        places = [place for place, kind in enumerate(self.kinds, start=1) if kind in WRONG]
        return places[0] if places else None

    @property
    def is_named(self) -> bool | None:
        """Whether the slip is named rightly; None where nothing wrong was to be found, or was."""
        wrong = [row for row in self.verdicts if row["verdict"] in WRONG]
        names = {self.truth["mistake"], *(self.truth["mistake_also"] or ())}
        return wrong[0]["mistake"] in names if wrong and self.truth["mistake"] else None


def items(files: Iterable[Path] | None = None) -> Iterator[Item]:
    """All displays, or those of some files, judged."""
    truth = json.loads((CORPUS / "truth.json").read_text())
    for file in sorted(CORPUS.glob("*.md")) if files is None else files:
        document = load(str(file))
        words = before(document.text, document.formulas)
        inline = frozenset(place for place, f in enumerate(document.formulas) if not f.displayed)
        page = Page(document.front, [f.text for f in document.formulas], words, inline)
        for place, f in enumerate(document.formulas):
            if f.displayed:
                yield Item(f.label, truth[f.label], page.verdicts(place))


@cache
def judged() -> tuple[Item, ...]:
    """The same, once."""
    return tuple(items())


def table(found: tuple[Item, ...], key: str) -> Iterator[str]:
    """Counts by notation, verdict, and the like."""
    groups: dict[str, list[Item]] = {}
    for item in found:
        groups.setdefault(str(item.truth[key]), []).append(item)
    for name, group in sorted(groups.items()):
        counts = Counter({True: "right", False: "wrong", None: "unknown"}[item.right] for item in group)
        yield f"{name:16} {len(group):3}   " + "   ".join(f"{counts[k]:3} {k}" for k in ("right", "wrong", "unknown"))


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _shown(row: dict[str, Any]) -> str:
    says = f"{row['verdict']}: {row['left']} {row['relation']} {row['right']}\n{row['reason']}"
    slip = f"\n{row['mistake']}: {row['suggestion']}" if row["mistake"] else ""
    return "   " + (says + slip).replace("\n", "\n   ")


def main() -> None:
    """The tables; with ids, what is said of these."""
    found = judged()
    for key in ("notation", "verdict", "kind"):
        _say(*table(found, key), "")
    named = [item.is_named for item in found if item.is_named is not None]
    _say(f"slips named rightly: {sum(named)} of {len(named)}", "")
    for item in found:
        if item.name in sys.argv[1:] or ((item.right is not True or item.is_named is False) and not sys.argv[1:]):
            _say(f"{item.name} {item.truth['file']} {item.truth['verdict']}, said: {item.said}")
            _say(*(_shown(row) for row in item.verdicts))


if __name__ == "__main__":
    main()
