"""Generic depth, sigmoid throughout, examples as columns, quadratic cost averaged over the columns (with a half).

backward(cache, weights, Y): cache is the list of activations from the inputs on.
"""
import numpy as np


def init(sizes, seed=0):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(o, i)) for i, o in zip(sizes, sizes[1:])]
    biases = [rng.normal(size=(o, 1)) for o in sizes[1:]]
    return weights, biases


def forward(weights, biases, X):
    cache = [X]
    for W, b in zip(weights, biases):
        cache.append(1 / (1 + np.exp(-(W @ cache[-1] + b))))
    return cache


def backward(cache, weights, Y):
    m = Y.shape[1]
    A = cache[-1]
    delta = (A - Y) * A * (1 - A)
    grads_W, grads_b = [], []
    for k in reversed(range(len(weights))):
        grads_W.append(delta @ cache[k].T / m)
        grads_b.append(delta.sum(axis=1, keepdims=True) / m)
        if k:
            delta = (weights[k].T @ delta) * cache[k]
    return grads_W[::-1], grads_b[::-1]
