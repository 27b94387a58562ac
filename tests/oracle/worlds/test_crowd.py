"""The crowd's values and slopes, beside the same formulas in Python's own integers."""

from itertools import product

import numpy as np
import pytest

from backproof.networks import batch, bias_unit, dense
from backproof.oracle.worlds.axes import Target
from backproof.oracle.worlds.crowd import Crowd
from backproof.oracle.worlds.index import single
from backproof.oracle.worlds.lanes import P
from backproof.oracle.worlds.shapes import Shape
from backproof.oracle.worlds.verdicts import Unsupported

SHAPES = (Shape((2, 3, 2), 2), Shape((1, 2, 3), 1))
CROWD = Crowd(dense(), SHAPES)


def value(crowd, network, name, *indices):
    return [int(x) for x in crowd.value(name, tuple(map(single, indices)))[network].tolist()]


def slope(crowd, network, name, indices, by, *at):
    found = crowd.slope(name, tuple(map(single, indices)), Target(by, tuple(map(single, at))))
    shape = (crowd.size, 10)
    return [0] * 10 if found is None else [int(x) for x in np.broadcast_to(found, shape)[network].tolist()]


def product_of(first, second):
    return [one * other for one, other in zip(first, second, strict=True)]


@pytest.mark.parametrize("network", [0, 1])
def test_the_forward_pass(network):
    widths = SHAPES[network].widths
    for layer in (2, 3):
        for unit in range(1, widths[layer - 1] + 1):
            parts = [
                product_of(value(CROWD, network, "w", layer, unit, k), value(CROWD, network, "a", layer - 1, k))
                for k in range(1, widths[layer - 2] + 1)
            ]
            bias = value(CROWD, network, "b", layer, unit)
            expected = [sum(column) % P for column in zip(*parts, bias, strict=True)]
            assert value(CROWD, network, "z", layer, unit) == expected
    assert value(CROWD, network, "a", 1, 1) == value(CROWD, network, "x", 1)


@pytest.mark.parametrize("network", [0, 1])
def test_slopes_follow_the_chain(network):
    """dz[3]/dw[2,1,1] = w[3] sigma'(z[2,1]) a[1,1], and of what comes before, 0."""
    direct = slope(CROWD, network, "z", (2, 1), "w", 2, 1, 1)
    assert direct == value(CROWD, network, "a", 1, 1)
    bend = slope(CROWD, network, "a", (2, 1), "z", 2, 1)
    weight = value(CROWD, network, "w", 3, 2, 1)
    expected = [x * y * z % P for x, y, z in zip(direct, bend, weight, strict=True)]
    assert slope(CROWD, network, "z", (3, 2), "w", 2, 1, 1) == expected
    assert slope(CROWD, network, "z", (2, 1), "z", 3, 1) == [0] * 10
    assert slope(CROWD, network, "z", (2, 1), "z", 2, 1) == [1] * 10


def test_the_cost_moves_with_each_of_its_inputs():
    found = [slope(CROWD, 0, "C", (), "a", 3, unit) for unit in (1, 2)] + [slope(CROWD, 0, "C", (), "y", 1)]
    assert len(set(map(tuple, found))) == 3
    assert [0] * 10 not in found
    assert slope(CROWD, 0, "C", (), "a", 3, 3) == [0] * 10


def test_what_is_beyond_is_a_number_of_its_own():
    beyond = [(1, 0), (1, 3), (0, 1), (4, 1)]
    assert len({tuple(value(CROWD, 0, "a", *at)) for at in beyond}) == len(beyond)
    assert slope(CROWD, 0, "a", (4, 1), "a", 4, 1) == [1] * 10
    assert slope(CROWD, 0, "a", (4, 1), "a", 3, 1) == [0] * 10
    assert all(1 <= width <= 4 for width in CROWD.width(single(0)).values)
    with pytest.raises(Unsupported, match="far outside"):
        CROWD.value("a", (single(1), single(40)))


def test_what_exists():
    def found(crowd, name, *at):
        return crowd.exists(name, tuple(map(single, at))).tolist()

    assert found(CROWD, "a", 1, 2) == [True, False]
    assert found(CROWD, "b", 1, 1) == [False, False]
    assert found(CROWD, "w", 4) == [False, False]
    assert found(CROWD, "w", 3) == [True, True]
    assert found(CROWD, "a", 1, 40) == found(CROWD, "w", 40) == found(CROWD, "a", 1, -40) == [False, False]
    assert found(Crowd(bias_unit(), SHAPES), "a", 2, 0) == [True, True]
    assert found(Crowd(batch(), SHAPES), "a", 2, 1, 2) == [True, False]


def test_the_same_in_whatever_order():
    first, second = Crowd(dense(), SHAPES), Crowd(dense(), SHAPES)
    keys = [("z", 3, 1), ("a", 2, 1), ("x", 1)]
    found = {key: value(first, 0, *key) for key in keys}
    for key in reversed(keys):
        assert value(second, 0, *key) == found[key]


def test_no_two_networks_are_alike():
    found = [tuple(value(CROWD, network, "w", 2, 1, 1)) for network in (0, 1)]
    assert len(set(found)) == len({lane for numbers in product(found) for lane in numbers[0]}) / 10 == 2
