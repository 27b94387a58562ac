"""What a notebook shows."""

from backproof.derivations.bp2 import bp2
from backproof.derivations.five_layers import delta_4_1

import backproof


def test_a_theorem_shows_its_statement_and_its_hypotheses():
    assert backproof.Theorem
    shown = bp2().theorem._repr_latex_()
    assert shown.startswith(r"$\displaystyle \delta^{l}_{j} = ")
    assert r"2 \le l < L" in shown


def test_a_derivation_shows_a_line_and_a_reason_each():
    shown = bp2()._repr_latex_()
    assert shown.count(r"\\") == len(bp2().lines) - 1
    assert r"\text{chain rule through }z^{l+1}_{k}" in shown


def test_a_derivation_is_shown_in_its_own_notation():
    assert r"w^{(4)}_{11}" in delta_4_1()._repr_latex_()
