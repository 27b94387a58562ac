"""Deltas of the whole batch, rows. sigmoid-sigmoid; half squared error, summed. Net(...).backprop(X, y) -> dict."""
import numpy as np


class Net:
    def __init__(self, n, h, k, seed=2):
        r = np.random.default_rng(seed)
        self.p = {'w1': r.normal(size=(n, h)), 'b1': r.normal(size=h), 'w2': r.normal(size=(h, k)), 'b2': r.normal(size=k)}

    def forward(self, X):
        h = 1 / (1 + np.exp(-(X @ self.p['w1'] + self.p['b1'])))
        return h, 1 / (1 + np.exp(-(h @ self.p['w2'] + self.p['b2'])))

    def backprop(self, X, y):
        h, o = self.forward(X)
        d2 = (o - y) * o * (1 - o)
        d1 = d2 @ self.p['w2'].T * h * (1 - h)
        return {'w1': X.T @ d1, 'b1': d1, 'w2': h.T @ d2, 'b2': d2}
