import numpy as np


def init_params(sizes, scale=0.4):
    rng = np.random.default_rng(11)
    return [(rng.normal(0, scale, (m, n)), rng.normal(0, scale, m)) for n, m in zip(sizes, sizes[1:])]


def forward(params, x):
    """x: (batch, features)"""
    cache = []
    for i, (W, b) in enumerate(params):
        z = x @ W.T + b
        cache.append((x, z))
        x = z if i == len(params) - 1 else np.tanh(z)
    return x, cache


def mse(y_hat, y):
    return np.mean((y_hat - y) ** 2)


def backward(params, cache, y_hat, y):
    d = 2 * (y_hat - y) / y.size
    grads = []
    for i in reversed(range(len(params))):
        x, z = cache[i]
        if i != len(params) - 1:
            d = d * (1 - np.tanh(z) ** 2)
        grads.append((d.T @ x, d.sum(axis=0)))
        d = d @ params[i][0]
    return grads[::-1]
