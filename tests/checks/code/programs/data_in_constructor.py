"""Two logistic layers around a fixed data set.

Interface: Perceptron(X, T, width, seed) keeps the data: X with one example per row, T likewise.  Attributes V
(inputs, width), v (width,), U (width, outputs), u (outputs,).  forward() fills self.out; backward() adds the negative
gradient to the four attributes (rate 1).

Loss: half of the sum of all squared errors.
"""
import numpy as np


class Perceptron:
    def __init__(self, X, T, width=5, seed=3):
        r = np.random.default_rng(seed)
        self.X, self.T = X, T
        self.V = r.normal(size=(X.shape[1], width))
        self.v = r.normal(size=width)
        self.U = r.normal(size=(width, T.shape[1]))
        self.u = r.normal(size=T.shape[1])

    def forward(self):
        self.hid = 1 / (1 + np.exp(-(self.X @ self.V + self.v)))
        self.out = 1 / (1 + np.exp(-(self.hid @ self.U + self.u)))

    def backward(self):
        e = (self.T - self.out) * self.out * (1 - self.out)
        d = (e @ self.U.T) * self.hid * (1 - self.hid)
        self.U += self.hid.T @ e
        self.u += e.sum(axis=0)
        self.V += self.X.T @ d
        self.v += d.sum(axis=0)
