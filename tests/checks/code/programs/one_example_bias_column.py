"""Interface: Net(n_in, n_hid, n_out). train_one(x, t, rate): plain one-dimensional arrays. Loss 1/2 sum (o - t)^2."""
import numpy as np


class Net:
    def __init__(self, n_in, n_hid, n_out):
        self.V, self.W = np.random.randn(n_hid, n_in + 1), np.random.randn(n_out, n_hid + 1)

    def train_one(self, x, t, rate):
        x1 = np.append(x, 1)
        h = 1 / (1 + np.exp(-self.V @ x1))
        h1 = np.append(h, 1)
        o = 1 / (1 + np.exp(-self.W @ h1))
        d = (o - t) * o * (1 - o)
        e = (self.W[:, :-1].T @ d) * h * (1 - h)
        self.W = self.W - rate * np.outer(d, h1)
        self.V = self.V - rate * np.outer(e, x1)
