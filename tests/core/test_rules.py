"""Rules about networks, sums and numbers: what each accepts, what it refuses, and why."""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, lift, minus, node, plus, shift, size
from backproof.core.kernel import NonZero, Positive, simple, within
from backproof.derive.brackets import brackets, reindex, split
from backproof.derive.search import instantiate, length, multiplied_out, power_0

from .evaluate import Model
from .making import K0, ONE, L, N, at, between, equation, family, network, partial, read, subtract, total
from .ruling import NET, NONE, i, is_theorem, j, l, refused, x

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
    refused("derivative", "no second derivatives", k.tangent, NET, 5, (), c)
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
    refused("still", "looks back", k.still, NET, c, t.quantity("late"), NONE)
    refused("still", "looks back", k.still, NET, t.quantity("late"), t.quantity("late2"), NONE)
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
    refused("apart", "looks back", k.apart, NET, y, t.quantity("late3", j), (("late3", 0), ("o", 0)))
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
        (family("a", ((ONE, N),), (index(),)), family("C", (), (index(1),))),
        (equation("C", (), None, (read(1, (), t.quantity("a", ONE)),)),),
    )
    refused("sum", "without end", k.chain, endless, y, t.quantity("a", i))


# Indices and sums.


def test_holds_and_either():
    is_theorem(k.holds(NET, x), t.bracket(x), t.ONE, within(x))
    is_theorem(k.either(NET, x), t.add(t.bracket(x), t.bracket(minus(index(-1), x))), t.ONE)
    refused("holds", "contradict", k.holds, NET, index(-1))
    for rule in (k.holds, k.either):
        refused(rule.__name__, "loose variables", rule, NET, K0)
        refused(rule.__name__, "not its arguments", rule, NET, t.ONE)


def test_brackets():
    """Derived: what holds is assumed under the brackets around it, and follows from these and what is known."""
    e = t.product(t.bracket(x), t.bracket(shift(x, -2)), at("a", x))
    is_theorem(brackets(NET, e, frozenset([shift(x, -3)])), e, at("a", x), within(shift(x, -3)))
    assert brackets(NET, e, frozenset([minus(index(), x)])).rhs is t.ZERO
    assert brackets(NET, t.bracket(x), frozenset([minus(index(), x)])).rhs is t.match(x)
    assert brackets(NET, t.applied("f", 0, t.bracket(x)), frozenset([x])).rhs is t.applied("f", 0, t.ONE)
    assert brackets(NET, t.product(t.bracket(x), t.applied("f", 0, t.bracket(shift(x, 1)))), NONE).rhs is t.product(
        t.bracket(x), t.applied("f", 0, t.ONE)
    )
    assert brackets(NET, t.add(t.bracket(x), t.applied("f", 0, t.bracket(x))), NONE).rhs is t.add(
        t.bracket(x), t.applied("f", 0, t.bracket(x))
    )
    assert brackets(NET, t.match(x), frozenset([x])).rhs is t.match(x)
    refused("brackets", "contradict", brackets, NET, t.ONE, frozenset([x, shift(minus(index(), x), -1)]))


def test_split():
    """Derived: one or the other bracket is put in."""
    e = total(at("a", K0))
    first, last = shift(K0, -1), minus(N, K0)
    p = split(NET, e, first)
    assert p.rhs is t.add(t.product(t.bracket(shift(N, -1)), at("a", ONE)), total(at("a", K0), index(2)))
    assert split(NET, e, last).rhs is t.add(at("a", N), total(at("a", K0), ONE, shift(N, -1)))
    refused("split", "is no bracket of", split, NET, e, K0)
    with pytest.raises(ValueError, match="unpack"):
        split(NET, t.add(e, t.ONE), first)
    refused("split", "is no bracket of", split, NET, at("c"), first)


def test_reindex():
    e = t.bind(2, t.product(between(K0, ONE, N), between(bound(1), ONE, N), at("b", K0, bound(1)), t.value(K0)))
    for place in range(2):
        for sign in (1, -1):
            made = reindex(NET, e, place, sign, N)
            model = Model(NET, {"N": lambda: 3}, 1)
            assert model.agrees(made, {})
            assert made.rhs is not e
            assert made.lhs is e
    for place in (2, -1):
        refused("reindex", "there is no variable", reindex, NET, e, place, 1, ONE)
    inner = t.product(between(K0, ONE, N), at("a", K0))
    is_theorem(
        k.reindex(NET, inner, -1, shift(N, 1)), total(at("a", K0)), total(at("a", minus(shift(lift(N, 1), 1), K0)))
    )
    for sign, by in ((2, ONE), (0, ONE), (1, K0), (1, bound(1)), (1, size("n", K0)), (1, plus(K0, K0))):
        refused("reindex", "is not 1 or -1|loose", k.reindex, NET, inner, sign, by)
    refused("reindex", "loose variables", k.reindex, NET, t.product(inner, at("a", bound(1))), 1, ONE)
    refused("sum", "without end", k.reindex, NET, t.add(inner, t.ONE), 1, ONE)


def test_length():
    """Derived: by induction, splitting off the last term."""
    ends = {"lo": i, "hi": j}
    is_theorem(
        instantiate(length(NET), ends),
        t.bind(1, between(K0, i, j)),
        t.product(t.value(shift(minus(j, i), 1)), t.bracket(minus(j, i))),
    )
    for odd in ({"lo": K0, "hi": j}, {"lo": i, "hi": K0}):
        with pytest.raises(Refused, match="loose variables"):
            instantiate(length(NET), odd)


# Fields and functions.


def test_inverse():
    s, c = t.add(at("c"), t.ONE), at("c")
    is_theorem(k.inverse(NET, s), t.product(s, t.power(s, -1)), t.ONE, [simple(node(NonZero, s))])
    is_theorem(k.inverse(NET, c), t.power(c, 0), t.ONE, [simple(node(NonZero, c))])
    for p in (t.power(c, 2), t.product(c, at("a", i)), t.number(2), t.bracket(i), t.ZERO):
        is_theorem(k.inverse(NET, p), t.product(p, t.power(p, -1)), t.ONE, [simple(node(NonZero, p))])
    refused("inverse", "loose variables", k.inverse, NET, at("a", K0))
    refused("inverse", "not about quantities", k.inverse, NET, at("q"))


def test_what_is_divided_by_is_multiplied_out():
    """Derived from the inverse."""
    s = t.add(at("c"), t.ONE)
    needs = [simple(node(NonZero, s))]
    once = t.product(t.power(s, -1), s)
    is_theorem(multiplied_out(NET, t.ONE, s, 1), t.ONE, once, needs)
    is_theorem(multiplied_out(NET, t.power(s, -1), s, 1), t.power(s, -1), t.power(s, -1))
    below = total(t.product(at("a", K0), t.power(s, -1)))
    is_theorem(multiplied_out(NET, below, s, 2), below, t.product(total(at("a", K0)), t.power(s, -2), s), needs)
    is_theorem(power_0(NET, s), t.power(s, 0), t.ONE, needs)
    is_theorem(power_0(NET, at("c")), t.power(at("c"), 0), t.ONE, [simple(node(NonZero, at("c")))])


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


@pytest.mark.parametrize(
    ("body", "claim"),
    [
        (lambda x: t.applied("step", 0, x), k.NonZero),
        (lambda x: t.power(x, 0), k.NonZero),
        (lambda x: subtract(t.applied("log", 0, x), t.applied("log", 0, t.times(-1, x))), k.Positive),
    ],
    ids=["step", "power 0", "logarithms that cancel"],
)
def test_what_a_derivative_needs_is_said_also_where_it_is_0(body, claim):
    x, f = t.quantity("x"), t.quantity("f")
    families = (family("x", (), (index(),)), family("f", (), (index(1),)))
    net = network(families, (equation("f", (), body(t.atom(x))),))
    chained, moved = k.chain(net, f, x), k.tangent(net, 0, (), x)
    assert chained.rhs is moved.rhs is t.ZERO
    assert {type(h.claim) for h in chained.hypotheses} == {claim}
    assert chained.hypotheses == moved.hypotheses
