from backproof.networks import dense
from backproof.oracle.brute_force import Digits, Polynomials, judge, models
from backproof.oracle.worlds.exists import where_all_exists
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import C, D, L, Symbol, a, b, delta, j, k, l, sigma_prime, step, w, z

u = Symbol("u")


def within(net, lhs, rhs):
    return judge(net, lhs, rhs, where_all_exists(lhs, rhs))


def test_every_partial_of_the_networks_is_compared():
    verdict = within(dense(), D(C, w[l, j, k]), a[l - 1, k] * delta[l, j])
    assert verdict.tried == ("2,3,2", "2,1,3,2")
    assert verdict.partials == (2 * 3 + 3 * 2) + (2 * 1 + 1 * 3 + 3 * 2)
    assert within(dense(), D(C, b[l, j]), delta[l, j]).partials == 3 + 2 + 1 + 3 + 2


def test_a_statement_without_derivatives_compares_values():
    verdict = within(dense(), a[1, j], a[1, j] * 1)
    assert (verdict.holds, verdict.partials, verdict.entries) == (True, 0, 4)


def test_the_cost_is_multiplied_out():
    [world, _] = models(dense(), Polynomials)
    cost = world.shifted(("w", 2, 1, 1)).value(("C",))
    assert cost.degree() == 3 * 3 * 2
    assert world.slope(cost) == cost.coeff(world.t)


def test_where_elementary_functions_come_in_a_small_difference_is_divided():
    world = Digits(dense(softmax=True), Shape((2, 2), 1), "")
    one, two = world.value(("a", 2, 1)), world.value(("a", 2, 2))
    slope = world.slope(world.shifted(("z", 2, 1)).value(("a", 2, 2)))
    assert abs(slope + one * two) < 1e-45


def test_the_activation_is_a_polynomial():
    assert judge(dense(), sigma_prime(z[L, j]), 1 + 0 * u).holds is False


def test_step():
    assert within(dense(activation="relu"), D(a[l, j], z[l, j]), step(z[l, j])).holds
    assert within(dense(activation="relu"), D(a[l, j], z[l, j]), 1 + 0 * u).kind == "refuted"
