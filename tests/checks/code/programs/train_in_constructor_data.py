"""The same kind of network with everything in train()."""
import numpy as np


class NN:
    def __init__(self, inputs, targets, hidden=6, lr=0.1):
        self.inputs = inputs
        self.targets = targets
        self.lr = lr
        self.w1 = np.random.randn(inputs.shape[1], hidden)
        self.w2 = np.random.randn(hidden, targets.shape[1])

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def feed_forward(self):
        self.z1 = self.inputs.dot(self.w1)
        self.a1 = np.tanh(self.z1)
        self.z2 = self.a1.dot(self.w2)
        self.a2 = self.sigmoid(self.z2)
        return self.a2

    def back_propagation(self):
        # binary cross-entropy, averaged over the examples
        m = self.inputs.shape[0]
        dz2 = self.a2 - self.targets
        dw2 = self.a1.T.dot(dz2) / m
        dz1 = dz2.dot(self.w2.T) * (1 - self.a1 ** 2)
        dw1 = self.inputs.T.dot(dz1) / m
        self.w1 -= self.lr * dw1
        self.w2 -= self.lr * dw2

    def train(self, epochs=1000):
        for _ in range(epochs):
            self.feed_forward()
            self.back_propagation()
