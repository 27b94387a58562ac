from itertools import pairwise

import pytest

from backproof.oracle.scale.at_scale import Equations, check
from backproof.surface.terms import Apply, C, D, Dot, Hadamard, L, Outer, Transposed, a, delta, l, w, y, z

SLOPE = Apply("sigma", z[l], 1)
BACK = Dot(Transposed(w[l + 1]), delta[l + 1])
RIGHT = Equations(
    Hadamard(D(C, a[L]), Apply("sigma", z[L], 1)), Hadamard(BACK, SLOPE), delta[l], Outer(delta[l], a[l - 1])
)
WRONG = {
    "bp1 without the slope": RIGHT._replace(last=D(C, a[L])),
    "bp1 with the error of the outputs": RIGHT._replace(last=Hadamard(a[L] - y[L], Apply("sigma", z[L], 1))),
    "bp2 not transposed": RIGHT._replace(below=Hadamard(Dot(w[l + 1], delta[l + 1]), SLOPE)),
    "bp2 with its own weights": RIGHT._replace(below=Hadamard(Dot(Transposed(w[l]), delta[l + 1]), SLOPE)),
    "bp2 without the slope": RIGHT._replace(below=BACK),
    "bp2 with a for z": RIGHT._replace(below=Hadamard(BACK, Apply("sigma", a[l], 1))),
    "bp2 with the next slope": RIGHT._replace(below=Hadamard(BACK, Apply("sigma", z[l + 1], 1))),
    "bp2 with sigma": RIGHT._replace(below=Hadamard(BACK, Apply("sigma", z[l], 0))),
    "bp2 with a sign": RIGHT._replace(below=-Hadamard(BACK, SLOPE)),
    "bp2 with a term more": RIGHT._replace(below=Hadamard(BACK, SLOPE) + delta[l + 1]),
    "bp3 with a factor": RIGHT._replace(bias=2 * delta[l]),
    "bp3 with a": RIGHT._replace(bias=Hadamard(delta[l], a[l])),
    "bp3 a layer off": RIGHT._replace(bias=delta[l - 1]),
    "bp4 swapped": RIGHT._replace(weight=Outer(a[l - 1], delta[l])),
    "bp4 a layer off": RIGHT._replace(weight=Outer(delta[l], a[l])),
    "bp4 with the weights": RIGHT._replace(weight=w[l]),
    "bp4 a column": RIGHT._replace(weight=delta[l]),
    "bp4 halved": RIGHT._replace(weight=Outer(delta[l], a[l - 1]) / 2),
}


@pytest.mark.parametrize("sizes", [(2, 3), (4, 3, 5, 2), (3, 3, 3, 3, 3), (1, 1, 1), (784, 30, 10), (90, 800, 700, 7)])
def test_right(sizes):
    verdict = check(sizes, RIGHT)
    assert verdict.holds, verdict.reason
    assert verdict.error_bound_log2 <= -120
    assert verdict.partials == sum(n * (m + 1) for m, n in pairwise(sizes))


@pytest.mark.parametrize("sizes", [(4, 3, 5, 2), (3, 3, 3, 3, 3), (50, 50, 50, 50)])
@pytest.mark.parametrize("name", WRONG)
def test_wrong(name, sizes):
    verdict = check(sizes, WRONG[name])
    assert not verdict.holds
    assert verdict.reason


def test_a_matrix_written_twice_transposed_is_itself():
    below = Hadamard(Dot(Transposed(Transposed(Transposed(w[l + 1]))), delta[l + 1]), SLOPE)
    assert check((4, 3, 5, 2), RIGHT._replace(below=below)).holds


def test_a_deep_network_takes_more_trials_for_the_same_bound():
    assert check((2,) * 80, RIGHT).error_bound_log2 <= -120


@pytest.mark.parametrize("sizes", [(3,), (3, 0, 2)])
def test_no_such_network(sizes):
    with pytest.raises(ValueError, match="layers"):
        check(sizes, RIGHT)
