from backproof.networks import dense
from backproof.oracle.worlds.crowd import Crowd
from backproof.oracle.worlds.degree import Degree, Degrees
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import C, D, L, Symbol, a, exp, j, k, log, sigma, total, w, z

u = Symbol("u")
DEGREES = Degrees(Crowd(dense(), (Shape((2, 3, 2), 1),)), 3)


def test_of_sums_and_products():
    one, fraction = Degree(1), Degree(1, 1)
    assert one.times(one).plus(Degree()) == (2, 0)
    assert fraction.plus(fraction) == (2, 2)
    assert fraction.summed(3) == (3, 3)
    assert Degree(2, 2).of_difference(one) == 3
    assert Degree(3, 1).power(-2) == (2, 6)


def test_of_terms():
    assert DEGREES.of(u**3 + 1).value == (3, 0)
    assert DEGREES.of(1 / (u * u + u)).value == (0, 2)
    assert DEGREES.of(exp(u) * sigma(u)).value == (2, 1)
    assert DEGREES.of(total(w[2, j, k] * a[1, k], k, 1)).value == (2, 0)


def test_of_slopes():
    """dC/dz[L] = dC/da[L] sigma'(z[L]); through a layer, a weight and a slope more."""
    assert DEGREES.of(D(C, z[L, 1])).value.top >= 2
    assert DEGREES.of(D(C, z[2, 1])).value.top >= 4
    assert DEGREES.of(D(log(u * z[L, 1]), z[L, 1])).value.bottom >= 2
