"""Autoencoder with one logistic code layer and linear reconstruction.

Interface: Autoencoder(n_visible, n_code, seed): We (n_visible, n_code), be (n_code,), Wd (n_code, n_visible),
bd (n_visible,).  reconstruct(X): rows.  step(X, lr): one step of gradient descent; the target is X itself.

Loss: one half of the squared reconstruction error, averaged over the rows.
"""
import numpy as np


class Autoencoder:
    def __init__(self, n_visible, n_code, seed=0):
        rng = np.random.default_rng(seed)
        self.We = rng.normal(0, 0.5, (n_visible, n_code))
        self.be = rng.normal(0, 0.5, n_code)
        self.Wd = rng.normal(0, 0.5, (n_code, n_visible))
        self.bd = rng.normal(0, 0.5, n_visible)

    def encode(self, X):
        return 1 / (1 + np.exp(-(X @ self.We + self.be)))

    def reconstruct(self, X):
        return self.encode(X) @ self.Wd + self.bd

    def step(self, X, lr=0.1):
        n = X.shape[0]
        C = self.encode(X)
        R = C @ self.Wd + self.bd
        dR = (R - X) / n
        dC = (dR @ self.Wd.T) * C * (1 - C)
        self.Wd -= lr * (C.T @ dR)
        self.bd -= lr * dR.sum(axis=0)
        self.We -= lr * (X.T @ dC)
        self.be -= lr * dC.sum(axis=0)
