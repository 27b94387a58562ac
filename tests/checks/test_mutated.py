"""Edits of true statements, judged as claims: ``python -m tests.checks.mutated`` tries more of them."""

from __future__ import annotations

from tests.checks.mutated import figures, mutated


def test_no_edit_passes_and_most_slips_are_named() -> None:
    found = list(mutated(40, seed=7))
    assert [m.text for m in found if m.surprises] == []
    wrong = [m for m in found if m.verdict.kind in ("refuted", "malformed")]
    assert len(wrong) >= 25
    assert sum(m.is_named for m in wrong) >= 0.8 * len(wrong)
    assert "40 edits" in "\n".join(figures(found))
