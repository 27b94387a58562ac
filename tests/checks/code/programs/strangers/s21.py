"""Course exercise, ported from the original language: everything is unrolled by columns (order 'F').

cost_function(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, Lambda) -> J, grad.
Theta1 (hidden, 1 + input), Theta2 (labels, 1 + hidden).  y holds integers from 0.

J = cross-entropy of logistic outputs, mean over the m examples, plus Lambda/(2m) of squared weights, no bias.
"""
import numpy as np


def init_params(input_layer_size, hidden_layer_size, num_labels, seed=0):
    rng = np.random.RandomState(seed)
    t1 = rng.rand(hidden_layer_size, 1 + input_layer_size) * 2 * .3 - .3
    t2 = rng.rand(num_labels, 1 + hidden_layer_size) * 2 * .3 - .3
    return np.concatenate([t1.ravel(order='F'), t2.ravel(order='F')])


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_gradient(z):
    g = sigmoid(z)
    return g * (1 - g)


def cost_function(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, Lambda):
    n1 = hidden_layer_size * (input_layer_size + 1)
    Theta1 = np.reshape(nn_params[:n1], (hidden_layer_size, input_layer_size + 1), order='F')
    Theta2 = np.reshape(nn_params[n1:], (num_labels, hidden_layer_size + 1), order='F')
    m = len(y)
    a1 = np.column_stack((np.ones((m, 1)), X))
    z2 = np.dot(a1, Theta1.T)
    a2 = np.column_stack((np.ones((m, 1)), sigmoid(z2)))
    z3 = np.dot(a2, Theta2.T)
    h = sigmoid(z3)
    labels = np.eye(num_labels)[y]
    J = np.sum(-labels * np.log(h) - (1 - labels) * np.log(1 - h)) / m
    J = J + Lambda / (2.0 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
    Delta1 = np.zeros(Theta1.shape)
    Delta2 = np.zeros(Theta2.shape)
    for t in range(m):
        d3 = h[t] - labels[t]
        d2 = np.dot(Theta2.T, d3)[1:] * sigmoid_gradient(z2[t])
        Delta1 += np.outer(d2, a1[t])
        Delta2 += np.outer(d3, a2[t])
    Theta1_grad = Delta1 / m
    Theta2_grad = Delta2 / m
    Theta1_grad[:, 1:] += Lambda / m * Theta1[:, 1:]
    Theta2_grad[:, 1:] += Lambda / m * Theta2[:, 1:]
    return J, np.concatenate((Theta1_grad.ravel(order='F'), Theta2_grad.ravel(order='F')))
