"""Nested dict: net['layer1']['w'] (out, in), ['b'] (out, 1); columns; three layers of tanh; half squared error, summed."""
import numpy as np


def create_network(n0, n1, n2, n3, seed=0):
    r = np.random.default_rng(seed)
    sizes = [n0, n1, n2, n3]
    return {'layer%d' % k: {'w': r.normal(size=(sizes[k], sizes[k - 1])), 'b': r.normal(size=(sizes[k], 1))}
            for k in (1, 2, 3)}


def run(net, X):
    outs = [X]
    for k in (1, 2, 3):
        outs.append(np.tanh(net['layer%d' % k]['w'] @ outs[-1] + net['layer%d' % k]['b']))
    return outs


def backprop(net, X, Y):
    outs = run(net, X)
    grads = {}
    error = outs[-1] - Y
    for k in (3, 2, 1):
        delta = error * (1 - outs[k] ** 2)
        grads['layer%d' % k] = {'w': delta @ outs[k - 1].T, 'b': delta.sum(axis=1, keepdims=True)}
        error = net['layer%d' % k]['w'].T @ delta
    return grads
