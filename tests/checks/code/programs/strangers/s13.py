"""Two-layer net that forgets something.

Interface: Net(n_in, n_hidden, n_out, seed): w1 (n_in, n_hidden), b1 (n_hidden,), w2 (n_hidden, n_out), b2 (n_out,).
forward(X): rows.  train(X, T, alpha): one step of gradient descent on all four.

Loss: half of the squared errors, mean over rows.
"""
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        r = np.random.default_rng(seed)
        self.w1, self.b1 = r.normal(size=(n_in, n_hidden)), r.normal(size=n_hidden)
        self.w2, self.b2 = r.normal(size=(n_hidden, n_out)), r.normal(size=n_out)

    def forward(self, X):
        self.h = 1 / (1 + np.exp(-(X @ self.w1 + self.b1)))
        self.o = 1 / (1 + np.exp(-(self.h @ self.w2 + self.b2)))
        return self.o

    def train(self, X, T, alpha):
        n = len(X)
        o = self.forward(X)
        do = (o - T) * o * (1 - o) / n
        dh = do @ self.w2.T * self.h * (1 - self.h)
        self.w2 -= alpha * self.h.T @ do
        self.b2 -= alpha * do.sum(axis=0)
        self.w1 -= alpha * X.T @ dh
