"""What a document defines beside a dense network."""

from __future__ import annotations

import pytest

from backproof.checks.page import Page

HOLDS = {"proved", "verified"}


def verdicts(*formulas: str, **front: str) -> list[list[str]]:
    page = Page(front, list(formulas))
    return [[row["verdict"] for row in page.verdicts(place)] for place in range(len(formulas))]


@pytest.mark.parametrize(
    ("definition", "claim", "kinds"),
    [
        (r"e_j \equiv a^L_j - y_j", r"\delta^L_j = e_j \sigma'(z^L_j)", HOLDS),
        (r"e_j \equiv a^L_j - y_j", r"\delta^L_j = e_j", {"refuted"}),
        (r"D^l := \operatorname{diag}(\sigma'(z^l))", r"\delta^l = D^l (w^{l+1})^T \delta^{l+1}", HOLDS),
        (r"D^l := \operatorname{diag}(\sigma'(z^l))", r"\delta^l = (w^{l+1})^T D^{l+1} \delta^{l+1}", {"refuted"}),
        (r"g^l_j := \frac{\partial C}{\partial a^l_j}", r"\delta^l_j = g^l_j \sigma'(z^l_j)", HOLDS),
        (r"q = \frac12 \sum_j (a^L_j)^2", r"\frac{\partial q}{\partial a^L_j} = a^L_j", HOLDS),
        (r"q = \frac12 \sum_j (a^L_j)^2", r"\frac{\partial q}{\partial a^L_j} = 2 a^L_j", {"refuted"}),
        (r"v^l_{jk} = w^l_{jk} + \eta a^{l-1}_k", r"v^l_{jk} - w^l_{jk} = \eta a^{l-1}_k", HOLDS),
    ],
)  # fmt: skip
def test_a_letter_of_its_own(definition, claim, kinds):
    first, [second] = verdicts(definition, claim, cost="quadratic")
    assert first == ["definition"]
    assert second in kinds


@pytest.mark.parametrize(
    "text",
    [
        "e_j = u_j",
        r"\Theta = \Theta - \eta",
        "e^3 = a^L_1",
        "e_j = a^L_k",
        "e_{jj} = a^L_j",
        "w^l_{jk} = 0",
        "e = a^l",
        "l = 2, 3",
    ],
)
def test_what_defines_nothing_is_a_claim(text):
    assert verdicts(text)[0] != ["definition"]


def test_a_letter_of_the_network_is_not_defined_again():
    assert verdicts(r"\delta^l_j \equiv \frac{\partial C}{\partial z^l_j}") == [["proved"]]
    assert verdicts(r"\delta^l_j \equiv \frac{\partial C}{\partial a^l_j}")[0] != ["definition"]


COST = r"C = \frac12 \sum_j (a^L_j - y_j)^2"


def test_a_document_may_say_what_its_cost_is():
    """It does not claim that every cost is quadratic, and speaks of this one from there on."""
    error = r"\delta^L_j = (a^L_j - y_j) \sigma'(z^L_j)"
    before, cost, behind = verdicts(error, COST, error)
    assert (before, cost) == (["refuted"], ["definition"])
    assert behind[0] in HOLDS
    assert verdicts(COST, cost="generic") == [["refuted"]]
    assert verdicts(r"C = \frac13 \sum_j (a^L_j - y_j)^2") == [["refuted"]]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (r"z_1 = W_1 x", "z^1 = W^1 x"),
        ("z = W h", r"L = \frac12 \sum_i (z_i - y_i)^2"),
        (r"a_1 = \sigma(z_1)", "a = z"),
    ],
)
def test_a_letter_with_more_or_fewer_indices_than_before_is_unknown_and_says_why(first: str, then: str) -> None:
    page = Page({"network": "own"}, [first, then])
    said = [row for place in range(2) for row in page.verdicts(place) if row["verdict"] == "unknown"]
    assert said
    assert all("indices" in row["reason"] or "network" in row["reason"] for row in said), said
