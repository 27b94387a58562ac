"""The ways to something false that were found in two earlier kernels: here each is refused or cannot be said.

``hole_1`` to ``hole_12`` were in a kernel over SymPy's terms, ``attack_1`` to ``attack_4`` in a trial of this one.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from types import SimpleNamespace

import pytest
from sympy import Dummy, Symbol

from backproof.core import index as ix
from backproof.core import kernel as k
from backproof.core import network as nw
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, lift, minus, node, plus, shift, size, variable
from backproof.core.kernel import Hypothesis, NonZero, Theorem, simple
from backproof.derive.brackets import reindex, split
from backproof.derive.move import moved
from backproof.surface.elaborate import form
from backproof.surface.proofs import replay
from backproof.verify.replay import MAKERS, load

from .making import (
    EMPTY,
    K0,
    ONE,
    L,
    N,
    at,
    equation,
    family,
    for_all,
    network,
    partial,
    read,
    size_of,
    subtract,
    total,
)
from .odd import EvilInt, EvilTuple, is_exact
from .proofs import again

l = variable("l")
ONE_CALLED_X = network((family("X", (), (index(),)),))


# The holes.


def test_hole_1_an_assumption_that_binds_the_layer():
    """[l = L] is 1 for l = L alone. That P(2), ..., P(L) hold is not what induct lets one assume: it stays."""
    at_ = lambda d: t.match(minus(L, d))  # noqa: E731
    everywhere = for_all(1, [shift(K0, -1), shift(minus(L, K0), -1)], at_(shift(K0, 1)), t.ONE)
    step = k.assume(EMPTY, everywhere, (shift(l, -1),))
    assert (step.lhs, step.rhs) == (at_(l), t.ONE)
    base = k.refl(EMPTY, t.ONE)
    kept = k.induct(base, step, "l", (), L, 1)
    assert everywhere in kept.hypotheses  # so nothing follows
    above = for_all(0, [], at_(shift(l, 1)), t.ONE)
    with pytest.raises(Refused, match=r"the base|claim"):
        k.induct(base, k.assume(EMPTY, above, ()), "l", (), L, 1)
    for names in (("l",), ("l", "l")):  # l as a unit
        with pytest.raises(Refused, match="different indices"):
            k.induct(base, step, "l", names, L, 1)


def test_hole_2_nothing_counts():
    """There is no term whose value depends on how another is written: nothing counts its multiplications."""
    assert not any("mult" in name.lower() or "count" in name.lower() for name in (*k.RULES, *MAKERS))
    a, n2 = lambda d: at("a", d), size("n", index(2))
    net = network((family("a", ((ONE, N),), ()),), (), (), ((size_of(n2), 3),))
    both = t.add(a(n2), a(index(3)))
    assert k.refl(net, both).lhs is t.times(
        2, a(index(3))
    )  # with n(2) = 3 they are one, on both sides and in what is assumed
    divided = k.inverse(net, both)
    assert divided.hypotheses == {simple(node(NonZero, t.times(2, a(index(3)))))}


def test_hole_3_no_factor_is_lost():
    s = total(at("a", K0), ONE, index(2))
    nested = total(t.product(lift(s, 1), lift(s, 1)), ONE, index(2))
    assert nested is t.times(2, t.product(s, s)) or nested is not total(lift(s, 1), ONE, index(2))
    [(m, _)] = t.product(s, s).terms
    assert m.bound == 2
    assert sum(e for a, e in m.factors if type(a) is t.Quantity) == 2
    [(m, _)] = t.product(s, s, s).terms
    assert m.bound == 3
    assert sum(e for a, e in m.factors if type(a) is t.Quantity) == 3
    cube = at("a", l)
    assert t.product(cube, cube, cube) is t.power(cube, 3) is not cube


def test_hole_5_containers_that_change():
    x = family("X", (), (index(),))
    EvilTuple.shown = (x,)
    n, both = size_of(N), (x, family("Y", (), (index(),)))
    for make, args in (
        (network, (EvilTuple((x,)), ())),
        (network, ((x,), EvilTuple(()))),
        (network, ((x,), (), EvilTuple(()))),
        (network, ((x,), (), (), EvilTuple(()))),
        (network, (both, (), (), ((n, EvilInt(2)),))),
        (network, (both, (), (), (EvilTuple((n, 2)),))),
        (network, (both, (), (), ((n, True),))),
        (equation, ("X", (), None, EvilTuple((read(0, (), t.quantity("X")),)))),
        (read, (0, EvilTuple((l,)), t.quantity("X"))),
    ):
        with suppress(Refused):
            assert is_exact(make(*args))  # that which was there before and is equal


def test_hole_6_8_there_are_no_arrays():
    """A theorem is about numbers; ranges are index expressions, and what l is in one cannot be left open."""
    assert not {"Array", "Dot", "Outer", "Hadamard", "Transposed"} & {*MAKERS}
    ones = lambda layer: total(t.ONE, ONE, size("n", index(layer)))  # noqa: E731
    assert ones(2) is not ones(3)
    with pytest.raises(Refused, match="no family"):
        network((family("h", ((ONE, size("n", l)),), (index(),)),))
    own = family("h", ((index(2), index(5)), (ONE, size("n", K0))), (index(), index()))
    assert nw.inside(network((own,), ()), t.quantity("h", index(2), l)) == (
        index(),
        index(3),
        shift(l, -1),
        minus(size("n", index(2)), l),
    )


def test_hole_7_two_variables_of_one_name_are_one():
    assert variable("k") is variable("k")
    assert form(Symbol("k")) is variable("k")
    with pytest.raises(Refused, match="is not a term of ours"):
        form(Dummy("k"))


def test_hole_9_a_body_with_a_derivative():
    families = tuple(family(name, (), (index(level),)) for level, name in enumerate("XRSQT"))
    q = equation("Q", (), t.add(at("X"), t.product(at("R"), at("S"))))
    general = network(
        families, (q, equation("T", (), None, (read(0, (), t.quantity("Q")), read(0, (), t.quantity("R")))))
    )
    special = network(families, (q, equation("T", (), t.derivative(t.quantity("Q"), t.quantity("R")))))
    for source in "XS":
        p = k.chain(general, t.quantity("T"), t.quantity(source))
        with pytest.raises(Refused, match="looks back"):
            moved(p, special)
        with pytest.raises(Refused, match="looks back"):
            k.chain(special, t.quantity("T"), t.quantity(source))
        with pytest.raises(Refused, match="no second derivatives"):
            k.tangent(special, 1, (), t.quantity(source))
    with pytest.raises(Refused, match="is not"):
        k.trans(k.refl(general, t.ONE), k.refl(special, t.ONE))


def test_hole_10_nothing_hangs_on_a_network():
    for name in ("families", "edges", "anything"):
        with pytest.raises((TypeError, AttributeError)):
            setattr(ONE_CALLED_X, name, ())
    assert not hasattr(ONE_CALLED_X, "__dict__")
    assert not hasattr(k.refl(EMPTY, t.ONE), "__dict__")
    forged = object.__new__(Theorem)
    for slot, part in zip(
        Theorem.__slots__, (EMPTY, t.number(7), EvilInt(8), frozenset(), "refl", (EMPTY, t.number(7))), strict=True
    ):
        object.__setattr__(forged, slot, part)
    with pytest.raises(Refused, match="differently"):
        replay(SimpleNamespace(proof=forged))


def test_hole_11_what_is_bound_is_nothing_of_the_network():
    """A network has no free names at all, so no hypothesis can bind one of it."""
    g = family("G", ((ONE, index(5)),), (index(1),))
    with pytest.raises(Refused, match="not defined by a term of the network alone"):
        network((g,), (equation("G", (), t.value(plus(ONE, variable("r")))),))
    net = network((family("T", (), (index(),)), g), (equation("G", (), subtract(t.add(t.ONE, at("T")), t.value(K0))),))
    every = node(Hypothesis, 1, frozenset(), node(NonZero, at("G", K0)))
    p = k.weaken(k.refl(net, t.ONE), frozenset([every]))
    fact = k.define(net, 0, (variable("r"),))  # G[r] = 1 + T - r, where 1 <= r <= 5
    with pytest.raises(Refused, match="cannot be seen"):
        k.discharge(p, every, fact, ("r",))
    one = k.weaken(
        k.refl(net, t.ONE),
        frozenset(
            [
                node(
                    Hypothesis,
                    1,
                    frozenset(),
                    node(NonZero, t.add(t.ONE, t.power(t.value(plus(K0, variable("r"))), 2))),
                )
            ]
        ),
    )
    [h] = one.hypotheses
    own = k.refl(net, t.add(t.ONE, t.power(t.value(plus(variable("r"), variable("r"))), 2)))
    with pytest.raises(Refused, match="is not about"):
        k.discharge(one, h, own, ("r",))


def test_hole_12_there_are_no_two_names_that_print_alike():
    """A name is a string and nothing else; two variables are two strings, and what is bound has none."""
    assert variable("j") is not variable("j'")
    assert variable("j").parts == variable("".join("j")).parts
    p = t.named(("j",), t.value(variable("j")))
    assert not p.names
    assert p is t.named(("q",), t.value(variable("q")))


# The attacks.


def test_attack_1_sums_without_end_that_cancel():
    """g(x) = sum over y of [x = 2y] [x >= 0] has two ends for each x; the sum of it over x has none."""
    x, y = variable("x"), variable("y")
    g = t.bind(1, t.product(t.match(plus(lift(x, 1), K0, -2)), t.bracket(lift(x, 1))))
    moved = reindex(EMPTY, g, 0, 1, ONE)
    apart = split(EMPTY, t.bracket(shift(y, 1)), shift(y, 1))  # |- [y + 1 >= 0] = [y + 1 = 0] + [y >= 0]
    holes = [at(f"?{i}", K0) for i in range(2)]
    for context in (
        lambda: t.bind(1, subtract(*holes)),
        lambda: subtract(t.bind(1, holes[0]), t.bind(1, holes[1])),
        lambda: t.bind(1, t.product(t.bracket(K0), holes[0])),
        lambda: t.bind(1, t.power(holes[0], 0)),
        lambda: t.bind(1, t.applied("f", 0, holes[0])),
    ):
        with pytest.raises(Refused, match="without end"):
            k.subst(context(), (moved, apart), (("x",), ("y",)))
    solved = t.bind(1, t.product(t.match(minus(K0, lift(x, 1))), holes[0]))
    assert solved is at("?0", x)  # the sum over one value is none
    p = k.subst(t.bind(1, t.product(t.bracket(K0), t.bracket(minus(N, K0)), holes[0])), (moved,), (("x",),))
    assert p.lhs is p.rhs or not p.hypotheses


def test_attack_1_by_hand():
    """1 + the sum of [k >= 0] = the sum of [k >= -1]: neither can be made, also not from plain data."""
    for d in (K0, shift(K0, 1)):
        with pytest.raises(Refused, match="without end"):
            t.bind(1, t.bracket(d))
    entries = [
        ["Bound", 0],
        ["Index", 0, ["{}", ["()", ["#", 0], 1]]],
        ["Bracket", ["#", 1]],
        ["Monomial", 1, ["{}", ["()", ["#", 2], 1]]],
    ]
    with pytest.raises(Refused, match="without end"):
        load(entries)


def test_attack_2_an_index_is_an_index():
    for bad in ((node(ix.Bound, 0),), (node(ix.Variable, "x"),), (at("X"),), ("junk", 7), K0, (t.quantity("X"),)):
        with pytest.raises(Refused, match="is not made of"):
            partial(t.quantity("X"), 0, bad)
    for bad in (node(ix.Bound, 0), node(ix.Variable, "x"), at("X"), "junk", 7, (K0,), t.quantity("X"), None):
        with pytest.raises(Refused, match="is not made of"):
            t.quantity("X", bad)
    inner = partial(t.quantity("X"), 0, (K0,))
    assert inner.loose == 1
    assert t.put(inner, ix.putting(places=(l,))) is partial(t.quantity("X"), 0, (l,))


def test_attack_3_what_a_partial_derivative_reads_is_seen():
    families = (family("H", (), (index(0),)), family("Y", (), (index(1),)))
    with pytest.raises(Refused, match="is not made of"):
        partial(t.quantity("H"), 0, (at("Y"),))
    circle = equation("Y", (), partial(t.quantity("Y"), 0, ()))
    with pytest.raises(Refused, match="not defined by a term"):
        network(families, (circle,))
    with pytest.raises(Refused, match="not defined by a term"):
        network(families, (equation("Y", (), partial(t.quantity("Q"), 0, ())),))


def test_attack_5_what_two_general_networks_leave_open_is_not_one_number():
    x = t.quantity
    families = tuple(family(name, (), (index(rank),)) for rank, name in enumerate("qrfG"))
    slope = equation("G", (), partial(x("f"), 0, ()))
    # From two general networks, in which f depends on q and r this way and that, G was 1 and 2 in a special one.
    with pytest.raises(Refused, match="G is not defined by a term of the network alone"):
        network(families, (equation("f", (), None, (read(0, (), x("q")), read(0, (), x("r")))), slope))


@pytest.mark.parametrize("name", ["", "0", "3 = 4", "|-", "a b", "a[0]", "a\nt9: |- 0 = 1", "\x1b[2K", "-", "?a", "#0"])
def test_what_is_printed_is_no_name(name):
    for make in (lambda: variable(name), lambda: size(name), lambda: t.quantity(name), lambda: family(name, (), ())):
        with pytest.raises(Refused, match="is not made of"):
            make()


def test_attack_4_three_brackets_on_one_form():
    x = variable("x")
    atoms = [t.node(t.Bracket, d) for d in (x, minus(index(), x), shift(x, -1))]
    assert all(t.monomial(0, [(a, 1) for a in order]) is t.ZERO for order in itertools.permutations(atoms))


def test_contradictory_sizes_are_no_network():
    n, n_of = size_of(N), lambda d: size_of(size("n", d))
    with pytest.raises(Refused, match="named twice"):
        network((), (), (), ((n, 2), (n_of(N), 5), (n_of(index(2)), 3)))


def test_a_hypothesis_has_ends_and_is_about_the_network():
    for h in (simple(node(NonZero, at("q"))), simple(node(NonZero, at("a", K0))), for_all(1, [K0], at("q"), t.ONE)):
        with pytest.raises(Refused, match=r"not about quantities|loose variables"):
            k.weaken(k.refl(ONE_CALLED_X, t.ONE), frozenset([h]))


def test_too_deep_is_no_theorem():
    p = k.refl(ONE_CALLED_X, at("X"))
    for _ in range(3000):
        p = k.symm(p)
    with pytest.raises(RecursionError):
        again(p)


# A fresh attack on this core: rules believe that forms and terms are normal and that networks are checked, and there
# was a maker that looked at types alone. Each of these was 0 = 1.


def test_a_network_that_its_maker_has_not_checked_proves_nothing():
    """Y = Y + 1 as a node; two equations that meet, with 0 put for how many quantities are between them."""
    circle = node(nw.Network, (family("Y"),), (equation("Y", (), t.add(at("Y"), t.ONE)),), (), ())
    with pytest.raises(Refused, match="does not come before"):
        k.define(circle, 0, ())
    first, last = (minus(ONE, K0),), (minus(K0, shift(N, 1)),)
    ends = network((family("Y", ((ONE, shift(N, 1)),)),), (equation("Y", first, t.ONE), equation("Y", last, t.ZERO)))
    meeting = t.put(ends, ix.putting(sizes=((size_of(N), index()),)))
    with pytest.raises(Refused, match="two equations"):
        k.define(meeting, 0, (ONE,))
    assert k.define(ends, 0, (ONE,)).rhs is t.ONE
    assert k.refl(node(nw.Network, *ends.parts), t.ONE).net is ends


def test_what_is_not_in_normal_form_cannot_be_made():
    """A rule took the last power of an atom that is there twice; a summand 0 looked positive; an index is like both."""
    x, y = t.quantity("X"), at("Y")
    [(one, _)], [(square, _)] = t.ONE.terms, t.power(y, 2).terms
    k0 = node(ix.Variable, "k")
    for kind, parts in (
        (t.Monomial, (0, frozenset([(x, 1), (x, 2)]))),
        (t.Monomial, (1, frozenset([(node(t.Bracket, K0), 1)]))),
        (t.Term, (frozenset([(one, 0), (square, 1)]),)),
        (t.Term, (frozenset([(square, 1), (square, 2)]),)),
        (ix.Index, (0, frozenset([(k0, 1), (k0, 2)]))),
    ):
        with pytest.raises(Refused, match="its maker alone"):
            node(kind, *parts)


def test_no_variable_is_lifted_onto_another():
    """As a[#0] a[#1]^2 with the second variable moved down, one atom was twice in a product."""
    p = t.product(at("a", K0), t.power(at("a", bound(1)), 2))
    assert lift(p, -1, 1) is p
    assert lift(total(p, ONE, index(2)), 1, -1) is total(p, ONE, index(2))
    assert lift(p, 1, 1) is t.product(at("a", K0), t.power(at("a", bound(2)), 2))


# An attack on the core of 839 lines. Each was false without hypotheses, by a program that calls what it finds by name.


def test_nobody_else_makes_rules():
    assert not hasattr(k, "rule")
    assert not [f for f in vars(k).values() if getattr(f, "__name__", "") == "rule"]


def a_form(constant, *coefficients):
    """An index form that has x more than once, if somebody makes it."""
    [(x, _)] = variable("x").terms
    return shift(SimpleNamespace(constant=constant, terms=frozenset((x, c) for c in coefficients)), 0)


def test_a_form_has_each_variable_once():
    """[x + 2x - 3 = 0] solved for x gave x = 3, and x = 1 where its terms were added: 1 = 3."""
    with pytest.raises(Refused, match="not each is there once"):
        a_form(-3, 1, 2)
    with pytest.raises(Refused, match="not each is there once"):
        a_form(-3, 1, 0)
    assert a_form(-3, 3) is index(-3, tuple((b, 3 * c) for b, c in variable("x").terms))


def test_no_function_of_the_core_builds_what_is_not_normal():
    """Also none that is its own: the makers' maker checks what the rules rely on."""
    [(one, _)], x, k0 = t.ONE.terms, t.quantity("X"), node(ix.Variable, "k")

    class Twice(dict):
        def items(self):
            return [(one, 1), (one, 2)]

    for make in (
        lambda: ix._build(t.Term, frozenset([(one, 1), (one, 2)])),
        lambda: ix._build(t.Term, frozenset([(one, 0)])),
        lambda: t._term(Twice({one: 1})),
        lambda: ix._build(t.Monomial, 0, frozenset([(x, 1), (x, 2)])),
        lambda: t._monomial(0, frozenset([(x, 1), (x, 2)])),
        lambda: ix._build(ix.Index, 0, frozenset([(k0, 1), (k0, 2)])),
    ):
        with pytest.raises(Refused, match="not each is there once"):
            make()
    ahead = frozenset([(node(t.Bracket, K0), 1)])
    for make in (
        lambda: ix._build(t.Monomial, 1, ahead),
        lambda: t._monomial(1, ahead),
        lambda: t._ordered(1, ahead),
    ):
        with pytest.raises(Refused, match="without end"):
            make()


def test_the_second_derivative_of_a_root_is_not_positive():
    """|- exp(log(sqrt''(1))) = sqrt''(1), which is -1/4."""
    u = t.atom(node(t.Applied, "sqrt", 2, t.ONE))
    p = k.law(EMPTY, "exp of log", u)
    with pytest.raises(Refused, match="cannot be seen"):
        k.discharge(p, *p.hypotheses, k.refl(EMPTY, u), ())
    root = t.applied("sqrt", 0, t.ONE)
    p = k.law(EMPTY, "exp of log", root)
    assert not k.discharge(p, *p.hypotheses, k.refl(EMPTY, root), ()).hypotheses
