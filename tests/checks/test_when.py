"""When a claim is made: conditions on indices are understood, others are unknown."""

from __future__ import annotations

import pytest

from backproof import dense
from backproof.checks.claims import Reading, judge

ANY, SOFTMAX = Reading(dense()), Reading(dense(softmax=True, cost="log-likelihood"))
BP2 = r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)"

RIGHT = [
    rf"{BP2} \quad\text{{for }} l < L",
    rf"{BP2} \text{{ for all }} j \text{{ and }} l = 2, \dots, L-1",
    rf"{BP2}, \quad l = L-1, L-2, \dots, 2",
    rf"{BP2} \qquad (l = L-1, \dots, 2)",
    rf"{BP2}, \quad 2 \le l < L, \quad 1 \le j \le n_l",
    rf"{BP2} \quad \text{{for each }} j = 1, \ldots, n_l",
    rf"{BP2} \text{{ if }} l = L - 1",
    r"\frac{\partial a^l_j}{\partial z^l_k} = 0 \text{ for } j \neq k",
    r"\frac{\partial a^l_j}{\partial z^l_k} = 0, \quad j \neq k",
    r"\frac{\partial a^l_j}{\partial z^l_k} = \sigma'(z^l_k) \text{ if } j = k",
    r"\delta^l_j = \frac{\partial C}{\partial a^L_j} \sigma'(z^L_j) \text{ where } l = L",
    "δ^l = ∂C/∂z^l for all l",
]
WRONG = [
    r"\frac{\partial a^l_j}{\partial z^l_k} = 0 \text{ for } j < k + 1",
    r"\frac{\partial a^l_j}{\partial z^l_k} = \sigma'(z^l_k) \text{ if } j \neq k",
    r"\delta^l_j = \frac{\partial C}{\partial a^L_j} \sigma'(z^L_j) \text{ where } l = L - 1",
]
UNKNOWN = [
    rf"{BP2} \text{{ for small }} l",
    rf"{BP2} \text{{ if }} \sigma \text{{ is linear}}",
    rf"{BP2} \text{{ for }} l = 2, 4, \dots, L",
    rf"{BP2} \text{{ for }} l \in S",
    rf"{BP2} \text{{ unless }} l = L",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_holds_there_is_right(text: str) -> None:
    assert [verdict.kind for verdict in judge(text, ANY)] == ["proved"]


@pytest.mark.parametrize("text", WRONG)
def test_what_does_not_hold_there_is_refuted(text: str) -> None:
    [verdict] = judge(text, ANY)
    assert verdict.kind == "refuted"
    assert verdict.counterexample is not None


@pytest.mark.parametrize("text", UNKNOWN)
def test_other_conditions_are_unknown(text: str) -> None:
    [verdict] = judge(text, ANY)
    assert verdict.kind == "unknown", verdict
    assert verdict.reason


def test_a_condition_is_said_in_the_verdict() -> None:
    [verdict] = judge(rf"{BP2} \text{{ for }} l < L - 1", ANY)
    assert verdict.assumed == ("2 ≤ l ≤ L-2", "1 ≤ j ≤ n[l]")


def test_the_diagonal_of_the_softmax() -> None:
    cases = r"\frac{\partial a^L_j}{\partial z^L_k} = %s \text{ if } j %s k"
    assert judge(cases % ("a^L_j (1 - a^L_j)", "="), SOFTMAX)[0].kind == "proved"
    assert judge(cases % ("- a^L_j a^L_k", r"\neq"), SOFTMAX)[0].holds
    assert judge(cases % ("a^L_j (1 - a^L_j)", r"\neq"), SOFTMAX)[0].kind == "refuted"


def test_statements_between_commas_are_statements() -> None:
    verdicts = judge(r"\delta^l = \frac{\partial C}{\partial z^l}, \quad z^l = w^l a^{l-1} + b^l", ANY)
    assert [verdict.kind for verdict in verdicts] == ["proved", "proved"]
