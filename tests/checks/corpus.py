"""The equations of the corpus and what is said of them: ``python -m tests.checks.corpus``."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backproof.checks.adopted import adopted
from backproof.checks.claims import Verdict, answers
from backproof.checks.front import setting_of

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "equations"
RIGHT, WRONG = ("verified", "proved", "definition"), ("refuted", "malformed")
_DEFINITION = re.compile(r"\$([^$]*\\equiv[^$]*)\$")
_DISPLAY = re.compile(r"<!-- (\w+) -->\s*\$\$\n(.*?)\n\$\$", re.DOTALL)


@dataclass(frozen=True)
class Item:
    """A display, what is known of it, and what is said of each of its relations."""

    name: str
    truth: dict[str, Any]
    verdicts: list[Verdict]

    @property
    def said(self) -> str:
        """true, false, malformed or unknown: of all relations together."""
        kinds = [v.kind for v in self.verdicts]
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
        places = [place for place, v in enumerate(self.verdicts, start=1) if v.kind in WRONG]
        return places[0] if places else None


def items(files: Iterable[Path] | None = None) -> Iterator[Item]:
    """All displays, or those of some files, judged."""
    truth = json.loads((CORPUS / "truth.json").read_text())
    for file in sorted(CORPUS.glob("*.md")) if files is None else files:
        _, front, body = file.read_text().split("---\n", 2)
        about = setting_of(yaml.safe_load(front)["backproof"])
        end = 0
        for found in _DISPLAY.finditer(body):
            for said in _DEFINITION.findall(body, end, found.start()):
                about = adopted(said, about)
            end = found.end()
            yield Item(found[1], truth[found[1]], answers(found[2], about))


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


def main() -> None:
    """The tables; with ids, what is said of these."""
    found = judged()
    for key in ("notation", "verdict", "kind"):
        _say(*table(found, key), "")
    for item in found:
        if item.name in sys.argv[1:] or (item.right is not True and not sys.argv[1:]):
            _say(f"{item.name} {item.truth['file']} {item.truth['verdict']}, said: {item.said}")
            _say(*("   " + str(v).replace("\n", "\n   ") for v in item.verdicts))


if __name__ == "__main__":
    main()
