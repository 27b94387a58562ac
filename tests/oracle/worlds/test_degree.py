from backproof.networks import dense
from backproof.oracle.worlds.crowd import Crowd
from backproof.oracle.worlds.degree import Degree, Degrees, Divisor
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import C, D, L, Symbol, a, exp, j, k, l, log, sigma, total, w, z

u = Symbol("u")
DEGREES = Degrees(Crowd(dense(), (Shape((2, 3, 2), 1),)), 3)


def test_of_sums_and_products():
    one, x, y = Degree(1), Divisor(w[2, j, k]), Divisor(w[2, j, j])
    assert one.times(one).plus(Degree()) == Degree(2)
    assert one.inverse(x) == Degree(0, {x: (1, 1)})
    half, third = one.times(one.inverse(x)), one.times(Degree(2).inverse(y))
    assert half.plus(half) == half, "what both are divided by counts once"
    assert half.times(half) == Degree(2, {x: (2, 1)}) == half.power(2)
    assert half.plus(third) == Degree(3, {x: (1, 1), y: (1, 2)})
    assert half.of_difference(one) == 2
    assert half.inverse(y) == Degree(1, {y: (1, 1)})
    assert half.at({k: j}) == Degree(1, {y: (1, 1)})
    assert half.times(one.inverse(y)).at({k: j}) == Degree(1, {y: (2, 1)})


def test_of_sums_over_an_index():
    """What is divided by is the same for all terms, or another for each."""
    x = Divisor(w[2, j, k])
    half = Degree(1, {x: (1, 1)})
    assert half.summed(l, 5) == half
    assert (half.summed(k, 5).top, half.summed(k, 5).bottom) == (5, 5)
    assert half.summed(k, 5).summed(k, 5) == half.summed(k, 5)
    assert half.summed(k, 5).summed(j, 2).bottom == 10


def test_of_terms():
    assert both(u**3 + 1) == (3, 0)
    assert both(1 / (u * u + u)) == (0, 2)
    assert both(exp(u) * sigma(u)) == (3, 1)
    assert both(total(w[2, j, k] * a[1, k], k, 1)) == (2, 0)
    assert both(total(1 / w[2, j, k], k, 1)) == (2, 3)
    assert both(total(w[2, j, k] / w[2, j, j], k, 1)) == (1, 1)


def both(e):
    found = DEGREES.of(e).value
    return found.top, found.bottom


def test_of_slopes():
    """dC/dz[L] = dC/da[L] sigma'(z[L]); through a layer, a weight and a slope more."""
    assert DEGREES.of(D(C, z[L, 1])).value.top >= 2
    assert DEGREES.of(D(C, z[2, 1])).value.top >= 4
    assert DEGREES.of(D(log(u * z[L, 1]), z[L, 1])).value.bottom >= 2
