"""Two classes, one logistic output. X (m, d), y (m,) of 0 and 1. loss: mean binary cross-entropy.

params(d, h) -> W1 (d, h), b1 (h,), W2 (h, 1), b2 (1,)
"""
import numpy as np


def params(d, h, seed=0):
    r = np.random.default_rng(seed)
    return r.normal(size=(d, h)), r.normal(size=h), r.normal(size=(h, 1)), r.normal(size=1)


def forward(W1, b1, W2, b2, X):
    h = np.tanh(X @ W1 + b1)
    return h, 1 / (1 + np.exp(-(h @ W2 + b2)))


def backward(W1, b1, W2, b2, X, y):
    h, p = forward(W1, b1, W2, b2, X)
    d2 = (p - y) / len(X)
    d1 = d2 @ W2.T * (1 - h ** 2)
    return X.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)
