"""The line for a test suite."""

from __future__ import annotations

import pytest

import backproof
from backproof import NotEstablished, Setting, assert_holds, dense


def test_right_claims_pass() -> None:
    assert_holds("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)")
    assert_holds(r"\delta^{L} = a^{L} - y", dense(cost="cross-entropy", activation="sigmoid"))
    assert_holds(r"\frac{\partial C}{\partial W^{(l)}} = \delta^{(l)} (a^{(l-1)})^T", notation="column")
    assert_holds(r"\nabla_{\Theta^l} C = \delta^l (a^{l-1})^T", letters={"weight": r"\Theta"})


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("δ^l = (w^<l+1>)^T δ^<l+1>", "refuted"),
        ("δ^l = w^l δ^l", "malformed"),
        ("δ^l ≈ 0", "unknown"),
        ("δ^l = (", "malformed"),
    ],
)
def test_others_say_what_they_are(claim: str, kind: str) -> None:
    with pytest.raises(NotEstablished, match=kind) as refusal:
        assert_holds(claim)
    assert [verdict.kind for verdict in refusal.value.verdicts] == [kind]
    assert isinstance(refusal.value, AssertionError)


def test_only_what_does_not_hold_is_said() -> None:
    with pytest.raises(NotEstablished) as refusal:
        assert_holds(r"\delta^l = \frac{\partial C}{\partial z^l} = 0")
    assert str(refusal.value).count("refuted") == 1
    assert "verified" not in str(refusal.value)


def test_a_notation_or_letter_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no notation"):
        assert_holds("a = b", notation="mine")
    with pytest.raises(ValueError, match="no letter"):
        assert_holds("a = b", letters={"mine": "x"})


def test_it_is_at_the_front() -> None:
    assert backproof.assert_holds is assert_holds


@pytest.mark.parametrize("claim", ["", " ", "\n\n", ",", r"\,"])
def test_what_says_nothing_does_not_hold(claim: str) -> None:
    with pytest.raises(NotEstablished, match="malformed"):
        assert_holds(claim)


def test_a_claim_is_text_and_about_a_network_or_a_setting() -> None:
    assert_holds("δ^L = a^L - y", Setting(activation="sigmoid", cost="cross-entropy"))
    with pytest.raises(TypeError, match="a claim is text, or two sides in SymPy, and not 3"):
        assert_holds(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a claim is about a network"):
        assert_holds("δ^L = a^L - y", "sigmoid")  # type: ignore[arg-type]


def test_a_counterexample_has_no_index_that_nobody_wrote() -> None:
    with pytest.raises(NotEstablished) as found:
        assert_holds("δ^L = a^L - y", Setting(activation=(None, "softmax"), cost="log-likelihood"))
    assert "open" not in str(found.value)
