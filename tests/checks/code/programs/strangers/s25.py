"""Two sigmoid layers, columns, half squared error summed over columns. gradient(net, X, T) -> dict of the same keys."""
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def make_net(n_in, n_mid, n_out, seed=0):
    rng = np.random.default_rng(seed)
    return {'W': rng.normal(size=(n_mid, n_in)), 'p': rng.normal(size=(n_mid, 1)),
            'V': rng.normal(size=(n_out, n_mid)), 'q': rng.normal(size=(n_out, 1))}


def apply(net, X):
    mid = sigmoid(net['W'] @ X + net['p'])
    return mid, sigmoid(net['V'] @ mid + net['q'])


def gradient(net, X, T):
    mid, out = apply(net, X)
    top = (out - T) * out * (1 - out)
    low = net['V'].T @ top
    slope = mid
    slope *= 1 - mid
    low = low * slope
    return {'W': low @ X.T, 'p': low.sum(axis=1, keepdims=True),
            'V': top @ mid.T, 'q': top.sum(axis=1, keepdims=True)}
