"""Signs.

Interface: Judge(n_in, n_hidden, seed): attributes F (n_hidden, n_in), f (n_hidden,), g (n_hidden,), h (a number in an
array of one entry).  verdict(X) takes one example per row and returns numbers between -1 and 1.  correct(X, signs, rate)
makes one step; signs are +1 or -1, one for each row.

Loss: one half of the sum of (verdict - sign)^2.  Both layers are tanh.
"""
import numpy as np


class Judge:
    def __init__(self, n_in, n_hidden, seed=2):
        r = np.random.RandomState(seed)
        self.F = r.randn(n_hidden, n_in)
        self.f = r.randn(n_hidden)
        self.G = r.randn(1, n_hidden)
        self.h = r.randn(1)

    def verdict(self, X):
        self.hid = np.tanh(X @ self.F.T + self.f)
        return np.tanh(self.hid @ self.G.T + self.h)[:, 0]

    def correct(self, X, signs, rate):
        v = self.verdict(X)
        e = ((v - signs) * (1 - v ** 2))[:, None]
        d = (e @ self.G) * (1 - self.hid ** 2)
        self.G -= rate * e.T @ self.hid
        self.h -= rate * e.sum(axis=0)
        self.F -= rate * d.T @ X
        self.f -= rate * d.sum(axis=0)
