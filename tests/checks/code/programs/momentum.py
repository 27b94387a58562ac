"""Heavy ball.

Interface: Ball(sizes, seed); lists W (shape (in, out)) and b (one-dimensional), and beside them velocities vW, vb, all
zero at the start.  step(X, Y) takes rows and moves W and b by v, after v <- mu v - eta gradient; mu and eta are
attributes.

Loss: half the squared error, averaged over the rows.  Units: tanh, and a linear output.
"""
import numpy as np


class Ball:
    def __init__(self, sizes, mu=0.9, eta=0.05, seed=0):
        r = np.random.default_rng(seed)
        self.W = [r.normal(size=(k, n)) for k, n in zip(sizes, sizes[1:])]
        self.b = [r.normal(size=n) for n in sizes[1:]]
        self.vW = [np.zeros_like(W) for W in self.W]
        self.vb = [np.zeros_like(b) for b in self.b]
        self.mu, self.eta = mu, eta

    def run(self, X):
        out = [X]
        for i, (W, b) in enumerate(zip(self.W, self.b)):
            z = out[-1] @ W + b
            out.append(z if i == len(self.W) - 1 else np.tanh(z))
        return out

    def step(self, X, Y):
        out = self.run(X)
        d = (out[-1] - Y) / len(X)
        for i in reversed(range(len(self.W))):
            gW, gb = out[i].T @ d, d.sum(axis=0)
            d = (d @ self.W[i].T) * (1 - out[i] ** 2)
            self.vW[i] = self.mu * self.vW[i] - self.eta * gW
            self.vb[i] = self.mu * self.vb[i] - self.eta * gb
            self.W[i] = self.W[i] + self.vW[i]
            self.b[i] = self.b[i] + self.vb[i]
