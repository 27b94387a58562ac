import numpy as np


class Net:
    """ReLU layers and a linear output; mean squared error, np.mean over everything. Rows are examples."""

    def __init__(self, layer_sizes, lr=1e-3, beta1=0.9, beta2=0.999):
        self.params, self.m, self.v, self.t = {}, {}, {}, 0
        self.L = len(layer_sizes) - 1
        self.lr, self.beta1, self.beta2 = lr, beta1, beta2
        for i in range(self.L):
            self.params[f"W{i + 1}"] = np.random.randn(layer_sizes[i], layer_sizes[i + 1])
            self.params[f"b{i + 1}"] = np.zeros((1, layer_sizes[i + 1]))
        for k, p in self.params.items():
            self.m[k] = np.zeros_like(p)
            self.v[k] = np.zeros_like(p)

    def forward(self, X):
        self.cache = {"A0": X}
        A = X
        for i in range(1, self.L + 1):
            Z = A @ self.params[f"W{i}"] + self.params[f"b{i}"]
            A = np.maximum(Z, 0) if i < self.L else Z
            self.cache[f"Z{i}"], self.cache[f"A{i}"] = Z, A
        return A

    def backward(self, Y):
        grads = {}
        dZ = 2 * (self.cache[f"A{self.L}"] - Y) / Y.size
        for i in range(self.L, 0, -1):
            grads[f"W{i}"] = self.cache[f"A{i - 1}"].T @ dZ
            grads[f"b{i}"] = dZ.sum(axis=0, keepdims=True)
            if i > 1:
                dZ = (dZ @ self.params[f"W{i}"].T) * (self.cache[f"Z{i - 1}"] > 0)
        return grads

    def update(self, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * g ** 2
            mh = self.m[k] / (1 - self.beta1 ** self.t)
            vh = self.v[k] / (1 - self.beta2 ** self.t)
            self.params[k] -= self.lr * mh / (np.sqrt(vh) + 1e-8)

    def train_step(self, X, Y):
        self.forward(X)
        self.update(self.backward(Y))
