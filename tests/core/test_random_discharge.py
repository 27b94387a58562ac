"""``discharge`` at random: a hypothesis is left out only where what is assumed instead says that it holds."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Index, Refused, bound, index, node, plus, size, variable
from backproof.core.kernel import Hypothesis, NonZero, Positive, Theorem

from . import evaluate
from .evaluate import Model
from .making import EMPTY, N, at, total

NEAR = range(-3, 4)
KINDS = (NonZero, Positive)


def a_form(r: random.Random, basis: list[Index]) -> Index:
    """A small one, sometimes about a size that depends on one of them."""
    d = index(r.randint(-2, 2))
    for b in r.sample(basis, r.randint(0, min(2, len(basis)))):
        d = plus(d, b, r.choice([1, -1, 2]))
    return plus(d, r.choice([N, size("n", r.choice(basis))]), r.choice([1, -1])) if r.random() < 0.2 else d


def seen(r: random.Random, names: tuple[str, ...]) -> Theorem:
    """|- e = e' where brackets in e are 1 in e', beside sums and functions: some e' are above 0."""
    basis = [*map(variable, names), variable("y")]
    one = k.holds(EMPTY, a_form(r, basis))
    inner = total(at("?0", bound(0)), a_form(r, basis), a_form(r, basis))
    context = r.choice(
        [
            at("?0", index(1)),
            inner,
            t.add(t.ONE, inner),
            t.power(t.add(t.ONE, inner), -1),
            t.applied("exp", 0, inner),
            t.add(at("?0", index(1)), t.power(inner, 2)),
            t.product(t.bracket(a_form(r, basis)), at("?0", index())),
        ]
    )
    return k.subst(context, (one,), ((r.choice([*names, "y"]),),))


def without(r: random.Random) -> tuple[Hypothesis, Theorem]:
    """A hypothesis, and 1 = 1 with it left out again."""
    names = tuple(r.sample("ij", r.randint(0, 2)))
    q, kind = seen(r, names), r.choice(KINDS)
    e = t.named(names, t.times(r.choice([1, -1]) if kind is NonZero else 1, q.lhs))
    places = [*map(bound, range(len(names))), variable("y")]
    where = frozenset(a_form(r, places) for _ in range(r.randint(0, 2)))
    h = node(Hypothesis, len(names), where, node(kind, e))
    return h, k.discharge(k.weaken(k.refl(EMPTY, t.ONE), frozenset([h])), h, q, names)


@pytest.mark.parametrize("chunk", range(3))
def test_what_is_discharged_holds(chunk, monkeypatch):
    monkeypatch.setattr(evaluate, "WINDOW", (-20, 20))  # no range here is larger
    count: Counter[object] = Counter()
    for seed in range(chunk * 80, (chunk + 1) * 80):
        r, model = random.Random(seed), Model(seed=seed, real=True)
        try:
            h, p = without(r)
        except Refused:
            count["refused"] += 1
            continue
        for y in r.sample(NEAR, 2):
            values = {"y": y, "i": r.choice(NEAR), "j": r.choice(NEAR)}
            if all(model.holds(g, values, NEAR) for g in p.hypotheses):
                assert model.holds(h, values, NEAR), (seed, values)
                count[type(h.claim)] += 1
    assert all(count[kind] for kind in (*KINDS, "refused")), count
