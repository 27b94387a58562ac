"""One row at a time.

Interface: Model(n_inputs, n_hidden, n_outputs) with W (n_inputs, n_hidden), V (n_hidden, n_outputs), p (1, n_hidden),
q (1, n_outputs).  forward(row) takes an array of shape (1, n_inputs).  train_one(row, target) changes the attributes with
learning rate self.alpha; both are rows.

Loss: binary cross-entropy, added over the outputs.
"""
import numpy as np


class Model:
    def __init__(self, n_inputs, n_hidden, n_outputs, alpha=0.25):
        self.W = np.random.randn(n_inputs, n_hidden)
        self.V = np.random.randn(n_hidden, n_outputs)
        self.p = np.random.randn(1, n_hidden)
        self.q = np.random.randn(1, n_outputs)
        self.alpha = alpha

    def forward(self, row):
        self.h = np.tanh(row @ self.W + self.p)
        return 1 / (1 + np.exp(-(self.h @ self.V + self.q)))

    def train_one(self, row, target):
        out = self.forward(row)
        e = target - out
        back = (e @ self.V.T) * (1 - self.h ** 2)
        self.V += self.alpha * self.h.T @ e
        self.q += self.alpha * e
        self.W += self.alpha * row.T @ back
        self.p += self.alpha * back
