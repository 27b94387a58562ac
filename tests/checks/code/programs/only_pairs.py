"""Sigmoid units, trained by mini-batches.

Interface: Net(sizes, seed) with the lists weights (each of shape (next, previous)) and biases (columns).  feed(a) takes
a column.  update_mini_batch(mini_batch, eta) makes one step; mini_batch is a list of pairs (x, y) of columns.

Loss: the mean over the mini-batch of half the squared distance between output and target.
"""
import numpy as np


def sigma(z):
    return 1 / (1 + np.exp(-z))


class Net:
    def __init__(self, sizes, seed=1):
        r = np.random.RandomState(seed)
        self.weights = [r.randn(n, k) for k, n in zip(sizes, sizes[1:])]
        self.biases = [r.randn(n, 1) for n in sizes[1:]]

    def feed(self, a):
        for w, b in zip(self.weights, self.biases):
            a = sigma(w.dot(a) + b)
        return a

    def update_mini_batch(self, mini_batch, eta):
        sum_w = [0 * w for w in self.weights]
        sum_b = [0 * b for b in self.biases]
        for x, y in mini_batch:
            acts = [x]
            for w, b in zip(self.weights, self.biases):
                acts.append(sigma(w.dot(acts[-1]) + b))
            d = (acts[-1] - y) * acts[-1] * (1 - acts[-1])
            for l in range(1, len(self.weights) + 1):
                sum_w[-l] = sum_w[-l] + d.dot(acts[-l - 1].T)
                sum_b[-l] = sum_b[-l] + d
                d = self.weights[-l].T.dot(d) * acts[-l - 1] * (1 - acts[-l - 1])
        m = len(mini_batch)
        self.weights = [w - eta / m * s for w, s in zip(self.weights, sum_w)]
        self.biases = [b - eta / m * s for b, s in zip(self.biases, sum_b)]
