"""What a forward pass keeps, in the many ways in which it does; and layers of one line."""

import numpy as np


class RMSNormFunction:
    @staticmethod
    def forward(ctx, x, weight, eps=1e-6):
        inv = 1.0 / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)
        ctx.save_for_backward(x, weight, inv)
        return x * inv * weight

    @staticmethod
    def backward(ctx, grad_output):
        x, weight, inv = ctx.saved_tensors
        g = grad_output * weight
        dx = inv * (g - x * inv**2 * (g * x).mean(axis=-1, keepdims=True))
        dw = (grad_output * x * inv).reshape(-1, x.shape[-1]).sum(axis=0)
        return dx, dw


class LayerNormWithGrads:
    def __init__(self, d, eps=1e-5):
        self.gamma, self.beta, self.eps = np.ones(d), np.zeros(d), eps
        self.grads = {}

    def forward(self, x):
        mean = x.mean(-1, keepdims=True)
        self.inv = 1 / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) * self.inv
        return self.gamma * self.xhat + self.beta

    def backward(self, grad):
        axes = tuple(range(grad.ndim - 1))
        self.grads["gamma"] = (grad * self.xhat).sum(axes)
        self.grads["beta"] = grad.sum(axes)
        g = grad * self.gamma
        return self.inv * (g - g.mean(-1, keepdims=True) - self.xhat * (g * self.xhat).mean(-1, keepdims=True))


def layernorm_with_unused_backward(dout, cache):
    gamma, x_hat, std, _, more = cache
    D = dout.shape[1]
    more = (dout * gamma).T
    xh = x_hat.T
    dx = (1.0 / D) / std.reshape(-1) * (D * more - more.sum(axis=0) - xh * (more * xh).sum(axis=0))
    return dx.T, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def groupnorm_backward(dout, cache):
    x, gamma, beta, G, eps = cache
    N, C, H, W = dout.shape
    axes = (2, 3, 4)
    xg = x.reshape(N, G, C // G, H, W)
    xc = xg - xg.mean(axis=axes, keepdims=True)
    inv = 1 / np.sqrt((xc**2).mean(axis=axes, keepdims=True) + eps)
    h = xc * inv
    g = (dout * gamma).reshape(h.shape)
    dx = inv * (g - g.mean(axis=axes, keepdims=True) - h * (g * h).mean(axis=axes, keepdims=True))
    dgamma = (dout * h.reshape(dout.shape)).sum(axis=(0, 2, 3), keepdims=True)
    return dx.reshape(dout.shape), dgamma, dout.sum(axis=(0, 2, 3), keepdims=True)


def relu_backward(dout, cache):
    x = cache
    return dout * (x > 0)


def tanh_backward(dA, activation):
    return dA * (1 - activation**2)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout


def dropout_from_rate_backward(grad, mask, p):
    return grad * mask / (1.0 - p)


def hinge_loss(scores, y):
    n = len(y)
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1.0)
    margins[np.arange(n), y] = 0
    dscores = np.where(margins > 0, 1.0, 0.0)
    dscores[np.arange(n), y] -= dscores.sum(axis=1)
    return margins.sum() / n, dscores / n
