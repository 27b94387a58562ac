"""A digit reader in the style of a course: labels are 1, 2, ..., K.

Interface: rand_weights(l_in, l_out) ; init(n_in, n_hid, n_lab) -> (Theta1, Theta2), with the bias in the first column.
nn_cost(Theta1, Theta2, X, y, lam) -> (J, grad1, grad2); X has one example per row, y has integer labels from 1 to K.

Loss: mean over the examples of the cross-entropy of all outputs, plus lam / (2 m) times the squares of the weights, but
for those of the bias.
"""
import numpy as np


def init(n_in, n_hid, n_lab):
    r = np.random.RandomState(1)
    return r.uniform(-0.3, 0.3, (n_hid, n_in + 1)), r.uniform(-0.3, 0.3, (n_lab, n_hid + 1))


def sig(z):
    return 1 / (1 + np.exp(-z))


def nn_cost(Theta1, Theta2, X, y, lam=0.0):
    m, K = X.shape[0], Theta2.shape[0]
    Y = np.zeros((m, K))
    for i in range(m):
        Y[i, y[i] - 1] = 1
    A1 = np.c_[np.ones(m), X]
    A2 = np.c_[np.ones(m), sig(A1 @ Theta1.T)]
    H = sig(A2 @ Theta2.T)
    J = (-Y * np.log(H) - (1 - Y) * np.log(1 - H)).sum() / m
    J += lam / (2 * m) * ((Theta1[:, 1:] ** 2).sum() + (Theta2[:, 1:] ** 2).sum())
    D3 = H - Y
    D2 = (D3 @ Theta2[:, 1:]) * (A2 * (1 - A2))[:, 1:]
    grad1, grad2 = D2.T @ A1 / m, D3.T @ A2 / m
    grad1[:, 1:] += lam / m * Theta1[:, 1:]
    grad2[:, 1:] += lam / m * Theta2[:, 1:]
    return J, grad1, grad2
