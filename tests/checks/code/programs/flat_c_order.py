"""Everything in one vector.

Interface: start(n_in, n_mid, n_out, seed) -> theta, a flat vector: A (n_mid, n_in), a (n_mid), B (n_out, n_mid),
b (n_out), each row after row.  slope(theta, X, T, shape) returns the gradient in the same order; X and T have one example per
column and shape is the triple (n_in, n_mid, n_out).

Loss: one half of the sum of squared errors over all columns.
"""
import numpy as np


def start(n_in, n_mid, n_out, seed=0):
    r = np.random.default_rng(seed)
    return r.normal(size=n_mid * n_in + n_mid + n_out * n_mid + n_out)


def unpack(theta, shape):
    i, m, o = shape
    cuts = np.cumsum([m * i, m, o * m])
    A, a, B, b = np.split(theta, cuts)
    return A.reshape(m, i), a.reshape(m, 1), B.reshape(o, m), b.reshape(o, 1)


def slope(theta, X, T, shape):
    A, a, B, b = unpack(theta, shape)
    mid = np.tanh(A @ X + a)
    out = B @ mid + b
    e = out - T
    d = (B.T @ e) * (1 - mid * mid)
    return np.concatenate([(d @ X.T).ravel(), d.sum(axis=1), (e @ mid.T).ravel(), e.sum(axis=1)])
