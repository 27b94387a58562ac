"""Two layers, columns, steps only.

Interface: Duo(n_in, n_mid, n_out, seed): W1 (n_mid, n_in), b1 (n_mid, 1), W2 (n_out, n_mid), b2 (n_out, 1).
forward(X): columns.  step(X, T, rate).

Loss: 1/2 sum of squared errors.
"""
import numpy as np


class Duo:
    def __init__(self, n_in, n_mid, n_out, seed=0):
        r = np.random.default_rng(seed)
        self.W1, self.b1 = r.normal(size=(n_mid, n_in)), r.normal(size=(n_mid, 1))
        self.W2, self.b2 = r.normal(size=(n_out, n_mid)), r.normal(size=(n_out, 1))

    def forward(self, X):
        self.h = 1 / (1 + np.exp(-(self.W1 @ X + self.b1)))
        return self.W2 @ self.h + self.b2

    def step(self, X, T, rate):
        top = self.forward(X) - T
        low = (self.W2.T @ top) * self.h * (1 - self.h)
        self.W2 = self.W2 - rate * top @ self.h.T
        self.b2 = self.b2 - rate * top.sum(axis=1)
        self.W1 = self.W1 - rate * low @ X.T
        self.b1 = self.b1 - rate * low.sum(axis=1)
