"""Binary classifier with one output; rows; y has shape (m, 1).  Mean binary cross-entropy.

initialise(d, h) -> dict W1 (d, h), b1 (1, h), W2 (h, 1), b2 (1, 1).
"""
import numpy as np


def initialise(d, h, seed=0):
    rng = np.random.default_rng(seed)
    return {'W1': rng.normal(size=(d, h)), 'b1': rng.normal(size=(1, h)),
            'W2': rng.normal(size=(h, 1)), 'b2': rng.normal(size=(1, 1))}


def forward(p, X):
    h = np.tanh(X @ p['W1'] + p['b1'])
    return h, 1 / (1 + np.exp(-(h @ p['W2'] + p['b2'])))


def backward(p, X, y):
    h, out = forward(p, X)
    m = len(X)
    d2 = (out - y) / m
    d1 = d2 * p['W2'].T * (1 - h ** 2)
    return {'W1': X.T @ d1, 'b1': d1.sum(0, keepdims=True), 'W2': h.T @ d2, 'b2': d2.sum(0, keepdims=True)}
