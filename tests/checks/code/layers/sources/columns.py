"""A softmax of columns."""

import numpy as np


def softmax_of_columns_backward(dout, x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    return p * (dout - (dout * p).sum(axis=0, keepdims=True))
