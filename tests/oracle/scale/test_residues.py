"""Arithmetic modulo p against Python's, and degrees against those that SymPy finds."""

import random

import pytest
from sympy import Poly, fraction, lcm, symbols, together

from backproof.oracle.scale.limbs import PRIME, Clash
from backproof.oracle.scale.residues import CONSTANT, VARIABLE, Array, Degree, number

X = symbols("x:6")


def an_array(*shape, seed=1):
    rng = random.Random(f"{shape} {seed}")
    count = 1
    for size in shape:
        count *= size
    return Array(shape, [rng.randrange(PRIME) for _ in range(count)], VARIABLE)


def test_arithmetic_is_entry_by_entry():
    a, b = an_array(3, 2), an_array(3, 2, seed=2)
    pairs = list(zip(a.entries, b.entries, strict=True))
    assert (a + b).entries == [(x + y) % PRIME for x, y in pairs]
    assert (a * b).entries == [x * y % PRIME for x, y in pairs]
    assert (a**3).entries == [x**3 % PRIME for x in a.entries]
    assert (2 * a + -1).entries == [(2 * x - 1) % PRIME for x in a.entries]
    assert [x * y % PRIME for x, y in zip(a.entries, a.inverse().entries, strict=True)] == [1] * 6


def test_a_number_goes_with_any_shape():
    a, c = an_array(3, 2), an_array()
    [value] = c.entries
    assert (a * c).entries == (c * a).entries == [x * value % PRIME for x in a.entries]
    assert (a + c).shape == (c + a).shape == (3, 2)
    assert (c * c).shape == ()


@pytest.mark.parametrize("wrong", [lambda a: a + an_array(2, 3), lambda a: a * an_array(3), lambda a: a.spread(4, 2)])
def test_other_shapes_clash(wrong):
    with pytest.raises(Clash, match="differ"):
        wrong(an_array(3, 2))


def test_zero_has_no_inverse():
    with pytest.raises(Clash, match="division by 0"):
        Array((2,), [3, 0], VARIABLE).inverse()


def test_matrices():
    a, v, u = an_array(3, 2), an_array(2), an_array(3)
    rows = [[int(x) for x in a.row(place)] for place in range(3)]
    assert a.transposed().transposed().entries == a.entries
    assert a.dot(v).entries == [sum(x * y for x, y in zip(row, v.entries, strict=True)) % PRIME for row in rows]
    assert a.dotted(u).entries == a.transposed().dot(u).entries
    assert a.over(1).entries == [sum(row) % PRIME for row in rows]
    assert a.over(0).entries == a.transposed().over(1).entries
    assert a.over(0).spread(4, 2).entries == [*a.over(0).entries] * 4
    assert a.over(1).spread(3, 3).entries == [x for x in a.over(1).entries for _ in range(3)]
    assert number(-1).repeated((2, 2)).entries == [PRIME - 1] * 4


class Rational:
    """A pair of rational functions, with the degree that is claimed for both."""

    def __init__(self, entries, degree):
        self.entries, self.degree = entries, degree

    def bounded(self):
        fractions = [fraction(together(e)) for e in self.entries]
        tops, bottoms = ([Poly(e, *X) for e in part] for part in zip(*fractions, strict=True))
        assert max(top.total_degree() for top in tops) <= self.degree.top
        assert max(bottom.total_degree() for bottom in bottoms) <= self.degree.bottom
        assert lcm(*bottoms).total_degree() <= self.degree.common


def grown(rng, depth):
    if depth == 0 or rng.random() < 0.15:
        first, second = rng.sample(X, 2)
        kind = rng.randrange(3)
        if kind == 0:
            return Rational([first, second], VARIABLE)
        return Rational([first, 1 / second], Degree(1, 1, 2)) if kind == 1 else Rational([2, 3], CONSTANT)
    one, kind = grown(rng, depth - 1), rng.randrange(6)
    if kind == 0:
        return Rational([1 / e for e in one.entries], one.degree.inverse(2))
    if kind == 1:
        return Rational([sum(one.entries)] * 2, one.degree.summed())
    if kind == 2:
        return Rational([e**2 for e in one.entries], one.degree.power(2))
    two = grown(rng, depth - 1)
    pairs = list(zip(one.entries, two.entries, strict=True))
    if kind == 3:
        return Rational([p * q for p, q in pairs], one.degree.times(two.degree))
    return Rational([p + q for p, q in pairs], one.degree.plus(two.degree))


@pytest.mark.parametrize("seed", range(60))
def test_no_degree_is_above_its_bound(seed):
    """Random terms over pairs of rational functions; what comes out formally 0 or infinite is left out."""
    term = grown(random.Random(seed), 4)
    if all(together(e).is_finite is not False and together(e) != 0 for e in term.entries):
        term.bounded()


def test_of_difference():
    """x/y - 1/(x z) has the numerator x^2 z - y."""
    assert Degree(1, 1).of_difference(Degree(0, 2)) == 3
