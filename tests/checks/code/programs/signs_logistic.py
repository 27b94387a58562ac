"""A classifier of two classes, -1 and +1.

Loss: the mean over the rows of log(1 + exp(-y s)), y is -1 or 1 and s the linear output.
"""
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden):
        g = np.random.default_rng(0)
        self.W = g.normal(size=(n_in, n_hidden))
        self.b = np.zeros(n_hidden)
        self.v = g.normal(size=(n_hidden, 1))
        self.c = np.zeros(1)

    def forward(self, X):
        self.h = np.tanh(X @ self.W + self.b)
        return self.h @ self.v + self.c

    def gradient(self, X, y):
        s = self.forward(X)[:, 0]
        g = -y / (1 + np.exp(y * s)) / len(y)
        g = g[:, None]
        dv, dc = self.h.T @ g, g.sum(axis=0)
        k = (g @ self.v.T) * (1 - self.h ** 2)
        return {"W": X.T @ k, "b": k.sum(axis=0), "v": dv, "c": dc}
