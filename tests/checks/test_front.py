"""The front matter of a document as a reading."""

from __future__ import annotations

import pytest

from backproof.checks.claims import judge
from backproof.checks.front import setting_of
from backproof.surface.terms import L


def test_a_front_matter_says_what_a_claim_is_about() -> None:
    about = setting_of({"cost": "cross-entropy", "hidden": "sigmoid", "output": "sigmoid", "depth": 2})
    assert about.net.depth == 3
    [verdict] = judge("δ^L = a^L - y", about)
    assert verdict.holds


def test_nothing_said_is_any_network() -> None:
    about = setting_of({})
    assert about.net.depth == L
    assert about.notation.name == "nielsen"


def test_letters_are_those_of_the_document() -> None:
    about = setting_of({"notation": "column", "letters": {"weight": r"\Theta", "cost": "J"}})
    [verdict] = judge(r"\frac{\partial J}{\partial \Theta^{(l)}} = \delta^{(l)} (a^{(l-1)})^T", about)
    assert verdict.holds


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ({"colour": "red"}, "'colour' is no key of a front matter: there are notation, letters, "),
        ({"notation": "nilsen"}, "no notation 'nilsen': did you mean nielsen"),
        ({"cost": "huber"}, "cost 'huber' is not in the table: there are generic, quadratic"),
        ({"hidden": "swish"}, "hidden 'swish' is not in the table: there are generic"),
        ({"hidden": "softmax"}, "softmax is for the last layer alone"),
        ({"batch": "both"}, "batch 'both' is not in the table: there are none, columns, rows"),
        ({"layout": "mixed"}, "layout 'mixed' is not in the table: there are denominator, numerator"),
        ({"depth": "two"}, "depth is a number from 1 on, and not 'two'"),
        ({"width": 0}, "width is a number from 1 on, and not 0"),
        ({"letters": "W"}, "letters are a table"),
        ({"letters": {"wight": "W"}}, "no letter is called 'wight'"),
    ],
)
def test_what_it_cannot_say_is_refused(front: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        setting_of(front)
