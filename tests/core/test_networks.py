"""What is no network, and why: each is refused for the right reason."""

from __future__ import annotations

import pytest

from backproof.core import term as t
from backproof.core.index import Refused, bound, index, lift, minus, negative, plus, shift, size, variable
from backproof.core.kernel import define, refl
from backproof.core.network import opaque

from .making import ONE, ZERO, N, at, equation, family, function, network, partial, read, size_of, total
from .random_networks import make

I0, I1 = bound(0), bound(1)
HOLE = t.atom(t.quantity("?"))


def refused(reason, rule, build, *args):
    with pytest.raises(Refused, match=reason) as refusal:
        build(*args)
    assert refusal.value.rule == rule, refusal.value


def units(name, *rank, facts=()):
    return family(name, ((ONE, N),), tuple(r if type(r) is not int else index(r) for r in rank), facts)


# Families.


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("", (), ()), "no family"),
        (("?0", (), ()), "no family"),
        ((7, (), ()), "no family"),
        (("a", [], ()), "no family"),
        (("a", ((ONE,),), ()), "range of index 1"),
        (("a", ((ONE, N, N),), ()), "range of index 1"),
        (("a", ((ONE, 5),), ()), "range of index 1"),
        (("a", ([ONE, N],), ()), "range of index 1"),
        (("a", ((ONE, I0),), ()), "range of index 1"),
        (("a", ((ONE, N), (ONE, I1)), ()), "range of index 2"),
        (("a", ((ONE, size("n", I0)),), ()), "range of index 1"),
        (("a", ((ONE, variable("k")),), ()), "range of index 1"),
        (("a", ((ONE, size("n", variable("l"))),), ()), "range of index 1"),
        (("a", (), (I0,)), "no such rank"),
        (("a", (), (variable("k"),)), "no such rank"),
        (("a", (), (0,)), "no such rank"),
        (("a", (), [ZERO]), "no such rank"),
        (("a", (), (), ("even",)), "no such facts"),
        (("a", (), (), ("positive", "positive")), "no such facts"),
        (("a", (), (), ["positive"]), "no such facts"),
        (("a", (), (), "positive"), "no such facts"),
        (("a", ((ONE, N),), (), ("positive", "0 or 1", "sums to 1")), "no such facts"),
        (("a", (), (), ("sums to 1",)), "may be empty"),
        (("a", ((index(2), ONE),), (), ("sums to 1",)), "may be empty"),
        (("a", ((index(2), N),), (), ("sums to 1",)), "may be empty"),
        (("a", ((ZERO, N), (ONE, I0)), (), ("sums to 1",)), "may be empty"),
    ],
)
def test_what_is_no_family(args, reason):
    refused(reason, "family", family, *args)


def test_families():
    assert family("a", ((ONE, N), (ONE, size("n", I0))), (I0, I1))
    assert family("a", ((ONE, N), (ONE, I0)), (), ("sums to 1",))  # 1 <= k <= i, where i >= 1
    assert family("y", ((ONE, N),), (), ("0 or 1", "sums to 1"))
    assert family("a", (), (), ("positive",))


# Equations, reads, functions.


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ((7,), "no such conditions"),
        (("a", [I0]), "no such conditions"),
        (("a", (t.ONE,)), "no such conditions"),
        (("a", (), 7), "neither by a term"),
        (("a", (), I0), "neither by a term"),
        (("a", (), None, [read(0, (), t.quantity("x"))]), "neither by a term"),
        (("a", (), None, (t.quantity("x"),)), "neither by a term"),
        (("a", (), t.ONE, (read(0, (), t.quantity("x")),)), "neither by a term"),
    ],
)
def test_what_is_no_equation(args, reason):
    refused(reason, "equation", equation, *args)


@pytest.mark.parametrize(
    "args",
    [
        (-1, (), t.quantity("x")),
        ("1", (), t.quantity("x")),
        (True, (), t.quantity("x")),
        (0, [], t.quantity("x")),
        (0, (t.ONE,), t.quantity("x")),
        (0, (), "x"),
        (0, (), t.atom(t.quantity("x"))),
        (1.0, (), t.quantity("x")),
    ],
)
def test_what_is_no_read(args):
    refused("nothing to read", "read", read, *args)


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("exp", HOLE), "name is taken"),
        (("", HOLE), "name is taken"),
        ((None, HOLE), "name is taken"),
        (("s", I0), "name is taken"),
        (("s", 7), "name is taken"),
        (("s", t.value(variable("k"))), "name is taken"),
        (("s", t.value(I0)), "name is taken"),
        (("s", at("x", ONE)), "its argument and elementary"),
        (("s", t.atom(t.quantity("?", ONE))), "its argument and elementary"),
        (("s", t.atom(t.quantity("?0"))), "its argument and elementary"),
        (("s", t.applied("s", 0, HOLE)), "its argument and elementary"),
        (("s", t.add(t.applied("exp", 0, t.applied("f", 0, HOLE)), t.ONE)), "its argument and elementary"),
        (("s", t.derivative(t.quantity("C"), t.quantity("x"))), "its argument and elementary"),
        (("s", t.derivative(t.quantity("?"), t.quantity("?", ONE))), "its argument and elementary"),
        (("s", partial(t.quantity("?"), 0, ())), "its argument and elementary"),
    ],
)
def test_what_is_no_function(args, reason):
    refused(reason, "function", function, *args)


def test_functions():
    assert function("s", t.power(t.add(t.ONE, t.applied("exp", 0, HOLE)), -1))
    assert function("two", t.number(2))
    assert function("f", t.product(HOLE, t.power(t.value(N), -1)))


# Networks.


@pytest.mark.parametrize(
    "ranks",
    [((ZERO, I0), (ONE, ZERO)), ((I0, ZERO), (I0, ONE)), ((ONE, ZERO), (ZERO, ZERO)), ((ZERO, ZERO), (ZERO, ZERO))],
)
@pytest.mark.parametrize("of", ["Y[i]", "Y[i + 1]", "Z[i]"])
def test_circles(ranks, of):
    y, z = (units(name, *r) for name, r in zip("YZ", ranks, strict=True))
    what = {"Y[i]": at("Y", I0), "Y[i + 1]": at("Y", shift(I0, 1)), "Z[i]": at("Z", I0)}[of]
    equations = (equation("Y", (shift(minus(N, I0), -1),), what), equation("Z", (), at("Y", I0)))
    refused("does not come before", "network", network, (y, z), equations)


def test_recursions_in_both_directions():
    down, up = (units("Y", ZERO, along) for along in (negative(I0), I0))
    ahead, back = (
        equation("Y", (shift(minus(N, I0), -1),), at("Y", shift(I0, 1))),
        equation("Y", (shift(I0, -2),), at("Y", shift(I0, -1))),
    )
    assert network((down,), (ahead,))
    assert network((up,), (back,))
    for f, e in ((down, back), (up, ahead)):
        refused("does not come before", "network", network, (f,), (e,))
    refused(
        "does not come before",
        "network",
        network,
        (up,),
        (equation("Y", (shift(I0, -2),), t.add(at("Y", shift(I0, -1)), at("Y", I0))),),
    )


@pytest.mark.parametrize(
    "hidden",
    [
        lambda q: t.applied("f", 0, q),
        lambda q: t.power(t.add(q, t.ONE), -1),
        lambda q: total(t.product(lift(q, 1), t.value(bound(0))), ONE, N),
        lambda q: t.power(q, 0),
        lambda q: t.applied("f", 0, t.power(t.add(t.applied("g", 1, q), t.value(N)), -2)),
    ],
)
def test_circles_are_found_wherever_they_are(hidden):
    refused("does not come before", "network", network, (units("Y", I0),), (equation("Y", (), hidden(at("Y", I0))),))
    refused(
        "out of its range",
        "network",
        network,
        (units("x", -1), units("Y", I0)),
        (equation("Y", (), hidden(at("x", shift(I0, 1)))),),
    )
    refused(
        "is not defined by a term", "network", network, (units("Y", I0),), (equation("Y", (), hidden(at("q", I0))),)
    )
    refused("is not defined by a term", "network", network, (units("Y", I0),), (equation("Y", (), hidden(at("Y"))),))


def test_a_circle_through_an_open_function():
    inputs = (read(0, (), t.quantity("Y", I0)),)
    refused("does not come before", "network", network, (units("Y", 0),), (equation("Y", (), None, inputs),))
    later = (read(1, (minus(N, I0), minus(I0, I1)), t.quantity("Y", I0)),)  # k >= i
    refused("does not come before", "network", network, (units("Y", I0),), (equation("Y", (), None, later),))
    earlier = (read(1, (shift(I0, -1), shift(minus(I1, I0), -1)), t.quantity("Y", I0)),)  # 1 <= k < i
    assert network((units("Y", I0),), (equation("Y", (), None, earlier),))


@pytest.mark.parametrize(
    ("what", "fits"),
    [
        (at("x", I0), True),
        (at("x", shift(I0, 1)), False),
        (at("x", shift(I0, -1)), False),
        (at("x", plus(I0, I0)), False),
        (at("x", ONE), True),
        (at("x", N), True),
        (at("x", index(2)), False),
        (at("x", shift(N, -1)), False),
        (t.product(t.bracket(shift(N, -2)), at("x", index(2))), True),
        (t.product(t.bracket(shift(I0, -2)), at("x", shift(I0, -1))), True),
        (t.product(t.bracket(shift(I0, -1)), at("x", shift(I0, -1))), False),
        (total(at("x", bound(0)), ONE, N), True),
        (total(at("x", bound(0)), ZERO, N), False),
        (total(at("x", bound(0)), ONE, I0), True),
        (total(at("x", plus(bound(0), I1)), ONE, minus(N, I0)), True),
        (total(at("x", plus(bound(0), I1)), ONE, N), False),
        (t.add(t.bracket(shift(I0, -2)), at("x", shift(I0, -1))), False),
        (t.product(t.bracket(shift(I0, -2)), t.add(at("x", shift(I0, -1)), t.ONE)), True),
        (t.applied("f", 0, t.product(t.bracket(shift(I0, -2)), at("x", shift(I0, -1)))), True),
        (at("x", size("n", I0)), False),
    ],
)
def test_reads_are_in_range(what, fits):
    families, equations = (units("x", 0), units("Y", 1)), (equation("Y", (), what),)
    if fits:
        assert network(families, equations)
    else:
        refused("out of its range", "network", network, families, equations)


def test_reads_of_open_functions_are_in_range():
    families = (units("x", 0), units("Y", 1))
    for n, conditions, at_ in (
        (1, (), I0),
        (1, (shift(I0, -1),), I0),
        (0, (), shift(I0, 1)),
        (1, (shift(I0, -1), minus(N, I0)), shift(I0, 1)),
    ):
        refused(
            "out of its range",
            "network",
            network,
            families,
            (equation("Y", (), None, (read(n, conditions, t.quantity("x", at_)),)),),
        )
    refused("there is none", "network", network, families, (equation("Y", (), None, (read(0, (), t.quantity("x")),)),))
    refused(
        "there is none", "network", network, families, (equation("Y", (), None, (read(0, (), t.quantity("q", I0)),)),)
    )


def test_two_equations_for_one_quantity():
    y = (units("Y", 0),)
    first, rest, all_ = (
        equation("Y", (minus(ONE, I0),), t.ZERO),
        equation("Y", (shift(I0, -2),), t.ONE),
        equation("Y", (), t.ONE),
    )
    assert network(y, (first, rest))
    for pair in (
        (all_, first),
        (all_, rest),
        (all_, all_),
        (first, equation("Y", (shift(I0, -1),), t.ONE)),
        (rest, equation("Y", (minus(N, I0),), t.ONE)),
    ):
        refused("two equations", "network", network, y, pair)
    assert network(y, (equation("Y", (shift(N, -2),), t.ONE), equation("Y", (minus(ONE, N),), t.ZERO)))  # by the size


def test_free_names_and_odd_conditions():
    y = (units("Y", 0),)
    for e in (
        equation("Y", (), t.value(variable("k"))),
        equation("Y", (variable("k"),), t.ONE),
        equation("Y", (), t.value(bound(1))),
        equation("Y", (bound(1),), t.ONE),
        equation("Y", (), None, (read(0, (variable("k"),), t.quantity("Y", I0)),)),
        equation("Y", (), None, (read(1, (bound(2),), t.quantity("Y", I0)),)),
    ):
        refused("a free index", "network", network, y, (e,))
    refused("there is no family", "network", network, y, (equation("Z", (), t.ONE),))


def test_data_with_facts_have_no_equation():
    for fact in ("positive", "0 or 1", "sums to 1"):
        refused("facts", "network", network, (units("Y", 0, facts=(fact,)),), (equation("Y", (), t.ONE),))


def test_names_and_tuples():
    y, f = units("Y", 0), function("s", HOLE)
    n = size_of(N)
    for args in (
        ((y, y), ()),
        ((y, units("Y", 1)), ()),
        ((y,), (), (f, f)),
        ((y,), (), (f, function("s", t.ONE))),
        ((y,), (), (), ((n, 2), (n, 2))),
        ((y,), (), (), ((n, 2), (n, 3))),
    ):
        refused("named twice", "network", network, *args)
    refused("different lengths", "network", network, (y, units("Z", 0, 0)), ())
    for args in (((y, 7), ()), ((y,), (t.ONE,)), ((y,), (y,)), ((y,), (), (t.ONE,)), ((y,), (), (), (7,)), ((f,), ())):
        refused("not a tuple", "network", network, *args)
    for args in (([y], ()), ((y,), []), ((y,), (), []), ((y,), (), (), [])):
        with pytest.raises((Refused, TypeError)):
            network(*args)


@pytest.mark.parametrize(
    "sizes",
    [
        ((N, 2),),
        ((size_of(N), 0),),
        ((size_of(N), -1),),
        ((size_of(N), "2"),),
        ((size_of(N), None),),
        ((size_of(N),),),
        ((size_of(N), 2, 2),),
        ((size_of(variable("N")), 2),),
        ((size_of(size("n", N)), 2),),
        ((size_of(size("n", variable("l"))), 2),),
        ((size_of(size("n", size("n", ONE))), 2),),
        ((size_of(N), 2), (size_of(size("n", N)), 5), (size_of(size("n", index(2))), 3)),
    ],
)
def test_what_are_no_sizes(sizes):
    """Among them N = 2, n(N) = 5, n(2) = 3: there is no such network."""
    refused("no sizes", "network", network, (units("Y", 0),), (), (), sizes)


def test_known_sizes_are_put_everywhere():
    families = (family("a", ((ONE, size("n", N)),), (ZERO,)), units("Y", 1))
    sizes = ((size_of(N), 2), (size_of(size("n", index(2))), 3))
    net = network(families, (equation("Y", (), at("a", index(3))),), (), sizes)  # a[3] is there, since n(2) = 3
    assert net.families[0].ranges == ((ONE, index(3)),)
    assert define(net, 0, (N,)).lhs is at("Y", index(2))
    assert refl(net, t.value(size("n", N))).lhs is t.number(3)
    refused("out of its range", "network", network, families, (equation("Y", (), at("a", index(3))),))
    refused("out of its range", "network", network, families, (equation("Y", (), at("a", index(4))),), (), sizes)


def test_derivatives_look_back():
    families = (units("x", 0), family("C", (), (index(2),)), units("D", 3), units("E", 4), units("F", 5))
    cost = equation("C", (), total(t.power(at("x", bound(0)), 2), ONE, N))
    slope = equation("D", (), t.derivative(t.quantity("C"), t.quantity("x", I0)))
    net = network(families, (cost, slope, equation("E", (), t.product(at("D", I0), at("x", I0)))))
    assert opaque(net) == {"D", "E"}
    second = equation("E", (), t.derivative(t.quantity("D", I0), t.quantity("x", I0)))
    refused("which looks back", "network", network, families, (cost, slope, second))
    refused(
        "does not come before",
        "network",
        network,
        families,
        (cost, slope, equation("E", (), at("F", I0)), equation("F", (), at("D", I0))),
    )
    early = (*families[:2], units("D", -1), *families[3:])
    assert network(early, (cost, slope))  # what looks back may read anything that does not
    circle = equation("C", (), t.derivative(t.quantity("C"), t.quantity("x", ONE)))
    refused("looks back", "network", network, families, (circle,))
    inside = equation("D", (), partial(t.quantity("C"), 0, ()))
    assert opaque(network(families, (cost, inside))) == {"D"}
    refused(
        "out of its range",
        "network",
        network,
        families,
        (cost, equation("D", (), t.derivative(t.quantity("C"), t.quantity("x", shift(I0, 1))))),
    )


def test_random_networks_are_networks():
    for seed in range(40):
        net, _ = make(f"again {seed}")
        assert network(net.families, net.equations) is net
