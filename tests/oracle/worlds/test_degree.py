from backproof.networks import dense
from backproof.oracle.worlds.crowd import Crowd
from backproof.oracle.worlds.degree import Degree, Degrees
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import C, D, L, Symbol, a, exp, j, k, log, sigma, total, w, z

u = Symbol("u")
DEGREES = Degrees(Crowd(dense(), (Shape((2, 3, 2), 1),)), 3)


def test_of_sums_and_products():
    one, half, third = Degree(1), Degree(1).inverse("x", 2), Degree(1).inverse("y", 3)
    assert one.times(one).plus(Degree()) == Degree(2)
    assert half == Degree(1, {"x": (1, 2)}), "1/x of one is the other x, by the product of the two"
    assert half.plus(half) == half, "what is divided by is shared"
    assert half.times(half) == Degree(2, {"x": (2, 2)}) == half.power(2)
    assert half.plus(third) == Degree(4, {"x": (1, 2), "y": (1, 3)})
    assert half.plus(half.times(half)) == Degree(3, {"x": (2, 2)})
    assert half.of_difference(one) == 3
    assert half.inverse("z", 4) == Degree(2 + 3, {"z": (1, 4)})


def test_of_terms():
    assert both(u**3 + 1) == (3, 0)
    assert both(1 / (w[2, 1, 1] ** 2 + w[2, 1, 1])) == (0, 2)
    assert both(exp(u) * sigma(u)) == (3, 1)
    assert both(total(w[2, j, k] * a[1, k], k, 1)) == (2, 0)
    assert both(total(1 / w[2, j, k], k, 1)) == (3**2 - 1, 3**2), "one for each j and k"


def both(e):
    found = DEGREES.of(e).value
    return found.top, found.bottom


def test_of_slopes():
    """dC/dz[L] = dC/da[L] sigma'(z[L]); through a layer, a weight and a slope more."""
    assert DEGREES.of(D(C, z[L, 1])).value.top >= 2
    assert DEGREES.of(D(C, z[2, 1])).value.top >= 4
    assert DEGREES.of(D(log(u * z[L, 1]), z[L, 1])).value.bottom >= 2
