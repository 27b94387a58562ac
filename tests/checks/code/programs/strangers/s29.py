"""Feed-forward net with logistic units, one example per call (columns); half squared error.

Net(sizes); gradient(x, y) -> (dW, db), two lists from the first layer on.
"""
import numpy as np


class Net:
    def __init__(self, sizes, seed=0):
        rng = np.random.default_rng(seed)
        self.W = [rng.normal(size=(o, i)) for i, o in zip(sizes, sizes[1:])]
        self.b = [rng.normal(size=(o, 1)) for o in sizes[1:]]

    @staticmethod
    def sig(z):
        return 1 / (1 + np.exp(-z))

    def output(self, x):
        for W, b in zip(self.W, self.b):
            x = self.sig(W @ x + b)
        return x

    def gradient(self, x, y):
        acts, zs = [x], []
        for W, b in zip(self.W, self.b):
            zs.append(W @ acts[-1] + b)
            acts.append(self.sig(zs[-1]))
        dW, db = [None] * len(self.W), [None] * len(self.b)
        delta = (acts[-1] - y) * acts[-1] * (1 - acts[-1])
        for l in range(len(self.W) - 1, -1, -1):
            dW[l] = delta @ acts[0].T if l == 1 else delta @ acts[l].T
            db[l] = delta
            if l:
                delta = (self.W[l].T @ delta) * acts[l] * (1 - acts[l])
        return dW, db
