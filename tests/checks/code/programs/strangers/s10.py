"""Three logistic layers.

Interface: Chain(sizes, seed), lists w (in, out), c (flat), for three layers of weights.  go(X): rows.
back(X, T) -> (gw, gc).

Loss: half of the squared errors, summed over rows and outputs.
"""
import numpy as np


def s(v):
    return 1 / (1 + np.exp(-v))


class Chain:
    def __init__(self, sizes, seed=0):
        r = np.random.default_rng(seed)
        self.w = [r.normal(size=p) for p in zip(sizes, sizes[1:])]
        self.c = [r.normal(size=n) for n in sizes[1:]]

    def go(self, X):
        self.a1 = s(X @ self.w[0] + self.c[0])
        self.a2 = self.a1 @ self.w[1] + self.c[1]
        self.a3 = s(self.a2 @ self.w[2] + self.c[2])
        return self.a3

    def back(self, X, T):
        self.go(X)
        d3 = (self.a3 - T) * self.a3 * (1 - self.a3)
        d2 = (d3 @ self.w[2].T) * self.a2 * (1 - self.a2)
        d1 = (d2 @ self.w[1].T) * self.a1 * (1 - self.a1)
        return [X.T @ d1, self.a1.T @ d2, self.a2.T @ d3], [d1.sum(0), d2.sum(0), d3.sum(0)]
