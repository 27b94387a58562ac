"""The elementary functions, as the judges have them: by formula, by SymPy, by mpmath."""

import mpmath
import pytest

from backproof.networks import dense
from backproof.oracle import brute_force
from backproof.oracle import numeric_world as numeric
from backproof.oracle.dual import Dual
from backproof.oracle.worlds.elementary import REAL, hermite
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import ELEMENTARY

POINTS = (-7.5, -1.25, 0.5, 2.0)


def test_every_judge_has_every_one():
    assert set(REAL) == set(numeric.FUNCTIONS) == brute_force.ELEMENTARY == set(ELEMENTARY)


@pytest.mark.parametrize("times", range(3))
@pytest.mark.parametrize("name", REAL)
def test_judges_agree(name, times):
    world = brute_force.Digits(dense(), Shape((2, 2), 1), "")
    for u in POINTS if name not in ("log", "sqrt") else POINTS[2:]:
        value = REAL[name](times, u)
        assert complex(numeric.FUNCTIONS[name](times, u)) == pytest.approx(value, rel=1e-13)
        assert float(world.function(name, times, world.number(0) + u)) == pytest.approx(value)


@pytest.mark.parametrize("times", range(5))
def test_the_derivatives_of_the_normal_law(times):
    for u in POINTS:
        with mpmath.workdps(40):
            assert REAL["phi"](times, u) == pytest.approx(float(mpmath.diff(mpmath.npdf, u, times)), rel=1e-12)
            assert REAL["Phi"](times, u) == pytest.approx(float(mpmath.diff(mpmath.ncdf, u, times)), rel=1e-12)


def test_the_complex_step_finds_the_density():
    for u in POINTS:
        slope = numeric.FUNCTIONS["Phi"](0, complex(u, numeric.STEP)).imag / numeric.STEP
        assert slope == pytest.approx(REAL["phi"](0, u), rel=1e-13)


def test_hermite_polynomials():
    assert [hermite(times, 2) for times in range(5)] == [1, -2, 3, -2, -5]
    assert hermite(2, Dual(3, 1)).slope == 6
