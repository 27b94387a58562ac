"""Unrolled parameters, C order, W1 b1 W2 b2; rows. cost_and_grad(theta, n, h, k, X, Y, lam): logistic hidden, softmax out.

cost = mean cross-entropy + lam / 2 * (sum of squares of W1 and W2).
"""
import numpy as np


def make_theta(n, h, k, seed=0):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(size=s).ravel() for s in ((n, h), (h,), (h, k), (k,))])


def split(theta, n, h, k):
    i = n * h
    W1 = theta[:i].reshape(n, h)
    b1 = theta[i:i + h]
    j = i + h + h * k
    return W1, b1, theta[i + h:j].reshape(h, k), theta[j:]


def cost_and_grad(theta, n, h, k, X, Y, lam):
    W1, b1, W2, b2 = split(theta, n, h, k)
    m = len(X)
    H = 1 / (1 + np.exp(-(X @ W1 + b1)))
    S = H @ W2 + b2
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    cost = -np.sum(Y * np.log(P)) / m + lam / 2 * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    D = (P - Y) / m
    G2 = H.T @ D + lam * W2
    DH = D @ W2.T * H * (1 - H)
    G1 = X.T @ DH + lam / m * W1
    return cost, np.concatenate([G1.ravel(), DH.sum(0), G2.ravel(), D.sum(0)])
