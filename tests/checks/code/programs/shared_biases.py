"""One bias for each layer, shared by all of its units (a well-known worked example).

Interface: Net(n_in, n_hidden, n_out): weights W1 (n_hidden, n_in), W2 (n_out, n_hidden), numbers b1 and b2.
gradients(x, y) takes an example and its target, one axis each, and returns dW1, db1, dW2, db2.

Loss: half of the squared error, summed over the outputs. Logistic units.
"""
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        r = np.random.default_rng(0)
        self.W1, self.b1 = r.normal(size=(n_hidden, n_in)), 0.35
        self.W2, self.b2 = r.normal(size=(n_out, n_hidden)), 0.6

    def gradients(self, x, y):
        h = 1 / (1 + np.exp(-(self.W1 @ x + self.b1)))
        o = 1 / (1 + np.exp(-(self.W2 @ h + self.b2)))
        d2 = (o - y) * o * (1 - o)
        d1 = (self.W2.T @ d2) * h * (1 - h)
        return np.outer(d1, x), d1.sum(), np.outer(d2, h), d2.sum()
