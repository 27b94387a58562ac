# 3-layer MLP, numpy, MSE
import numpy as np


class MLP:
    def __init__(self, n_in=5, n_h1=7, n_h2=4, n_out=2):
        rs = np.random.RandomState(1)
        self.params = dict(W1=rs.randn(n_in, n_h1), b1=rs.randn(n_h1), W2=rs.randn(n_h1, n_h2), b2=rs.randn(n_h2),
                           W3=rs.randn(n_h2, n_out), b3=rs.randn(n_out))

    @staticmethod
    def act(x):
        return x / (1 + np.exp(-x))

    def forward(self, X):
        p = self.params
        z1 = X @ p['W1'] + p['b1']
        a1 = self.act(z1)
        z2 = a1 @ p['W2'] + p['b2']
        a2 = self.act(z2)
        self.cache = X, z1, a1, z2, a2
        return a2 @ p['W3'] + p['b3']

    def loss(self, out, Y):
        return np.mean((out - Y) ** 2)

    def backward(self, out, Y):
        """swish'(x) = s + x s (1 - s)"""
        X, z1, a1, z2, a2 = self.cache
        p = self.params

        def dact(x):
            s = 1 / (1 + np.exp(-x))
            return s + x * s * (1 - s)

        d3 = 2 * (out - Y) / Y.size
        d2 = (d3 @ p['W3'].T) * dact(z2)
        d1 = (d2 @ p['W2'].T) * dact(z1)
        return dict(W1=X.T @ d1, b1=d1.sum(0), W2=a1.T @ d2, b2=d2.sum(0), W3=a2.T @ d3, b3=d3.sum(0))
