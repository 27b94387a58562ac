"""Embedding, linear map, activations and cross-entropy backward, in the manner of real code."""

import math

import numpy as np


def embedding_backward(dout, tokens, wte, wpe):
    dwte, dwpe = np.zeros_like(wte), np.zeros_like(wpe)
    np.add.at(dwte, tokens, dout)
    dwpe[: dout.shape[1]] = dout.sum(axis=0)
    return dwte, dwpe


def embedding_loop_backward(grad, ids, vocab_size):
    B, T, C = grad.shape
    dweight = np.zeros((vocab_size, C))
    for b in range(B):
        for t in range(T):
            dweight[ids[b, t]] += grad[b, t]
    return dweight


def linear_backward(dout, x, w):
    dx = dout @ w
    dw = dout.T @ x
    db = dout.sum(0)
    return dx, dw, db


def gelu_backward(dout, x):
    k = np.sqrt(2.0 / np.pi)
    inner = k * (x + 0.044715 * x**3)
    t = np.tanh(inner)
    dinner = k * (1 + 3 * 0.044715 * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * dinner)


def silu_backward(dy, x):
    s = 1 / (1 + np.exp(-x))
    return dy * s * (1 + x * (1 - s))


def swiglu_backward(dout, gate, up):
    s = 1.0 / (1.0 + np.exp(-gate))
    dup = dout * gate * s
    dgate = dout * up * (s + gate * s * (1 - s))
    return dgate, dup


def softmax_loss_backward(probs, targets):
    N = probs.shape[0]
    dlogits = probs.copy()
    dlogits[np.arange(N), targets] -= 1
    dlogits /= N
    return dlogits


def fused_cross_entropy_backward(x, weight, targets):
    N, D = x.shape
    V = weight.shape[0]
    dx, dweight = np.zeros((N, D)), np.zeros((V, D))
    for n in range(N):
        logits = weight @ x[n]
        e = np.exp(logits - logits.max())
        p = e / e.sum()
        p[targets[n]] -= 1.0
        p = p * (1.0 / N)
        dx[n] = p @ weight
        dweight += np.outer(p, x[n])
    return dx, dweight
