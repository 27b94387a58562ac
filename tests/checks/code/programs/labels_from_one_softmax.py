import numpy as np


class Classifier:
    """Softmax on top of tanh. Labels are integers from 1; rows are examples. Mean cross-entropy."""

    def __init__(self, n_in, n_hidden, n_classes):
        self.W1 = np.random.randn(n_in, n_hidden) * 0.1
        self.b1 = np.zeros(n_hidden)
        self.W2 = np.random.randn(n_hidden, n_classes) * 0.1
        self.b2 = np.zeros(n_classes)

    def loss(self, X, y):
        n = X.shape[0]
        h = np.tanh(X.dot(self.W1) + self.b1)
        s = h.dot(self.W2) + self.b2
        s = s - s.max(axis=1, keepdims=True)
        p = np.exp(s)
        p /= p.sum(axis=1, keepdims=True)
        cost = -np.log(p[np.arange(n), y - 1]).mean()
        ds = p.copy()
        ds[np.arange(n), y - 1] -= 1
        ds /= n
        grads = {}
        grads["W2"] = h.T.dot(ds)
        grads["b2"] = ds.sum(axis=0)
        dh = ds.dot(self.W2.T) * (1 - h ** 2)
        grads["W1"] = X.T.dot(dh)
        grads["b1"] = dh.sum(axis=0)
        return cost, grads
