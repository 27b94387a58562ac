import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from backproof.reference import (
    ACTIVATIONS,
    COSTS,
    Network,
    finite_differences,
    gelu,
    sigmoid,
    sigmoid_prime,
    softmax,
    softmax_prime,
    softplus,
    tanh_prime,
    worked_example,
)

STEP = 1e-30
ELEMENTWISE = sorted(ACTIVATIONS.keys() - {"softmax"})
SIZES = (3, 5, 4, 3)


def example(net, seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((net.sizes[0], 1)), rng.random((net.sizes[-1], 1))


def calm(activations, cost, sizes=SIZES):
    """A net whose outputs are between 0 and 1, where every cost has a value, whatever the activation."""
    net = Network(sizes, seed=9, activations=activations, cost=cost)
    net.weights[-1] = net.weights[-1] / 40
    net.biases[-1] = np.linspace(0.2, 0.4, sizes[-1]).reshape(-1, 1)
    return net


def single(z, activation, cost="quadratic"):
    """A net without hidden layers that has the last weighted inputs z for the input 1."""
    net = Network((1, len(z)), activations=[activation], cost=cost)
    net.weights[0], net.biases[0] = np.zeros((len(z), 1)), np.array(z, float).reshape(-1, 1)
    return net


def column(*values):
    return np.array(values, float).reshape(-1, 1)


def complex_step(net, x, y):
    gradient = ([], [])
    for arrays, found in zip((net.biases, net.weights), gradient, strict=True):
        for layer, array in enumerate(arrays):
            found.append(np.empty(array.shape))
            for place in np.ndindex(array.shape):
                arrays[layer] = array.astype(complex)
                arrays[layer][place] += 1j * STEP
                found[layer][place] = net.cost(x, y).imag / STEP
            arrays[layer] = array
    return gradient


def flat(gradient):
    return [array for arrays in gradient for array in arrays]


def assert_close(gradient, other, rtol, atol=0.0):
    for array, same in zip(flat(gradient), flat(other), strict=True):
        np.testing.assert_allclose(array, same, rtol=rtol, atol=atol)


@pytest.mark.parametrize("sizes", [(1, 1), (3, 2), (2, 3, 4), (4, 3, 5, 2)])
def test_backprop_is_the_derivative_of_the_cost(sizes):
    net = Network(sizes)
    x, y = example(net)
    gradient = net.backprop(x, y)
    assert [[array.shape for array in arrays] for arrays in gradient] == [
        [array.shape for array in arrays] for arrays in (net.biases, net.weights)
    ]
    assert_close(gradient, complex_step(net, x, y), rtol=1e-12)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ELEMENTWISE)
def test_every_pair_of_activation_and_cost(hidden, last, cost):
    net = calm([hidden, hidden, last], cost)
    x, y = example(net)
    assert np.isfinite(net.cost(x, y))
    for target in (y, column(0, 1, 0)):
        found, stepped = net.backprop(x, target), complex_step(net, x, target)
        assert_close(found, stepped, rtol=1e-12)
        for one, other, size in zip(flat(found), flat(stepped), flat(net.magnitude(x, target)), strict=True):
            assert (abs(one - other) <= 1e-13 * size).all()


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("last", ACTIVATIONS)
def test_the_last_error_is_the_jacobian_times_the_gradient_of_the_cost(last, cost):
    """For sigmoid and softmax with a logarithm it is computed in another way, which must come to the same."""
    z, y = column(0.5, 0.2, 0.4), column(0.3, 1, 0)
    slopes = ACTIVATIONS[last].f_prime(z)
    jacobian = slopes if slopes.shape == (3, 3) else np.diagflat(slopes)
    net = single(z, last, cost)
    output = net.feedforward(column(1))
    [delta], _ = net.backprop(column(1), y)
    np.testing.assert_allclose(delta, jacobian.T @ net.cost_derivative(output, y), rtol=1e-12)
    assert net.cost(column(1), y) == pytest.approx(COSTS[cost].value(output, y), rel=1e-14)


def test_the_error_of_softmax_does_not_need_targets_that_add_up_to_one():
    net = single([0.5, -1.0, 2.0], "softmax", "log-likelihood")
    y = column(0.2, 3, 0)
    [delta], _ = net.backprop(column(1), y)
    np.testing.assert_allclose(delta, net.feedforward(column(1)) * 3.2 - y, rtol=1e-14)


def test_softmax_has_its_whole_jacobian():
    z = column(0.1, -2, 3, 0)
    for place in range(4):
        moved = z.astype(complex)
        moved[place] += 1j * STEP
        np.testing.assert_allclose(softmax(moved).imag / STEP, softmax_prime(z)[:, [place]], rtol=1e-13)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_activation_and_its_derivative_to_the_last_digits(name):
    exact = {
        "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
        "tanh": mpmath.tanh,
        "relu": lambda u: max(u, 0),
        "leaky-relu": lambda u: u if u > 0 else u / 100,
        "softplus": lambda u: mpmath.log1p(mpmath.exp(u)),
        "gelu": lambda u: u * mpmath.erfc(-u / mpmath.sqrt(2)) / 2,
        "identity": lambda u: u,
    }[name]
    points = [-12.0, -3.0, -0.7, -1e-9, 1e-9, 0.3, 2.5, 12.0]
    with mpmath.workdps(60):
        values = [float(exact(mpmath.mpf(u))) for u in points]
        slopes = [float(mpmath.diff(exact, mpmath.mpf(u), h=mpmath.mpf(10) ** -20)) for u in points]
    z = column(*points)
    np.testing.assert_allclose(ACTIVATIONS[name].f(z), column(*values), rtol=1e-13)
    np.testing.assert_allclose(ACTIVATIONS[name].f_prime(z), column(*slopes), rtol=1e-13)


@pytest.mark.parametrize("name", ["relu", "leaky-relu"])
def test_the_slope_at_a_kink_is_the_one_to_the_left(name):
    f_prime = ACTIVATIONS[name].f_prime
    assert f_prime(np.array([0.0])) == f_prime(np.array([-1.0])) < f_prime(np.array([1e-300])) == 1


def test_functions_of_ones_own():
    net = Network((2, 3, 2), activations=[(np.sin, np.cos), "identity"])
    x, y = example(net)
    np.testing.assert_array_equal(
        net.feedforward(x), net.weights[1] @ np.sin(net.weights[0] @ x + net.biases[0]) + net.biases[1]
    )
    assert_close(net.backprop(x, y), complex_step(net, x, y), rtol=1e-12)


def test_sigmoid_does_not_overflow():
    assert sigmoid(np.array([-1e5, 0.0, 1e5])).tolist() == [0, 0.5, 1]
    assert sigmoid_prime(np.array([-1e5, 0.0, 1e5])).tolist() == [0, 0.25, 0]


def test_nothing_overflows_far_out():
    z = column(-800, 800)
    values = {name: ACTIVATIONS[name].f(z).ravel().tolist() for name in ACTIVATIONS}
    assert values == {
        "sigmoid": [0, 1],
        "tanh": [-1, 1],
        "relu": [0, 800],
        "leaky-relu": [-8, 800],
        "softplus": [0, 800],
        "gelu": [0, 800],
        "identity": [-800, 800],
        "softmax": [0, 1],
    }
    slopes = {name: ACTIVATIONS[name].f_prime(z).ravel().tolist() for name in ELEMENTWISE}
    assert slopes == {
        "sigmoid": [0, 0],
        "tanh": [0, 0],
        "relu": [0, 1],
        "leaky-relu": [0.01, 1],
        "softplus": [0, 1],
        "gelu": [0, 1],
        "identity": [1, 1],
    }
    assert softmax_prime(z).tolist() == [[0, 0], [0, 0]]
    assert tanh_prime(np.array([20.0]))[0] == pytest.approx(4 * math.exp(-40), rel=1e-14)
    for f in (sigmoid, softplus, gelu, softmax, np.tanh):
        far = f(z + 1j * STEP)
        assert np.isfinite(far).all()
        assert far.real.tolist() == f(z).tolist()


@pytest.mark.parametrize(
    ("activation", "cost", "z", "y", "value", "delta"),
    [
        ("sigmoid", "cross-entropy", [-800, 800], [0, 1], 0, [0, 0]),
        ("sigmoid", "cross-entropy", [-800, 800], [1, 0], 1600, [-1, 1]),
        ("sigmoid", "cross-entropy", [-40, 40], [0, 1], 2 * math.exp(-40), [math.exp(-40), -math.exp(-40)]),
        ("sigmoid", "log-likelihood", [-800, 800], [1, 0], 800, [-1, 0]),
        ("sigmoid", "log-likelihood", [-800, 800], [0, 1], 0, [0, 0]),
        ("softmax", "log-likelihood", [-800, 800, 0], [1, 0, 0], 1600, [-1, 1, 0]),
        ("softmax", "log-likelihood", [-800, 800, 0], [0, 1, 0], 0, [0, 0, 0]),
        ("softmax", "log-likelihood", [0, 40], [0, 1], math.exp(-40), [math.exp(-40), -math.exp(-40)]),
        ("softmax", "cross-entropy", [-800, 800, 0], [0, 1, 0], 0, [0, 0, 0]),
        ("softmax", "cross-entropy", [-800, 800], [1, 0], 3200, [-2, 2]),
        ("softmax", "log-likelihood", [5], [1], 0, [0]),
        ("softmax", "cross-entropy", [5], [1], 0, [0]),
        ("sigmoid", "quadratic", [-800, 800], [1, 0], 1, [0, 0]),
        ("softmax", "quadratic", [-800, 800], [1, 0], 1, [0, 0]),
        ("tanh", "quadratic", [-800, 800], [1, 0], 2.5, [0, 0]),
        ("relu", "log-likelihood", [-800, 0.5], [0, 1], math.log(2), [0, -2]),
    ],
)
def test_saturated_outputs(activation, cost, z, y, value, delta):
    net = single(z, activation, cost)
    assert net.cost(column(1), column(*y)) == pytest.approx(value, rel=1e-14)
    [found], _ = net.backprop(column(1), column(*y))
    np.testing.assert_allclose(found, column(*delta), rtol=1e-14)
    [magnitude], _ = net.magnitude(column(1), column(*y))
    assert (magnitude >= abs(found) * (1 - 1e-15)).all()
    assert np.isfinite(magnitude).all()


def test_saturated_hidden_units_have_gradients_of_zero():
    for hidden in ("sigmoid", "tanh"):
        net = Network((1, 2, 2), activations=[hidden, "sigmoid"], cost="cross-entropy")
        net.biases[0] = column(-800, 800)
        nabla_b, nabla_w = net.backprop(column(1), column(1, 0))
        assert nabla_b[0].tolist() == nabla_w[0].tolist() == [[0], [0]]
        assert np.isfinite(nabla_w[1]).all()


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("last", ACTIVATIONS)
def test_finite_differences(last, cost):
    net = calm(["tanh", "gelu", last], cost)
    x, y = example(net)
    before = [array.copy() for array in (*net.biases, *net.weights)]
    assert_close(finite_differences(net, x, y), net.backprop(x, y), rtol=1e-4, atol=1e-5)
    assert all(map(np.array_equal, before, (*net.biases, *net.weights)))


def test_finite_differences_are_forward_differences():
    net = Network((1, 1), activations=["identity"])
    net.weights, net.biases = [np.array([[0.0]])], [np.array([[1.0]])]
    [nabla_b], [nabla_w] = finite_differences(net, column(1), column(0), h=0.5)
    assert nabla_b.tolist() == nabla_w.tolist() == [[1.25]]  # (1.5^2 - 1) / 2 / 0.5


def exact_magnitudes(net, x, y):
    """For an identity net with the quadratic cost, by fractions and loops over paths."""
    (w2, w3), (b2, b3) = net.weights, net.biases
    a1 = [Fraction(float(value)) for value in x.ravel()]
    f = lambda array: [[Fraction(float(v)) for v in row] for row in array]  # noqa: E731
    w2, w3, b2, b3 = map(f, (w2, w3, b2, b3))
    a2 = [sum(w * a for w, a in zip(row, a1, strict=True)) + b for row, [b] in zip(w2, b2, strict=True)]
    a3 = [sum(w * a for w, a in zip(row, a2, strict=True)) + b for row, [b] in zip(w3, b3, strict=True)]
    last = [abs(a) + abs(Fraction(float(t))) for a, [t] in zip(a3, y, strict=True)]
    first = [sum(abs(w3[k][j]) * last[k] for k in range(len(last))) for j in range(len(a2))]
    return [[float(d * abs(a)) for a in before] for d, before in [(d, a1) for d in first] + [(d, a2) for d in last]]


def test_magnitudes_are_sums_over_paths_of_absolute_values():
    net = Network((2, 3, 2), activations=["identity", "identity"])
    x, y = example(net)
    _, (first, last) = net.magnitude(x, y)
    expected = exact_magnitudes(net, x, y)
    np.testing.assert_allclose(first, np.array(expected[:3]), rtol=1e-13)
    np.testing.assert_allclose(last, np.array(expected[3:]), rtol=1e-13)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("last", ACTIVATIONS)
def test_magnitudes_bound_the_partial_derivatives(last, cost):
    net = calm(["tanh", "leaky-relu", last], cost)
    x, _ = example(net)
    for y in (column(0, 1, 0), column(0.2, 0.5, 0.9)):
        for array, bound in zip(flat(net.backprop(x, y)), flat(net.magnitude(x, y)), strict=True):
            assert (abs(array) <= bound * (1 + 1e-14)).all()


def test_a_magnitude_sees_what_a_partial_derivative_loses_by_cancellation():
    net = single([0.7], "sigmoid", "cross-entropy")
    y = net.feedforward(column(1))
    assert abs(net.backprop(column(1), y)[0][0].item()) < 1e-15
    assert net.magnitude(column(1), y)[0][0].item() == pytest.approx(2 * y.item() * (2 - y.item()), rel=1e-14)


def test_a_mini_batch_moves_along_the_mean_of_the_gradients():
    net, same = Network((3, 4, 2)), Network((3, 4, 2))
    batch = [example(net, seed) for seed in range(3)]
    gradients = [same.backprop(*pair) for pair in batch]
    net.update_mini_batch(batch, eta=0.5)
    for layer in range(2):
        mean = sum(nabla_w[layer] for _, nabla_w in gradients) / 3
        np.testing.assert_allclose(net.weights[layer], same.weights[layer] - 0.5 * mean, rtol=1e-14)
        mean = sum(nabla_b[layer] for nabla_b, _ in gradients) / 3
        np.testing.assert_allclose(net.biases[layer], same.biases[layer] - 0.5 * mean, rtol=1e-14)


def test_it_learns():
    net = Network((2, 3, 1))
    x, y = example(net)
    before = net.cost(x, y)
    for _ in range(50):
        net.update_mini_batch([(x, y)], eta=1.0)
    assert net.cost(x, y) < before / 10


def quadrants(number, seed):
    """Points of the plane; which quadrant they lie in."""
    points = np.random.default_rng(seed).uniform(-1, 1, (number, 2, 1))
    return [(x, np.eye(4)[:, [2 * int(x[0, 0] > 0) + int(x[1, 0] > 0)]]) for x in points]


@pytest.mark.parametrize(
    ("activations", "cost", "eta"),
    [
        (None, "quadratic", 3.0),
        (["tanh", "softmax"], "log-likelihood", 0.5),
        (["leaky-relu", "sigmoid"], "cross-entropy", 0.3),
    ],
)
def test_stochastic_gradient_descent_learns(activations, cost, eta):
    net, shown = Network((2, 8, 4), activations=activations, cost=cost), []
    training, test = quadrants(300, seed=0), quadrants(100, seed=1)
    start = list(training)
    right = net.SGD(training, 12, 10, eta, test_data=test, progress=lambda *state: shown.append(state))
    assert right[-1] >= 90 > Network((2, 8, 4), activations=activations).evaluate(test)
    assert right[-1] == net.evaluate(test)
    assert shown == [(epoch, 12, number, 100) for epoch, number in enumerate(right, start=1)]
    assert all(one is other for one, other in zip(training, start, strict=True))


def test_an_epoch_goes_once_over_the_examples_in_an_order_of_its_own(monkeypatch):
    net, seen = Network((1, 1)), []
    monkeypatch.setattr(net, "update_mini_batch", lambda batch, _: seen.append([x for x, _ in batch]))
    assert net.SGD([(number, None) for number in range(10)], 2, 4, 1.0) == []
    assert list(map(len, seen)) == [4, 4, 2] * 2
    first, second = ([x for batch in epoch for x in batch] for epoch in (seen[:3], seen[3:]))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_training_without_test_data_says_nothing_of_it():
    shown = []
    net = Network((2, 4))
    assert net.SGD(quadrants(5, seed=0), 1, 2, 1.0, progress=lambda *state: shown.append(state)) == []
    assert shown == [(1, 1, None, None)]


def test_evaluate_counts_the_examples_whose_largest_output_is_the_right_one():
    net = single([0, 3, 1], "identity")
    right, wrong = (column(1), column(0, 1, 0)), (column(1), column(0, 0, 1))
    assert net.evaluate([right, wrong, right]) == 2
    with pytest.raises(ValueError, match="y has shape"):
        net.evaluate([(column(1), 1)])


def test_the_same_seed_gives_the_same_network_and_the_same_training():
    assert all(map(np.array_equal, Network((2, 3)).weights, Network((2, 3)).weights))
    assert not np.array_equal(Network((2, 3)).weights[0], Network((2, 3), seed=1).weights[0])
    one, other = Network((2, 4)), Network((2, 4))
    for net in (one, other):
        net.SGD(quadrants(20, seed=0), 2, 3, 1.0)
    np.testing.assert_array_equal(one.weights[0], other.weights[0])


def test_the_worked_example_is_fixed():
    net, x, y = worked_example()
    assert net.sizes == (2, 3, 1)
    np.testing.assert_allclose(x, column(16.243453636632417, -6.117564136500754), rtol=1e-15)
    np.testing.assert_allclose(net.biases[0], column(1.78862847, 0.43650985, 0.09649747), atol=1e-8)
    assert y.tolist() == [[1]]
    assert net.feedforward(x).item() == pytest.approx(0.33089679, abs=1e-8)
    assert_close(net.backprop(x, y), complex_step(net, x, y), rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": (3,)}, "sizes"),
        ({"sizes": (3, 0, 2)}, "sizes"),
        ({"sizes": (3, 4, 2), "activations": ["sigmoid"]}, "1 activations"),
        ({"sizes": (3, 4, 2), "activations": ["sigmoid", "swish"]}, "no activation 'swish': there are sigmoid, "),
        ({"sizes": (3, 4, 2), "activations": ["softmax", "sigmoid"]}, "last layer"),
        ({"sizes": (3, 2), "cost": "hinge"}, "no cost 'hinge': there are quadratic, "),
    ],
)
def test_a_wrong_network_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Network(**arguments)


def test_columns_of_a_wrong_shape_are_refused():
    net = Network((3, 2))
    x, y = column(1, 2, 3), column(1, 0)
    for use in (net.cost, net.backprop, net.magnitude):
        with pytest.raises(ValueError, match=r"x has shape \(3,\), where a column has \(3, 1\)"):
            use(x.ravel(), y)
        with pytest.raises(ValueError, match=r"y has shape \(2,\)"):
            use(x, y.ravel())
