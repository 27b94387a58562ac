"""Rules applied to what rules made, at random, in random networks: whatever comes out holds where its hypotheses do."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, variable
from backproof.core.kernel import Theorem, within
from backproof.core.network import Network, family_of

from .evaluate import Model
from .making import N, at, between, total
from .random_networks import SIZES, make
from .syntax import form, index_of

CHUNKS, EACH, STEPS, LARGEST = range(4), 9, 25, 120
NAMES = "ij"
RULES = ("chain", "tangent", "define", "subst", "weaken", "inverse", "holds", "either", "reindex")


def an_index(r: random.Random, deep: int = 0):
    return index_of(form(r, deep, 0.1))


def a_quantity(net: Network, r: random.Random, name: str = "") -> t.Quantity:
    """Of a family, at indices that are in its range or not."""
    f = family_of(net, name or r.choice(net.families).name)
    return t.quantity(f.name, *(r.choice([an_index(r), variable(r.choice(NAMES))]) for _ in f.ranges))


def a_context(r: random.Random, arities: list[int], deep: int, level: int) -> t.Term:
    """A term with holes, under sums and functions, beside brackets, in quotients."""
    if not level:
        place = r.randrange(len(arities))
        return at(f"?{place}", *(an_index(r, deep) for _ in range(arities[place])))
    inner = lambda more=0: a_context(r, arities, deep + more, level - 1)  # noqa: E731
    return r.choice(
        [
            lambda: t.add(inner(), inner()),
            lambda: t.product(t.bracket(an_index(r, deep)), inner()),
            lambda: t.product(t.match(an_index(r, deep)), inner()),
            lambda: t.applied("f", 0, inner()),
            lambda: t.power(t.add(inner(), t.ONE), r.choice([-1, 0, 2])),
            lambda: total(inner(1)),
        ]
    )()


def a_summand(net: Network, r: random.Random) -> t.Term:
    """Of a sum over one variable: a quantity at indices that may depend on it, beside the ends."""
    f = r.choice(net.families)
    ends = between(bound(0), index(r.randint(-1, 2)), r.choice([N, index(2), an_index(r, 1)]))
    return t.product(ends, at(f.name, *(an_index(r, 1) for _ in f.ranges)))


def a_new_one(net: Network, r: random.Random) -> Theorem:
    """A rule about the network, at random indices."""
    y, x, place = a_quantity(net, r), a_quantity(net, r), r.randrange(len(net.equations))
    head = a_quantity(net, r, net.equations[place].family)
    return r.choice(
        [
            lambda: k.chain(net, y, x),
            lambda: k.tangent(net, place, head.indices, x),
            lambda: k.define(net, place, head.indices),
            lambda: k.still(net, y, x, within(an_index(r), an_index(r))),
            lambda: k.apart(net, y, x, tuple((f.name, r.randrange(len(f.ranges))) for f in net.families if f.ranges)),
            lambda: k.inverse(net, t.add(t.derivative(y, x), t.atom(y), t.value(an_index(r)))),
            lambda: k.holds(net, an_index(r)),
            lambda: k.either(net, an_index(r)),
            lambda: k.reindex(net, a_summand(net, r), r.choice([1, -1]), an_index(r)),
        ]
    )()


def fewer(r: random.Random, p: Theorem) -> Theorem:
    """Other hypotheses, from which those of the theorem are said to follow."""
    kept = frozenset(h for h in sorted(p.hypotheses, key=str) if r.random() < 0.5)
    return k.weaken(p, kept | r.choice([within(), within(an_index(r))]))


def of_others(r: random.Random, known: list[Theorem]) -> Theorem:
    """A rule about theorems, or about a side of one."""
    p, q = r.choice(known), r.choice(known)
    names = [tuple(r.sample(NAMES, r.randint(0, 2))) for _ in range(2)]
    return r.choice(
        [
            lambda: k.symm(p),
            lambda: k.trans(p, r.choice([q for q in known if q.lhs is p.rhs])),
            lambda: fewer(r, r.choice([q for q in known if q.hypotheses])),
            lambda: k.subst(a_context(r, [len(n) for n in names], 0, r.randint(1, 3)), (p, q), tuple(names)),
            lambda: k.subst(a_context(r, [len(n) for n in names], 0, r.randint(1, 3)), (p, q), tuple(names)),
        ]
    )()


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_is_made_at_random_holds(chunk):
    seen: Counter[str] = Counter()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        net, r = make(f"theorems {seed}")
        models = [Model(net, {name: lambda n=n: n for name, n in sizes.items()}, seed) for sizes in SIZES]
        known: list[Theorem] = []
        for _ in range(STEPS):
            try:
                p = of_others(r, known) if known and r.random() < 0.6 else a_new_one(net, r)
            except (Refused, IndexError, ValueError):  # nothing to choose from
                continue
            seen["made"] += 1
            for model in models:
                values = {name: r.randint(-1, 3) for name in NAMES}
                if max(p.lhs.weight, p.rhs.weight) < LARGEST and all(model.holds(h, values) for h in p.hypotheses):
                    assert model.agrees(p, values), (seed, p.rule, values)
                    seen[p.rule] += p.lhs is not p.rhs
            if max(p.lhs.weight, p.rhs.weight) < LARGEST and len(p.hypotheses) < 8:
                known.append(p)
    assert all(seen[rule] for rule in RULES), seen


def test_a_summand_in_which_more_is_loose_gives_nothing_false():
    """The sum over k of [k = y] is 1: what is loose in an argument need not be so in what is made of it."""
    r, made, refused = random.Random(1), 0, 0
    net, _ = make("theorems 1")
    for _ in range(300):
        match_ = t.match(index_of(form(r, 2, 0.1)))
        inner = r.choice([match_, t.product(match_, t.value(bound(0))), t.product(match_, t.value(bound(1)))])
        try:
            p = k.reindex(net, inner, r.choice([1, -1]), index(r.randint(-2, 2)))
        except Refused:
            refused += 1
            continue
        made += 1
        values = {name: r.randint(-1, 3) for name in NAMES}
        assert Model(net, {name: lambda n=n: n for name, n in SIZES[0].items()}, 1).agrees(p, values), inner
    assert made
    assert refused
