"""Equations that look unusual are judged rightly, and slips have their names."""

from __future__ import annotations

import pytest

from backproof.checks.page import Page

from .unusual import RIGHT, WRONG, Item

HOLD = {"proved", "verified", "definition"}


def rows(item: Item) -> list[dict[str, object]]:
    page = Page(item.front, [*item.prose, item.text])
    return page.verdicts(len(item.prose))


def test_there_are_forty_of_each() -> None:
    assert min(len(RIGHT), len(WRONG)) >= 40


@pytest.mark.parametrize("item", RIGHT, ids=lambda item: f"{item.front['notation']}: {item.text}")
def test_right(item: Item) -> None:
    found = rows(item)
    assert {row["verdict"] for row in found} <= HOLD, found


@pytest.mark.parametrize("item", WRONG, ids=lambda item: f"{item.front['notation']}: {item.text}")
def test_wrong(item: Item) -> None:
    wrong = [row for row in rows(item) if row["verdict"] in ("refuted", "malformed")]
    assert wrong, rows(item)
    assert wrong[0]["mistake"] in item.slips, wrong
