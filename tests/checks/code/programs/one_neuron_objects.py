"""Objects down to the neuron.

Interface: Net(n_in, n_hidden, n_out, seed); net.layers is a list of Layer, layer.neurons a list of Neuron with weights (a list)
and bias (a number).  run(xs) returns a list.  learn(xs, ts, rate) makes one step for one example, both plain lists.

Loss: half the sum of squared errors.  Sigmoid everywhere.
"""
import math
import random


class Neuron:
    def __init__(self, n, rng):
        self.weights = [rng.uniform(-1, 1) for _ in range(n)]
        self.bias = rng.uniform(-1, 1)

    def run(self, xs):
        self.inputs = xs
        s = self.bias
        for w, x in zip(self.weights, xs):
            s += w * x
        self.out = 1 / (1 + math.exp(-s))
        return self.out


class Layer:
    def __init__(self, n_in, n_out, rng):
        self.neurons = [Neuron(n_in, rng) for _ in range(n_out)]

    def run(self, xs):
        return [n.run(xs) for n in self.neurons]


class Net:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        rng = random.Random(seed)
        self.layers = [Layer(n_in, n_hidden, rng), Layer(n_hidden, n_out, rng)]

    def run(self, xs):
        for layer in self.layers:
            xs = layer.run(xs)
        return xs

    def learn(self, xs, ts, rate):
        self.run(xs)
        hidden, last = self.layers
        for n, t in zip(last.neurons, ts):
            n.delta = (n.out - t) * n.out * (1 - n.out)
        for j, n in enumerate(hidden.neurons):
            n.delta = sum(u.weights[j] * u.delta for u in last.neurons) * n.out * (1 - n.out)
        for layer in self.layers:
            for n in layer.neurons:
                n.weights = [w - rate * n.delta * x for w, x in zip(n.weights, n.inputs)]
                n.bias -= rate * n.delta
