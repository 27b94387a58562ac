import numpy as np
import pytest

from backproof.reference import Network, sigmoid, sigmoid_prime

STEP = 1e-30


def example(net, seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((net.sizes[0], 1)), rng.random((net.sizes[-1], 1))


@pytest.mark.parametrize("sizes", [(1, 1), (3, 2), (2, 3, 4), (4, 3, 5, 2)])
def test_backprop_is_the_derivative_of_the_cost(sizes):
    net = Network(sizes)
    x, y = example(net)
    for arrays, gradient in zip((net.biases, net.weights), net.backprop(x, y), strict=True):
        for layer, array in enumerate(arrays):
            assert gradient[layer].shape == array.shape
            for place in np.ndindex(array.shape):
                arrays[layer] = array.astype(complex)
                arrays[layer][place] += 1j * STEP
                assert gradient[layer][place] == pytest.approx(net.cost(x, y).imag / STEP, rel=1e-12)
                arrays[layer] = array


def test_sigmoid_does_not_overflow():
    assert sigmoid(np.array([-1e5, 0.0, 1e5])).tolist() == [0, 0.5, 1]
    assert sigmoid_prime(np.array([-1e5, 0.0, 1e5])).tolist() == [0, 0.25, 0]


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


def test_the_same_seed_gives_the_same_network():
    assert all(map(np.array_equal, Network((2, 3)).weights, Network((2, 3)).weights))
    assert not np.array_equal(Network((2, 3)).weights[0], Network((2, 3), seed=1).weights[0])
