"""What is remembered is what was made of nodes: nothing that calls itself equal to one can stand in its place."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from types import FunctionType, SimpleNamespace

import pytest

from backproof.core import index as i
from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Kind, Node, Refused, index, node, putting, variable

from .making import EMPTY
from .odd import MoreThanItSays, Ratio, twin

K, M = variable("k"), variable("m")
FALSE = {"constant": 7, "terms": frozenset(), "loose": 0, "names": frozenset(), "parts": (7, frozenset())}


@pytest.mark.parametrize(
    ("remembered", "arguments"),
    [
        (i.plus, (K, M)),
        (i.tight, (K,)),
        (i.put_index, (K, putting((("k", M),)), 0)),
        (i.lift, (K, 1)),
        (t.bracket, (K,)),
        (t.put, (K, putting((("k", M),)), 0)),
        (t.at, (K, M)),
        (i.key, (K,)),
    ],
)
def test_a_twin_is_refused(remembered, arguments):
    right = remembered(*arguments)
    remembered.cache_clear()
    with pytest.raises(Refused, match="not its arguments"):
        remembered(twin(K, **FALSE), *arguments[1:])
    assert remembered.cache_info().currsize == 0
    assert remembered(*arguments) == right


def test_a_twin_is_nothing_where_nothing_is_remembered():
    for make in (lambda x: i.minus(x, M), i.negative, i.basic):
        with pytest.raises(Refused):
            make(twin(K, **FALSE))
    assert i.shift(twin(K, **FALSE), 5) is index(12)  # it says that it is 7
    assert i.shift(K, 5) is index(5, K.terms)


def test_a_twin_within_a_set_is_refused():
    i.contradictory.cache_clear()
    with pytest.raises(Refused, match="not its arguments"):
        i.contradictory(frozenset([twin(K, constant=-1, terms=frozenset())]))
    assert not i.contradictory(frozenset([K]))


def test_a_twin_is_no_part_of_a_node():
    with pytest.raises(Refused, match="it is not made of"):
        node(t.Bracket, twin(variable("new"), **FALSE))
    with pytest.raises(Refused, match="it is not made of"):
        putting((("k", twin(K, **FALSE)),))


class Lying(dict):
    """The body of a class that says it has nothing in it."""

    def keys(self):
        return set()


EQUAL = {"__eq__": lambda *_: True, "__hash__": lambda _: hash(K)}


@pytest.mark.parametrize(
    ("bases", "body"),
    [
        ((Node,), EQUAL),
        ((Node,), Lying(EQUAL)),
        ((Node,), {"__annotations__": {"__eq__": FunctionType, "__hash__": FunctionType, "constant": int}}),
        ((Node,), {"__annotations__": {"constant": int}}),
        ((k.Theorem,), {}),
        ((i.Closed,), {"__annotations__": k.Theorem.__annotations__}),
        ((), {}),
    ],
)
def test_nobody_else_makes_kinds(bases, body):
    """What is remembered believes of a kind that its nodes equal themselves alone; a class may say that it is one."""
    with pytest.raises(TypeError, match="makers and rules only"):
        Kind("Odd", bases, body)
    with pytest.raises(TypeError, match="makers and rules only"):
        type.__call__(Kind, "Odd", bases, body)


class Open(Kind):
    """A way around it."""

    __new__ = type.__new__
    __init__ = type.__init__


def test_a_kind_of_ones_own_that_is_equal_to_all_is_refused():
    odd = Open("Odd", (Node,), {**EQUAL, "__slots__": (), "__new__": object.__new__, "parts": (), **FALSE})
    i.plus.cache_clear()
    with pytest.raises(Refused, match="not its arguments"):
        i.plus(odd(), M)
    with pytest.raises(Refused, match=r"no kind of ours|not its arguments"):
        node(odd)
    assert i.plus(K, M) is index(0, (*K.terms, *M.terms))


ODD_NUMBERS = {"more than it says": (MoreThanItSays(2), 2), "1/0": (Ratio(1, 0), 1), "2/4": (Ratio(2, 4), 2)}


@pytest.mark.parametrize(("made_of", "like"), ODD_NUMBERS.values(), ids=ODD_NUMBERS)
def test_a_fraction_of_what_calls_itself_a_number_is_refused(made_of, like):
    """It is a Fraction and of no subclass: 2 that multiplies as 5; 1/0, which was above 0, with the inverse 0."""
    c, seven = Fraction(made_of), t.number(7)
    assert type(c) is Fraction
    t.times.cache_clear()
    with pytest.raises(Refused, match="not its arguments"):
        t.times(c, seven)
    with suppress(Refused):
        assert t.number(c) is t.number(2)  # that which was there before and is equal
    assert t.times(like, seven) is t.number(7 * like)


def told(*made):
    """The theorems of the rules say 1 = 1 and the like: none of them has two different numbers for its sides."""
    return all(p.lhs is p.rhs for p in made)


def test_a_type_that_calls_itself_equal_to_a_theorem_is_none():
    class Meta(type):
        def __eq__(cls, other):
            return True

        def __hash__(cls):
            return hash(k.Theorem)

    class Fake(metaclass=Meta):
        net, lhs, rhs, hypotheses = EMPTY, t.number(1), t.number(0), frozenset()

    with pytest.raises(Refused, match="not its arguments"):
        k.RULES["symm"](Fake())
    with pytest.raises(Refused):
        node(t.Bracket, Fake())
    with pytest.raises(Refused):
        node(Fake, K)


@pytest.mark.parametrize("later", [False, True])
def test_kinds_of_others_are_in_no_memory(later):
    class Base:
        pass

    class Evil(Base, metaclass=Open):
        def __hash__(self):
            return hash(index(-7777))

    evil = object.__new__(Evil)
    i.tight.cache_clear()
    if later:
        Base.__eq__ = lambda *_: True
    with pytest.raises(Refused, match="not its arguments"):
        i.tight(evil)
    p = k.refl(EMPTY, t.bracket(index(-7777)))
    assert told(p)


def test_kinds_do_not_change():
    for kind in (t.Bracket, k.Theorem, i.Index):
        with pytest.raises(TypeError):
            kind.__eq__ = lambda *_: True


def test_a_hint_of_ones_own_is_in_no_memory():
    class Hint:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return hash((k.Theorem,))

    i.exactly(Hint())
    with pytest.raises(Refused, match="not its arguments"):
        k.RULES["symm"](SimpleNamespace(net=EMPTY, lhs=t.ONE, rhs=t.ZERO, hypotheses=frozenset()))
