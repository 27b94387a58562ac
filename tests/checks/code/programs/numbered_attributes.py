class Network:
    pass


import numpy as np


class ThreeLayer:
    """Three weight layers, sigmoid, sigmoid, linear.

    Loss: 0.5 * np.sum((y_hat - y) ** 2) / m with m examples, the examples are columns.
    """

    def __init__(self, n0, n1, n2, n3):
        self.weights_1 = np.random.randn(n1, n0)
        self.weights_2 = np.random.randn(n2, n1)
        self.weights_3 = np.random.randn(n3, n2)
        self.bias_1 = np.zeros((n1, 1))
        self.bias_2 = np.zeros((n2, 1))
        self.bias_3 = np.zeros((n3, 1))

    @staticmethod
    def sig(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    def forward(self, x):
        self.a0 = x
        self.a1 = self.sig(self.weights_1 @ x + self.bias_1)
        self.a2 = self.sig(self.weights_2 @ self.a1 + self.bias_2)
        self.a3 = self.weights_3 @ self.a2 + self.bias_3
        return self.a3

    def backward(self, y):
        m = y.shape[1]
        d3 = (self.a3 - y) / m
        self.grad_weights_3 = d3 @ self.a2.T
        self.grad_bias_3 = d3.sum(1, keepdims=True)
        d2 = self.weights_3.T @ d3 * self.a2 * (1 - self.a2)
        self.grad_weights_2 = d2 @ self.a1.T
        self.grad_bias_2 = d2.sum(1, keepdims=True)
        d1 = self.weights_2.T @ d2 * self.a1 * (1 - self.a1)
        self.grad_weights_1 = d1 @ self.a0.T
        self.grad_bias_1 = d1.sum(1, keepdims=True)
