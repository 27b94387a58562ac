"""Layered regressor; backward(X, Y) fills self.gW and self.gb, step(lr) applies them. Rows, tanh, linear output.

Loss: half the mean over rows of the squared errors.
"""
import numpy as np


class Regressor:
    def __init__(self, sizes, seed=0):
        rng = np.random.default_rng(seed)
        self.W = [rng.normal(size=s) * 0.5 for s in zip(sizes, sizes[1:])]
        self.b = [rng.normal(size=o) * 0.1 for o in sizes[1:]]
        self.gW = [np.zeros_like(w) for w in self.W]
        self.gb = [np.zeros_like(b) for b in self.b]

    def forward(self, X):
        self.a = [X]
        for i, (W, b) in enumerate(zip(self.W, self.b)):
            z = self.a[-1] @ W + b
            self.a.append(np.tanh(z) if i < len(self.W) - 1 else z)
        return self.a[-1]

    def backward(self, X, Y):
        d = (self.forward(X) - Y) / len(X)
        for i in reversed(range(len(self.W))):
            self.gW[i] += self.a[i].T @ d
            self.gb[i] = d.sum(axis=0)
            if i:
                d = d @ self.W[i].T * (1 - self.a[i] ** 2)
        return self.gW, self.gb

    def step(self, lr):
        for i in range(len(self.W)):
            self.W[i] -= lr * self.gW[i]
            self.b[i] -= lr * self.gb[i]
