"""Weight decay in a logistic net: lambda / 2 times the sum of the squared weights.

Interface: Decayed(sizes, lam, seed): lists W ((next, previous)), b (columns).  output(x): a column.  step(x, y, eta):
one step of gradient descent for one example.

Loss: binary cross-entropy of the example plus lam / 2 times the sum of squares of all W.
"""
import numpy as np


class Decayed:
    def __init__(self, sizes, lam=0.1, seed=0):
        r = np.random.default_rng(seed)
        self.lam = lam
        self.W = [r.normal(size=(m, n)) for n, m in zip(sizes, sizes[1:])]
        self.b = [r.normal(size=(m, 1)) for m in sizes[1:]]

    def output(self, x):
        for W, b in zip(self.W, self.b):
            x = 1 / (1 + np.exp(-(W @ x + b)))
        return x

    def step(self, x, y, eta):
        a = [x]
        for W, b in zip(self.W, self.b):
            a.append(1 / (1 + np.exp(-(W @ a[-1] + b))))
        d = a[-1] - y
        for i in range(len(self.W) - 1, -1, -1):
            back = (self.W[i].T @ d) * a[i] * (1 - a[i])
            self.W[i] = (1 - eta * self.lam) * self.W[i] - eta * d @ a[i].T
            self.b[i] = (1 - eta * self.lam) * self.b[i] - eta * d
            d = back
