import numpy as np

EPS = 1e-12


class BinaryClassifier:
    """
    ReLU net with sigmoid outputs.
    Loss is binary cross entropy, averaged over the samples.
    """

    def __init__(self, layer_sizes, seed=42):
        rng = np.random.RandomState(seed)
        self.L = len(layer_sizes) - 1
        self.W = {}
        self.b = {}
        for l in range(1, self.L + 1):
            self.W[l] = rng.randn(layer_sizes[l], layer_sizes[l - 1]) * np.sqrt(2.0 / layer_sizes[l - 1])
            self.b[l] = np.zeros((layer_sizes[l], 1))

    def forward(self, X):
        self.A = {0: X}
        self.Z = {}
        for l in range(1, self.L + 1):
            self.Z[l] = self.W[l] @ self.A[l - 1] + self.b[l]
            if l < self.L:
                self.A[l] = np.maximum(self.Z[l], 0)
            else:
                self.A[l] = 1 / (1 + np.exp(-self.Z[l]))
        return self.A[self.L]

    def loss(self, Y):
        P = np.clip(self.A[self.L], EPS, 1 - EPS)
        return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / Y.shape[1]

    def backward(self, Y):
        m = Y.shape[1]
        P = self.A[self.L]
        dA = (P - Y) / (P * (1 - P) + EPS)
        dW, db = {}, {}
        for l in range(self.L, 0, -1):
            if l == self.L:
                dZ = dA * P * (1 - P)
            else:
                dZ = dA * (self.Z[l] > 0)
            dW[l] = dZ @ self.A[l - 1].T / m
            db[l] = dZ.sum(axis=1, keepdims=True) / m
            dA = self.W[l].T @ dZ
        return dW, db
