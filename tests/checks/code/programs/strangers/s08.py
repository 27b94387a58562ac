"""A linear output that is treated as logistic.

Interface: Reg(n_in, n_hidden, n_out, seed): dict p with keys U, a, V, c: U (n_in, n_hidden), a (n_hidden,),
V (n_hidden, n_out), c (n_out,).  f(X): rows.  df(X, Y): dict of gradients with the same keys.

Loss: squared error, summed over outputs, mean over rows, with a factor of one half.
"""
import numpy as np


class Reg:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        r = np.random.default_rng(seed)
        self.p = dict(U=r.normal(size=(n_in, n_hidden)), a=r.normal(size=n_hidden),
                      V=r.normal(size=(n_hidden, n_out)), c=r.normal(size=n_out))

    def f(self, X):
        self.h = 1 / (1 + np.exp(-(X @ self.p['U'] + self.p['a'])))
        return self.h @ self.p['V'] + self.p['c']

    def df(self, X, Y):
        out = self.f(X)
        e = (out - Y) * out * (1 - out) / len(X)
        d = (e @ self.p['V'].T) * self.h * (1 - self.h)
        return dict(U=X.T @ d, a=d.sum(0), V=self.h.T @ e, c=e.sum(0))
