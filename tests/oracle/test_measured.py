import pytest

from backproof.networks import dense
from backproof.oracle.measured import Measured, Sized, error_of_sums, sized
from backproof.oracle.numeric_world import Floats, logistic
from backproof.oracle.worlds.shapes import Shape


def test_a_sum_is_as_large_as_its_terms():
    found = Sized(3.0) + -2.0 + Sized(-1.0)
    assert (found.value, found.size) == (0.0, 6.0)
    assert (found * Sized(2.0)).size == 12.0
    assert (Sized(-2.0) ** 3).size == 8.0


def test_errors_are_relative_to_the_terms():
    assert error_of_sums(Sized(1e-16, 4.0), 0) == pytest.approx(2.5e-17)
    assert error_of_sums(1e-16, 0) == 1.0
    assert error_of_sums(0, 0) == 0.0


def test_it_is_the_same_network():
    plain = Floats(dense(), Shape((2, 3, 2), 1), " 1", logistic)
    measured = Measured(plain)
    for key in (("a", 3, 1), ("z", 2, 3), ("C",)):
        assert sized(measured.value(key)).value == pytest.approx(plain.value(key), rel=1e-12)
        moved = sized(measured.slope(measured.shifted(("w", 2, 1, 1)).value(key)))
        assert moved.value == pytest.approx(plain.slope(plain.shifted(("w", 2, 1, 1)).value(key)), rel=1e-12)
        assert moved.size >= abs(moved.value) * 0.999
