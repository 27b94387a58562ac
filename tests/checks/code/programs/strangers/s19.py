"""Small classifier kept as a list of layers, each a dict.

build(dims, seed) -> list of {'K': (in, out), 'c': (out,)}; hidden layers rectified, the last one softmax.
probabilities(layers, X) takes rows.  learn(layers, X, labels, eta) makes one step of gradient descent in place; labels
are integers.

Loss: mean over the rows of -log of the probability of the right class.
"""
import numpy as np


def build(dims, seed=0):
    rng = np.random.default_rng(seed)
    layers = []
    for fan_in, fan_out in zip(dims[:-1], dims[1:]):
        layers.append({'K': rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)), 'c': rng.normal(0, .1, fan_out)})
    return layers


def probabilities(layers, X):
    return walk(layers, X)[-1]


def walk(layers, X):
    outs = [X]
    for n, layer in enumerate(layers):
        z = outs[-1] @ layer['K'] + layer['c']
        if n < len(layers) - 1:
            outs.append(np.maximum(z, 0))
        else:
            e = np.exp(z - z.max(axis=1, keepdims=True))
            outs.append(e / e.sum(axis=1, keepdims=True))
    return outs


def learn(layers, X, labels, eta):
    outs = walk(layers, X)
    m = len(X)
    d = outs[-1].copy()
    d[np.arange(m), labels] -= 1
    d /= m
    for n in reversed(range(len(layers))):
        layer = layers[n]
        gK = outs[n].T @ d
        gc = d.sum(axis=0)
        if n > 0:
            d = (d @ layer['K'].T) * (outs[n] > 0)
        layer['K'] -= eta * gK
        layer['c'] -= eta * gc
