"""Lecture pages in all notations: right equations hold, of wrong ones it is said, and most slips have their names.

After Nielsen, Ng, UFLDL, CS231n, Bishop, Goodfellow and others, d2l, Rumelhart and others, Hjorth-Jensen, in formulas
as they are written there, with one slip in each that is wrong; ``open`` are those of which nothing is said yet.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from backproof.checks.documents import load
from backproof.checks.page import Page
from backproof.checks.prose import before, sum_to_1

PAGES = sorted((Path(__file__).parent / "lectures").glob("*.md"))
RIGHT, WRONG = {"proved", "verified", "definition"}, {"refuted", "malformed"}


@cache
def judged(path: Path) -> tuple[tuple[str, list[dict[str, Any]]], ...]:
    document = load(str(path))
    formulas = document.formulas
    inline = frozenset(place for place, f in enumerate(formulas) if not f.displayed)
    words, sums = before(document.text, formulas), sum_to_1(document.text)
    page = Page(document.front, [f.text for f in formulas], words, inline, sums)
    displayed = [place for place, f in enumerate(formulas) if f.displayed]
    labels = re.findall(r"^<!-- (right|open|wrong: [\w -]+) -->$", document.text, re.MULTILINE)
    return tuple((label, page.verdicts(place)) for label, place in zip(labels, displayed, strict=True))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_verdict_is_wrong(path: Path) -> None:
    for label, rows in judged(path):
        kinds = {row["verdict"] for row in rows}
        if label == "right":
            assert kinds <= RIGHT, rows
        elif label.startswith("wrong"):
            assert kinds & WRONG, rows
        else:
            assert "unknown" in kinds, f"{label}: something is said of it, so say here what it is"


def test_most_slips_have_their_names() -> None:
    named = []
    for path in PAGES:
        for label, rows in judged(path):
            if label.startswith("wrong"):
                first = next(row for row in rows if row["verdict"] in WRONG)
                named.append(first["mistake"] in label.split()[1:])
    assert len(named) > 80
    assert sum(named) > 0.8 * len(named)
