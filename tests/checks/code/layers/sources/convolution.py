"""Convolution, pooling and batch normalisation backward, in the manner of real code."""

import numpy as np


def conv_backward(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, Ho, Wo = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = dout.sum(axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    top, left = i * stride, j * stride
                    dw[f] += dout[n, f, i, j] * xp[n, :, top : top + HH, left : left + WW]
                    dxp[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f]
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, db


def conv_im2col_backward(dout, x, weight, stride, padding):
    N, C, H, W = x.shape
    F, _, kh, kw = weight.shape
    oh, ow = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.zeros((N, C, kh, kw, oh, ow))
    for i in range(kh):
        for j in range(kw):
            cols[:, :, i, j] = padded[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
    flat = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dweight = (flat @ cols.transpose(0, 4, 5, 1, 2, 3).reshape(N * oh * ow, -1)).reshape(weight.shape)
    dbias = flat.sum(1)
    dcols = (weight.reshape(F, -1).T @ flat).reshape(C, kh, kw, N, oh, ow).transpose(3, 0, 1, 2, 4, 5)
    dpadded = np.zeros((N, C, H + 2 * padding + stride - 1, W + 2 * padding + stride - 1))
    for i in range(kh):
        for j in range(kw):
            dpadded[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += dcols[:, :, i, j]
    dx = dpadded[:, :, padding : padding + H, padding : padding + W]
    return dx, dweight, dbias


def max_pool_backward(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    window = x[n, c, i * stride : i * stride + ph, j * stride : j * stride + pw]
                    mask = window == np.max(window)
                    dx[n, c, i * stride : i * stride + ph, j * stride : j * stride + pw] += mask * dout[n, c, i, j]
    return dx


def avg_pool_backward(dout, x, kernel_size, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            share = dout[:, :, i, j][:, :, None, None] / kernel_size**2
            dx[:, :, i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size] += share
    return dx


def batchnorm_backward(dout, cache):
    xhat, gamma, inv_std = cache
    N, D = dout.shape
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dx = inv_std / N * (N * dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0))
    return dx, dgamma, dbeta


def spatial_batchnorm_backward(dout, x, gamma, mean, var, eps):
    axes = (0, 2, 3)
    m = x.shape[0] * x.shape[2] * x.shape[3]
    shape = (1, -1, 1, 1)
    std = np.sqrt(var.reshape(shape) + eps)
    centred = x - mean.reshape(shape)
    g = dout * gamma.reshape(shape)
    dvar = np.sum(g * centred, axis=axes, keepdims=True) * (-0.5) * std ** (-3)
    dmean = np.sum(-g / std, axis=axes, keepdims=True) + dvar * np.mean(-2.0 * centred, axis=axes, keepdims=True)
    dx = g / std + dvar * 2.0 * centred / m + dmean / m
    return dx, np.sum(dout * centred / std, axis=axes), np.sum(dout, axis=axes)
