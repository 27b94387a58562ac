import pytest

from backproof.networks import bias_unit, dense
from backproof.oracle.numeric_world import Floats, logistic
from backproof.oracle.worlds.exists import where_all_exists
from backproof.oracle.worlds.shapes import Shape, zigzag
from backproof.oracle.worlds.statement import Statement
from backproof.oracle.worlds.verdicts import Malformed, Unsupported
from backproof.oracle.worlds.world import Grid
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    L,
    NonNegative,
    Symbol,
    Total,
    Transposed,
    a,
    delta,
    j,
    k,
    l,
    n,
    sigma_prime,
    total,
    w,
    z,
)  # fmt: skip

DENSE = dense()
GRID = Grid(DENSE, Shape((2, 3, 2), 1))


def assignments(claim, grid=GRID):
    return [tuple(env[name] for name in claim.names) for env in claim.assignments(grid)]


def test_indices_are_those_for_which_everything_is_there():
    claim = Statement(DENSE, D(C, w[l, j, k]), a[l - 1, k] * delta[l, j], where_all_exists(w[l, j, k]))
    assert claim.names == ("l", "j", "k")
    assert len(assignments(claim)) == 2 * 3 + 3 * 2
    assert (3, 2, 3) in assignments(claim)
    assert (2, 3, 3) not in assignments(claim)


def test_hypotheses_are_obeyed():
    sides = delta[l, j], sigma_prime(z[l, j]) * total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1)
    within = where_all_exists(delta[l, j]) | {NonNegative(L - l - 1)}
    assert assignments(Statement(DENSE, *sides, within)) == [(2, 1), (2, 2), (2, 3)]


def test_a_free_number_is_no_index():
    eta = Symbol("eta")
    assert Statement(DENSE, eta * a[L, j], a[L, j] * eta, frozenset()).names == ("j",)


def test_a_bound_index_is_not_free_and_one_of_the_same_name_outside_is():
    claim = Statement(DENSE, a[L, k] * Total(a[L, k], k, 1, n(L)), a[L, j], frozenset())
    assert claim.names == ("j", "k")


def test_unit_zero_is_there_where_the_network_has_it():
    grid = Grid(bias_unit(), Shape((2, 3, 2), 1))
    claim = Statement(bias_unit(), D(C, w[l, j, k]), a[l - 1, k] * delta[l, j], where_all_exists(w[l, j, k]))
    assert (2, 1, 0) in assignments(claim, grid)
    assert (2, 0, 1) not in assignments(claim, grid)


def test_shapes_that_can_never_fit():
    with pytest.raises(Malformed):
        Statement(DENSE, delta[l], D(C, w[l]), frozenset())
    with pytest.raises(Unsupported, match="rows are not read"):
        Statement(DENSE, delta[l], Transposed(delta[l]), frozenset())
    with pytest.raises(Unsupported, match="rows are not read"):
        Statement(DENSE, Dot(delta[l], w[l]), delta[l], frozenset())


def test_a_network_too_large_to_try():
    large = dense(widths=(100, 100, 10))
    claim = Statement(large, delta[L, j], delta[L, j], frozenset())
    with pytest.raises(Unsupported, match="too large"):
        claim.assignments(Grid(large, Shape((100, 100, 10), 1)))
    assert Statement(large, n(1), n(2), frozenset()).assignments(Grid(large, Shape((100, 100, 10), 1)))


@pytest.mark.parametrize("depth", range(2, 9))
@pytest.mark.parametrize("rising", [True, False])
def test_zigzag(depth, rising):
    widths = zigzag(depth, 0, rising=rising)
    assert sorted(widths) == list(range(2, depth + 2))
    for place in range(depth - 1):
        assert (widths[place] < widths[place + 1]) == (rising == (place % 2 == 0))


def test_beyond_its_range_an_index_is_tried_too():
    claim = Statement(DENSE, a[l, j], a[l, j], frozenset({NonNegative(j - 1)}))
    assert {l for l, _ in assignments(claim)} == {0, 1, 2, 3, 4}
    assert {j for _, j in assignments(claim)} == {1, 2, 3, 4}


def test_what_is_not_there_is_a_number_of_its_own():
    world = Floats(DENSE, GRID.shape, "", logistic)
    outside = [("a", 1, 0), ("a", 1, 3), ("a", 0, 1), ("a", 4, 1), ("w", 1, 1, 1), ("b", 1, 1)]
    assert len({world.value(key) for key in outside}) == len(outside)
    assert world.partial(lambda inner, _: inner.value(("C",)), {}, ("a", 4, 1)) == 0
    assert world.partial(lambda inner, _: inner.value(("a", 4, 1)), {}, ("a", 4, 1)) == 1


def test_there_is_no_derivative_of_negative_order():
    with pytest.raises(Unsupported, match="order"):
        Statement(DENSE, delta[L, j], Apply("sigma", z[L, j], -1), frozenset())
