import numpy as np


def init_params(n_x, n_h, n_y):
    return {"W1": np.random.randn(n_h, n_x), "b1": np.zeros((n_h, 1)), "W2": np.random.randn(n_y, n_h), "b2": np.zeros((n_y, 1))}


def train(params, X, Y, lr=0.5):
    """Columns are examples; mean binary cross-entropy; tanh, then sigmoid."""
    m = X.shape[1]
    i = 0
    while i < 5000:
        A1 = np.tanh(params["W1"] @ X + params["b1"])
        A2 = 1 / (1 + np.exp(-(params["W2"] @ A1 + params["b2"])))
        dZ2 = (A2 - Y) / m
        dZ1 = (params["W2"].T @ dZ2) * (1 - A1 ** 2)
        params["W2"] = params["W2"] - lr * dZ2 @ A1.T
        params["b2"] = params["b2"] - lr * dZ2.sum(axis=1, keepdims=True)
        params["W1"] = params["W1"] - lr * dZ1 @ X.T
        params["b1"] = params["b1"] - lr * dZ1.sum(axis=1, keepdims=True)
        i += 1
    return params
