import pytest
from sympy import Integer

from backproof.networks import dense, residual
from backproof.oracle.worlds.shapes import LARGE, Shape
from backproof.oracle.worlds.sizes import crowd, special, usual, whole
from backproof.surface.terms import Kron, L, n

EVERY = [shape.widths for shapes in usual(dense()) for shape in shapes]


def test_depths():
    assert {len(widths) for widths in EVERY} == {1, 2, 3, 4, 5}
    assert all(len({len(shape.widths) for shape in shapes}) == 1 for shapes in usual(dense()))


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_widths_all_differ_or_are_all_equal(depth):
    found = [widths for widths in EVERY if len(widths) == depth]
    kinds = {len(set(widths)) for widths in found}
    assert kinds == {1, depth}
    for place in range(depth - 1):
        assert {widths[place] < widths[place + 1] for widths in found if len(set(widths)) > 1} == {True, False}


def test_every_width_in_every_layer():
    for depth in (2, 3):
        for place in range(depth):
            assert {widths[place] for widths in EVERY if len(widths) == depth} >= {1, 2, 3, 4, 5}


def test_numbers_of_examples_differ():
    assert {shape.examples for shapes in usual(dense()) for shape in shapes} == {1, 2, 3, 4, 5}


def test_what_is_given_is_kept():
    assert {shape.widths for shapes in usual(dense(widths=(2, 4))) for shape in shapes} == {(2, 4)}
    assert {len(shape.widths) for shapes in usual(dense(Integer(4))) for shape in shapes} == {4}


def test_numbers_in_the_statement_are_tried():
    found = [shape.widths for shapes in special(dense(), (Kron(n(1), 7),)) for shape in shapes]
    assert {widths[0] for widths in found if len(widths) == 3} >= {6, 7, 8}
    assert {len(widths) for widths in found} == {1, 2, 3, 6, 7, 8}
    assert special(dense(), (Kron(L, 3),)) == ()
    assert special(dense(), (Kron(L, 784),)) == ()
    assert all(shape.weights <= LARGE for shapes in special(dense(), (Kron(L, 12),)) for shape in shapes)


def test_a_network_that_adds_layers_has_layers_of_equal_width():
    shapes = (Shape((2, 3), 1), Shape((2, 2), 1))
    assert crowd(residual(), shapes).shapes == shapes[1:]
    assert crowd(dense(), shapes).shapes == shapes
    assert not whole(residual(), shapes)
    assert whole(dense(), shapes)
