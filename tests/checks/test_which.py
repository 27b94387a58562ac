"""Which equation of backpropagation a claim is."""

from __future__ import annotations

import pytest

from backproof.checks.claims import judge
from backproof.checks.front import setting_of
from backproof.checks.which import equations


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"\delta^L = \nabla_a C \odot \sigma'(z^L)", ["BP1"]),
        (r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)", ["BP2"]),
        (r"\frac{\partial C}{\partial z^l_j} = \delta^l_j", ["BP2"]),
        (r"\frac{\partial C}{\partial b^l_j} = \delta^l_j", ["BP3"]),
        (r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j", ["BP4"]),
        (r"z^l = w^l a^{l-1} + b^l", ["forward"]),
        (r"\sigma'(z^l_j) = \sigma'(z^l_j)", ["activation"]),
        (r"w^l \to w^l - \eta \frac{\partial C}{\partial w^l}", ["update"]),
        (r"C = C", ["cost"]),
        (r"a^{l-1}_k \delta^l_j = \frac{\partial C}{\partial w^l_{jk}}", [None]),
        (r"\frac{\partial C}{\partial b^l_j} = \frac{\partial C}{\partial z^l_j} = \delta^l_j", ["BP3", "BP3"]),
        (r"\delta^l", [None]),
    ],
)
def test_the_left_side_says_it(text: str, names: list[str | None]) -> None:
    about = setting_of({})
    assert equations(text, about, judge(text, about)) == names
