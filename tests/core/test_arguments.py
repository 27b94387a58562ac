"""Makers and rules take what they are for and nothing else (holes 4, 5 and 7 of an earlier kernel)."""

from __future__ import annotations

import itertools
import random

import pytest

from backproof.core import index as ix
from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, node, size, variable
from backproof.core.kernel import NonZero, Theorem, simple, within

from .making import (
    EMPTY,
    K0,
    ONE,
    L,
    N,
    at,
    between,
    equation,
    family,
    for_all,
    function,
    network,
    partial,
    read,
    size_of,
)
from .odd import ODD, is_exact
from .proofs import again, says

l = variable("l")
ONE_CALLED_X = network((family("X", (), (index(),)),))


@pytest.mark.parametrize("name", ["x", "delta", "w_1", "z'", "?", "?0"])
def test_names(name):
    assert t.quantity(name).family == name


def test_a_function_may_have_more_words_and_nothing_else():
    assert t.applied("leaky-relu", 0, t.ONE) is not t.ONE
    for make in (t.quantity, variable, size):
        with pytest.raises(Refused, match="it is not made of"):
            make("n-1")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 65,
        " ",
        "x y",
        "x+1",
        "1x",
        "'",
        "?-1",
        "?x",
        "x[0]",
        "#0",
        "x\n",
        "x\u200b",
        "-x",
        "x()",
        "σ",
        "\u31641",
        "\u2460",
    ],
)
@pytest.mark.parametrize("make", [variable, size, t.quantity, family, lambda name: t.applied(name, 0, t.ONE)])
def test_what_is_no_name(make, name):
    """Nothing else that is printed looks like a name."""
    with pytest.raises(Refused, match="is not made of"):
        make(name)


@pytest.mark.parametrize(
    "make",
    [
        index,
        lambda x: index(0, ((x, 1),)),
        lambda x: index(0, ((ix.node(ix.Variable, "x"), x),)),
        variable,
        bound,
        size,
        lambda x: size("n", x),
        t.number,
        lambda x: t.times(x, t.ONE),
        lambda x: t.times(2, x),
        lambda x: t.power(x, 2),
        lambda x: t.power(at("X"), x),
        lambda x: t.bind(x, at("X")),
        lambda x: t.bind(1, x),
        t.quantity,
        lambda x: t.quantity("a", x),
        lambda x: t.derivative(x, t.quantity("X")),
        lambda x: t.derivative(t.quantity("X"), x),
        lambda x: partial(x, 0, ()),
        lambda x: partial(t.quantity("X"), x, ()),
        lambda x: partial(t.quantity("X"), 0, x),
        lambda x: partial(t.quantity("X"), 0, (x,)),
        t.bracket,
        t.match,
        t.value,
        lambda x: t.applied(x, 0, t.ONE),
        lambda x: t.applied("f", x, t.ONE),
        lambda x: t.applied("f", 0, x),
        lambda x: t.applied("log", x, t.ONE),
        lambda x: family(x, (), ()),
        lambda x: family("a", x, ()),
        lambda x: family("a", (x,), ()),
        lambda x: family("a", ((x, ONE),), ()),
        lambda x: family("a", ((ONE, x),), ()),
        lambda x: family("a", (), x),
        lambda x: family("a", (), (x,)),
        lambda x: family("a", (), (), x),
        lambda x: family("a", (), (), (x,)),
        equation,
        lambda x: equation("a", x),
        lambda x: equation("a", (x,)),
        lambda x: equation("a", (), None, x),
        lambda x: equation("a", (), None, (x,)),
        lambda x: read(x, (), t.quantity("X")),
        lambda x: read(0, x, t.quantity("X")),
        lambda x: read(0, (x,), t.quantity("X")),
        lambda x: read(0, (), x),
        lambda x: function(x, t.ONE),
        lambda x: function("s", x),
        lambda x: network((x,), ()),
        lambda x: network((), (x,)),
        lambda x: network((), (), (x,)),
        lambda x: network((), (), (), (x,)),
        lambda x: network((), (), (), ((size_of(N), x),)),
        lambda x: network((), (), (), ((x, 2),)),
    ],
)
def test_hole_4_5_7_every_maker_takes_exact_types(make):
    """No subclass of int, str, tuple or Fraction, which may equal everything and show others what it likes.

    True may stand for the 1 that it equals; then what is made is the node with 1.
    """
    for x in ODD:
        try:
            made = make(x)
        except (Refused, TypeError, AttributeError):
            continue
        assert is_exact(made), (x, made)


CALLS = {
    "refl": (ONE_CALLED_X, at("X")),
    "symm": (k.refl(ONE_CALLED_X, t.ONE),),
    "trans": (k.refl(ONE_CALLED_X, t.ONE),) * 2,
    "subst": (at("?0"), (k.refl(ONE_CALLED_X, t.ONE),), ((),)),
    "assume": (ONE_CALLED_X, for_all(0, [], at("X"), t.ONE), ()),
    "weaken": (k.refl(ONE_CALLED_X, t.ONE), within(l)),
    "discharge": (
        k.weaken(k.refl(EMPTY, t.ONE), frozenset([simple(node(NonZero, t.value(N)))])),
        simple(node(NonZero, t.value(N))),
        k.refl(EMPTY, t.value(N)),
        (),
    ),
    "define": (network((family("Y", (), (index(),)),), (equation("Y", (), t.ONE),)), 0, ()),
    "unfold": (network((), (), (function("s", t.power(at("?"), 2)),)), "s", 1, t.value(N)),
    "tangent": (network((family("Y", (), (index(),)),), (equation("Y", (), t.ONE),)), 0, (), t.quantity("Y")),
    "still": (ONE_CALLED_X, t.quantity("X"), t.quantity("X"), frozenset()),
    "apart": (network((family("a", ((ONE, N),), ()),), ()), t.quantity("a", l), t.quantity("a", N), (("a", 0),)),
    "chain": (ONE_CALLED_X, t.quantity("X"), t.quantity("X")),
    "holds": (EMPTY, l),
    "either": (EMPTY, l),
    "reindex": (EMPTY, t.product(between(K0, ONE, N), t.value(K0)), -1, N),
    "inverse": (ONE_CALLED_X, at("X")),
    "law": (ONE_CALLED_X, "exp of log", at("X")),
    "induct": (k.refl(EMPTY, t.ONE), k.refl(EMPTY, t.ONE), "l", (), L, 1),
}


def test_there_is_a_call_of_every_rule():
    assert set(CALLS) == set(k.RULES)
    assert all(type(k.RULES[name](*args)) is Theorem for name, args in CALLS.items())


@pytest.mark.parametrize("name", k.RULES)
def test_hole_4_7_odd_objects_in_every_place_of_every_rule(name):
    """Refused, and by nothing else than Refused; also odd ones within tuples and sets, and too many or few."""
    rule, args = k.RULES[name], CALLS[name]
    for place in range(len(args)):
        for x in ODD:
            wrapped = [x, (x,), (*args[place], x) if type(args[place]) is tuple else (x, x)]
            if getattr(type(x), "__hash__", None) is not None:
                wrapped.append(frozenset([x]))
            for odd in wrapped:
                with pytest.raises(Refused):
                    rule(*args[:place], odd, *args[place + 1 :])
    for wrong in (args[:-1], (*args, 0), ()):
        with pytest.raises(Refused):
            rule(*wrong)


@pytest.mark.parametrize("name", k.RULES)
def test_what_is_of_the_core_and_in_the_wrong_place(name):
    """Refused, or a theorem that its own rule has made and that is read again as the same."""
    rule, args, taken = k.RULES[name], CALLS[name], 0
    r = random.Random(name)
    own = [
        t.ZERO,
        t.ONE,
        at("X"),
        l,
        N,
        K0,
        index(),
        "l",
        "X",
        "",
        "?0",
        0,
        1,
        -1,
        10**30,
        (),
        ((),),
        frozenset(),
        EMPTY,
        ONE_CALLED_X,
        k.refl(ONE_CALLED_X, t.ONE),
        t.quantity("X"),
        size_of(N),
        node(NonZero, t.ONE),
        simple(node(NonZero, at("X"))),
        for_all(0, [], at("X"), t.ONE),
        (l,),
        ("l",),
        frozenset([l]),
        within(l),
        family("X", (), (index(),)),
        equation("X"),
        t.node(t.Bracket, l),
        next(iter(at("X").terms))[0],
    ]
    for place, x in itertools.product(range(len(args)), own):
        others = [*args]
        others[place] = x
        if r.random() < 0.3:
            others[r.randrange(len(args))] = r.choice(own)
        try:
            p = rule(*others)
        except Refused:
            continue
        taken += 1
        assert says(again(p)) == says(p)
        assert not (not p.hypotheses and {p.lhs, p.rhs} == {t.ZERO, t.ONE})
