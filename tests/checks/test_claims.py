"""Claims as people write them: right ones hold, wrong ones are refuted or malformed, and the rest is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backproof import dense
from backproof.checks.claims import Reading, judge
from backproof.derive.registry import chapter, library_module
from backproof.notation import latex
from backproof.notation.profiles import NIELSEN, for_network
from backproof.surface.terms import Equal, ForAll, NonZero, Positive

ANY = Reading(dense())
QUADRATIC, SIGMOID = Reading(dense(cost="quadratic")), Reading(dense(activation="sigmoid"))


def kinds(text: str, about: Reading = ANY) -> list[str]:
    return [verdict.kind for verdict in judge(text, about)]


RIGHT = [
    ("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)", ANY),
    (r"\delta^{l} = \left((w^{l+1})^{\mathsf T}\delta^{l+1}\right)\odot\sigma'(z^{l})", ANY),
    (r"\delta^{(l)} = \bigl({w^{(l+1)}}^\top\delta^{(l+1)}\bigr) \circ \dot\sigma(z^{(l)})", ANY),
    (r"\delta^L = \nabla_a C \odot \sigma'(z^L)", ANY),
    (r"\delta^L = \nabla_{a^L} C \odot \sigma^{\prime}(z^L)", ANY),
    (r"\delta^{l}_{j} = \sum_{k} w^{l+1}_{kj}\,\delta^{l+1}_{k}\,\sigma'(z^{l}_{j})", ANY),
    (r"\delta^{l}_{j} = \sigma'(z^{l}_{j})\sum_{k=1}^{n_{l+1}} w^{l+1}_{kj}\,\delta^{l+1}_{k}", ANY),
    (r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l-1}_{k}\,\delta^{l}_{j}", ANY),
    ("∂C/∂w^l_jk = a^{l-1}_k δ^l_j", ANY),
    (r"{\partial C \over \partial b^l} = \delta^l", ANY),
    (r"\frac{\partial C}{\partial w^{l}} = \delta^l (a^{l-1})^T", ANY),
    (r"\nabla_{w^{l}} C = \delta^{l}\,(a^{l-1})^{\mathsf{T}}.", ANY),
    (r"\frac{\partial}{\partial b^l_j} C = \delta^l_j", ANY),
    (r"\frac{\partial a^l}{\partial a^{l-1}} = \mathrm{diag}(\sigma'(z^l))\, w^l", ANY),
    (r"\delta^{l} = \left(\frac{\partial z^{l+1}}{\partial z^{l}}\right)^T \delta^{l+1}", ANY),
    (r"a^{l}_{j} = \sigma\left(\sum_{k} w^{l}_{jk}\,a^{l-1}_{k} + b^{l}_{j}\right)", ANY),
    ("z^l = w^l a^{l-1} + b^l", ANY),
    (r"C = \frac12\lVert y - a^{L}\rVert^{2} = \frac12\sum_{j}\left(y_{j} - a^{L}_{j}\right)^{2}", QUADRATIC),
    (r"\delta^L = (a^L - y) \odot \sigma'(z^L)", QUADRATIC),
    (r"\sigma'(z^l) = a^l \odot (1 - a^l)", SIGMOID),
    (r"\sigma'(z^l_j) = \frac{e^{-z^l_j}}{(1 + e^{-z^l_j})^2}", SIGMOID),
    (r"\frac{\partial a^l_j}{\partial z^l_k} = [j=k]\,\sigma'(z^l_k)", ANY),
    (r"\sigma'(z^l_j)^2 = \sigma'(z^l_j)\,\sigma'(z^l_j)", ANY),
    (r"\nabla_{a^L} C(a^L) = \frac{\partial C}{\partial a^L}", ANY),
    (r"\frac{\partial}{\partial b^l_j}\,C(w,b;x,y) = \delta^l_j", ANY),
    (r"\log \sigma(z^l_j) = \log a^l_j", ANY),
    ("δ^L = ∂C/∂a^L ⊙ σ'(z^L)", Reading(dense(widths=(2, 3, 1)))),
]
WRONG = [
    ("δ^l = (w^<l+1> δ^<l+1>) ⊙ σ'(z^l)", ANY, "malformed"),
    ("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ(z^l)", ANY, "refuted"),
    ("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^<l+1>)", ANY, "malformed"),
    ("δ^l = (w^<l+1>)^T δ^<l+1>", ANY, "refuted"),
    (r"\frac{\partial C}{\partial w^{l}} = a^{l-1} (\delta^l)^T", ANY, "malformed"),
    (r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l-1}_{j}\,\delta^{l}_{k}", ANY, "refuted"),
    (r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l}_{k}\,\delta^{l}_{j}", ANY, "refuted"),
    (r"\frac{\partial C}{w^{l}_{jk}} = a^{l-1}_{k}\,\delta^{l}_{j}", ANY, "malformed"),
    (r"\frac{\partial C}{\partial b^l} = -\delta^l", ANY, "refuted"),
    (r"\delta^{l}_{j} = \sum_{k} w^{l+1}_{jk}\,\delta^{l+1}_{k}\,\sigma'(z^{l}_{j})", ANY, "malformed"),
    (r"\delta^L = (a^L - y)", QUADRATIC, "refuted"),
    (r"\delta^L = 2 (a^L - y) \odot \sigma'(z^L)", QUADRATIC, "refuted"),
    (r"\delta^L = (a^L - y) \sigma'(z^L)", QUADRATIC, "malformed"),
    (r"\sigma'(z^l) = a^l \odot (1 + a^l)", SIGMOID, "refuted"),
    (r"\delta^l_j = \delta^l", ANY, "malformed"),
    (r"\delta^l", ANY, "malformed"),
    (r"\delta^l = = 0", ANY, "malformed"),
    (r"a^l + z^{l-1} = 0", ANY, "malformed"),
    (r"\sigma'(z^l_j)^2 = \sigma'((z^l_j)^2)", ANY, "refuted"),
    (r"\sum_k w^l_{jk} \delta^l_k = 0", ANY, "malformed"),
]
NOT_UNDERSTOOD = [
    r"\delta^l \approx 0",
    r"g'(z^l) = 1",
    r"\theta = 1",
    r"\delta^l = 0 \text{ for small } l",
    r"\sum_{k=1}^{3} w^l_{jk} = 0",
    r"\sum_k 1 = 0",
    r"\frac{\partial w^l}{\partial w^l} = 1",
    r"\lVert \delta^l \rVert = 0",
    r"\delta = 0",
    r"w^{l,m} = 0",
    r"x \pm 1 = 0",
    r"\mathbf{1} = 1",
    r"a_{\substack{k}} = 3",
    "1/a^l_j z^l_j = 1",
    "2^{999999999} = 1",
    "9" * 5_000 + " = 1",
    "z^1 = 0",
    "∂C/∂z^{L+1}_j = 0",
]


@pytest.mark.parametrize(("text", "about"), RIGHT)
def test_a_right_claim_is_proved(text: str, about: Reading) -> None:
    verdicts = judge(text, about)
    assert {verdict.kind for verdict in verdicts} == {"proved"}, verdicts
    assert all(verdict.theorem is not None and verdict.theorem.net is about.net for verdict in verdicts)


@pytest.mark.parametrize(("text", "about", "kind"), WRONG)
def test_a_wrong_claim_is_not(text: str, about: Reading, kind: str) -> None:
    [verdict] = judge(text, about)
    assert verdict.kind == kind, verdict
    assert (verdict.counterexample is not None) is (kind == "refuted")


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_unknown_and_says_where(text: str) -> None:
    [verdict] = judge(text, ANY)
    assert verdict.kind == "unknown"
    assert verdict.reason


def test_a_verdict_says_where_it_is_claimed() -> None:
    """BP2 is about the layers that have one above them."""
    [verdict] = judge("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)", ANY)
    assert verdict.assumed == ("2 ≤ l < L",)
    assert "\n  if 2 ≤ l < L" in str(verdict)


def test_a_judge_that_breaks_down_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("backproof.oracle.exact.judge", breaks)
    assert kinds("δ^l = 0") == ["unknown"]


WORDS = [
    "δ^l",
    "a^{l-1}",
    "w^l",
    "w^{l+1}_{jk}",
    "z^l_j",
    "C",
    "∂",
    "/",
    "^T",
    "^2",
    "(",
    ")",
    "σ'",
    "⊙",
    "+",
    "-",
    " ",
    "=",
    "Σ_k",
]
WORDS += ["∇_a", "[j=k]", "‖", "1", "L", "l", "_j", "{", "}", "n_l", "diag", "exp", "*", "@"]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_any_claim_gets_verdicts(text: str) -> None:
    assert set(kinds(text)) <= {"proved", "refuted", "malformed", "unknown", "verified"}


def test_a_chain_is_judged_line_by_line() -> None:
    """The first wrong step is found even where the last line is right again."""
    chain = r"""\begin{aligned}
        \delta^{L-1}_j &= \sum_{k} \frac{\partial C}{\partial a^{L}_{k}}
            \frac{\partial a^{L}_{k}}{\partial z^{L-1}_{j}} \\
        &= \sum_{k} (a^{L}_{k} - y_{k})\,\frac{\partial z^{L}_{k}}{\partial z^{L-1}_{j}} \\
        &= \sigma'(z^{L-1}_{j})\sum_{k} w^{L}_{kj}\,\delta^{L}_{k}
    \end{aligned}"""
    assert kinds(chain, QUADRATIC) == ["proved", "refuted", "refuted"]


def test_the_slip_of_a_chain_is_said_once_where_it_is_made() -> None:
    """Where it is carried on, the next step is right; where the next line is right again, that is said."""
    start = r"\delta^L_j &= \frac{\partial C}{\partial a^L_j} \sigma'(z^L_j) \\ &= "
    carried = judge(start + r"(y_j - a^L_j) \sigma'(z^L_j) \\ &= y_j \sigma'(z^L_j) - a^L_j \sigma'(z^L_j)", QUADRATIC)
    assert [verdict.kind for verdict in carried] == ["proved", "refuted", "proved"]
    assert [verdict.mistake for verdict in carried] == [None, "sign", None]
    mended = judge(start + r"(y_j - a^L_j) \sigma'(z^L_j) \\ &= (a^L_j - y_j) \sigma'(z^L_j)", QUADRATIC)
    assert [verdict.mistake for verdict in mended] == [None, "sign", None]
    assert mended[2].reason.endswith("the side before is wrong, and this one is right again")


def test_a_side_that_is_not_understood_is_passed_over() -> None:
    found = judge(r"\delta^l_j = \Xi = \frac{\partial C}{\partial z^l_j}", ANY)
    assert [verdict.kind for verdict in found] == ["unknown", "proved"]
    assert found[1].left == r"\delta^l_j"


def test_a_counterexample_has_widths_and_indices() -> None:
    [verdict] = judge(r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k", ANY)
    assert verdict.counterexample is not None
    assert set(verdict.counterexample.indices) == {"l", "j"}
    assert len(verdict.counterexample.widths) >= 3
    assert "refuted: " in str(verdict)
    assert " against " in str(verdict)


def test_a_malformed_claim_says_the_shapes_in_letters_and_points_at_the_place() -> None:
    text = "δ^l = (w^<l+1> δ^<l+1>) ⊙ σ'(z^l)"
    [verdict] = judge(text, ANY)
    said, line, caret = verdict.reason.split("\n")
    assert said.startswith("w^<l+1> is n_{l+1}×n_l, δ^<l+1> is a column of n_{l+1}: the product needs")
    assert line[caret.index("^") :].startswith("w^<l+1>")


DENSE = ("forward", "bp1", "bp2", "bp3", "bp4", "backward", "five_layers", "activations", "costs", "examples")
ASSUMED = (Equal, NonZero, Positive, ForAll)
#: What rests on an assumption of an induction, or counts multiplications.
NOT_READ = {"recursion-step", "paths-step"}


def test_what_is_printed_reads_back_as_true() -> None:
    """Each theorem on dense nets, printed and judged; that it reads back in every row is tested beside."""
    row, read, unread = NIELSEN, 0, set()
    for name in DENSE:
        for made in chapter(library_module(name)).derivations:
            theorem = made.theorem
            notation = for_network(row, theorem.net)
            assumed = frozenset(h for h in theorem.hypotheses if isinstance(h, ASSUMED))
            about = Reading(theorem.net, notation, assumed)
            found = {v.kind for v in judge(latex.equation(theorem.lhs, theorem.rhs, notation), about)}
            read += found <= {"proved", "verified"}
            unread |= {made.name} if found == {"unknown"} else set()
            assert found <= {"proved", "verified", "unknown"}, made.name
    assert unread == NOT_READ
    assert read >= 70


def test_nielsen_is_the_default() -> None:
    assert ANY.notation is NIELSEN
