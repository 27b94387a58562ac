"""Minibatch trainer, logistic neurons.

Interface: Net(shape, seed) with lists w and b; w[i] is (shape[i+1], shape[i]), b[i] is a column.  run(x) takes a
column.  train_batch(batch, lr) takes a list of pairs of columns and makes one step.

Loss: half the squared error, mean over the batch.
"""
import numpy as np


def f(z):
    return 1.0 / (1.0 + np.exp(-z))


class Net:
    def __init__(self, shape, seed=0):
        rng = np.random.default_rng(seed)
        self.w = [rng.normal(0, 1, (o, i)) for i, o in zip(shape, shape[1:])]
        self.b = [rng.normal(0, 1, (o, 1)) for o in shape[1:]]

    def run(self, x):
        for w, b in zip(self.w, self.b):
            x = f(w @ x + b)
        return x

    def one(self, x, t):
        acts = [x]
        for w, b in zip(self.w, self.b):
            acts.append(f(w @ acts[-1] + b))
        d = (acts[-1] - t) * acts[-1] * (1 - acts[-1])
        gw, gb = [], []
        for i in range(len(self.w) - 1, -1, -1):
            gw.append(d @ acts[i].T)
            gb.append(d)
            d = (self.w[i].T @ d) * acts[i] * (1 - acts[i])
        return gw[::-1], gb[::-1]

    def train_batch(self, batch, lr):
        sum_w = [np.zeros_like(w) for w in self.w]
        sum_b = [np.zeros_like(b) for b in self.b]
        for x, t in batch:
            gw, gb = self.one(x, t)
            for i in range(len(self.w)):
                sum_w[i] = gw[i]
                sum_b[i] += gb[i]
        for i in range(len(self.w)):
            self.w[i] -= lr / len(batch) * sum_w[i]
            self.b[i] -= lr / len(batch) * sum_b[i]
