"""Softplus units log(1 + e^z) in the hidden layer, linear output, rows; half squared error, mean over rows.

net(n, h, k) -> list [W1, b1, W2, b2]; grad(ps, X, Y) -> list.
"""
import numpy as np


def net(n, h, k, seed=0):
    r = np.random.default_rng(seed)
    return [r.normal(size=(n, h)), r.normal(size=(1, h)), r.normal(size=(h, k)), r.normal(size=(1, k))]


def softplus(z):
    return np.log(1 + np.exp(z))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def predict(ps, X):
    return softplus(X @ ps[0] + ps[1]) @ ps[2] + ps[3]


def grad(ps, X, Y):
    W1, b1, W2, b2 = ps
    z = X @ W1 + b1
    a = softplus(z)
    e = (a @ W2 + b2 - Y) / len(X)
    d = e @ W2.T * sigmoid(z)
    return [X.T @ d, d.sum(0, keepdims=True), a.T @ e, e.sum(0, keepdims=True)]
