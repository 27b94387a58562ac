"""Network that saves memory.

Interface: Frugal(sizes, seed), lists W ((next, previous)) and b (columns).  respond(X) takes one example per column.
slopes(X, T) -> (gW, gb), two lists.

Loss: one half of the squared errors, added up over outputs and columns.
"""
import numpy as np


def squash(z):
    np.negative(z, out=z)
    np.exp(z, out=z)
    np.add(z, 1.0, out=z)
    return np.reciprocal(z, out=z)


def squash_prime(z):
    p = 1.0 / (1.0 + np.exp(-z))
    return p * (1.0 - p)


class Frugal:
    def __init__(self, sizes, seed=0):
        rng = np.random.default_rng(seed)
        self.W = [rng.normal(0, 1, (m, n)) for n, m in zip(sizes, sizes[1:])]
        self.b = [rng.normal(0, 1, (m, 1)) for m in sizes[1:]]

    def respond(self, X):
        for W, b in zip(self.W, self.b):
            X = squash(W @ X + b)
        return X

    def slopes(self, X, T):
        z, a = [], [X]
        for W, b in zip(self.W, self.b):
            z.append(W @ a[-1] + b)
            a.append(squash(z[-1]))
        gW, gb = [], []
        d = (a[-1] - T) * squash_prime(z[-1])
        for i in reversed(range(len(self.W))):
            gW.insert(0, d @ a[i].T)
            gb.insert(0, d.sum(axis=1, keepdims=True))
            if i > 0:
                d = (self.W[i].T @ d) * squash_prime(z[i - 1])
        return gW, gb
