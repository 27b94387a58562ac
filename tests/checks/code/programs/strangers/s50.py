"""Loops over examples, units and weights; nested lists, no NumPy in the backward pass.

net = build(n, h, k): {'hid': h rows of n + 1 numbers, 'out': k rows of h + 1 numbers}, the bias first.
accumulate(net, xs, ts) -> the same with gradients, summed over the examples; logistic units, 1/2 squared error.
"""
import math
import random


def build(n, h, k, seed=4):
    r = random.Random(seed)
    return {'hid': [[r.uniform(-1, 1) for _ in range(n + 1)] for _ in range(h)],
            'out': [[r.uniform(-1, 1) for _ in range(h + 1)] for _ in range(k)]}


def fire(row, values):
    return 1 / (1 + math.exp(-(row[0] + sum(w * v for w, v in zip(row[1:], values)))))


def accumulate(net, xs, ts):
    grad = {name: [[0.0] * len(row) for row in rows] for name, rows in net.items()}
    for x, t in zip(xs, ts):
        hid = [fire(row, x) for row in net['hid']]
        out = [fire(row, hid) for row in net['out']]
        d_out = [(o - y) * o * (1 - o) for o, y in zip(out, t)]
        d_hid = [sum(d_out[i] * net['out'][i][j + 1] for i in range(len(out))) * hid[j] * (1 - hid[j])
                 for j in range(len(hid))]
        for rows, deltas, below in ((grad['out'], d_out, hid), (grad['hid'], d_hid, x)):
            for row, d in zip(rows, deltas):
                row[0] += d
                for j, v in enumerate(below):
                    row[j + 1] += d * v
    return grad
