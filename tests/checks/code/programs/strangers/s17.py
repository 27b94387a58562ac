"""Softmax over columns.

Interface: Soft(n_in, n_hidden, n_out, seed): W1 (n_hidden, n_in), b1 (n_hidden, 1), W2, b2.  forward(X): one example
per column -> probabilities.  backward(X, Y) -> dict with dW1, db1, dW2, db2; Y one-hot.

Loss: mean over the columns of the cross-entropy of a softmax over the classes.
"""
import numpy as np


class Soft:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        r = np.random.default_rng(seed)
        self.W1, self.b1 = r.normal(size=(n_hidden, n_in)), r.normal(size=(n_hidden, 1))
        self.W2, self.b2 = r.normal(size=(n_out, n_hidden)), r.normal(size=(n_out, 1))

    def forward(self, X):
        self.H = np.maximum(0, self.W1 @ X + self.b1)
        E = np.exp(self.W2 @ self.H + self.b2)
        return E / E.sum(axis=1, keepdims=True)

    def backward(self, X, Y):
        n = X.shape[1]
        D = (self.forward(X) - Y) / n
        G = self.W2.T @ D
        G[self.H <= 0] = 0
        return dict(dW1=G @ X.T, db1=G.sum(1, keepdims=True), dW2=D @ self.H.T, db2=D.sum(1, keepdims=True))
