import numpy as np


class TwoLayer:
    """sigmoid - sigmoid network, loss: half the squared error, summed over the batch. Examples are columns of X."""

    def __init__(self, n_x, n_h, n_y, seed=1):
        r = np.random.RandomState(seed)
        self.W1 = r.randn(n_h, n_x)
        self.b1 = r.randn(n_h, 1)
        self.W2 = r.randn(n_y, n_h)
        self.b2 = r.randn(n_y, 1)

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def forward(self, X):
        self.A1 = self.sigmoid(np.dot(self.W1, X) + self.b1)
        self.A2 = self.sigmoid(np.dot(self.W2, self.A1) + self.b2)
        return self.A2

    def backward(self, X, Y):
        self.forward(X)
        dW1 = np.zeros_like(self.W1)
        db1 = np.zeros_like(self.b1)
        dW2 = np.zeros_like(self.W2)
        db2 = np.zeros_like(self.b2)
        for i in range(X.shape[1]):
            x, y = X[:, i:i + 1], Y[:, i:i + 1]
            a1, a2 = self.A1[:, i:i + 1], self.A2[:, i:i + 1]
            d2 = (a2 - y) * a2 * (1 - a2)
            d1 = np.dot(self.W2.T, d2) * a1 * (1 - a1)
            dW2 = np.dot(d2, a1.T)
            db2 += d2
            dW1 += np.dot(d1, x.T)
            db1 += d1
        return {'dW1': dW1, 'db1': db1, 'dW2': dW2, 'db2': db2}
