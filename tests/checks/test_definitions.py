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
        ("z = W h", r"L = \frac12 \sum_i (z_i - y_i)^2"),
        (r"a_1 = \sigma(z_1)", "a = z"),
    ],
)
def test_a_letter_with_more_or_fewer_indices_than_before_is_unknown_and_says_why(first: str, then: str) -> None:
    page = Page({"network": "own"}, [first, then])
    said = [row for place in range(2) for row in page.verdicts(place) if row["verdict"] == "unknown"]
    assert said
    assert all("indices" in row["reason"] or "network" in row["reason"] for row in said), said


def rows(front: dict[str, object], *formulas: str, inline: tuple[int, ...] = ()) -> list[list[dict[str, object]]]:
    page = Page(front, list(formulas), (), frozenset(inline))
    return [page.verdicts(place) for place in range(len(formulas))]


def test_layers_are_numbered_once_for_a_document() -> None:
    """W^(1) somewhere says that the input is no layer: W^(2) is of a layer behind another one, and a^(2) its output."""
    front = {"notation": "column", "depth": 2}
    [_], [last] = rows(front, "z^{(1)} = W^{(1)} x + b^{(1)}", r"a^{(2)} = \sigma(W^{(2)} a^{(1)} + b^{(2)})")
    assert last["verdict"] == "proved"
    assert "the first layer with weights is layer 1" in last["assumed"]  # type: ignore[operator]
    [[alone]] = rows(front, r"a^{(2)} = \sigma(W^{(2)} a^{(1)} + b^{(2)})")
    assert alone["verdict"] == "proved"
    assert "the first layer with weights is layer 1" not in alone["assumed"]  # type: ignore[operator]


def test_messages_number_layers_as_the_notation_does() -> None:
    [[row]] = rows({"notation": "deeplearning.ai"}, "dZ^{[1]} = W^{[2]} dZ^{[2]}")
    assert "W^{[2]} is n_2×n_1" in str(row["reason"])


def test_in_front_of_a_network_of_its_own_a_document_says_what_its_function_is() -> None:
    said = (
        r"h_i = \sigma(x_i)",
        "C = C(h)",
        r"\frac{\partial C}{\partial x_i} = \frac{\partial C}{\partial h_i} h_i (1 - h_i)",
    )
    assert rows({"network": "own", "hidden": "sigmoid"}, *said)[-1][0]["verdict"] in ("proved", "verified")
    assert rows({"network": "own"}, *said)[-1][0]["verdict"] == "refuted"


ZHOU = (
    r"b_{h} \equiv f(\alpha_{h} - \gamma_{h})", r"\beta_{j} \equiv \sum_{h} w_{hj}b_{h}",
    r"E_{k} \equiv \frac12\sum_{j}(\beta_{j} - y_{j}^{k})^{2}", r"g_j \equiv -\frac{\partial E_k}{\partial \beta_j}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        (r"\Delta w_{hj} = \eta g_j b_h", "proved"),
        (r"\Delta w_{hj} = -\eta g_j b_h", "refuted"),
        (r"g_j = y_j^k - \beta_j", "proved"),
        (r"\frac{\partial E_k}{\partial \gamma_h} = \sum_{j=1}^{l} w_{hj} g_j f'(\alpha_h - \gamma_h)", "proved"),
        (r"\frac{\partial E_k}{\partial \gamma_h} = \sum_{j=1}^{l} w_{hj} u_j", "unknown"),
    ],
)
def test_letters_that_only_the_document_has_are_judged_in_the_network_that_it_defines(claim: str, kind: str) -> None:
    front = {"notation": "generic", "letters": {"cost": "E_k", "sigma": "f"}}
    assert rows(front, *ZHOU, claim, inline=(0, 1, 2, 3))[-1][0]["verdict"] == kind


def test_the_number_of_the_true_class_is_an_index() -> None:
    said = (r"p_k \equiv \frac{e^{f_k}}{\sum_j e^{f_j}}", r"L_i \equiv -\log p_{y_i}")
    for sign, kind in (("-", "proved"), ("+", "refuted")):
        claim = rf"\frac{{\partial L_i}}{{\partial f_k}} = p_k {sign} \mathbb{{1}}(y_i = k)"
        [row] = rows({"notation": "generic"}, *said, claim, inline=(0, 1))[-1]
        assert row["verdict"] == kind
        assert "c is y_i" in row["assumed"]  # type: ignore[operator]


def test_a_letter_that_is_defined_otherwise_is_not_taken_for_that_of_the_notation() -> None:
    right = r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial y} x^T"
    wrong = r"\frac{\partial L}{\partial W} = x \left(\frac{\partial L}{\partial y}\right)^T"
    said = rows({"notation": "generic"}, r"y \equiv W x", right, wrong, inline=(0,))
    assert [row["verdict"] for [row] in said[1:]] == ["proved", "malformed"]
    assert "L is any function of y" in said[1][0]["assumed"]
