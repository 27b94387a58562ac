"""Each rule: what it accepts, what it refuses and why; and what it makes, against numbers where its hypotheses hold."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, lift, minus, node, plus, shift, size, variable
from backproof.core.kernel import Equal, Hypothesis, NonZero, Positive, simple, within

from .evaluate import Model, plain
from .making import K0, ONE, L, N, at, between, equation, family, for_all, function, network, partial, read, total
from .syntax import build, form, index_of, meaning, tree

i, j, l, x = (variable(name) for name in "ijlx")
NONE = frozenset()


def zero_rank(*names):
    return tuple(family(name, ((ONE, N),) * arity, (index(), index())) for name, arity in names)


PARITY = t.quantity("?")
NET = network(
    (
        *zero_rank(("a", 1), ("b", 2), ("c", 0)),
        family("p", ((ONE, N),), (index(), index()), ("positive",)),
        family("y", ((ONE, N), (ONE, N)), (index(), index()), ("sums to 1",)),
        family("h", ((ONE, N),), (index(1), index())),
        family("g", ((index(0), L),), (index(2), bound(0))),
        family("o", ((ONE, N),), (index(3), index())),
        family("C", (), (index(4), index())),
        family("late", (), (index(5), index())),
    ),
    (
        equation("h", (), t.applied("f", 0, total(t.product(at("b", bound(1), K0), at("a", K0))))),
        equation("g", (shift(K0, -1),), t.product(at("g", shift(K0, -1)), at("c"))),
        equation("g", (minus(index(), K0),), t.power(at("c"), -1)),
        equation("o", (), None, (read(0, (), t.quantity("h", K0)),)),
        equation("C", (), total(t.power(at("o", K0), 2))),
        equation("late", (), t.atom(t.node(t.Derivative, t.quantity("C"), t.quantity("c")))),
    ),
    (
        function("s", t.power(t.add(t.ONE, t.applied("exp", 0, t.times(-1, t.atom(PARITY)))), -1)),
        function("r", t.applied("log", 0, t.atom(PARITY))),
    ),
)
OTHER = network()


def refused(rule, reason, make, *args):
    with pytest.raises(Refused, match=reason) as refusal:
        make(*args)
    assert refusal.value.rule == rule, refusal.value


def is_theorem(p, lhs, rhs, hypotheses=NONE):
    assert type(p) is k.Theorem
    assert (p.lhs, p.rhs, p.hypotheses) == (lhs, rhs, frozenset(hypotheses))


# Equality.


def test_refl():
    is_theorem(k.refl(NET, at("a", i)), at("a", i), at("a", i))
    refused("refl", "not about quantities", k.refl, NET, at("q", i))
    refused("refl", "not about quantities", k.refl, NET, at("a", i, i))
    refused("refl", "loose variables", k.refl, NET, at("a", K0))
    refused("refl", "not its arguments", k.refl, NET, i)


def test_symm_and_trans():
    p, q = k.define(NET, 0, (j,)), k.refl(NET, at("h", j))
    is_theorem(k.symm(p), p.rhs, p.lhs, p.hypotheses)
    is_theorem(k.trans(q, p), p.lhs, p.rhs, p.hypotheses)
    refused("trans", "is not", k.trans, p, q)
    refused("trans", "is not", k.trans, k.refl(NET, t.ONE), k.refl(OTHER, t.ONE))
    above = k.brackets(NET, t.bracket(shift(x, -5)), NONE | {shift(x, -5)})
    below = k.weaken(k.refl(NET, t.ONE), within(minus(index(3), x)))
    refused("trans", "contradict", k.trans, above, below)


def test_subst():
    p = k.define(NET, 0, (x,))
    hole = at("?0", plus(j, j))
    made = k.subst(t.add(hole, at("c")), (p,), (("x",),))
    twice = t.quantity("h", plus(j, j))
    is_theorem(
        made,
        t.add(t.atom(twice), at("c")),
        t.add(k.define(NET, 0, (plus(j, j),)).rhs, at("c")),
        k.define(NET, 0, (plus(j, j),)).hypotheses,
    )
    under = k.subst(total(at("?0", K0)), (p,), (("x",),))
    assert all(h.bound == 1 and len(h.conditions) == 2 for h in under.hypotheses)
    assert len(under.hypotheses) == 2
    assert k.weaken(under, NONE).rhs is under.rhs
    fixed = k.subst(t.product(at("?0"), at("c")), (k.define(NET, 0, (x,)),), ((),))
    assert fixed.lhs is t.product(at("h", x), at("c"))  # x is not bound
    refused("subst", "loose variables", k.subst, at("?0", K0), (p,), (("x",),))
    refused("subst", "different networks", k.subst, hole, (p, k.refl(OTHER, t.ONE)), (("x",), ()))
    refused("subst", "has other indices", k.subst, hole, (p,), (("x", "y"),))
    refused("subst", "has other indices", k.subst, at("?0", i, j), (p,), (("x", "x"),))
    refused("subst", "not its arguments", k.subst, at("?1", j), (p,), (("x",),))
    refused("subst", "not its arguments", k.subst, at("?-1", j), (p,), (("x",),))
    for odd in ("?", "?00", "?+0", "? 0", "?٠", "?a"):  # what int() would read, and what it would not
        refused("subst", "not its arguments", k.subst, at(odd, j), (p,), (("x",),))
    refused(
        "subst",
        "not about quantities",
        k.subst,
        t.atom(t.node(t.Derivative, t.quantity("C"), t.quantity("?0", j))),
        (p,),
        (("x",),),
    )


# Hypotheses.


def test_assume():
    h = for_all(1, [shift(K0, -1)], at("a", K0), at("b", K0, K0))
    is_theorem(k.assume(NET, h, (j,)), at("a", j), at("b", j, j), {h, *within(shift(j, -1))})
    refused("assume", "is no equation", k.assume, NET, h, ())
    refused("assume", "loose variables", k.assume, NET, h, (K0,))
    refused("assume", "is no equation", k.assume, NET, simple(node(NonZero, at("c"))), ())
    refused("assume", "not its arguments", k.assume, NET, node(Equal, at("c"), at("c")), ())
    refused("assume", "loose variables", k.assume, NET, for_all(0, [], at("a", K0), at("c")), ())
    refused("assume", "not about quantities", k.assume, NET, for_all(0, [], at("q"), at("c")), ())
    refused(
        "assume", "contradict", k.assume, NET, for_all(1, [shift(K0, -3), minus(ONE, K0)], at("a", K0), at("c")), (j,)
    )


def test_weaken():
    p = k.brackets(NET, t.bracket(shift(x, -2)), within_forms(shift(x, -2)))
    is_theorem(k.weaken(p, within(shift(x, -5))), p.lhs, p.rhs, within(shift(x, -5)))
    assert k.weaken(p, within(minus(x, N), shift(N, -2))).rhs is t.ONE
    refused("weaken", "does not follow", k.weaken, p, within(shift(x, -1)))
    refused("weaken", "does not follow", k.weaken, p, NONE)
    refused("weaken", "contradict", k.weaken, p, within(shift(x, -9), minus(ONE, x)))
    refused("weaken", "not its arguments", k.weaken, p, frozenset({shift(x, -5)}))
    divided = k.clear(NET, t.power(at("p", i), 0), at("p", i), 0)
    is_theorem(
        k.weaken(divided, within(shift(i, -1), minus(N, i))),
        t.power(at("p", i), 0),
        t.ONE,
        within(shift(i, -1), minus(N, i)),
    )
    refused("weaken", "does not follow", k.weaken, divided, within(shift(i, -1)))  # i may be out of range


def within_forms(*forms):
    return frozenset(forms)


@pytest.mark.parametrize(
    "positive",
    [
        t.ONE,
        t.value(N),
        t.applied("exp", 0, at("c")),
        t.add(t.ONE, t.power(at("c"), 2)),
        t.add(t.ONE, at("p", index(1))),
        total(t.applied("exp", 0, at("a", K0))),
        t.power(t.add(t.ONE, t.applied("exp", 0, at("c"))), -1),
        at("p", ONE),
        t.applied("Phi", 0, at("c")),
        t.applied("sqrt", 0, t.value(N)),
        t.add(t.ONE, total(t.power(at("a", K0), 2), index(5))),
        t.power(t.value(N), -3),
    ],
)
def test_what_is_seen_to_be_positive(positive):
    p = k.weaken(k.refl(NET, t.ONE), frozenset([simple(node(NonZero, positive))]))
    assert k.discharge(p, simple(node(NonZero, positive)), k.refl(NET, positive), ()).hypotheses == NONE


@pytest.mark.parametrize(
    "unknown",
    [
        t.ZERO,
        at("c"),
        t.times(-1, t.value(N)),
        t.power(at("c"), 2),
        t.value(i),
        t.subtract(t.ONE, t.power(at("c"), 2)),
        t.applied("f", 0, t.ONE),
        t.applied("log", 0, t.value(N)),
        at("p", i),
        at("y", index(1), index(1)),
        total(t.ONE, index(2)),
        t.bracket(i),
        t.applied("sqrt", 0, at("c")),
        total(t.applied("exp", 0, at("a", K0)), ONE, shift(N, -1)),
        t.product(t.bracket(i), t.ONE),
        t.power(t.add(at("c"), t.ONE), -1),
        t.applied("step", 0, at("c")),
        t.bind(1, t.product(t.match(minus(K0, size("n", K0))), between(K0, ONE, N))),
        t.power(at("c"), 0),
        t.add(t.ONE, at("z", ONE)),
    ],
)
def test_what_is_not(unknown):
    """Among them a datum z of which is only said that its sum is 1: it may be -5."""
    net = network(
        (*NET.families, family("z", ((ONE, index(2)),), (index(), index()), ("sums to 1",))),
        NET.equations,
        NET.functions,
    )
    h = simple(node(NonZero, unknown))
    p = k.weaken(k.refl(net, t.ONE), frozenset([h]))
    refused("discharge", "cannot be seen", k.discharge, p, h, k.refl(net, unknown), ())
    refused("weaken", "does not follow", k.weaken, p, NONE)


def test_discharge():
    e = t.add(t.ONE, t.power(at("a", K0), 2))
    opened = t.add(t.ONE, t.power(at("a", x), 2))
    h = node(Hypothesis, 1, frozenset([shift(K0, -1)]), node(NonZero, e))
    p = k.weaken(k.refl(NET, t.ONE), frozenset([h]))
    assert k.discharge(p, h, k.refl(NET, opened), ("x",)).hypotheses == NONE
    given = k.weaken(k.refl(NET, opened), within(shift(x, -7)))
    assert k.discharge(p, h, given, ("x",)).hypotheses == {
        node(Hypothesis, 1, frozenset([shift(K0, -1)]), node(k.InRange, shift(K0, -7)))
    }
    negative = simple(node(NonZero, t.times(-1, t.value(N))))
    assert k.discharge(k.weaken(p, frozenset([negative, h])), negative, k.refl(NET, t.value(N)), ()).hypotheses == {h}
    above = simple(node(Positive, t.times(-1, t.value(N))))
    refused(
        "discharge", "is not about", k.discharge, k.weaken(p, frozenset([above, h])), above, k.refl(NET, t.value(N)), ()
    )
    refused("discharge", "is not about", k.discharge, p, negative, k.refl(NET, t.value(N)), ())
    refused("discharge", "is not about", k.discharge, p, h, k.refl(NET, opened), ())
    refused("discharge", "is not about", k.discharge, p, h, k.refl(OTHER, t.ONE), ("x",))
    refused("discharge", "is not about", k.discharge, p, h, k.refl(NET, opened), ("y",))
    two = node(Hypothesis, 2, NONE, node(NonZero, t.add(t.ONE, t.power(at("b", K0, bound(1)), 2))))
    with_two = k.weaken(k.refl(NET, t.ONE), frozenset([two]))
    refused(
        "discharge",
        "is not about",
        k.discharge,
        with_two,
        two,
        k.refl(NET, t.add(t.ONE, t.power(at("b", x, x), 2))),
        ("x", "x"),
    )
    own = node(Hypothesis, 1, NONE, node(NonZero, t.add(t.ONE, t.power(at("b", K0, x), 2))))
    with_own = k.weaken(k.refl(NET, t.ONE), frozenset([own]))
    refused(
        "discharge",
        "is not about",
        k.discharge,
        with_own,
        own,
        k.refl(NET, t.add(t.ONE, t.power(at("b", x, x), 2))),
        ("x",),
    )


# The network.


def test_define():
    p = k.define(NET, 1, (l,))
    is_theorem(p, at("g", l), t.product(at("g", shift(l, -1)), at("c")), within(shift(l, -1), l, minus(L, l)))
    for place, indices, reason in (
        (99, (l,), "no equation"),
        (-1, (), "no equation"),
        (1, (), "other indices"),
        (1, (l, l), "other indices"),
        (1, (K0,), "loose variables"),
        (3, (l,), "open function"),
        (1, (index(0),), "contradict"),
        (1, (index(-3),), "contradict"),
    ):
        refused("define", reason, k.define, NET, place, indices)
    assert k.define(NET, 5, ()).lhs is at("late")  # what looks back has a value, and no derivative


def test_unfold():
    made = k.unfold(NET, "s", 0, at("c"))
    is_theorem(made, t.applied("s", 0, at("c")), t.power(t.add(t.ONE, t.applied("exp", 0, t.times(-1, at("c")))), -1))
    slope = k.unfold(NET, "s", 1, at("c"))
    assert slope.lhs is t.applied("s", 1, at("c"))
    assert {type(h.claim) for h in slope.hypotheses} == {NonZero}
    is_theorem(
        k.unfold(NET, "r", 1, at("c")),
        t.applied("r", 1, at("c")),
        t.power(at("c"), -1),
        {simple(node(Positive, at("c")))},
    )
    for name, order, u in (
        ("s", 2, at("c")),
        ("s", -1, at("c")),
        ("f", 0, at("c")),
        ("exp", 0, at("c")),
    ):
        refused("unfold", "one derivative|not its arguments", k.unfold, NET, name, order, u)
    refused("unfold", "loose variables", k.unfold, NET, "s", 0, at("a", K0))


def test_datum():
    is_theorem(k.datum(NET, "y", (i,)), total(at("y", lift(i, 1), K0)), t.ONE, within(shift(i, -1), minus(N, i)))
    for name, indices, reason in (
        ("y", (), "no such fact"),
        ("y", (i, j), "no such fact"),
        ("a", (), "no such fact"),
        ("p", (), "no such fact"),
        ("h", (), "no such fact"),
        ("q", (), "no family"),
        ("y", (K0,), "loose variables"),
        ("y", (index(0),), "contradict"),
        ("y", (shift(N, 1),), "contradict"),
    ):
        with pytest.raises(Refused, match=reason):
            k.datum(NET, name, indices)


def test_tangent():
    c = t.quantity("c")
    p = k.tangent(NET, 1, (l,), c)
    before = t.quantity("g", shift(l, -1))
    assert p.lhs is t.derivative(t.quantity("g", l), c)
    assert p.hypotheses == within(shift(l, -1), l, minus(L, l))
    assert p.rhs is t.add(t.product(t.derivative(before, c), at("c")), at("g", shift(l, -1))) or p.rhs is t.add(
        t.product(t.derivative(before, c), at("c")), t.product(at("g", shift(l, -1)), t.derivative(c, c))
    )
    inverse = k.tangent(NET, 2, (index(0),), c)
    assert {h.claim for h in inverse.hypotheses if type(h.claim) is not k.InRange} == {node(NonZero, at("c"))}
    assert k.weaken(inverse, frozenset([simple(node(NonZero, at("c")))])).rhs is inverse.rhs
    itself = k.tangent(NET, 0, (j,), t.quantity("h", i))
    assert t.match(minus(i, j)).terms <= itself.rhs.terms
    refused("tangent", "looks back", k.tangent, NET, 5, (), c)
    refused("tangent", "looks back", k.tangent, NET, 1, (l,), t.quantity("late"))
    refused("tangent", "loose variables", k.tangent, NET, 1, (l,), t.quantity("a", K0))
    refused("define", "no equation", k.tangent, NET, 77, (l,), c)
    refused("define", "other indices", k.tangent, NET, 1, (), c)
    refused("tangent", "not about quantities", k.tangent, NET, 1, (l,), t.quantity("c", l))
    refused("tangent", "contradict", k.tangent, NET, 1, (index(0),), c)


def test_still():
    a, c, h = t.quantity("a", i), t.quantity("c"), t.quantity("h", j)
    is_theorem(k.still(NET, a, h, NONE), t.derivative(a, h), t.ZERO)
    is_theorem(k.still(NET, t.quantity("h", i), h, NONE), t.derivative(t.quantity("h", i), h), t.match(minus(i, j)))
    g = [t.quantity("g", d) for d in (i, j)]
    is_theorem(k.still(NET, *g, within(minus(j, i))), t.derivative(*g), t.match(minus(i, j)), within(minus(j, i)))
    assert k.still(NET, h, c, NONE).rhs is t.ZERO  # later, but nothing leads from c to it
    refused("still", "may have an influence", k.still, NET, *g, NONE)
    refused("still", "may have an influence", k.still, NET, h, a, NONE)
    refused("still", "may have an influence", k.still, NET, t.quantity("late"), c, NONE)
    refused("still", "may have an influence", k.still, NET, c, t.quantity("late"), NONE)
    refused("still", "contradict", k.still, NET, *g, within(minus(j, i), shift(minus(i, j), -1)))
    refused("still", "loose variables", k.still, NET, a, t.quantity("h", K0), NONE)


def test_apart():
    y, x_ = t.quantity("o", i), t.quantity("h", j)
    is_theorem(
        k.apart(NET, y, x_, (("h", 0), ("o", 0))),
        t.derivative(y, x_),
        t.product(t.match(minus(i, j)), t.derivative(y, x_)),
    )
    a = t.quantity("a", j)
    refused("apart", "at another index", k.apart, NET, y, a, (("a", 0), ("h", 0), ("o", 0)))
    refused("apart", "not its arguments", k.apart, NET, y, x_, (("h", 0),))
    for place in (-1, 1, 9):
        refused("apart", "no axis", k.apart, NET, y, x_, (("h", place), ("o", 0)))
    refused("apart", "looks back", k.apart, NET, t.quantity("late"), x_, (("h", 0), ("late", 0)))
    refused("apart", "loose variables", k.apart, NET, y, t.quantity("h", K0), (("h", 0), ("o", 0)))


def test_chain():
    y, x_ = t.quantity("C"), t.quantity("h", j)
    p = k.chain(NET, y, x_)
    slope = partial(t.quantity("o", j), 0, ())
    is_theorem(p, t.derivative(y, x_), t.product(between(j, ONE, N), t.derivative(y, t.quantity("o", j)), slope))
    by_c = k.chain(NET, y, t.quantity("c"))
    assert {type(h.claim) for h in by_c.hypotheses} == {NonZero}
    refused("chain", "looks back", k.chain, NET, t.quantity("late"), x_)
    refused("chain", "looks back", k.chain, NET, y, t.quantity("late"))
    refused("chain", "loose variables", k.chain, NET, y, t.quantity("h", K0))
    refused("chain", "not about quantities", k.chain, NET, y, t.quantity("q"))
    endless = network(
        (*zero_rank(("a", 1)), family("C", (), (index(1), index()))),
        (equation("C", (), None, (read(1, (), t.quantity("a", ONE)),)),),
    )
    refused("sum", "without end", k.chain, endless, y, t.quantity("a", i))


# Indices and sums.


def test_brackets():
    e = t.product(t.bracket(x), t.bracket(shift(x, -2)), at("a", x))
    is_theorem(k.brackets(NET, e, within_forms(shift(x, -3))), e, at("a", x), within(shift(x, -3)))
    assert k.brackets(NET, e, within_forms(minus(index(), x))).rhs is t.ZERO
    assert k.brackets(NET, t.bracket(x), within_forms(minus(index(), x))).rhs is t.match(x)
    assert k.brackets(NET, t.applied("f", 0, t.bracket(x)), within_forms(x)).rhs is t.applied("f", 0, t.ONE)
    assert k.brackets(NET, t.product(t.bracket(x), t.applied("f", 0, t.bracket(shift(x, 1)))), NONE).rhs is t.product(
        t.bracket(x), t.applied("f", 0, t.ONE)
    )
    assert k.brackets(NET, t.add(t.bracket(x), t.applied("f", 0, t.bracket(x))), NONE).rhs is t.add(
        t.bracket(x), t.applied("f", 0, t.bracket(x))
    )
    assert k.brackets(NET, t.match(x), within_forms(x)).rhs is t.match(x)
    refused("brackets", "contradict", k.brackets, NET, t.ONE, within_forms(x, shift(minus(index(), x), -1)))
    refused("brackets", "not its arguments", k.brackets, NET, t.ZERO, frozenset([t.ONE]))
    refused("brackets", "loose variables", k.brackets, NET, t.ZERO, within_forms(K0))


def test_split():
    e = total(at("a", K0))
    first, last = shift(K0, -1), minus(N, K0)
    p = k.split(NET, e, first)
    assert p.rhs is t.add(t.product(t.bracket(shift(N, -1)), at("a", ONE)), total(at("a", K0), index(2)))
    assert k.split(NET, e, last).rhs is t.add(at("a", N), total(at("a", K0), ONE, shift(N, -1)))
    refused("split", "is no bracket of", k.split, NET, e, K0)
    refused("split", "not its arguments", k.split, NET, t.add(e, t.ONE), first)
    refused("split", "is no bracket of", k.split, NET, at("c"), first)


def test_reindex():
    e = t.bind(2, t.product(between(K0, ONE, N), between(bound(1), ONE, N), at("b", K0, bound(1)), t.value(K0)))
    for place in range(2):
        for sign in (1, -1):
            made = k.reindex(NET, e, place, sign, N)
            model = Model(NET, {"N": lambda: 3}, 1)
            assert model.agrees(made, {})
            assert made.rhs is not e
    for place, sign, by in (
        (0, 2, ONE),
        (0, 0, ONE),
        (2, 1, ONE),
        (-1, 1, ONE),
        (0, 1, K0),
        (1, 1, bound(1)),
        (0, 1, bound(2)),
        (0, 1, size("n", K0)),
        (0, 1, plus(K0, K0)),
    ):
        refused("reindex", "no other index|not its", k.reindex, NET, e, place, sign, by)
    refused("reindex", "not its arguments", k.reindex, NET, t.add(e, t.ONE), 0, 1, ONE)


def test_length():
    is_theorem(
        k.length(NET, i, j),
        t.bind(1, between(K0, i, j)),
        t.product(t.value(shift(minus(j, i), 1)), t.bracket(minus(j, i))),
    )
    refused("length", "loose variables", k.length, NET, K0, j)
    refused("length", "loose variables", k.length, NET, i, K0)


# Fields and functions.


def test_clear():
    s = t.add(at("c"), t.ONE)
    is_theorem(
        k.clear(NET, t.product(t.power(s, -1), s), s, 1),
        t.product(t.power(s, -1), s),
        t.product(t.power(s, -1), s),
        [simple(node(NonZero, s))],
    )
    assert k.clear(NET, t.subtract(t.product(t.power(s, -1), s), t.ONE), s, 1).rhs is t.ZERO
    assert k.clear(NET, t.power(s, 0), t.times(3, s), 0).rhs is t.ONE
    refused("clear", "not one factor", k.clear, NET, t.ONE, t.power(at("c"), 2), 1)
    refused("clear", "loose variables", k.clear, NET, t.ONE, at("a", K0), 1)
    refused("clear", "not its arguments", k.clear, NET, t.ONE, t.product(at("c"), at("a", i)), 1)
    refused("clear", "not its arguments|not one factor", k.clear, NET, t.ONE, t.ZERO, 1)
    refused("clear", "not its arguments", k.clear, NET, t.ONE, t.number(2), 1)
    refused("clear", "not one factor", k.clear, NET, t.ONE, t.bracket(i), 1)


def test_law():
    u, needs = at("c"), {simple(node(Positive, at("c")))}
    is_theorem(k.law(NET, "exp of log", u), t.applied("exp", 0, t.applied("log", 0, u)), u, needs)
    is_theorem(k.law(NET, "log of exp", u), t.applied("log", 0, t.applied("exp", 0, u)), u)
    is_theorem(k.law(NET, "square of sqrt", u), t.power(t.applied("sqrt", 0, u), 2), u, needs)
    is_theorem(k.law(NET, "sqrt of square", u), t.applied("sqrt", 0, t.power(u, 2)), u, needs)
    is_theorem(k.law(NET, "square of step", u), t.power(t.applied("step", 0, u), 2), t.applied("step", 0, u))
    refused("law", "not its arguments", k.law, NET, "log of product", u)
    refused("law", "loose variables", k.law, NET, "log of exp", at("a", K0))


@pytest.mark.parametrize("name", k.LAWS)
def test_laws_hold(name):
    for u in (0.3, 1.0, 2.5, -0.7):
        model = Model(NET, {"N": lambda: 2}, real=True)
        model.given["c", ()] = u
        p = k.law(NET, name, at("c"))
        assert not all(model.holds(h, {}) for h in p.hypotheses) or model.agrees(p, {})


# Induction.


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
        ("l", (), L, -1, "not the claim above"),
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
    """Where P(l) is for j >= 1 only, P(l + 1) may be assumed for j >= 1 only; and it may be used for any of them."""
    fact = for_all(1, [shift(K0, -1)], at("b", L, K0), t.ONE)  # P(L)
    link = for_all(2, [shift(bound(1), -1)], at("b", K0, bound(1)), at("b", shift(K0, 1), shift(bound(1), 5)))
    base, here = k.assume(NET, fact, (j,)), within(shift(j, -1), shift(minus(L, l), -1))
    for conditions, fits in (([shift(K0, -1)], True), ([], False), ([shift(K0, -2)], False)):
        claim = for_all(1, conditions, at("b", shift(l, 1), K0), t.ONE)
        step = k.trans(k.assume(NET, link, (l, j)), k.assume(NET, claim, (shift(j, 5),)))
        step = k.weaken(step, frozenset([fact, link, claim]) | here)
        if fits:
            made = k.induct(base, step, "l", ("j",), L, 1)
            is_theorem(made, at("b", l, j), t.ONE, {fact, link, *within(shift(j, -1), minus(L, l))})
        else:
            refused("induct", "not the claim above", k.induct, base, step, "l", ("j",), L, 1)


def test_specialise_has_tests_of_its_own():
    assert set(k.RULES) == {
        "refl",
        "symm",
        "trans",
        "subst",
        "assume",
        "weaken",
        "discharge",
        "define",
        "unfold",
        "datum",
        "tangent",
        "still",
        "apart",
        "chain",
        "specialise",
        "brackets",
        "split",
        "reindex",
        "length",
        "clear",
        "law",
        "induct",
    }


# Against numbers.

FREE = network(tuple(family(f, ((ONE, N),) * arity, ()) for f, arity in (("a", 1), ("b", 2), ("c", 0))), ())
CHUNKS, EACH = range(10), 150


def a_model(r, *, real=False):
    n = r.randint(1, 3)
    return Model(FREE, {"N": lambda: n}, r.random(), real=real), {
        "i": r.randint(-1, 4),
        "j": r.randint(-1, 4),
        "x": r.randint(-1, 4),
    }


@pytest.mark.parametrize("chunk", CHUNKS)
def test_rules_for_sums_and_fields_hold(chunk):
    seen: Counter[str] = Counter()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"rules {seed}")
        model, names = a_model(r)
        s = tree(r, 0)
        p, v = build(s), meaning(model, s, names, [])
        close = t.bracket(shift(index_of(form(r, 0, 0.3)), r.randint(0, 2)))

        def looked_at(made, seed=seed, model=model, names=names, v=v):
            if all(model.holds(h, names) for h in made.hypotheses):
                assert model.value(made.lhs, names) == model.value(made.rhs, names) == v, (seed, made.rule)
                seen[made.rule] += made.lhs is not made.rhs

        forms = [index_of(form(r, 0, 0.3)) for _ in range(3)]
        true = [d for d in forms if model.index(plain(d), names, []) >= 0]
        near = t.product(*(t.bracket(shift(d, r.randint(-1, 2))) for d in true), close, t.add(p, t.ONE))
        if made := _tried(k.brackets, FREE, near, frozenset(true)):
            looked_at(made, v=model.value(near, names))
        made = _tried(k.brackets, FREE, p, frozenset(true))
        if made:
            looked_at(made)
            if true:
                weaker = _tried(k.weaken, made, within(*true, *forms))
                assert weaker is None or all(h in weaker.hypotheses for h in made.hypotheses)
        for m, c in p.terms:
            alone = t.times(c, t.monomial(m.bound, m.factors))
            v = model.value(alone, names)
            for a, _ in m.factors:
                if type(a) is t.Bracket and (made := _tried(k.split, FREE, alone, a.form)):
                    looked_at(made, v=v)
            if m.bound:
                by = index_of(form(r, 0, 0.2)) if r.random() < 0.7 else plus(index(), bound(r.randrange(m.bound)))
                if made := _tried(k.reindex, FREE, alone, r.randrange(m.bound), r.choice([1, -1]), by):
                    looked_at(made, v=v)
        ends = [index_of(form(r, 0, 0.3)) for _ in range(2)]
        if abs(model.index(plain(ends[0]), names, [])) < 12 and abs(model.index(plain(ends[1]), names, [])) < 12:
            made = k.length(FREE, *ends)
            looked_at(made, v=model.value(made.lhs, names))
            lo, hi = (model.index(plain(d), names, []) for d in ends)
            assert model.value(made.lhs, names) == max(hi - lo + 1, 0)
        q = build(tree(r, 0, 2))
        if made := _tried(k.clear, FREE, p, q, r.randint(0, 2)):
            looked_at(made)
    assert all(seen[rule] > 3 for rule in ("brackets", "split", "reindex", "clear", "length")), seen


def _tried(rule, *args):
    try:
        return rule(*args)
    except Refused:
        return None


def a_context(r, deep, level=3):
    """A random term with holes under sums, brackets, functions and quotients."""
    if not level or r.random() < 0.2:
        return at(f"?{r.randint(0, 1)}", index_of(form(r, deep, 0.1)))
    inner = lambda more=0: a_context(r, deep + more, level - 1)  # noqa: E731
    return r.choice(
        [
            lambda: t.add(inner(), build(tree(r, deep, 1))),
            lambda: t.product(inner(), t.bracket(index_of(form(r, deep, 0.1)))),
            lambda: t.product(inner(), t.match(index_of(form(r, deep, 0.1)))),
            lambda: t.applied("f", 0, inner()),
            lambda: t.power(t.add(inner(), t.value(index_of(form(r, deep)))), -1),
            lambda: total(inner(1), index(r.randint(-1, 2)), r.choice([N, index(r.randint(1, 3))])),
            lambda: total(
                t.product(t.bracket(index_of(form(r, deep + 1, 0.1))), inner(1)), index(r.randint(-1, 2)), index(2)
            ),
        ]
    )()


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_is_assumed_under_binders_is_enough(chunk):
    """Premises with conditions, in random contexts: where the hypotheses that subst says hold, both sides are equal."""
    told: Counter[str] = Counter()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"subst {seed}")
        model, names = a_model(r)
        d, e = (plus(index(r.randint(-1, 2)), x, r.choice([1, -1])) for _ in range(2))
        body = r.choice([at("b", x, i), at("a", x), t.ONE, t.value(x)])
        first = k.brackets(FREE, t.product(t.bracket(d), body), frozenset([d]))
        second = k.weaken(
            k.assume(FREE, for_all(0, [], at("a", x), at("a", x)), ()), within(e) | {simple(node(NonZero, at("a", x)))}
        )
        premises = r.choice([(first, second), (second, first), (first, k.brackets(FREE, t.bracket(e), frozenset([e])))])

        context = t.add(a_context(r, 0), a_context(r, 0))
        p = _tried(k.subst, context, premises, (("x",), ("x",)))
        if p is None:
            told["refused"] += 1
        elif all(model.holds(h, names) for h in p.hypotheses):
            assert model.agrees(p, names), seed
            told["holds"] += 1
            told["matters"] += p.lhs is not p.rhs and bool(p.hypotheses)
        else:
            told["fails"] += 1
    assert min(told["holds"], told["matters"], told["fails"]) > 4, told


@pytest.mark.parametrize("chunk", range(4))
def test_what_weaken_says_follows_holds(chunk):
    """A hypothesis that follows from others is true wherever they are."""
    seen = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"weaken {seed}")
        n = r.randint(0, 1)
        forms = [index_of(form(r, n, 0.2)) for _ in range(r.randint(0, 2))]
        claim = r.choice(
            [
                node(k.InRange, index_of(form(r, n, 0.3))),
                node(NonZero, build(tree(r, n, 2))),
                node(Equal, build(tree(r, n, 1)), build(tree(r, n, 1))),
            ]
        )
        h = node(Hypothesis, n, frozenset(forms), claim)
        given = within(*(index_of(form(r, 0, 0.2)) for _ in range(r.randint(0, 3))))
        given |= {node(Hypothesis, n, frozenset(forms[:1]), claim)} if r.random() < 0.3 else NONE
        if not k.follows(FREE, h, given):
            continue
        for _ in range(12):
            model, _ = a_model(r, real=True)
            names = {"i": r.randint(-4, 5), "j": r.randint(-4, 5)}
            if all(model.holds(g, names) for g in given):
                seen += 1
                assert model.holds(h, names), seed
    assert seen > 20, seen
