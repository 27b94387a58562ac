"""A net of dictionaries.

Interface: make(n_in, n_hidden, n_out, seed) -> [hidden, output]; each layer is a list of neurons, a neuron is a dict with
the key 'w', a list whose last entry is the threshold weight.  respond(net, values) returns the outputs.
teach(net, values, wanted, rate) changes the net by one step for the example (values, wanted), both plain lists.

Loss: half the sum of squared errors.
"""
import math
import random


def make(n_in, n_hidden, n_out, seed=7):
    rng = random.Random(seed)
    return [[{'w': [rng.uniform(-1, 1) for _ in range(k + 1)]} for _ in range(n)]
            for k, n in ((n_in, n_hidden), (n_hidden, n_out))]


def respond(net, values):
    for layer in net:
        values = values + [1]
        for neuron in layer:
            s = sum(w * v for w, v in zip(neuron['w'], values))
            neuron['out'] = 1 / (1 + math.exp(-s))
        values = [neuron['out'] for neuron in layer]
    return values


def teach(net, values, wanted, rate):
    outs = respond(net, values)
    hidden, output = net
    for neuron, o, t in zip(output, outs, wanted):
        neuron['d'] = (t - o) * o * (1 - o)
    for j, neuron in enumerate(hidden):
        o = neuron['out']
        neuron['d'] = o * (1 - o) * sum(up['w'][j] * up['d'] for up in output)
    for neuron in output:
        for j, lower in enumerate(hidden):
            neuron['w'][j] += rate * neuron['d'] * lower['out']
        neuron['w'][-1] += rate * neuron['d']
    for neuron in hidden:
        for i, v in enumerate(values):
            neuron['w'][i] += rate * neuron['d'] * v
        neuron['w'][-1] += rate * neuron['d']
