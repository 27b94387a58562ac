# my own backprop, no numpy
import math
import random


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


class NeuralNet:
    def __init__(self, num_in, num_hidden, num_out):
        random.seed(4)
        self.w1 = [[random.uniform(-1, 1) for _ in range(num_hidden)] for _ in range(num_in)]
        self.b1 = [random.uniform(-1, 1) for _ in range(num_hidden)]
        self.w2 = [[random.uniform(-1, 1) for _ in range(num_out)] for _ in range(num_hidden)]
        self.b2 = [random.uniform(-1, 1) for _ in range(num_out)]

    def forward(self, x):
        self.h = []
        for j in range(len(self.b1)):
            s = self.b1[j]
            for i in range(len(x)):
                s += x[i] * self.w1[i][j]
            self.h.append(sigmoid(s))
        self.o = []
        for k in range(len(self.b2)):
            s = self.b2[k]
            for j in range(len(self.h)):
                s += self.h[j] * self.w2[j][k]
            self.o.append(sigmoid(s))
        return self.o

    def backward(self, x, t, lr=0.1):
        self.forward(x)
        d_out = []
        for k in range(len(self.o)):
            d_out.append((self.o[k] - t[k]) * self.o[k] * (1 - self.o[k]))
        d_hid = []
        for j in range(len(self.h)):
            for k in range(len(self.o)):
                err = d_out[k] * self.w2[j][k]
            d_hid.append(err * self.h[j] * (1 - self.h[j]))
        for j in range(len(self.h)):
            for k in range(len(self.o)):
                self.w2[j][k] -= lr * d_out[k] * self.h[j]
        for k in range(len(self.o)):
            self.b2[k] -= lr * d_out[k]
        for i in range(len(x)):
            for j in range(len(self.h)):
                self.w1[i][j] -= lr * d_hid[j] * x[i]
        for j in range(len(self.h)):
            self.b1[j] -= lr * d_hid[j]
