import pytest
import sympy
from sympy import Float, Integer, Rational, Symbol

from backproof.oracle.digits import DIGITS, Moved, moved, number, unmoved
from backproof.oracle.worlds.verdicts import Undefined

u, t = Symbol("u"), Symbol("t")
FORMULAS = (
    1 / (1 + sympy.exp(-u)),
    sympy.log(1 + sympy.exp(u)),
    sympy.erfc(-u / 2) / 2,
    sympy.diff(sympy.erfc(-u), u),
    Rational(1, 3) * u**3 - Float("0.1", 120) * u + Integer(2),
    sympy.pi * u,
)


@pytest.mark.parametrize("e", FORMULAS, ids=str)
@pytest.mark.parametrize("at", ["0.7", "-1.3"])
def test_a_value_is_that_of_sympy(e, at):
    expected = e.evalf(120, subs={u: Float(at, 120)})
    assert abs(number(e, DIGITS.mpf(at)) - DIGITS.mpf(expected._mpf_)) < 1e-115


@pytest.mark.parametrize("e", FORMULAS, ids=str)
@pytest.mark.parametrize("at", ["0.7", "-1.3"])
def test_a_slope_is_the_derivative_that_sympy_takes_of_the_formula(e, at):
    found = moved(lambda u: number(e, u), Moved.by_t(DIGITS.mpf(at))).slope
    assert abs(found - number(sympy.diff(e, u), DIGITS.mpf(at))) < 1e-45


def test_what_is_composed_of_moved_numbers_is_differentiated_whole():
    composed = 3 * (t * t + 2) ** 2 * sympy.exp(t) + t + 1
    x = Moved.by_t(DIGITS.mpf("0.3"))
    found = 3 * (x * x + 2) ** 2 * moved(DIGITS.exp, x) + x + 1
    assert abs(found.slope - number(sympy.diff(composed, t), unmoved(x))) < 1e-45
    assert abs(unmoved(found) - number(composed, unmoved(x))) < 1e-100


def test_a_number_that_does_not_move_has_one_value():
    assert (number(DIGITS.mpf(2), 3), unmoved(DIGITS.mpf(2)), moved(abs, DIGITS.mpf(-2))) == (2, 2, 2)


def test_division_by_0_is_undefined():
    with pytest.raises(Undefined):
        number(1 / u, DIGITS.zero)
