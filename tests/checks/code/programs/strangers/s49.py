"""Multi-class net with class numbers; sigmoid hidden layer; softmax; sum (not mean) of the cross-entropies over the rows."""
import numpy as np


class Net:
    def __init__(self, n_features, n_hidden, n_classes, seed=1):
        rng = np.random.RandomState(seed)
        self.W1 = rng.randn(n_features, n_hidden)
        self.b1 = rng.randn(n_hidden)
        self.W2 = rng.randn(n_hidden, n_classes)
        self.b2 = rng.randn(n_classes)

    def forward(self, X):
        self.a1 = 1 / (1 + np.exp(-(X.dot(self.W1) + self.b1)))
        e = np.exp(self.a1.dot(self.W2) + self.b2)
        self.a2 = e / e.sum(axis=1, keepdims=True)
        return self.a2

    def one_hot(self, y):
        T = np.zeros((y.shape[0], self.b2.size))
        T[np.arange(y.shape[0]), y] = 1
        return T

    def backward(self, X, y):
        self.forward(X)
        d2 = self.a2 - self.one_hot(y)
        d1 = d2.dot(self.W2.T) * self.a1 * (1 - self.a1)
        return {'W1': X.T.dot(d1), 'b1': d1.sum(axis=0), 'W2': X.T.dot(d2), 'b2': d2.sum(axis=0)}
