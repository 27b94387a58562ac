"""Rules of equality and of hypotheses: what each accepts, what it refuses, and why."""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import bound, index, minus, node, plus, shift, size
from backproof.core.kernel import Equal, Hypothesis, NonZero, Positive, simple, within
from backproof.derive.brackets import brackets

from .making import K0, ONE, N, at, between, family, for_all, network, subtract, total
from .ruling import NET, NONE, OTHER, i, is_theorem, j, refused, x

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
    above = brackets(NET, t.bracket(shift(x, -5)), NONE | {shift(x, -5)})
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
    for odd in ("?", "?00"):  # int() would read the last as 0
        refused("subst", "not its arguments", k.subst, at(odd, j), (p,), (("x",),))
    refused(
        "subst",
        "not about quantities",
        k.subst,
        t.atom(t.node(t.Derivative, t.quantity("C"), t.quantity("?0", j))),
        (p,),
        (("x",),),
    )


def test_what_binds_itself_is_closed_under_binders_too():
    """For all k <= x, a[k + x] is not 0: under the sum over x, that is for all x of the sum and all k <= x."""
    inner = node(Hypothesis, 1, frozenset([minus(x, K0)]), node(NonZero, at("a", plus(K0, x))))
    p = k.weaken(k.refl(NET, at("c")), frozenset([inner]))
    made = k.subst(total(at("?0", K0), index(2)), (p,), (("x",),))
    conditions = frozenset([minus(bound(1), K0), shift(bound(1), -2), minus(N, bound(1))])
    assert made.hypotheses == {node(Hypothesis, 2, conditions, node(NonZero, at("a", plus(K0, bound(1)))))}


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
    p = brackets(NET, t.bracket(shift(x, -2)), frozenset([shift(x, -2)]))
    is_theorem(k.weaken(p, within(shift(x, -5))), p.lhs, p.rhs, within(shift(x, -5)))
    assert k.weaken(p, within(minus(x, N), shift(N, -2))).rhs is t.ONE
    refused("weaken", "does not follow", k.weaken, p, within(shift(x, -1)))
    refused("weaken", "does not follow", k.weaken, p, NONE)
    refused("weaken", "contradict", k.weaken, p, within(shift(x, -9), minus(ONE, x)))
    refused("weaken", "not its arguments", k.weaken, p, frozenset({shift(x, -5)}))
    divided = k.inverse(NET, at("p", i))
    is_theorem(
        k.weaken(divided, within(shift(i, -1), minus(N, i))),
        t.power(at("p", i), 0),
        t.ONE,
        within(shift(i, -1), minus(N, i)),
    )
    refused("weaken", "does not follow", k.weaken, divided, within(shift(i, -1)))  # i may be out of range


def test_weaken_looks_at_the_conditions_of_what_is_for_all():
    """That a[k] is not 0 for k >= 2 follows from the same for k >= 1, or for all k; not the other way round."""
    here = [
        node(Hypothesis, 1, frozenset(forms), node(NonZero, at("a", K0)))
        for forms in ([shift(K0, -2)], [shift(K0, -1)], [])
    ]
    p = [k.weaken(k.refl(NET, t.ONE), frozenset([h])) for h in here]
    for few in range(3):
        for many in range(few, 3):
            assert k.weaken(p[few], frozenset([here[many]])).hypotheses == {here[many]}
        for fewer in range(few):
            refused("weaken", "does not follow", k.weaken, p[few], frozenset([here[fewer]]))


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
        subtract(t.ONE, t.power(at("c"), 2)),
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
    """Among them a datum z of which nothing is said: it may be -5."""
    net = network(
        (*NET.families, family("z", ((ONE, index(2)),), (index(), index()))),
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


def test_a_hypothesis_about_fewer_variables_is_enough():
    """For all k that a[k] is not 0: so also for all k and m; but not where that is said of k up to 3 alone."""
    claim, in_range, other = node(NonZero, at("a", K0)), *((minus(b, ONE), minus(N, b)) for b in map(bound, (0, 1)))
    both = node(Hypothesis, 2, frozenset((*in_range, *other)), claim)
    one = node(Hypothesis, 1, frozenset(in_range), claim)
    some = node(Hypothesis, 1, frozenset((*in_range, minus(index(3), bound(0)))), claim)
    p = k.weaken(k.refl(NET, t.ONE), frozenset([both]))
    assert k.weaken(p, frozenset([one])).hypotheses == {one}
    refused("weaken", "does not follow", k.weaken, p, frozenset([some]))
    q = k.weaken(k.refl(NET, t.ONE), frozenset([one]))
    refused("weaken", "does not follow", k.weaken, q, frozenset([both]))


@pytest.mark.parametrize(("last", "follows"), [(2, True), (0, True), (-1, False)])
def test_a_sum_whose_ends_are_bound_outside_is_filled(last, follows):
    """For all m and n: the sum of exp(a[k]) for k from m to m + 2 is above 0; and with n + 2, where m <= n."""
    of = lambda lo, hi: total(t.applied("exp", 0, at("a", K0)), lo, hi)  # noqa: E731
    m, n = bound(0), bound(1)
    for conditions, e in (((), of(m, shift(m, last))), ((minus(n, m),), of(m, shift(n, last)))):
        h = node(Hypothesis, 2, frozenset(conditions), node(Positive, e))
        assert k.follows(NET, h, NONE) is follows
