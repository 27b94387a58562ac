"""What is remembered is what was made of nodes: nothing that calls itself equal to one can stand in its place."""

from __future__ import annotations

import pytest

from backproof.core import index as i
from backproof.core import term as t
from backproof.core.index import Kind, Node, Refused, index, node, putting, variable

from .odd import twin

K, M = variable("k"), variable("m")
FALSE = {"constant": 7, "terms": frozenset(), "loose": 0, "names": frozenset(), "parts": (7, frozenset())}


@pytest.mark.parametrize(
    ("remembered", "arguments"),
    [
        (i.plus, (K, M)),
        (i.minus, (K, M)),
        (i.shift, (K, 5)),
        (i.negative, (K,)),
        (i.sign, (K,)),
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


def test_a_kind_of_ones_own_that_is_equal_to_all_is_refused():
    odd = type.__call__(Kind, "Odd", (Node,), {"__eq__": lambda *_: True, "__hash__": lambda _: hash(K)})
    made = object.__new__(odd)
    object.__setattr__(made, "parts", ())
    i.negative.cache_clear()
    with pytest.raises(Refused, match="not its arguments"):
        i.negative(made)
    assert i.negative(K) is index(0, tuple((b, -c) for b, c in K.terms))
