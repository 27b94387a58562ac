"""Gradient of a small regression network, rows are examples; loss: half the squared error, mean over the rows."""
import numpy as np


def setup(n, h, k, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(n, h)), rng.normal(size=h), rng.normal(size=(h, k)), rng.normal(size=k)]


def out(theta, X):
    V, v, W, w = theta
    return np.tanh(X @ V + v) @ W + w


def backward(theta, X, Y):
    V, v, W, w = theta
    n = len(X)
    H = np.tanh(X @ V + v)
    e = (H @ W + w - Y) / n
    gW = H.T @ e
    gw = e.sum(axis=0)
    d = (e @ W.T) * (1 - H * H)
    gV = np.dot(X, d)
    gv = d.sum(axis=0)
    return [gV, gv, gW, gw]
