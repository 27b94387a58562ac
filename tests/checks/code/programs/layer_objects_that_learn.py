"""Layers that update themselves on the way back.

Interface: mlp(sizes) -> a list of layers, Dense and Sigmoid in turn.  predict(network, x) takes a column; learn(network,
x, y, learning_rate) makes one step for one example.

Loss: mean over the outputs of the squared errors.
"""
import numpy as np


class Layer:
    def __init__(self):
        self.input = None
        self.output = None


class Dense(Layer):
    def __init__(self, input_size, output_size):
        self.weights = np.random.randn(output_size, input_size)
        self.bias = np.random.randn(output_size, 1)

    def forward(self, input):
        self.input = input
        return np.dot(self.weights, self.input) + self.bias

    def backward(self, output_gradient, learning_rate):
        weights_gradient = np.dot(output_gradient, self.input.T)
        input_gradient = np.dot(self.weights.T, output_gradient)
        self.weights -= learning_rate * weights_gradient
        self.bias -= learning_rate * output_gradient
        return input_gradient


class Activation(Layer):
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward(self, input):
        self.input = input
        return self.activation(self.input)

    def backward(self, output_gradient, learning_rate):
        return np.multiply(output_gradient, self.activation_prime(self.input))


class Sigmoid(Activation):
    def __init__(self):
        def sigmoid(x):
            return 1 / (1 + np.exp(-x))

        super().__init__(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)))


def mse(y_true, y_pred):
    return np.mean(np.power(y_true - y_pred, 2))


def mse_prime(y_true, y_pred):
    return 2 * (y_pred - y_true) / np.size(y_true)


def mlp(sizes):
    network = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        network += [Dense(n_in, n_out), Sigmoid()]
    return network


def predict(network, x):
    for layer in network:
        x = layer.forward(x)
    return x


def learn(network, x, y, learning_rate=0.1):
    grad = mse_prime(y, predict(network, x))
    for layer in reversed(network):
        grad = layer.backward(grad, learning_rate)
