"""Accumulators of the negative gradient.

Interface: Net(sizes); lists w (out, in) and b.  zero() clears dw and db; add(x, y), one example, two columns, adds minus the
gradient to dw and db; apply(eta, n) moves the parameters by eta / n times the accumulators.

Loss: one half of the squared error. Logistic units.
"""
import numpy as np


class Net:
    def __init__(self, sizes):
        r = np.random.default_rng(0)
        self.w = [r.normal(size=(n, k)) for k, n in zip(sizes, sizes[1:])]
        self.b = [r.normal(size=(n, 1)) for n in sizes[1:]]
        self.zero()

    def zero(self):
        self.dw = [np.zeros_like(w) for w in self.w]
        self.db = [np.zeros_like(b) for b in self.b]

    def add(self, x, y):
        a = [x]
        for w, b in zip(self.w, self.b):
            a.append(1 / (1 + np.exp(-(w @ a[-1] + b))))
        d = (y - a[-1]) * a[-1] * (1 - a[-1])
        for l in reversed(range(len(self.w))):
            self.dw[l] += d @ a[l].T
            self.db[l] += d
            d = (self.w[l].T @ d) * a[l] * (1 - a[l])

    def apply(self, eta, n):
        for l in range(len(self.w)):
            self.w[l] += eta / n * self.dw[l]
            self.b[l] += eta / n * self.db[l]
