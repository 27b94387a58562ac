"""Mini-batches.

Interface: Classifier(n_features, n_hidden, n_classes, seed); attributes w_h (n_features, n_hidden), b_h (n_hidden,), w_out
(n_hidden, n_classes), b_out (n_classes,).  fit(X, y, epochs, eta, minibatch_size) does gradient descent on shuffled
mini-batches; X has a row per example, y integer labels.

Loss: per mini-batch, the sum of the binary cross-entropies of all outputs with one-hot targets.
"""
import numpy as np


class Classifier:
    def __init__(self, n_features, n_hidden, n_classes, seed=1):
        self.random = np.random.RandomState(seed)
        self.n_classes = n_classes
        self.w_h = self.random.normal(0.0, 0.1, (n_features, n_hidden))
        self.b_h = np.zeros(n_hidden)
        self.w_out = self.random.normal(0.0, 0.1, (n_hidden, n_classes))
        self.b_out = np.zeros(n_classes)

    def _sigmoid(self, z):
        return 1.0 / (1.0 + np.exp(-np.clip(z, -250, 250)))

    def _onehot(self, y):
        out = np.zeros((self.n_classes, y.shape[0]))
        for i, v in enumerate(y.astype(int)):
            out[v, i] = 1.0
        return out.T

    def _forward(self, X):
        z_h = np.dot(X, self.w_h) + self.b_h
        a_h = self._sigmoid(z_h)
        z_out = np.dot(a_h, self.w_out) + self.b_out
        return z_h, a_h, z_out, self._sigmoid(z_out)

    def predict(self, X):
        return np.argmax(self._forward(X)[2], axis=1)

    def fit(self, X, y, epochs=100, eta=0.001, minibatch_size=100):
        T = self._onehot(y)
        for _ in range(epochs):
            order = np.arange(X.shape[0])
            self.random.shuffle(order)
            for at in range(0, len(order) - minibatch_size + 1, minibatch_size):
                pick = order[at:at + minibatch_size]
                z_h, a_h, z_out, a_out = self._forward(X[pick])
                d_out = a_out - T[pick]
                d_h = np.dot(d_out, self.w_out.T) * a_h * (1 - a_h)
                self.w_h -= eta * np.dot(X[pick].T, d_h)
                self.b_h -= eta * np.sum(d_h, axis=0)
                self.w_out -= eta * np.dot(a_h.T, d_out)
                self.b_out -= eta * np.sum(d_out, axis=0)
        return self
