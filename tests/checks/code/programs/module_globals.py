"""A notebook put into one file: the network is three names of the module.

Loss: half the squared error of the example; logistic units.
"""
import numpy as np

sizes = [2, 3, 1]
num_layers = len(sizes)
biases = [np.random.randn(y, 1) for y in sizes[1:]]
weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def backprop(x, y):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    activations = [x]
    for b, w in zip(biases, weights):
        activations.append(sigmoid(np.dot(w, activations[-1]) + b))
    a = activations[-1]
    delta = (a - y) * a * (1 - a)
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].T)
    for l in xrange(2, num_layers):
        a = activations[-l]
        delta = np.dot(weights[-l + 1].T, delta) * a * (1 - a)
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l - 1].T)
    return nabla_b, nabla_w


def show(x, y):
    nabla_b, nabla_w = backprop(x, y)
    print nabla_b
    print nabla_w
