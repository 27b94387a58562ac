"""The widths of layers, as far as they are known."""

import pytest

from backproof.lambdify.sizes import Sizes
from backproof.networks import dense
from backproof.surface.terms import L, M, n


def test_index_terms_have_values_where_all_in_them_is_known():
    sizes = Sizes(dense(), {L: 4}, {3: 5, 4: 2})
    assert sizes.value(2 * n(3) * n(L) - L + 1) == 17
    assert sizes.value(n(L - 2)) is None
    assert sizes.value(M + 1) is None
    assert sizes.n(3) == 5


def test_what_is_learnt_is_kept_and_not_contradicted():
    sizes = Sizes(dense(widths=(3, 2)), {}, {})
    sizes.learn(n(2), 2, "z[2]")
    sizes.learn(M, 7, "x")
    assert sizes.value(M) == 7
    with pytest.raises(ValueError, match="M is 8 by y, and 7 by x"):
        sizes.learn(M, 8, "y")
    with pytest.raises(ValueError, match=r"layer 1 has 4 units by w\[2\], and 3 by the network"):
        sizes.learn(n(1), 4, "w[2]")
    with pytest.raises(ValueError, match="is 5 by b, and 6 by other arguments"):
        sizes.learn(n(1) + n(2) + 1, 5, "b")


def test_widths_are_those_of_the_network():
    with pytest.raises(ValueError, match="layer 2 has 3 units by n, and 2 by the network"):
        Sizes(dense(widths=(3, 2)), {}, {2: 3})
