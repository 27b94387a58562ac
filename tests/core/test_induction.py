"""Induction builds its own hypothesis."""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, minus, node, plus, shift
from backproof.core.kernel import NonZero, simple, within

from .making import K0, L, at, for_all, network
from .ruling import NET, NONE, is_theorem, j, l, refused


def step_of(hypotheses=NONE, claim=None, up=1):
    """P(l + up) |- P(l), for P(l): g[l] = 1, by nothing but the assumption and an equation that is assumed too."""
    h = for_all(0, [], at("g", shift(l, up)), t.ONE) if claim is None else claim
    link = for_all(1, [], at("g", K0), at("g", shift(K0, up)))
    p = k.trans(k.assume(NET, link, (l,)), k.assume(NET, h, ()))
    return k.weaken(p, p.hypotheses | hypotheses), link


def test_induct():
    step, link = step_of(within(shift(minus(L, l), -1)))
    base = k.assume(NET, for_all(0, [], at("g", L), t.ONE), ())
    with pytest.raises(Refused, match="the base needs a hypothesis"):
        k.induct(base, step, "l", (), L, 1)
    known = k.weaken(step, step.hypotheses | base.hypotheses)
    is_theorem(k.induct(base, known, "l", (), L, 1), at("g", l), t.ONE, {link, *base.hypotheses, *within(minus(L, l))})
    down, below = step_of(within(l), up=-1)
    first = k.assume(NET, for_all(0, [], at("g", index(-1)), t.ONE), ())
    made = k.induct(first, k.weaken(down, down.hypotheses | first.hypotheses), "l", (), index(-1), -1)
    is_theorem(made, at("g", l), t.ONE, {below, *first.hypotheses, *within(shift(l, 1))})


def test_induct_refuses():
    step, _ = step_of(within(shift(minus(L, l), -1)))
    base = k.assume(NET, for_all(0, [], at("g", L), t.ONE), ())
    step = k.weaken(step, step.hypotheses | base.hypotheses)
    assert k.induct(base, step, "l", (), L, 1)
    for name, names, last, up, reason in (
        ("l", ("l",), L, 1, "different indices"),
        ("l", ("j", "j"), L, 1, "different indices"),
        ("l", (), l, 1, "different indices"),
        ("l", ("j",), plus(L, j), 1, "different indices"),
        ("l", (), L, 0, "different indices"),
        ("l", (), L, -1, "contradict"),
        ("l", (), shift(L, -1), 1, "base is not the claim"),
        ("j", (), L, 1, "base is not|not the claim"),
    ):
        refused("induct", reason, k.induct, base, step, name, names, last, up)
    refused("induct", "base is not the claim", k.induct, k.refl(NET, t.ONE), step, "l", (), L, 1)
    other = network(NET.families, NET.equations)
    refused(
        "induct",
        "base is not the claim",
        k.induct,
        k.weaken(k.assume(other, for_all(0, [], at("g", L), t.ONE), ()), base.hypotheses),
        step,
        "l",
        (),
        L,
        1,
    )
    about_l = k.weaken(step, step.hypotheses | {simple(node(NonZero, at("g", l)))})
    refused("induct", "not the claim above", k.induct, base, about_l, "l", (), L, 1)
    two_up = for_all(0, [], at("g", shift(l, 2)), t.ONE)
    refused("induct", "not the claim above", k.induct, base, k.weaken(step, step.hypotheses | {two_up}), "l", (), L, 1)
    there = base.hypotheses | within(shift(minus(L, l), -1))
    itself = for_all(0, [], at("g", l), t.ONE)
    refused(
        "induct",
        "not the claim above",
        k.induct,
        base,
        k.weaken(k.assume(NET, itself, ()), there | {itself}),
        "l",
        (),
        L,
        1,
    )
    everywhere = for_all(1, [], at("g", K0), t.ONE)  # says P(l) too; it stays a hypothesis
    kept = k.induct(base, k.weaken(k.assume(NET, everywhere, (l,)), there | {everywhere}), "l", (), L, 1)
    assert everywhere in kept.hypotheses


def test_what_is_assumed_above_is_for_the_values_of_the_conclusion():
    """Where P(l) is for j >= 1 only, P(l + 1) may be assumed for j >= 1 only; and it may be used for any of them.

    What is assumed for j >= 2 follows from that.
    """
    fact = for_all(1, [shift(K0, -1)], at("b", L, K0), t.ONE)  # P(L)
    link = for_all(2, [shift(bound(1), -1)], at("b", K0, bound(1)), at("b", shift(K0, 1), shift(bound(1), 5)))
    base, here = k.assume(NET, fact, (j,)), within(shift(j, -1), shift(minus(L, l), -1))
    for conditions, fits in (([shift(K0, -1)], True), ([], False), ([shift(K0, -2)], True)):
        claim = for_all(1, conditions, at("b", shift(l, 1), K0), t.ONE)
        step = k.trans(k.assume(NET, link, (l, j)), k.assume(NET, claim, (shift(j, 5),)))
        step = k.weaken(step, frozenset([fact, link, claim]) | here)
        if fits:
            made = k.induct(base, step, "l", ("j",), L, 1)
            is_theorem(made, at("b", l, j), t.ONE, {fact, link, *within(shift(j, -1), minus(L, l))})
        else:
            refused("induct", "not the claim above", k.induct, base, step, "l", ("j",), L, 1)
