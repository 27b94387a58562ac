"""No edit of a true statement or of a true line is accepted: neither by the kernel nor by the exact oracle."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from .mutate import EQUIVALENT, Mutant, mutants

KINDS = {
    *("a for z", "z for a", "σ for σ′", "σ′ dropped", "sum dropped", "transpose added", "transpose dropped"),
    *("index swapped", "layer shifted", "sign flipped", "term dropped", "factor dropped", "factor 2", "factor 1/2"),
}


@pytest.fixture(scope="module")
def found() -> list[Mutant]:
    return list(mutants())


@pytest.fixture(scope="module")
def wrong(found: list[Mutant]) -> list[Mutant]:
    return [mutant for mutant in found if not mutant.is_equivalent]


def test_there_are_at_least_300_of_lines_and_of_statements(wrong: list[Mutant]) -> None:
    counted = [mutant for mutant in wrong if mutant.counts]
    of_statements = sum(mutant.where.startswith("statement") for mutant in counted)
    assert of_statements >= 300
    assert len(counted) - of_statements >= 300


def test_every_kind_of_edit_is_made(wrong: list[Mutant]) -> None:
    made = Counter(mutant.kind for mutant in wrong if mutant.counts)
    assert set(made) == KINDS
    assert min(made.values()) >= 5


def test_none_is_accepted_by_the_kernel(wrong: list[Mutant]) -> None:
    assert [str(mutant) for mutant in wrong if mutant.proved] == []


def test_none_is_accepted_by_the_exact_oracle(wrong: list[Mutant]) -> None:
    assert [str(mutant) for mutant in wrong if mutant.holds] == []


def test_few_are_not_judged_by_the_exact_oracle(wrong: list[Mutant]) -> None:
    """It leaves out what speaks of quantities that do not exist, and what rests on an assumption."""
    assert sum(mutant.holds is None for mutant in wrong) < len(wrong) / 10


def test_an_edit_that_is_called_equivalent_is_true(found: list[Mutant]) -> None:
    listed = [mutant for mutant in found if mutant.is_equivalent]
    assert [str(mutant) for mutant in listed if not mutant.holds] == []
    assert {mutant.equation for mutant in listed} == EQUIVALENT


def test_the_readme_has_the_counts(wrong: list[Mutant]) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    refuted = sum(mutant.counts for mutant in wrong)
    assert f"Of {len(wrong):,} such edits" in readme
    assert f"it refutes {refuted:,} and cannot say of {len(wrong) - refuted}" in readme
