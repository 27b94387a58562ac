"""One call of a function, and what it says the gradient is."""

from __future__ import annotations

import numpy as np
import pytest

from backproof.checks.code import words
from backproof.checks.code.asking import ways
from backproof.checks.code.calls import CannotCallError, same
from backproof.checks.code.probe import batch
from backproof.checks.code.said import Said

from .some import NET, subject


def way(tmp_path, text=NET, entry="Net.gradient"):
    own = subject(tmp_path, text)
    return next(iter(ways(own, Said(entry=entry), words.said(own.text))))


def asked(one):
    return one.gradient(batch(one.made, 0, float, labels=False))


def test_what_is_returned_by_name_is_the_gradient(tmp_path):
    claim = asked(way(tmp_path))
    assert {p.name: e.shape for p, e in claim.gradients.items()} == {"W1": (4, 6), "b1": (6,), "W2": (6, 3), "b2": (3,)}
    assert (claim.step, claim.cost, claim.negative) == (False, None, False)


def test_a_step_gives_the_same_with_its_rate(tmp_path):
    plain, step = asked(way(tmp_path)), asked(way(tmp_path, entry="Net.fit"))
    assert (step.step, step.rate, step.rate_words) == (True, 0.5, "the attribute rate = 0.5")
    for p, e in plain.gradients.items():
        assert np.allclose(next(own for q, own in step.gradients.items() if q.name == p.name), e)


def test_a_cost_that_is_returned_first_is_kept(tmp_path):
    text = NET.replace('return {"W1": X.T', 'return 0.5 * np.sum(d2 ** 2), {"W1": X.T')
    claim = asked(way(tmp_path, text))
    assert claim.cost > 0
    assert len(claim.gradients) == 4


def test_what_is_said_to_be_minus_the_gradient_is_turned(tmp_path):
    plain = asked(way(tmp_path))
    turned = asked(way(tmp_path, NET.replace("Two layers.", "Two layers; it computes minus the gradient.")))
    assert turned.negative
    assert all(
        np.allclose(one, -other) for one, other in zip(plain.gradients.values(), turned.gradients.values(), strict=True)
    )


def test_one_call_is_not_seen_by_the_next(tmp_path):
    one = way(tmp_path, entry="Net.fit")
    given = batch(one.made, 0, float, labels=False)
    first, second = one.gradient(given), one.gradient(given)
    assert all(same(first.gradients[p], second.gradients[p]) for p in first.gradients)


def test_outputs_are_columns(tmp_path):
    one = way(tmp_path)
    given = batch(one.made, 0, float, labels=False)
    assert one.output(given).shape == (3, given.x.shape[1])


def test_what_is_not_known_cannot_be_called(tmp_path):
    with pytest.raises(CannotCallError, match="what gradient takes as gadget, widget"):
        asked(way(tmp_path, NET.replace("def gradient(self, X, Y)", "def gradient(self, X, Y, gadget, widget)")))
    with pytest.raises(CannotCallError, match="returns nothing that can be read as a gradient"):
        asked(way(tmp_path, NET.replace('return {"W1": X.T', 'return 1\n        return {"W1": X.T')))
