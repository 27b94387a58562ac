"""Functional.

Interface: init_params(sizes) -> list of (w, b), w of shape (n_out, n_in), b of shape (n_out,).  predict(params, x): rows.
grad(params, x, y) -> list of (dw, db).  Loss: mean over the rows of the cross-entropy of the softmax; y one-hot.
Hidden units are tanh.
"""
import numpy as np


def init_params(sizes):
    r = np.random.default_rng(5)
    return [(r.normal(size=(n, m)), r.normal(size=(n,))) for m, n in zip(sizes[:-1], sizes[1:])]


def _forward(params, x):
    hs = [x]
    for w, b in params[:-1]:
        hs.append(np.tanh(np.dot(hs[-1], w.T) + b))
    w, b = params[-1]
    z = np.dot(hs[-1], w.T) + b
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return hs, e / e.sum(axis=1, keepdims=True)


def predict(params, x):
    return _forward(params, x)[1]


def grad(params, x, y):
    hs, p = _forward(params, x)
    g = (p - y) / x.shape[0]
    grads = []
    for (w, b), h in zip(reversed(params), reversed(hs)):
        grads.append((np.dot(g.T, h), g.sum(axis=0)))
        g = np.dot(g, w) * (1 - h ** 2)
    return grads[::-1]
