"""Documents that define their network: their right claims hold in it, their wrong ones do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from backproof.checks.documents import load
from backproof.checks.page import Page

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.*"))
WANTED = {"right": {"proved", "verified"}, "wrong": {"refuted", "malformed"}}


def test_there_are_thirteen():
    assert len(DOCUMENTS) == 13


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_all_verdicts_are_right(path):
    document = load(str(path))
    page = Page(document.front, [f.text for f in document.formulas])
    labels = []
    for place, f in enumerate(document.formulas):
        if f.displayed:
            rows = page.verdicts(place)
            wanted = WANTED.get(f.label, {"definition"})
            assert rows
            assert {row["verdict"] for row in rows} <= wanted, rows
            labels += [f.label for _ in rows]
    assert min(labels.count("right"), labels.count("wrong")) >= 2


def verdicts(*formulas: str) -> list[list[str]]:
    page = Page({"network": "own"}, list(formulas))
    return [[row["verdict"] for row in page.verdicts(place)] for place in range(len(formulas))]


LAYER = (r"z_i = \sum_j W_{ij} x_j + b_i", r"h_i = \sigma(z_i)", "C = C(h)")


def last(*formulas: str) -> list[str]:
    return verdicts(*LAYER, *formulas)[-1]


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        (r"\frac{\partial C}{\partial W_{ij}} = \frac{\partial C}{\partial h_i} \sigma'(z_i) x_j", "proved"),
        (r"\frac{\partial C}{\partial W_{ij}} = \frac{\partial C}{\partial h_i} \sigma'(z_i) x_i", "refuted"),
        (r"\frac{\partial C}{\partial x_j} = \sum_i W_{ij} \frac{\partial C}{\partial z_i}", "proved"),
        (r"\frac{\partial C}{\partial x_j} = \sum_i W_{ji} \frac{\partial C}{\partial z_i}", "malformed"),
        (r"\frac{\partial z_i}{\partial W_{kj}} = [i = k] x_j", "proved"),
        (r"\frac{\partial C}{\partial b_i} = \frac{\partial C}{\partial z_i}", "proved"),
        (r"\frac{\partial C}{\partial u_i} = 0", "unknown"),
    ],
)
def test_a_layer_in_letters_of_its_own(claim, kind):
    assert last(claim) == [kind]


def test_a_chain_behind_a_definition_is_judged():
    assert last(r"\delta_i := \frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial h_i} \sigma'(z_i)") == [
        "definition", "proved",
    ]  # fmt: skip
    assert last(r"\delta_i := \frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial h_i}") == [
        "definition", "refuted",
    ]  # fmt: skip


def test_a_letter_is_defined_once():
    found = verdicts("y = x^2", "y = x^2 + 1", r"y := x \cdot x")
    assert found == [["definition"], ["refuted"], ["proved"]]


def test_an_index_that_goes_somewhere_is_no_quantity():
    claim = r"\frac{\partial m}{\partial x_i} = \frac2N x_i"
    found = verdicts("i = 1, \\dots, N", "y_i = x_i^2", r"m = \frac1N \sum_i y_i", claim)
    assert found[1:] == [["definition"], ["definition"], ["proved"]]


def test_sizes_are_letters_of_the_document_whatever_they_mean_elsewhere():
    for size in ("n", "L", "M", "N", "l"):
        mean = rf"m = \frac{{1}}{{{size}}} \sum_{{i=1}}^{{{size}}} x_i"
        found = verdicts(mean, rf"\frac{{\partial m}}{{\partial x_i}} = \frac{{1}}{{{size}}}")
        assert found == [["definition"], ["proved"]], size


def test_a_function_may_have_a_body():
    slope = r"\frac{\partial y_i}{\partial x_i} = y_i "
    found = verdicts(
        r"\sigma(z) = \frac{1}{1 + e^{-z}}", r"y_i = \sigma(x_i)", f"{slope}(1 - y_i)", f"{slope}(1 + y_i)"
    )
    assert [kinds[0] in ("proved", "verified") for kinds in found[2:]] == [True, False]


def test_a_state_has_a_first_value_of_its_own():
    recurrence = (r"t = 1, \dots, T", "h_t = w h_{t-1} + x_t", "C = C(h)")
    claim = r"\frac{\partial C}{\partial w} = \sum_{t=1}^{T} \frac{\partial C}{\partial h_t} h_{t-1}"
    assert verdicts(*recurrence, claim)[-1] in (["proved"], ["verified"])
    assert verdicts(*recurrence, "h_0 = 0", "h_1 = x_1")[-2:] == [["definition"], ["proved"]]
    assert verdicts("h_1 = x_1", "h_t = w h_{t-1} + x_t", "h_1 = 0")[:2] == [["definition"], ["definition"]]


@pytest.mark.parametrize(
    "gap",
    [
        r"p_s = \operatorname{softmax}(a)_s",  # not read
        r"p = \frac{e^{a}}{\mathbf{1}^T e^{a}}",
        r"\mathbf{p} = \underset{s}{\operatorname{softmax}} a",
        r"p^{(s)} = a^{(s)}",
        "p_s = q_s + r_k",  # one index too many
    ],
)
def test_what_is_not_understood_before_leaves_claims_about_it_open(gap):
    """p is no datum, although nothing that is understood defines it."""
    slope = r"\frac{\partial o}{\partial v_s} = "
    found = verdicts(gap, r"o = \sum_s p_s v_s", f"{slope}p_s", f"{slope}0")
    assert found[0] in (["unknown"], ["malformed"])
    assert found[1:] == [["definition"], ["unknown"], ["unknown"]]


@pytest.mark.parametrize(
    "text",
    [
        "y_i = x_j", "y_{ii} = x_i", "y_{i+1} = x_i", "y_i = x_{ij}", r"y_i = \prod_j x_j", r"y_i = \max_j x_j",
        r"y_i = x_i^T x_i", r"y = x^{n}", r"y_i = f(x_i) g(x_i)", "y_i = y_i + 1", "y'_i = 1", "y_i = ",
    ],
)  # fmt: skip
def test_what_is_no_definition_is_not_taken_for_one(text):
    assert verdicts(text)[0] in (["unknown"], ["malformed"])


def test_no_letter_of_a_document_is_taken_for_a_function_that_it_does_not_have():
    found = verdicts("y_i = g_i x_i", "s := \\sum_i y_i", r"\frac{\partial s}{\partial g_i} s = s x_i")
    assert found == [["definition"], ["definition"], ["proved"]]
