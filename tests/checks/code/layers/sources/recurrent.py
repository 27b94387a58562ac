"""One step back of recurrent layers, on examples as rows or as columns."""

import numpy as np


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - t**2)
    di, df, do, dg = dc * g, dc * prev_c, dnext_h * t, dc * i
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)], axis=1)
    dprev_c = dc * f
    dx, dprev_h = da @ Wx.T, da @ Wh.T
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_columns_backward(da_next, dc_next, cache):
    a_prev, c_prev, c_next, ft, it, cct, ot, xt, parameters = cache
    n = a_prev.shape[0]
    tanh_c = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c**2)
    zo = da_next * tanh_c * ot * (1 - ot)
    zc = dc * it * (1 - cct**2)
    zi = dc * cct * it * (1 - it)
    zf = dc * c_prev * ft * (1 - ft)
    both = np.concatenate((a_prev, xt))
    Wf, Wi, Wc, Wo = (parameters[name] for name in ("Wf", "Wi", "Wc", "Wo"))
    back = parameters["Wf"].T @ zf + parameters["Wi"].T @ zi + parameters["Wc"].T @ zc + parameters["Wo"].T @ zo
    gradients = {"da_prev": back[:n], "dxt": back[n:], "dc_prev": dc * ft}
    for name, z in (("f", zf), ("i", zi), ("c", zc), ("o", zo)):
        gradients["dW" + name] = z @ both.T
        gradients["db" + name] = z.sum(axis=1, keepdims=True)
    return gradients


def gru_step_backward(dh_next, cache):
    x, h_prev, Wz, Uz, Wr, Ur, Wh, Uh, z, r, h_hat = cache
    dz = dh_next * (h_hat - h_prev) * z * (1 - z)
    dh_hat = dh_next * z * (1 - h_hat**2)
    drh = dh_hat @ Uh.T
    dr = drh * h_prev * r * (1 - r)
    dh_prev = dh_next * (1 - z) + drh * r + dz @ Uz.T + dr @ Ur.T
    dx = dz @ Wz.T + dr @ Wr.T + dh_hat @ Wh.T
    dWz, dWr, dWh = x.T @ dz, x.T @ dr, x.T @ dh_hat
    dUz, dUr, dUh = h_prev.T @ dz, h_prev.T @ dr, (r * h_prev).T @ dh_hat
    dbz, dbr, dbh = dz.sum(0), dr.sum(0), dh_hat.sum(0)
    return dx, dh_prev, dWz, dUz, dbz, dWr, dUr, dbr, dWh, dUh, dbh
