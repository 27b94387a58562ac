"""Attention and rotary embedding backward, in the manner of real code."""

import numpy as np


def attention_backward(dout, qkv, att, n_head):
    B, T, C3 = qkv.shape
    C = C3 // 3
    hs = C // n_head
    q, k, v = (a.reshape(B, T, n_head, hs).transpose(0, 2, 1, 3) for a in np.split(qkv, 3, axis=2))
    do = dout.reshape(B, T, n_head, hs).transpose(0, 2, 1, 3)
    dv = att.swapaxes(-1, -2) @ do
    datt = do @ v.swapaxes(-1, -2)
    ds = att * (datt - (datt * att).sum(-1, keepdims=True))
    ds /= np.sqrt(hs)
    dq = ds @ k
    dk = ds.swapaxes(-1, -2) @ q
    merged = [a.transpose(0, 2, 1, 3).reshape(B, T, C) for a in (dq, dk, dv)]
    return np.concatenate(merged, axis=2)


def flash_backward(q, k, v, out, dout, lse, scale):
    B, H, T, D = q.shape
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    delta = np.sum(dout * out, axis=-1, keepdims=True)
    mask = np.tril(np.ones((T, T), dtype=bool))
    for b in range(B):
        for h in range(H):
            s = scale * (q[b, h] @ k[b, h].T)
            p = np.where(mask, np.exp(s - lse[b, h][:, None]), 0.0)
            dv[b, h] += p.T @ dout[b, h]
            dp = dout[b, h] @ v[b, h].T
            ds = p * (dp - delta[b, h]) * scale
            dq[b, h] += ds @ k[b, h]
            dk[b, h] += ds.T @ q[b, h]
    return dq, dk, dv


def gqa_backward(dout, q, k, v, probs, n_heads, n_kv_heads):
    B, T, H, D = q.shape
    n_rep = n_heads // n_kv_heads
    keys = np.repeat(k, n_rep, axis=2)
    values = np.repeat(v, n_rep, axis=2)
    dvalues = np.einsum("bhts,bthd->bshd", probs, dout)
    dp = np.einsum("bthd,bshd->bhts", dout, values)
    ds = probs * (dp - np.sum(dp * probs, axis=-1, keepdims=True))
    ds = ds / np.sqrt(D)
    dq = np.einsum("bhts,bshd->bthd", ds, keys)
    dkeys = np.einsum("bhts,bthd->bshd", ds, q)
    dk = dkeys.reshape(B, T, n_kv_heads, n_rep, D).sum(axis=3)
    dv = dvalues.reshape(B, T, n_kv_heads, n_rep, D).sum(axis=3)
    return dq, dk, dv


def softmax_backward(dy, y):
    dx = np.empty_like(y)
    for i in range(y.shape[0]):
        p = y[i].reshape(-1, 1)
        dx[i] = (np.diagflat(p) - p @ p.T) @ dy[i]
    return dx


def rope_backward(dout, cos, sin):
    d = dout.shape[-1] // 2
    c, s = cos[None, :, None, :], sin[None, :, None, :]
    first, second = dout[..., :d], dout[..., d:]
    dx = np.concatenate([first * c + second * s, second * c - first * s], axis=-1)
    return dx


def rope_pairs_backward(dy, freqs_cos, freqs_sin):
    B, T, H, D = dy.shape
    dx = np.zeros(dy.shape, dtype=np.float32)
    for t in range(T):
        for i in range(D // 2):
            c, s = freqs_cos[t, i], freqs_sin[t, i]
            dx[:, t, :, 2 * i] = dy[:, t, :, 2 * i] * c + dy[:, t, :, 2 * i + 1] * s
            dx[:, t, :, 2 * i + 1] = dy[:, t, :, 2 * i + 1] * c - dy[:, t, :, 2 * i] * s
    return dx
