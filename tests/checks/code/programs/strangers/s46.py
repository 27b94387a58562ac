"""Momentum trainer: velocity v = 0.9 v - lr * gradient, starting from 0. Logistic units; squared error / 2, mean over rows."""
import numpy as np


class MomentumNet:
    def __init__(self, n_in, n_hidden, n_out, lr=0.2):
        rng = np.random.default_rng(8)
        self.lr, self.mu = lr, 0.9
        self.w = [rng.normal(size=(n_in, n_hidden)), rng.normal(size=(n_hidden, n_out))]
        self.b = [rng.normal(size=n_hidden), rng.normal(size=n_out)]
        self.vw = [np.zeros_like(w) for w in self.w]
        self.vb = [np.zeros_like(b) for b in self.b]

    def sig(self, z):
        return 1 / (1 + np.exp(-z))

    def predict(self, X):
        return self.sig(self.sig(X @ self.w[0] + self.b[0]) @ self.w[1] + self.b[1])

    def train(self, X, Y):
        h = self.sig(X @ self.w[0] + self.b[0])
        o = self.sig(h @ self.w[1] + self.b[1])
        do = (o - Y) * o * (1 - o) / len(X)
        dh = do @ self.w[1].T * h * (1 - h)
        grads_w, grads_b = [X.T @ dh, h.T @ do], [dh.sum(0), do.sum(0)]
        for i in range(2):
            self.vw[i] = self.mu * self.vw[i] - self.lr * grads_w[i]
            self.vb[i] = self.mu * self.vb[i] - self.lr * grads_b[i]
            self.w[i] += self.vw[i]
            self.b[i] += self.vb[i]
