"""Minibatches with accumulators that are kept in the object.

Interface: Batcher(sizes, seed): lists W ((next, previous)) and b (columns).  learn(batch, eta): a list of pairs of
columns; one step along the mean gradient.

Loss: one half of the squared error of an example, mean over the batch.
"""
import numpy as np


def sig(z):
    return 1 / (1 + np.exp(-z))


class Batcher:
    def __init__(self, sizes, seed=0):
        r = np.random.default_rng(seed)
        self.W = [r.normal(size=(m, n)) for n, m in zip(sizes, sizes[1:])]
        self.b = [r.normal(size=(m, 1)) for m in sizes[1:]]
        self.sum_W = [np.zeros(W.shape) for W in self.W]
        self.sum_b = [np.zeros(b.shape) for b in self.b]

    def learn(self, batch, eta):
        for x, t in batch:
            a = [x]
            for W, b in zip(self.W, self.b):
                a.append(sig(W @ a[-1] + b))
            d = (a[-1] - t) * a[-1] * (1 - a[-1])
            for i in range(len(self.W) - 1, -1, -1):
                self.sum_W[i] += d @ a[i].T
                self.sum_b[i] += d
                d = self.W[i].T @ d * a[i] * (1 - a[i])
        for i in range(len(self.W)):
            self.W[i] -= eta / len(batch) * self.sum_W[i]
            self.b[i] -= eta / len(batch) * self.sum_b[i]
