"""One layer's backward pass, in NumPy and in C: right programs are equal, and single slips are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import PROGRAMS, SLIPS, Program


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_right_program_is_equal_entry_by_entry(program: Program, tmp_path: Path) -> None:
    report = program.checked(tmp_path)
    assert (report["overall"], report["grade"]) == ("ok", "exact"), report
    assert report["error_bound_log2"] < -30
    assert report["findings"]


@pytest.mark.parametrize(("name", "old", "new", "theorem"), SLIPS)
def test_a_slip_is_found_exactly_and_with_its_theorem(
    name: str, old: str, new: str, theorem: str, tmp_path: Path
) -> None:
    [program] = [p for p in PROGRAMS if str(p) == name]
    report = program.checked(tmp_path, old, new)
    assert report["overall"] in ("wrong", "scale"), report
    assert report["grade"] == "exact"
    wrong = {finding["equation"] for finding in report["findings"] if finding["verdict"] != "ok"}
    assert theorem in wrong, report["findings"]
