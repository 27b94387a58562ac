import pytest
import sympy
from sympy import Float, Integer, Rational, Symbol

from backproof.oracle.digits import DIGITS, number, put
from backproof.oracle.worlds.verdicts import Undefined

u, t = Symbol("u"), Symbol("t")
FORMULAS = (
    1 / (1 + sympy.exp(-u)),
    sympy.log(1 + sympy.exp(u)),
    sympy.erfc(-u / 2) / 2,
    sympy.diff(sympy.erfc(-u), u),
    Rational(1, 3) * u**3 - Float("0.1", 40) * u + Integer(2),
    sympy.pi * u,
)


@pytest.mark.parametrize("e", FORMULAS, ids=str)
@pytest.mark.parametrize("at", ["0.7", "-1.3"])
def test_a_value_is_that_of_sympy(e, at):
    expected = e.evalf(40, subs={u: Float(at, 40)})
    assert abs(number(e, DIGITS.mpf(at)) - DIGITS.mpf(expected._mpf_)) < 1e-37


def test_an_expression_may_stand_for_the_symbol():
    assert put(u**2 + 1, t + 1) == (t + 1) ** 2 + 1
    assert put(u**2 + 1, DIGITS.mpf(2)) == 5
    assert number(DIGITS.mpf(2), 3) == 2


def test_division_by_0_is_undefined():
    with pytest.raises(Undefined):
        number(1 / u, DIGITS.zero)
