"""Slips that were put into programs are found in their layer; the table is ``python -m tests.checks.code.families``."""

from __future__ import annotations

import pytest

from .families import FAMILIES, Made, said, variants, wrong

STEP = 11  # so many of all are tried here: each family, each layer, all kinds
WRONG = [*wrong()][::STEP]
RIGHT = [*variants()][::STEP]


def test_there_are_enough_of_them() -> None:
    assert len(FAMILIES) == 3
    assert [len(family.slips) for family in FAMILIES] == [20, 20, 20]
    assert len([*variants()]) == 60
    assert {one.layer for one in WRONG} == {1, 2, 3}


@pytest.mark.parametrize("one", WRONG, ids=lambda one: f"{one.family.name}: {one.slip.name}, layer {one.layer}")
def test_a_slip_is_found_where_it_is(one: Made) -> None:
    answer = said(one.family.text(one.slip, one.layer))
    told = [(d.equation, d.layers, d.mistake) for d in answer.defects]
    assert one.right(answer), told
    assert one.named(answer), told


@pytest.mark.parametrize(("name", "text"), RIGHT, ids=[name for name, _ in RIGHT])
def test_a_right_variant_is_not_accused(name: str, text: str) -> None:
    answer = said(text)
    assert (answer.overall, answer.grade) == ("ok", "exact"), (name, answer.defects)
