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


def test_numbers_that_are_given_make_a_claim_right() -> None:
    claim = r"\frac{\partial C}{\partial w} = a"
    page = Page(
        {"cost": "quadratic", "hidden": "identity", "output": "identity"}, [claim], ("With $x = 1$ and $y = 0$",)
    )
    assert [row["verdict"] for row in page.verdicts(0)] == ["unknown"]
    chain = r"\frac{\partial C}{\partial w} = (a - y) \sigma'(z) x = a \sigma'(z)"
    page = Page({"cost": "quadratic", "width": 1, "depth": 1}, [chain], ("With $x = 1$ and $y = 0$",))
    first, row = page.verdicts(0)
    assert first["verdict"] == "proved"
    assert row["verdict"] in ("proved", "verified")
    assert "x = 1, y = 0 is said before" in row["assumed"]


def test_a_condition_that_is_given_makes_a_claim_right() -> None:
    claim = r"\frac{\partial a^L_k}{\partial z^L_j} = 0"
    assert verdicts(claim, "and so") == ["refuted"]
    [row] = Page({}, [claim], (r"When $k \neq j$ we have",)).verdicts(0)
    assert (row["verdict"], row["assumed"][-1]) == ("proved", r"k \neq j is said before")
