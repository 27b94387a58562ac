"""Cost function of a two-layer classifier in the style of an early online course.

Interface: nn_cost(nn_params, input_size, hidden_size, num_labels, X, y, lam) returns (J, grad); nn_params is one flat
vector, the unrolled Theta1 (hidden_size, input_size + 1) and Theta2 (num_labels, hidden_size + 1), in Fortran order;
the first column of each belongs to the bias unit.  X has one example per row; y has integer labels from 0.
rand_params(input_size, hidden_size, num_labels) draws such a vector.

Loss: mean over the examples of the cross-entropy summed over the outputs, plus lam / (2 m) times the sum of the squares
of all weights but those of the bias units.
"""
import numpy as np


def rand_params(input_size, hidden_size, num_labels, seed=0):
    r = np.random.RandomState(seed)
    t1 = r.uniform(-0.5, 0.5, (hidden_size, input_size + 1))
    t2 = r.uniform(-0.5, 0.5, (num_labels, hidden_size + 1))
    return np.concatenate([t1.ravel(order='F'), t2.ravel(order='F')])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def nn_cost(nn_params, input_size, hidden_size, num_labels, X, y, lam):
    cut = hidden_size * (input_size + 1)
    Theta1 = np.reshape(nn_params[:cut], (hidden_size, input_size + 1), order='F')
    Theta2 = np.reshape(nn_params[cut:], (num_labels, hidden_size + 1), order='F')
    m = X.shape[0]
    a1 = np.hstack([np.ones((m, 1)), X])
    z2 = a1 @ Theta1.T
    a2 = np.hstack([np.ones((m, 1)), sigmoid(z2)])
    h = sigmoid(a2 @ Theta2.T)
    Y = np.eye(num_labels)[y]
    J = -np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / m
    J += lam / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
    d3 = h - Y
    d2 = (d3 @ Theta2)[:, 1:] * sigmoid(z2) * (1 - sigmoid(z2))
    G1 = d2.T @ a1 / m
    G2 = d3.T @ a2 / m
    G1[:, 1:] += lam / m * Theta1[:, 1:]
    G2[:, 1:] += lam / m * Theta2[:, 1:]
    return J, np.concatenate([G1.ravel(order='F'), G2.ravel(order='F')])
