"""Weights with the bias row at the end.

Interface: Machine(n_in, n_hid, n_out, seed) with P (n_in + 1, n_hid) and Q (n_hid + 1, n_out); the last row of each is the
bias.  guess(X): one example per row.  gradients(X, T) -> dP, dQ.

Loss: average over the rows of one half of the squared error.
"""
import numpy as np


def with_one(A):
    return np.hstack([A, np.ones((A.shape[0], 1))])


class Machine:
    def __init__(self, n_in, n_hid, n_out, seed=0):
        r = np.random.RandomState(seed)
        self.P = r.normal(0, 1, (n_in + 1, n_hid))
        self.Q = r.normal(0, 1, (n_hid + 1, n_out))

    def guess(self, X):
        self.H = np.tanh(with_one(X) @ self.P)
        return with_one(self.H) @ self.Q

    def gradients(self, X, T):
        D = (self.guess(X) - T) / X.shape[0]
        dQ = with_one(self.H).T @ D
        E = (D @ self.Q[:-1].T) * (1 - self.H ** 2)
        dP = with_one(X).T @ E
        return dP, dQ
