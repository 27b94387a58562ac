"""Induction from the first value of an index up: what it takes, and what it does not."""

from __future__ import annotations

import pytest

from backproof.core.index import Refused
from backproof.derivations import flash
from backproof.derive.calc import assume, calc, upward
from backproof.derive.reasons import theorem
from backproof.surface.terms import NonNegative


def test_the_assumption_is_gone() -> None:
    made = upward(flash.sum_base(), flash.sum_step(), flash.b)
    assert made.theorem.hypotheses == {NonNegative(flash.b - 1), NonNegative(flash.B - flash.b)}


def test_the_base_has_to_be_the_claim_for_the_first() -> None:
    with pytest.raises(Refused, match="the base is not the claim for b = 1"):
        upward(flash.values_base(), flash.sum_step(), flash.b)


def test_a_step_may_not_assume_its_own_claim() -> None:
    d, b, so_far = flash.d, flash.b, flash.so_far
    circle = calc(flash.blocks, d[b], (so_far(b), theorem(assume(flash.blocks, d[b], so_far(b), over=()))))
    with pytest.raises(Refused, match="is not the claim above"):
        upward(flash.sum_base(), circle, b)


def test_what_is_assumed_here_is_not_assumed_for_all() -> None:
    d, b, so_far = flash.d, flash.b, flash.so_far
    [here] = assume(flash.blocks, d[b - 1], so_far(b - 1), over=()).proof.hypotheses
    assert here.bound == 0
    assert here.names == {"b"}
