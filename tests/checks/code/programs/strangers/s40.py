"""Deep binary classifier, columns; W dict keyed by layer number, bias dict likewise; relu inside, sigmoid at the end.

cost: averaged binary cross entropy.  backward(cache, Y) -> dW, db (dicts keyed like W and b).
"""
import numpy as np


class DeepNet:
    def __init__(self, layer_dims, seed=0):
        rng = np.random.default_rng(seed)
        self.L = len(layer_dims) - 1
        self.W = {l: rng.normal(size=(layer_dims[l], layer_dims[l - 1])) * 0.6 for l in range(1, self.L + 1)}
        self.b = {l: rng.normal(size=(layer_dims[l], 1)) * 0.1 for l in range(1, self.L + 1)}

    def forward(self, X):
        A = {0: X}
        Z = {}
        for l in range(1, self.L + 1):
            Z[l] = self.W[l] @ A[l - 1] + self.b[l]
            A[l] = np.maximum(0, Z[l]) if l < self.L else 1 / (1 + np.exp(-Z[l]))
        return A[self.L], (A, Z)

    def backward(self, X, Y):
        out, (A, Z) = self.forward(X)
        m = X.shape[1]
        dW, db = {}, {}
        dZ = out - Y
        for l in range(self.L, 0, -1):
            dW[l] = dZ @ A[l - 1].T / m
            db[l] = dZ.sum(axis=1, keepdims=True) / m
            if l > 1:
                dA = self.W[l].T @ dZ
                dZ = dA * Z[l - 1]
        return dW, db
