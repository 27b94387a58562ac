"""What is no network, and why: each is refused for the right reason."""

from __future__ import annotations

import pytest

from backproof.core import term as t
from backproof.core.index import Refused, bound, index, lift, minus, negative, plus, shift, size, variable
from backproof.core.kernel import define, refl
from backproof.core.network import FACTS, opaque

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


# Kinds of nodes.


@pytest.mark.parametrize(
    ("make", "args"),
    [
        (family, ("", (), ())),
        (family, ("?-1", (), ())),
        (family, (7, (), ())),
        (family, (None, (), ())),
        (family, ("a", ((ONE,),), ())),
        (family, ("a", ((ONE, N, N),), ())),
        (family, ("a", ((ONE, 5),), ())),
        (family, ("a", (), (0,))),
        (family, ("a", (), (), "positive")),
        (family, ("a", (), (), (7,))),
        (equation, (7,)),
        (equation, ("a", (t.ONE,))),
        (equation, ("a", (), 7)),
        (equation, ("a", (), I0)),
        (equation, ("a", (), None, (t.quantity("x"),))),
        (read, (-1, (), t.quantity("x"))),
        (read, ("1", (), t.quantity("x"))),
        (read, (1.5, (), t.quantity("x"))),
        (read, (0, (t.ONE,), t.quantity("x"))),
        (read, (0, (), "x")),
        (read, (0, (), t.atom(t.quantity("x")))),
        (function, (None, HOLE)),
        (function, ("s", I0)),
        (function, ("s", 7)),
        (partial, (t.quantity("H"), -1, ())),
        (partial, (t.quantity("H"), "0", ())),
        (partial, (t.quantity("H"), 0, (t.ONE,))),
        (partial, (t.atom(t.quantity("H")), 0, ())),
        (t.quantity, ("x", 7)),
        (t.quantity, (7,)),
    ],
)
def test_what_is_not_made_of_its_parts(make, args):
    with pytest.raises(Refused, match="is not made of"):
        make(*args)


@pytest.mark.parametrize(
    ("make", "args"),
    [
        (family, ("a", [], ())),
        (family, ("a", ([ONE, N],), ())),
        (family, ("a", (), [ZERO])),
        (family, ("a", (), (), ["positive"])),
        (equation, ("a", [I0])),
        (equation, ("a", (), None, [read(0, (), t.quantity("x"))])),
        (read, (0, [], t.quantity("x"))),
    ],
)
def test_what_can_change_is_no_part(make, args):
    with pytest.raises(TypeError, match="unhashable"):
        make(*args)


# Families.


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("?", (), ()), "no family"),
        (("?0", (), ()), "no family"),
        (("a", ((ONE, I0),), ()), "no family"),
        (("a", ((ONE, N), (ONE, I1)), ()), "no family"),
        (("a", ((ONE, size("n", I0)),), ()), "no family"),
        (("a", ((ONE, variable("k")),), ()), "no family"),
        (("a", ((ONE, size("n", variable("l"))),), ()), "no family"),
        (("a", (), (I0,)), "no family"),
        (("a", ((ONE, N),), (I1,)), "no family"),
        (("a", (), (variable("k"),)), "no family"),
        (("a", (), (), ("even",)), "no such facts"),
        (("a", (), (), ("0 or 1",)), "no such facts"),
        (("a", (), (), ("positive", "even")), "no such facts"),
        (("a", (), (), ("sums to 1",)), "no such facts"),  # that is a hypothesis
    ],
)
def test_what_is_no_family(args, reason):
    refused(reason, "network", network, (family(*args),))


@pytest.mark.parametrize(
    "args",
    [
        ("a", ((ONE, N), (ONE, size("n", I0))), (I0, I1)),
        ("a", (), (), ("positive",)),
        ("a", ((index(2), ONE),), (), ("positive",)),
    ],
)
def test_families(args):
    f = family(*args)
    assert network((f,)).families == (f,)


# Functions.


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("exp", HOLE),
        ("Phi", t.ONE),
        ("s", t.value(variable("k"))),
        ("s", t.value(I0)),
        ("s", at("x", ONE)),
        ("s", t.atom(t.quantity("?", ONE))),
        ("s", t.atom(t.quantity("?0"))),
        ("s", t.applied("s", 0, HOLE)),
        ("s", t.add(t.applied("exp", 0, t.applied("f", 0, HOLE)), t.ONE)),
        ("s", t.derivative(t.quantity("C"), t.quantity("x"))),
        ("s", t.derivative(t.quantity("?"), t.quantity("?", ONE))),
        ("s", partial(t.quantity("?"), 0, ())),
    ],
)
def test_what_is_no_function(name, body):
    refused("its argument and elementary", "network", network, (), (), (function(name, body),))


@pytest.mark.parametrize(
    "body",
    [
        t.power(t.add(t.ONE, t.applied("exp", 0, HOLE)), -1),
        t.number(2),
        t.product(HOLE, t.power(t.value(N), -1)),
        total(t.product(t.value(I0), t.applied("log", 0, HOLE)), ONE, N),
    ],
)
def test_functions(body):
    s = function("s", body)
    assert network((), (), (s,)).functions == (s,)


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
    for no in (t.quantity("x"), t.quantity("q", I0)):
        refused(
            "not defined by a term of the network alone",
            "network",
            network,
            families,
            (equation("Y", (), None, (read(0, (), no),)),),
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


def test_what_is_not_defined_by_the_network_alone():
    y = (units("Y", 0),)
    for e in (
        equation("Y", (), t.value(variable("k"))),
        equation("Y", (variable("k"),), t.ONE),
        equation("Y", (), t.value(bound(1))),
        equation("Y", (bound(1),), t.ONE),
        equation("Y", (), None, (read(0, (variable("k"),), t.quantity("Y", I0)),)),
        equation("Y", (), None, (read(1, (bound(2),), t.quantity("Y", I0)),)),
        equation("Y", (), t.ONE, (read(0, (), t.quantity("x")),)),
    ):
        refused("not defined by a term of the network alone", "network", network, y, (e,))
    refused("there is no family", "network", network, y, (equation("Z", (), t.ONE),))


def test_data_with_facts_have_no_equation():
    for fact in FACTS:
        refused(
            "not defined by a term of the network alone",
            "network",
            network,
            (units("Y", 0, facts=(fact,)),),
            (equation("Y", (), t.ONE),),
        )


Y, S, N_ = units("Y", 0), function("s", HOLE), size_of(N)


@pytest.mark.parametrize(
    "args",
    [
        ((Y, Y),),
        ((Y, units("Y", 1)),),
        ((Y,), (), (S, S)),
        ((Y,), (), (S, function("s", t.ONE))),
        ((Y,), (), (), ((N_, 2), (N_, 2))),
        ((Y,), (), (), ((N_, 2), (N_, 3))),
        ((Y,), (), (), ((N_, 2), (size_of(size("n", N)), 5), (size_of(size("n", index(2))), 3))),
    ],
)
def test_nothing_is_named_twice(args):
    """Among them N = 2, n(N) = 5, n(2) = 3: there is no such network."""
    refused("named twice", "network", network, *args)


def test_ranks_are_of_one_length():
    refused("lengths of ranks", "network", network, (Y, units("Z", 0, 0)), ())


@pytest.mark.parametrize(
    "args",
    [
        ((Y, 7),),
        ((Y,), (t.ONE,)),
        ((Y,), (Y,)),
        ((Y,), (), (t.ONE,)),
        ((S,),),
        (Y,),
        ((Y,), (), (), (7,)),
        ((Y,), (), (), ((N, 2),)),
        ((Y,), (), (), ((N_, "2"),)),
        ((Y,), (), (), ((N_, None),)),
        ((Y,), (), (), ((N_,),)),
        ((Y,), (), (), ((N_, 2, 2),)),
        ((Y,), (), (), ((size_of(variable("N")), 2),)),
    ],
)
def test_parts_of_networks_are_of_their_kinds(args):
    refused("is not made of", "Network", network, *args)


@pytest.mark.parametrize("args", [([Y],), ((Y,), []), ((Y,), (), []), ((Y,), (), (), [])])
def test_parts_of_networks_cannot_change(args):
    with pytest.raises(TypeError, match="unhashable"):
        network(*args)


@pytest.mark.parametrize(
    ("size_", "number"),
    [
        (N_, 0),
        (N_, -1),
        (size_of(size("n", N)), 2),
        (size_of(size("n", variable("l"))), 2),
        (size_of(size("n", size("n", ONE))), 2),
    ],
)
def test_what_are_no_sizes(size_, number):
    refused("no sizes", "network", network, (Y,), (), (), ((size_, number),))


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
    refused("not defined by a term", "network", network, families, (cost, slope, second))
    third = equation("E", (), t.derivative(t.quantity("C"), t.quantity("D", I0)))
    refused("not defined by a term", "network", network, families, (cost, slope, third))
    refused(
        "does not come before",
        "network",
        network,
        families,
        (cost, slope, equation("E", (), at("F", I0)), equation("F", (), at("D", I0))),
    )
    for level in (-1, 2):
        early = (*families[:2], units("D", level), *families[3:])
        refused("does not come before", "network", network, early, (cost, slope))
    circle = equation("C", (), t.derivative(t.quantity("C"), t.quantity("x", ONE)))
    refused("not defined by a term", "network", network, families, (circle,))
    inside = equation("D", (), partial(t.quantity("C"), 0, ()))
    refused("not defined by a term of the network alone", "network", network, families, (cost, inside))
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
