import numpy as np


class DeepNet:
    '''Fully connected sigmoid network. cost = 1/2 * sum((a - y)^2)'''

    def __init__(self, layers):
        self.layers = layers
        self.W = [np.random.randn(layers[i + 1], layers[i]) * 0.5 for i in range(len(layers) - 1)]
        self.B = [np.random.randn(layers[i + 1], 1) * 0.5 for i in range(len(layers) - 1)]

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def forward(self, x):
        self.a = [x]
        for w, b in zip(self.W, self.B):
            self.a.append(self.sigmoid(w @ self.a[-1] + b))
        return self.a[-1]

    def backward(self, x, y):
        self.forward(x)
        L = len(self.W)
        dW = [np.zeros(w.shape) for w in self.W]
        dB = [np.zeros(b.shape) for b in self.B]
        delta = (self.a[L] - y) * self.a[L] * (1 - self.a[L])
        dW[L - 1] = delta @ self.a[L - 1].T
        dB[L - 1] = delta
        for l in range(L - 2, 0, -1):
            delta = (self.W[l + 1].T @ delta) * self.a[l + 1] * (1 - self.a[l + 1])
            dW[l] = delta @ self.a[l].T
            dB[l] = delta
        return dW, dB
