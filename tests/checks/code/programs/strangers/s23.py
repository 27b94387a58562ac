"""Stack of layer objects, trained online or by batches (rows). Loss: half the squared error, summed."""
import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng):
        self.weights = rng.normal(0, 0.6, (n_in, n_out))
        self.bias = rng.normal(0, 0.2, (1, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, grad_out, lr):
        self.weights -= lr * self.x.T @ grad_out
        self.bias -= lr * grad_out.sum(axis=0, keepdims=True)
        return grad_out @ self.weights.T


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, grad_out, lr):
        return grad_out * self.y * (1 - self.y)


class Sequence:
    def __init__(self, sizes, seed=0):
        rng = np.random.default_rng(seed)
        self.layers = []
        for a, b in zip(sizes, sizes[1:]):
            self.layers += [Dense(a, b, rng), Sigmoid()]

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def train_step(self, x, y, lr):
        out = self.predict(x)
        grad = out - y
        for layer in self.layers[::-1]:
            grad = layer.backward(grad, lr)
