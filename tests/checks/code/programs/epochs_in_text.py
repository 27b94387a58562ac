"""Interface: Net(n_in, n_hidden, n_out).  fit(X, Y) trains for 10000 epochs; rows are examples.

Loss: half the squared errors, summed. Sigmoid everywhere.
"""
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        r = np.random.default_rng(0)
        self.W1, self.b1 = r.normal(size=(n_in, n_hidden)), np.zeros(n_hidden)
        self.W2, self.b2 = r.normal(size=(n_hidden, n_out)), np.zeros(n_out)
        self.lr = 0.1

    def fit(self, X, Y):
        for epoch in range(10000):
            h = 1 / (1 + np.exp(-(X @ self.W1 + self.b1)))
            o = 1 / (1 + np.exp(-(h @ self.W2 + self.b2)))
            d2 = (o - Y) * o * (1 - o)
            d1 = (d2 @ self.W2.T) * h * (1 - h)
            self.W2 -= self.lr * h.T @ d2
            self.b2 -= self.lr * d2.sum(axis=0)
            self.W1 -= self.lr * X.T @ d1
            self.b1 -= self.lr * d1.sum(axis=0)
            if epoch % 1000 == 0:
                print(epoch, ((o - Y) ** 2).sum())
