"""LayerNorm and RMSNorm backward, in the manner of real code."""

import numpy as np


def layernorm_backward(dout, x, weight, mean, rstd):
    B, T, C = x.shape
    norm = (x - mean[:, :, None]) * rstd[:, :, None]
    dbias = dout.sum((0, 1))
    dweight = (dout * norm).sum(axis=(0, 1))
    dnorm = dout * weight
    dx = dnorm - dnorm.mean(-1, keepdims=True) - norm * (dnorm * norm).mean(-1, keepdims=True)
    dx *= rstd[:, :, None]
    return dx, dweight, dbias


def layernorm_from_cache(dout, cache):
    x, gamma, mu, var, eps = cache
    N, D = x.shape
    std = np.sqrt(var + eps)
    xhat = (x - mu) / std
    dgamma = np.zeros(D)
    for n in range(N):
        dgamma += dout[n] * xhat[n]
    dbeta = np.sum(dout, axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * (x - mu), axis=1, keepdims=True) * -0.5 * std**-3
    dmu = -np.sum(dxhat, axis=1, keepdims=True) / std
    dx = dxhat / std + dvar * 2 * (x - mu) / D + dmu / D
    return dx, dgamma, dbeta


class LayerNorm:
    def backward(self, grad_output):
        centred = self.x - self.x.mean(axis=-1, keepdims=True)
        r = 1.0 / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-6)
        h = centred * r
        self.dgamma = (grad_output * h).sum(axis=0)
        self.dbeta = grad_output.sum(axis=0)
        g = grad_output * self.gamma
        N, D = g.shape
        return (1.0 / D) * r * (D * g - g.sum(axis=-1, keepdims=True) - h * (g * h).sum(axis=-1, keepdims=True))


def rmsnorm_backward(dy, x, w, rstd):
    N, D = x.shape
    dw = (dy * x * rstd[:, None]).sum(0)
    wdy = w * dy
    dx = rstd[:, None] * wdy - rstd[:, None] ** 3 * x * (wdy * x).sum(1, keepdims=True) / D
    return dx, dw


def batchnorm_forward(x, gamma, beta, eps):
    N = x.shape[0]
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    var = 1.0 / N * np.sum(xmu**2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    hat = xmu * ivar
    return gamma * hat + beta, (hat, gamma, xmu, ivar, sqrtvar, var, eps)


def batchnorm_in_steps_backward(dout, state):
    hat, gamma, xmu, ivar, sqrtvar, var, eps = state
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * hat, axis=0)
    dhat = dout * gamma
    divar = np.sum(dhat * xmu, axis=0)
    dxmu = dhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu = dxmu + 2 * xmu * dsq
    dmu = -1 * np.sum(dxmu, axis=0)
    dx = dxmu + 1.0 / N * np.ones((N, D)) * dmu
    return dx, dgamma, dbeta


class SwiGLU:
    def forward(self, gate, up):
        self.first, self.second = gate, up
        self.half = 1.0 / (1.0 + np.exp(-gate))
        return self.first * self.half * self.second

    def backward(self, grad_output):
        dup = grad_output * self.first * self.half
        dgate = grad_output * self.second * self.half * (1 + self.first * (1 - self.half))
        return dgate, dup
