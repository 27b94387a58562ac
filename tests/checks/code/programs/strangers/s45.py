"""One hidden layer of softplus... no: of tanh units; output linear; vectors; loss 1/2 |y - t|^2.

Cell(n, h, k); grad(x, t) -> {'U': , 'c': , 'V': , 'd': }, the hidden weights are U (n, h): x U.
"""
import numpy as np


class Cell:
    def __init__(self, n, h, k, seed=5):
        r = np.random.default_rng(seed)
        self.U, self.c = r.normal(size=(n, h)), r.normal(size=h)
        self.V, self.d = r.normal(size=(h, k)), r.normal(size=k)

    def out(self, x):
        self.q = np.tanh(x @ self.U + self.c)
        return self.q @ self.V + self.d

    def grad(self, x, t):
        e = self.out(x) - t
        g = (self.V @ e) * (1 - self.q ** 2)
        return {'U': np.outer(x, g), 'c': self.V @ e, 'V': np.outer(self.q, e), 'd': e}
