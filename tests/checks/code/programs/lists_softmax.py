# softmax classifier with one hidden layer, only lists
import math
import random


def new_network(n_in, n_hidden, n_out, seed=0):
    rnd = random.Random(seed)
    W1 = [[rnd.uniform(-1, 1) for _ in range(n_in)] for _ in range(n_hidden)]
    b1 = [rnd.uniform(-1, 1) for _ in range(n_hidden)]
    W2 = [[rnd.uniform(-1, 1) for _ in range(n_hidden)] for _ in range(n_out)]
    b2 = [rnd.uniform(-1, 1) for _ in range(n_out)]
    return W1, b1, W2, b2


def matvec(M, v):
    return [sum(m * x for m, x in zip(row, v)) for row in M]


def forward(W1, b1, W2, b2, x):
    h = [math.tanh(z + b) for z, b in zip(matvec(W1, x), b1)]
    z = [s + b for s, b in zip(matvec(W2, h), b2)]
    e = [math.exp(v) for v in z]
    total = sum(e)
    return h, [v / total for v in e]


def gradient(W1, b1, W2, b2, x, label):
    """gradient of -log p[label] for one example; label is an integer"""
    h, p = forward(W1, b1, W2, b2, x)
    d2 = [pk - (1 if k == label else 0) for k, pk in enumerate(p)]
    d1 = [(1 - h[j] ** 2) * sum(W2[k][j] * d2[k] for k in range(len(d2))) for j in range(len(h))]
    gW2 = [[dk * hj for hj in h] for dk in d2]
    gW1 = [[dj * xi for xi in x] for dj in d1]
    return gW1, d1, gW2, d2
