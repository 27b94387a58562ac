import numpy as np

from backproof.oracle.worlds.directions import Directions, spots
from backproof.oracle.worlds.index import Index, several, single

SOME = Directions("w", (range(1, 3), range(1, 4)), np.array([[True, True, False], [True, False, True]]))


def test_indices_know_their_ends():
    found = several([[1], [4]]) + single(2)
    assert (found.low, found.high, found.values.ravel().tolist()) == (3, 6, [3, 6])
    found = several([[-1], [4]]) * single(-2)
    assert (found.low, found.high, found.values.ravel().tolist()) == (-8, 2, [2, -8])


def test_spots():
    places, within = spots((several([0, 1, 5]),), (range(1, 4),))
    assert (places[0].tolist(), within.tolist()) == ([0, 0, 2], [False, True, False])
    assert spots((single(2),), (range(1, 4),))[1] is True


def test_each_quantity_that_exists_is_a_direction():
    assert SOME.count == 4
    assert [index.values.ravel().tolist() for index in SOME.indices] == [[1, 1, 2, 2], [1, 2, 1, 3]]


def test_its_number():
    indices = Index(np.array([1, 2, 1, 3]), 1, 3), Index(np.array([2, 3, 3, 1]), 1, 3)
    number, among = SOME.number(indices)
    assert among.tolist() == [True, True, False, False]
    assert number[:2].tolist() == [1, 3]
