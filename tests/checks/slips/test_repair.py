"""A wrong claim has its likely slip, and what is right in the writer's words; nothing is mended into a triviality."""

from __future__ import annotations

import pytest

from backproof import dense
from backproof.checks.claims import Reading, judge
from backproof.checks.slips.page import balanced, edited
from backproof.checks.slips.repair import UNEXPLAINED
from backproof.checks.slips.rows import ROWS
from backproof.checks.verdict import Verdict
from backproof.networks import batch
from backproof.notation.profiles import COLUMN, NIELSEN, Notation, for_network
from backproof.surface.network import Network


def about(net: Network, row: Notation = NIELSEN) -> Reading:
    return Reading(net, for_network(row, net))


ANY, MEAN = about(dense()), about(batch())
QUADRATIC, SIGMOID = about(dense(cost="quadratic")), about(dense(activation="sigmoid"))
SOFTMAX = about(dense(softmax=True, cost="log-likelihood"))
LOGISTIC = about(dense(cost="cross-entropy", activation="sigmoid"))

SLIPS = [
    ("transpose", r"\delta^l = (w^{l+1} \delta^{l+1}) \odot \sigma'(z^l)", ANY,
     r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)"),
    ("transpose", "∂C/∂W^(l) = δ^(l) a^(l-1)", about(dense(), COLUMN), "∂C/∂W^(l) = δ^(l) (a^(l-1))^T"),
    ("missing-sigma-prime", r"\delta^L = a^L - y", QUADRATIC, r"\delta^L = (a^L - y) \odot \sigma'(z^{L})"),
    ("missing-sigma-prime", r"\delta^l_j = \sigma(z^l_j) \frac{\partial C}{\partial a^l_j}", ANY,
     r"\delta^l_j = \sigma'(z^l_j) \frac{\partial C}{\partial a^l_j}"),
    ("sigma-prime-argument", r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(a^l)", ANY,
     r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)"),
    ("sigma-prime-argument", r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^{l+1}_k)", ANY,
     r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^{l}_j)"),
    ("wrong-layer", r"\frac{\partial C}{\partial w^l_{jk}} = a^l_k \delta^l_j", ANY,
     r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j"),
    ("wrong-layer", r"\delta^l = (w^l)^T \delta^{l+1} \odot \sigma'(z^l)", ANY,
     r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)"),
    ("wrong-index", r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k", ANY,
     r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j"),
    ("wrong-index", "a^l_j = σ(Σ_k w^l_kj a^<l-1>_k + b^l_j)", ANY, "a^l_j = σ(Σ_k w^l_jk a^<l-1>_k + b^l_j)"),
    ("outer-product-order", r"\frac{\partial C}{\partial w^l} = a^{l-1} (\delta^l)^T", ANY,
     r"\frac{\partial C}{\partial w^l} = (\delta^l) (a^{l-1})^T"),
    ("sign", r"\delta^L = (y - a^L) \odot \sigma'(z^L)", QUADRATIC, r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
    ("sign", r"\sigma'(z^l) = a^l \odot (1 + a^l)", SIGMOID, r"\sigma'(z^l) = a^l \odot (1 - a^l)"),
    ("missing-sum", r"\delta^l_j = w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)", ANY,
     r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)"),
    ("scale", r"\delta^L = 2 (a^L - y) \odot \sigma'(z^L)", QUADRATIC, r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
    ("scale", r"\frac{\partial C}{\partial w^l_{jk}} = \sum_{i=1}^M a^{l-1}_{ki} \delta^l_{ji}", MEAN,
     r"\frac{\partial C}{\partial w^l_{jk}} = \frac{1}{M} \sum_{i=1}^M a^{l-1}_{ki} \delta^l_{ji}"),
    ("operand", r"\delta^L = \frac{\partial C}{\partial z^L} \odot \sigma'(z^L)", ANY,
     r"\delta^L = \frac{\partial C}{\partial a^L} \odot \sigma'(z^L)"),
    ("operand", r"\delta^L = (a^L - y) \odot \sigma'(z^L)", LOGISTIC, r"\delta^L = (a^L - y)"),
    ("hadamard-vs-matmul", r"\sigma'(z^l) = a^l (1 - a^l)", SIGMOID, r"\sigma'(z^l) = a^l \odot (1 - a^l)"),
    ("softmax-diagonal", r"\frac{\partial a^L_k}{\partial z^L_j} = a^L_k (1 - a^L_j)", SOFTMAX,
     r"\frac{\partial a^L_k}{\partial z^L_j} = a^L_k ([k=j] - a^L_j)"),
    ("softmax-diagonal", r"\frac{\partial a^L_k}{\partial z^L_j} = - a^L_k a^L_j", SOFTMAX,
     r"\frac{\partial a^L_k}{\partial z^L_j} = - a^L_k a^L_j + [k=j] a^L_k"),
    ("missing-term", r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k", ANY, r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^{l}_{j}"),
    ("missing-term", r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j", ANY,
     r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_{k}"),
    ("missing-term", r"\frac{\partial C}{\partial w^L_{jk}} = a^L_j - y_j", QUADRATIC,
     r"\frac{\partial C}{\partial w^L_{jk}} = (a^L_j - y_j) \sigma'(z^{L}_{j}) a^{L-1}_{k}"),
    ("other", r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot {\sigma^{l}}' \odot (z^l)", ANY,
     r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot {\sigma^{l}}'(z^l)"),
    ("operand", r"\frac{\partial C}{\partial b^l_j} = z^l_j", ANY,
     r"\frac{\partial C}{\partial b^l_j} = \delta^l_j"),
    ("operand", r"\nabla_{w^l} C = \frac{1}{M} \sum_m w^{l,m}", MEAN,
     r"\nabla_{w^l} C = \frac{1}{M} \sum_m \frac{\partial C_{m}}{\partial w^{l}}"),
    ("malformed", r"\frac{\partial C}{b^l_j} = \delta^l_j", ANY, r"\frac{\partial C}{\partial b^l_j} = \delta^l_j"),
]  # fmt: skip


def wrong(text: str, reading: Reading) -> Verdict:
    [verdict] = judge(text, reading)
    assert verdict.kind in ("refuted", "malformed"), verdict
    return verdict


@pytest.mark.parametrize(("mistake", "text", "reading", "correction"), SLIPS)
def test_a_slip_is_named_and_mended(mistake: str, text: str, reading: Reading, correction: str) -> None:
    verdict = wrong(text, reading)
    assert verdict.mistake == mistake, verdict
    assert verdict.correction == correction, verdict
    assert f"likely slip: {mistake}; this is right: {verdict.correction}" in str(verdict)


def test_a_clash_has_a_name_where_a_side_that_cannot_be_judged_hides_the_rest() -> None:
    verdict = wrong(r"\frac{\partial}{\partial w^l} \sigma(z^l) = \sigma(z^l) (1 - \sigma(z^l))", SIGMOID)
    assert (verdict.mistake, verdict.correction) == ("hadamard-vs-matmul", None)
    assert str(verdict).endswith("likely slip: hadamard-vs-matmul")


@pytest.mark.parametrize(("text", "reading"), [(text, reading) for _, text, reading, _ in SLIPS])
def test_what_is_printed_as_right_is_right(text: str, reading: Reading) -> None:
    verdict = wrong(text, reading)
    for right in (verdict.correction, *(correction for _, correction in verdict.also)):
        assert right is not None
        assert all(found.holds for found in judge(right, reading)), right


def test_every_name_has_a_claim() -> None:
    assert {row.mistake for row in ROWS} == {mistake for mistake, *_ in SLIPS}


NOTHING = [
    r"\delta^l = \delta^{l+1}",
    r"z^l_j = z^l_k",
    "C = 1",
    r"\delta^l = 0",
    r"a^l = a^l + 1",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_mended_into_a_triviality(text: str) -> None:
    verdict = wrong(text, ANY)
    assert verdict.mistake is None, verdict
    assert verdict.correction is None
    assert verdict.reason.endswith(UNEXPLAINED)


def test_several_slips_that_are_as_near_are_all_said() -> None:
    verdict = wrong(r"\delta^l_j = \frac{\partial C}{\partial a^l_j}", ANY)
    assert {verdict.mistake, *(mistake for mistake, _ in verdict.also)} == {"missing-sigma-prime", "operand"}
    assert "\n  or operand: " in str(verdict)


def test_the_left_side_is_left_alone_where_the_right_one_can_be_mended() -> None:
    verdict = wrong(r"\delta^{l+1}_j = \frac{\partial C}{\partial z^l_j}", ANY)
    assert verdict.correction == r"\delta^{l+1}_j = \frac{\partial C}{\partial z^{l+1}_j}"


def test_two_slips_at_once_are_found() -> None:
    verdict = wrong(r"\delta^L = (y - a^L) \odot \sigma'(a^L)", QUADRATIC)
    assert verdict.correction == r"\delta^L = (a^L - y) \odot \sigma'(z^L)"


def test_pieces_of_latex_keep_their_braces_and_delimiters() -> None:
    text = r"{w^l}^T \left(a + b\right)"
    assert text[slice(*balanced(text, (1, 7)))] == "{w^l}^T"
    assert text[slice(*balanced(text, (text.index("("), len(text))))] == r"\left(a + b\right)"


def test_changes_of_one_place_are_no_edit() -> None:
    assert edited("abc", [((0, 1), "x"), ((2, 3), "z")]) == "xbz"
    assert edited("abc", [((0, 2), "x"), ((1, 3), "z")]) is None
