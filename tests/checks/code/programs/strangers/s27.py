"""Fully connected classifier: relu, softmax with cross-entropy, mean over the rows; labels are integers."""
import numpy as np


class FC:
    def __init__(self, D=4, H=5, C=3, seed=0):
        rng = np.random.default_rng(seed)
        self.W1 = rng.normal(0, 1, (D, H))
        self.b1 = rng.normal(0, .1, H)
        self.W2 = rng.normal(0, 1, (H, C))
        self.b2 = rng.normal(0, .1, C)

    def scores(self, X):
        return np.maximum(0, X.dot(self.W1) + self.b1).dot(self.W2) + self.b2

    def loss(self, X, y):
        N = X.shape[0]
        hidden = np.maximum(0, X.dot(self.W1) + self.b1)
        scores = hidden.dot(self.W2) + self.b2
        shifted = scores - scores.max(axis=1, keepdims=True)
        probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        loss = -np.log(probs[np.arange(N), y]).mean()
        dscores = probs.copy()
        dscores[np.arange(N), y] -= 1
        dscores /= N
        grads = {'W2': hidden.T.dot(dscores), 'b2': dscores.sum(axis=0)}
        dhidden = dscores.dot(self.W2.T)
        dhidden[hidden > 0] = 0
        grads['W1'] = X.T.dot(dhidden)
        grads['b1'] = dhidden.sum(axis=0)
        return loss, grads
