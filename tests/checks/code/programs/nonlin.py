"""Short.

Interface: make(n_in, n_hid, n_out) -> syn0, syn1.  train_step(X, y, syn0, syn1) returns (syn0, syn1) after one
step with rate 1; rows are examples.  Loss: half the summed squared error.
"""
import numpy as np


def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


def make(n_in, n_hid, n_out):
    np.random.seed(1)
    return 2 * np.random.random((n_in, n_hid)) - 1, 2 * np.random.random((n_hid, n_out)) - 1


def train_step(X, y, syn0, syn1):
    l0 = X
    l1 = nonlin(np.dot(l0, syn0))
    l2 = nonlin(np.dot(l1, syn1))
    l2_error = y - l2
    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)
    return syn0 + l0.T.dot(l1_delta), syn1 + l1.T.dot(l2_delta)
