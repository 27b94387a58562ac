"""A claim that is wrong here and right in another common reading says so."""

from __future__ import annotations

import pytest

from backproof import dense
from backproof.checks.claims import Reading, judge
from backproof.networks import Setting, dense_network
from backproof.notation.profiles import for_network


def about(**fields: object) -> Reading:
    setting = Setting(**fields)  # type: ignore[arg-type]
    net = dense_network(setting)
    return Reading(net, for_network(Reading(net).notation, net), setting=setting)


CASES = [
    (r"\sigma'(z^l) = a^l \odot (1 - a^l)", about(), "the activation is sigmoid"),
    (r"\sigma'(z^l) = 1 - a^l \odot a^l", about(), "the activation is tanh"),
    (r"\delta^L = a^L - y", about(activation="sigmoid"), "the cost is cross-entropy"),
    (r"\delta^L = a^L - y", about(activation="identity"), "the cost is quadratic"),
    (r"\delta^L = (a^L - y) \odot \sigma'(z^L)", about(), "the cost is quadratic"),
    (r"z^l = w^l a^{l-1}", about(), "there is no bias"),
    (r"\delta^L = a^L - y", about(cost="log-likelihood", activation=(None, "softmax")),
     "the targets of an example sum to 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reading", "words"), CASES)
def test_another_reading_is_said(text: str, reading: Reading, words: str) -> None:
    [verdict] = judge(text, reading)
    assert verdict.kind == "refuted"
    assert words in verdict.right_if, verdict
    assert f"\n  right if {words}" in str(verdict)


def test_what_is_wrong_in_every_reading_has_none() -> None:
    [verdict] = judge(r"\frac{\partial C}{\partial b^l} = -2 \delta^l", about())
    assert verdict.right_if == ()


def test_a_right_claim_has_none() -> None:
    [verdict] = judge(r"\frac{\partial C}{\partial b^l} = \delta^l", about())
    assert verdict.right_if == ()


def test_without_a_setting_only_notations_are_tried() -> None:
    [verdict] = judge(r"\sigma'(z^l) = a^l \odot (1 - a^l)", Reading(dense(widths=(2, 3, 2))))
    assert verdict.right_if == ()
