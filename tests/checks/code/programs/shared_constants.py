"""A worked example: b1 and b2 are constants that all units of a layer share. One example at a time, lists.

Loss: half of the squared error, summed over the outputs. Logistic units.
"""
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        r = np.random.default_rng(0)
        self.W1, self.W2 = r.normal(size=(n_hidden, n_in)), r.normal(size=(n_out, n_hidden))
        self.b = [0.35, 0.6]

    def train(self, x, y, lr):
        h = 1 / (1 + np.exp(-(self.W1 @ x + self.b[0])))
        o = 1 / (1 + np.exp(-(self.W2 @ h + self.b[1])))
        d2 = (o - y) * o * (1 - o)
        d1 = (self.W2.T @ d2) * h * (1 - h)
        self.W2 -= lr * np.outer(d2, h)
        self.W1 -= lr * np.outer(d1, x)
