"""Planar data: tanh hidden layer, logistic output, columns.

Interface: params(n_x, n_h, n_y, seed) -> W1 (n_h, n_x), b1 (n_h, 1), W2 (n_y, n_h), b2 (n_y, 1).
forward(X, W1, b1, W2, b2) -> (A1, A2).  grads(X, Y, W1, b1, W2, b2) -> dW1, db1, dW2, db2.

Loss: binary cross-entropies, summed over the outputs, mean over the columns of X.
"""
import numpy as np


def params(n_x, n_h, n_y, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((n_h, n_x)), rng.standard_normal((n_h, 1)),
            rng.standard_normal((n_y, n_h)), rng.standard_normal((n_y, 1)))


def forward(X, W1, b1, W2, b2):
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    Z2 = W2 @ Z1 + b2
    A2 = 1 / (1 + np.exp(-Z2))
    return A1, A2


def grads(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1, A2 = forward(X, W1, b1, W2, b2)
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = (W2.T @ dZ2) * (1 - A1 ** 2)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dW2, db2
