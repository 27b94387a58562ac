"""Right programs in the styles in which people write them: each is recognised, run, and found right."""

from __future__ import annotations

from pathlib import Path

import pytest

from backproof.checks.code.flow import Said, check

HERE = Path(__file__).parent / "programs"
PROGRAMS = sorted(HERE.glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_right_program_is_not_accused(path: Path) -> None:
    answer = check(str(path), Said())
    assert (answer.overall, answer.reason if answer.overall != "ok" else "") == ("ok", "")
    assert answer.grade == "exact", answer.reason


def test_there_are_many_styles() -> None:
    assert len(PROGRAMS) >= 50
