import pytest

from backproof.networks import dense
from backproof.oracle.against_reference import against_reference
from backproof.surface.terms import a, delta, j, k, l, sigma_prime, z

NET = dense(widths=(3, 4, 2), activation="sigmoid", cost="quadratic")


def test_the_formulas_agree_with_the_reference():
    verdict = against_reference(NET, delta[l, j], a[l - 1, k] * delta[l, j])
    assert verdict.holds
    assert verdict.entries == 3 * 4 + 4 + 4 * 2 + 2
    assert verdict.max_relative_error < 1e-13


@pytest.mark.parametrize(
    ("by_bias", "by_weight"),
    [(delta[l, j] * sigma_prime(z[l, j]), a[l - 1, k] * delta[l, j]), (delta[l, j], -a[l - 1, k] * delta[l, j])],
)
def test_wrong_ones_do_not(by_bias, by_weight):
    assert against_reference(NET, by_bias, by_weight).holds is False


def test_widths_are_needed():
    with pytest.raises(ValueError, match="widths"):
        against_reference(dense(), delta[l, j], delta[l, j])
