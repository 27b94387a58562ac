"""Of several programs a line each is printed, and how many are right."""

from __future__ import annotations

import io

from backproof.checks.code.answer import Answer, Finding
from backproof.findings import show, text

RIGHT = Answer("ok", grade="exact", bound=-100).to_json("right.py")
DEFECTS = [
    Finding("BP2", (1, 2), "transpose", "the weights are not transposed", "wrong.py:12"),
    Finding("BP4", (3,), None, "no slip that is known gives these numbers"),
]
WRONG = Answer("wrong", grade="exact", bound=-40, defects=DEFECTS).to_json("wrong.py")
RAISES = Answer("raises", reason="NameError at line 3").to_json("a/name.py")


def printed(*reports):
    found = io.StringIO()
    show(reports, found)
    return [line.rstrip() for line in found.getvalue().splitlines()]


def test_a_line_each_and_a_count():
    assert printed(RIGHT, WRONG, RAISES, RIGHT) == [
        "right.py   ✓ ok       exact",
        "wrong.py   ✗ wrong    BP2 layer 1,2 line 12 transpose; BP4 layer 3 unexplained",
        "a/name.py  ✗ raises   NameError at line 3",
        "right.py   ✓ ok       exact",
        "4 programs: 2 right, 1 wrong, 1 that raise",
    ]


def test_of_one_all_is_told():
    assert "\n".join(printed(WRONG)) == text(WRONG)
    assert "the weights are not transposed  [transpose]" in text(WRONG)
