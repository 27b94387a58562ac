"""Deep learning course style, L layers, columns; cost: average binary cross-entropy."""
import numpy as np


def init_deep(layers_dims):
    np.random.seed(5)
    return {**{'W%d' % l: np.random.randn(layers_dims[l], layers_dims[l - 1]) * .5 for l in range(1, len(layers_dims))},
            **{'b%d' % l: np.random.randn(layers_dims[l], 1) * .1 for l in range(1, len(layers_dims))}}


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def model_forward(X, parameters):
    A, caches = X, []
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = np.dot(parameters['W%d' % l], A) + parameters['b%d' % l]
        caches.append((A, parameters['W%d' % l], Z))
        A = sigmoid(Z) if l == L else np.maximum(0, Z)
    return A, caches


def linear_backward(dZ, cache):
    A_prev, W, _ = cache
    m = A_prev.shape[1]
    return np.dot(W.T, dZ), np.dot(dZ, A_prev.T) / m, np.sum(dZ, axis=1, keepdims=True) / m


def model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    dAL = - np.divide(Y, AL)
    s = sigmoid(caches[-1][2])
    dZ = dAL * s * (1 - s)
    dA, grads['dW%d' % L], grads['db%d' % L] = linear_backward(dZ, caches[-1])
    for l in reversed(range(L - 1)):
        dZ = np.array(dA, copy=True)
        dZ[caches[l][2] <= 0] = 0
        dA, grads['dW%d' % (l + 1)], grads['db%d' % (l + 1)] = linear_backward(dZ, caches[l])
    return grads
