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


@pytest.mark.parametrize(
    ("name", "old", "new", "mistake", "words"),
    [
        (
            "attention.py:attention_backward",
            "att.swapaxes(-1, -2) @ do",
            "att @ do",
            "transpose",
            "P[b,g,m,p,t] stands",
        ),
        ("attention.c:attention_backward", "(same - a[r])", "same", "missing-term", "is missing"),
        ("convolution.py:conv_backward", "dw[f] +=", "dw[f] =", "missing-sum", "the last of the sums over b, p, q"),
        ("normalisation.c:layernorm_backward", " - s - ", " - ", "missing-term", "is missing"),
        ("others.c:swiglu_backward", "* up[i] *", "*", "operand", "the factor u[t,q] is missing"),
    ],
)
def test_a_slip_is_explained_by_what_reproduces_the_numbers(
    name: str, old: str, new: str, mistake: str, words: str, tmp_path: Path
) -> None:
    [program] = [p for p in PROGRAMS if str(p) == name]
    report = program.checked(tmp_path, old, new)
    wrong = [finding for finding in report["findings"] if finding["verdict"] != "ok"]
    assert {finding["mistake"] for finding in wrong} == {mistake}, wrong
    assert all(words in finding["reason"] for finding in wrong), wrong
    file, _ = name.split(":")
    assert all(finding["where"].startswith(file) for finding in wrong)
