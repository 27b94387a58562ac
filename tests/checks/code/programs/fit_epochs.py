"""Estimator.

Interface: MLP(hidden=..., lr=..., epochs=...) draws its weights in init_weights(n_in, n_out): W1 (n_in, hidden), b1 (1,
hidden), W2 (hidden, n_out), b2 (1, n_out).  fit(X, y) makes `epochs` steps of full-batch gradient descent, rows are
examples, y is one-hot.

Loss: cross-entropy of a softmax, averaged over the rows.
"""
import numpy as np


class MLP:
    def __init__(self, n_in, n_out, hidden=6, lr=0.1, epochs=50, seed=0):
        self.hidden, self.lr, self.epochs = hidden, lr, epochs
        self.rng = np.random.default_rng(seed)
        self.init_weights(n_in, n_out)

    def init_weights(self, n_in, n_out):
        self.W1 = self.rng.normal(size=(n_in, self.hidden))
        self.b1 = self.rng.normal(size=(1, self.hidden))
        self.W2 = self.rng.normal(size=(self.hidden, n_out))
        self.b2 = self.rng.normal(size=(1, n_out))

    def forward(self, X):
        self.h = np.tanh(X @ self.W1 + self.b1)
        s = self.h @ self.W2 + self.b2
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def fit(self, X, y):
        for _ in range(self.epochs):
            p = self.forward(X)
            g = (p - y) / X.shape[0]
            gW2, gb2 = self.h.T @ g, g.sum(0, keepdims=True)
            k = (g @ self.W2.T) * (1 - self.h ** 2)
            gW1, gb1 = X.T @ k, k.sum(0, keepdims=True)
            self.W1 -= self.lr * gW1
            self.b1 -= self.lr * gb1
            self.W2 -= self.lr * gW2
            self.b2 -= self.lr * gb2
        return self
