"""Right programs in the styles in which people write them: each is recognised, run, and found right."""

from __future__ import annotations

from pathlib import Path

import pytest

from backproof.checks.code.flow import Said, check

HERE = Path(__file__).parent / "programs"
PROGRAMS = sorted(HERE.glob("*.py"))
#: Whose numbers an exact run cannot have, and why.
INEXACT = {"no_docstring_rows": "it writes into arrays of floating-point numbers"}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_right_program_is_not_accused(path: Path) -> None:
    answer = check(str(path), Said())
    assert (answer.overall, answer.reason if answer.overall != "ok" else "") == ("ok", "")
    assert answer.grade == "exact" or path.stem in INEXACT, answer.reason


def test_there_are_many_styles() -> None:
    assert len(PROGRAMS) >= 25


#: An index that the extraction of the text turned from the letter l into the number 1.
TURNED = (("zs[-l]", "zs[-1]"), ("nabla_b[-l]", "nabla_b[-1]"), ("nabla_w[-l]", "nabla_w[-1]"),
          ("activations[-l - 1]", "activations[-1 - 1]"))  # fmt: skip


def test_indices_that_were_turned_into_one_are_found(tmp_path: Path) -> None:
    text = (HERE / "pairs_in_lists.py").read_text(encoding="utf-8")
    for right, wrong in TURNED:
        assert right in text
        text = text.replace(right, wrong)
    path = tmp_path / "turned.py"
    path.write_text(text, encoding="utf-8")
    answer = check(str(path), Said())
    assert answer.overall in {"raises", "wrong"}
    assert "sigmoid_prime" in answer.reason or answer.defects
