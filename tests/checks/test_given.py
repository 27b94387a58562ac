"""What the words before a claim give."""

from __future__ import annotations

import pytest

from backproof.checks.page import Page

STEP = r"w^l \to w^l - \eta \frac{\partial C}{\partial w^l}"


def verdicts(formula: str, words: str) -> list[str]:
    return [row["verdict"] for row in Page({}, [formula], (words,)).verdicts(0)]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("For $l = L, L-1, ..., 2$ change", "proved"), ("For $l = L-1, L-2, ..., 2$ change", "unknown")],
)
def test_a_right_step_that_leaves_out_the_last_layer_is_not_accused(words: str, verdict: str) -> None:
    assert verdicts(STEP, words) == [verdict]


def test_a_step_whose_shapes_clash_stays_malformed() -> None:
    clash = r"w^l \to w^l - 2 \eta \frac{\partial C}{\partial w^l} \sigma(z^l)"
    assert verdicts(clash, "For $l = L-1, L-2, ..., 2$ change") == ["malformed"]
