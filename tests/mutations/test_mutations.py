"""No edit of a true statement or of a true line is accepted: neither by the kernel nor by the exact judge."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from . import kernel
from .hypotheses import weakened
from .library import originals
from .mutate import Judged, judged, mutants

SLIPS = {
    *("a for z", "z for a", "σ for σ′", "σ′ dropped", "sum dropped", "transpose added", "transpose dropped"),
    *("index swapped", "layer shifted", "sign flipped", "term dropped", "factor dropped", "factor 2", "factor 1/2"),
    *("index shifted", "index fixed", "another layer", "size of another layer", "limit off by one"),
}
ADDED = {
    *("[n(1) = 7] added", "[n(l) = 1] added", "[L = 3] added", "[l = 2] added", "[j = 1] added", "[M = 2] added"),
    *("n(l) - 1 added", "(n(1) - 1)(n(1) - 2)(n(1) - 3) added", "(L - 2)(L - 3) added", "empty sum added"),
    "[k = 4] in a sum",
}
HYPOTHESES = {"hypothesis dropped", "hypothesis weakened"}


@pytest.fixture(scope="module")
def found() -> list[Judged]:
    return list(map(judged, mutants()))


@pytest.fixture(scope="module")
def wrong(found: list[Judged]) -> list[Judged]:
    return [one for one in found if one.is_false]


def test_there_are_at_least_as_many_as_there_were(wrong: list[Judged]) -> None:
    of_statements = sum(one.mutant.original.derivation is not None for one in wrong)
    assert of_statements >= 300
    assert len(wrong) - of_statements >= 300
    assert len(wrong) >= 4_113


def test_every_kind_of_edit_is_made(wrong: list[Judged]) -> None:
    made = Counter(one.mutant.kind for one in wrong if one.holds is False)
    assert set(made) == SLIPS | ADDED | HYPOTHESES
    assert min(made.values()) >= 3


def test_none_is_accepted_by_the_kernel(wrong: list[Judged]) -> None:
    assert [str(one) for one in wrong if one.proved] == []


def test_none_is_accepted_by_the_exact_judge(wrong: list[Judged]) -> None:
    assert [str(one) for one in wrong if one.holds] == []


def test_few_are_not_judged_by_the_exact_judge(wrong: list[Judged]) -> None:
    """It leaves out what rests on the assumption of an induction."""
    assert sum(one.holds is None for one in wrong) < len(wrong) / 20


def test_what_is_true_after_all_is_listed_and_not_refuted(found: list[Judged]) -> None:
    true = [one for one in found if not one.is_false]
    assert [one.surprises + str(one) for one in true if one.surprises] == []


def test_no_hypothesis_can_be_left_out_around_the_same_proof() -> None:
    """Of any statement or line, whether or not it is true without."""
    passed = [
        f"{o.where}: {kind}"
        for o in originals()
        for kind, given in weakened(o.theorem.hypotheses)
        if kernel.is_around(o.theorem, o.theorem.rhs, given)
    ]
    assert passed == []


def test_a_true_statement_passes_through_what_refuses_the_edits() -> None:
    for o in originals()[::10]:
        assert kernel.is_around(o.theorem, o.theorem.rhs, o.theorem.hypotheses)


def test_the_page_on_trust_has_the_counts(wrong: list[Judged]) -> None:
    page = (Path(__file__).parents[2] / "docs/trust.md").read_text(encoding="utf-8")
    refuted = sum(one.holds is False for one in wrong)
    assert f"Of {len(wrong):,} such edits" in page
    assert f"it refutes {refuted:,} and cannot say of {len(wrong) - refuted}" in page
