# a net made of neuron objects, plain python
import math
import random


class Neuron:
    def __init__(self, n_inputs, rnd):
        self.weights = [rnd.uniform(-1, 1) for _ in range(n_inputs)]
        self.bias = rnd.uniform(-1, 1)
        self.output = 0.0
        self.delta = 0.0

    def fire(self, inputs):
        total = self.bias
        for w, x in zip(self.weights, inputs):
            total += w * x
        self.output = 1.0 / (1.0 + math.exp(-total))
        return self.output


class Network:
    """Quadratic cost 1/2 sum (t - o)^2, one example at a time."""

    def __init__(self, n_inputs, n_hidden, n_outputs):
        rnd = random.Random(11)
        self.hidden_layer = [Neuron(n_inputs, rnd) for _ in range(n_hidden)]
        self.output_layer = [Neuron(n_hidden, rnd) for _ in range(n_outputs)]

    def forward(self, inputs):
        hidden = [n.fire(inputs) for n in self.hidden_layer]
        return [n.fire(hidden) for n in self.output_layer]

    def train(self, inputs, targets, rate):
        self.forward(inputs)
        for k, neuron in enumerate(self.output_layer):
            neuron.delta = (neuron.output - targets[k]) * neuron.output * (1 - neuron.output)
        for j, neuron in enumerate(self.hidden_layer):
            back = sum(o.delta for o in self.output_layer) * sum(o.weights[j] for o in self.output_layer)
            neuron.delta = back * neuron.output * (1 - neuron.output)
        hidden = [n.output for n in self.hidden_layer]
        for layer, seen in ((self.output_layer, hidden), (self.hidden_layer, inputs)):
            for neuron in layer:
                for i in range(len(neuron.weights)):
                    neuron.weights[i] -= rate * neuron.delta * seen[i]
                neuron.bias -= rate * neuron.delta
