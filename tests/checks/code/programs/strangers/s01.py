"""Momentum trainer for a two-layer regression net.

Interface: Momentum(n_in, n_hid, n_out, seed) with attributes Win (n_hid, n_in), bin_ (n_hid, 1), Wout (n_out, n_hid),
bout (n_out, 1), lr.  compute(X): one example per column.  step(X, T): one step; velocities start at zero, so that the
first step is plain gradient descent with rate lr.

Loss: mean over the examples of one half of the squared error.
"""
import numpy as np


class Momentum:
    mu = 0.9

    def __init__(self, n_in, n_hid, n_out, seed=0):
        rng = np.random.default_rng(seed)
        self.lr = 0.1
        self.Win, self.bin_ = rng.normal(size=(n_hid, n_in)), rng.normal(size=(n_hid, 1))
        self.Wout, self.bout = rng.normal(size=(n_out, n_hid)), rng.normal(size=(n_out, 1))
        self.vel = [np.zeros_like(p) for p in (self.Win, self.bin_, self.Wout, self.bout)]

    def compute(self, X):
        self.h = np.tanh(self.Win @ X + self.bin_)
        return self.Wout @ self.h + self.bout

    def step(self, X, T):
        n = X.shape[1]
        e = (self.compute(X) - T) / n
        eh = self.Wout.T @ e * (1 - self.h ** 2)
        grads = [eh @ X.T, eh.sum(axis=1, keepdims=True), e @ self.h.T, e.sum(axis=1, keepdims=True)]
        for i, g in enumerate(grads):
            self.vel[i] = self.mu * self.vel[i] - self.lr * g
        self.Win += self.lr * self.vel[0]
        self.bin_ += self.lr * self.vel[1]
        self.Wout += self.lr * self.vel[2]
        self.bout += self.lr * self.vel[3]
