import pytest
from sympy import Integer, Symbol

from backproof.networks import C_x, batch, dense
from backproof.oracle.exact import judge
from backproof.oracle.worlds.coincidences import coincidences, conditions, degree
from backproof.oracle.worlds.shapes import LARGE
from backproof.oracle.worlds.sizes import special, usual
from backproof.surface.terms import C, Kron, L, M, Total, a, delta, i, j, l, n, sigma_prime, w, z
from backproof.surface.terms import NonNegative as Least

t = Symbol("t")
BP2 = sigma_prime(z[l, j]) * Total(w[l + 1, t, j] * delta[l + 1, t], t, 1, n(l + 1))
GIVEN = frozenset({Least(l - 2), Least(L - l - 1), Least(j - 1), Least(n(l) - j)})
QUARTIC = ((L - 2) * (L - 3) * (L - 4) * (L - 5)).expand()
SEEN_AT_FEW_SIZES = [
    *(Kron(2 * L, 14), Kron(2 * n(1), n(2)), Kron(n(1), 7), Kron(L, 9), Kron(3 * n(1), n(2)), Kron(n(l), n(l + 1))),
    *(Kron(n(1), 4) * Kron(n(2), 3), Total(Integer(1), t, 3 * n(1) + 2, n(2)), Total(Integer(1), t, 4, L - 1)),
    *(QUARTIC, (L - 2) * (L - 3), (n(1) - n(2)) * (n(2) - n(1) - 3) * (n(1) - n(2) - 2)),
]


@pytest.mark.parametrize("exception", SEEN_AT_FEW_SIZES)
def test_what_is_false_at_few_sizes_is_refuted(exception):
    assert judge(dense(), delta[l, j], BP2, GIVEN).kind == "holds"
    assert judge(dense(), delta[l, j], BP2 * (1 + exception), GIVEN).kind == "refuted"


def test_a_number_of_examples():
    assert judge(batch(), C, C * (1 + Kron(2 * M, n(1)))).kind == "refuted"


@pytest.mark.parametrize("example", [2, 4, 5, 7])
def test_one_example_of_several(example):
    mean = Total(C_x[i] * (1 + Kron(i, example)), i, 1, M) / M
    assert judge(batch(), C, mean).kind == "refuted"


def test_a_network_of_one_layer():
    given = frozenset({Least(j - 1), Least(n(L) - j)})
    assert judge(dense(), delta[L, j], sigma_prime(z[L, j]) * C, given | {Least(L - 2)}).kind == "refuted"
    assert judge(dense(), a[L, 1] * Kron(L, 1), Integer(0)).kind == "refuted"


def test_a_polynomial_of_too_high_a_degree():
    assert judge(dense(), C, C * (1 + L**12 - L**11)).kind in ("refuted", "unsupported")
    assert degree(L**12 - L**11) == 12
    assert degree(n(1) * Total(n(l), l, 1, L) * a[L, 1] / 2) == 2
    assert degree(Kron(L, 3) * a[L, n(L)]) == 0


def test_what_usual_sizes_show_is_not_tried_again():
    common = usual(dense())
    assert coincidences(dense(), (Kron(j, t), Kron(L, 3), Kron(n(1), 2)), common) == ()
    [shape] = coincidences(dense(), (Kron(L, 8),), common)
    assert len(shape.widths) == 8
    for shapes in special(dense(), (Kron(2 * n(1), n(2)),)):
        assert all(shape.weights <= LARGE for shape in shapes)


def test_conditions():
    both = Kron(n(1), 4) * Kron(n(2), 3)
    assert {len(gaps) for gaps in conditions(both)} == {1, 2}
    assert len(conditions(Total(Kron(j, t), t, 2, n(1)))) == 2
