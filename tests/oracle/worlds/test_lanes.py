import numpy as np
import pytest

from backproof.oracle.worlds import lanes
from backproof.oracle.worlds.functions import derivative
from backproof.oracle.worlds.lanes import LANES, Atoms, P

U = lanes.draw("u", 3)
ONE = np.ones_like(U)


def test_the_prime_is_prime():
    assert all(pow(base, P - 1, P) == 1 for base in (2, 3, 5, 7, 11))


def test_numbers_are_drawn_from_their_name():
    assert (lanes.draw("u", 3) == U).all()
    assert not (lanes.draw("v", 3) == U).any()
    assert U.shape == (3, LANES)
    assert int(U.max()) < P


@pytest.mark.parametrize("count", range(6))
def test_inverses(count):
    x = lanes.draw("x", count)
    assert (lanes.multiply(x, lanes.inverse(x)) == 1).all()


def test_the_inverse_of_0_is_0():
    x = np.where(np.arange(LANES) % 2 == 0, U, np.uint64(0))
    assert (lanes.multiply(x, lanes.inverse(x)) == (np.arange(LANES) % 2 == 0)).all()


def test_arithmetic():
    assert lanes.is_zero(lanes.add(U, lanes.negative(U))).all()
    assert (lanes.power(U, 5) == lanes.multiply(U, lanes.power(lanes.multiply(U, U), 2))).all()
    assert (lanes.integers([-3]) == P - 3).all()
    assert (lanes.multiply(lanes.rational(2, 3), lanes.integers([3])) == 2).all()
    assert (lanes.total(U) == lanes.add(U[0], lanes.add(U[1], U[2]))).all()


def test_arithmetic_is_that_of_whole_numbers_to_the_last_one():
    ends = [0, 1, 2, P // 2, P - 2, P - 1, *map(int, U.reshape(-1))]
    x, y = (np.array(side, dtype=np.uint64) for side in zip(*((a, b) for a in ends for b in ends), strict=True))
    pairs = list(zip(x.tolist(), y.tolist(), strict=True))
    assert lanes.add(x, y).tolist() == [(a + b) % P for a, b in pairs]
    assert lanes.negative(x).tolist() == [-a % P for a, _ in pairs]
    assert lanes.multiply(x, y).tolist() == [a * b % P for a, b in pairs]
    assert lanes.products([(x, y)] * 4).tolist() == [4 * a * b % P for a, b in pairs]
    assert lanes.total(np.stack([x, y, x])).tolist() == [(2 * a + b) % P for a, b in pairs]


def test_a_number_is_0_only_in_all_lanes():
    assert not lanes.is_zero(np.where(np.arange(LANES) == 4, U, np.uint64(0))).any()


def test_a_function_has_one_value_at_one_number():
    atoms = Atoms("")
    value = atoms.value("sigma", 0, U)
    assert (atoms.value("sigma", 0, U.copy()) == value).all()
    assert not (atoms.value("sigma", 1, U) == value).any()
    assert not (atoms.value("f", 0, U) == value).any()
    other = U.copy()
    other[0, 3] += np.uint64(1)
    assert not (atoms.value("sigma", 0, other)[0] == value[0]).any()
    assert (atoms.value("sigma", 0, other)[1:] == value[1:]).all()


def test_elementary_functions():
    def f(name, times, u=U):
        return derivative(Atoms(""), name, times, u)

    assert (f("exp", 0, 0 * U) == 1).all()
    assert (lanes.multiply(f("exp", 0), f("exp", 0, lanes.negative(U))) == 1).all()
    assert (f("exp", 3) == f("exp", 0)).all()
    assert (lanes.multiply(f("log", 1), U) == 1).all()
    assert (lanes.multiply(f("log", 2), lanes.multiply(U, U)) == P - 1).all()
    assert (f("step", 1) == 0).all()
    density = f("phi", 0)
    assert (f("Phi", 1) == density).all()
    assert not (f("Phi", 0) == density).any()
    assert (lanes.add(f("phi", 1), lanes.multiply(U, density)) == 0).all()
    square = lanes.add(lanes.multiply(U, U), lanes.negative(ONE))
    assert (f("phi", 2) == lanes.multiply(square, density)).all()
    assert (f("Phi", 3) == f("phi", 2)).all()
