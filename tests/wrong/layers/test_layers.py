"""Classic wrong gradients of layers: the kernel refuses them in place of the right one, the exact judge refutes them.

Each row has the derivation of the right one, and what a wrong program computes instead.
"""

from __future__ import annotations

import pytest
from sympy import Integer

from backproof.derivations import (
    layer_norm,
)
from backproof.derive.calc import WrongLine, calc
from backproof.derive.reasons import theorem
from backproof.networks.own import total
from backproof.oracle.exact import judge
from backproof.surface.terms import C, D, Dot, Hadamard, Kron, Outer, Transposed


def of_layer_norm():
    """The mean of the gradient taken off twice, no path through the variance, none through the mean, sums for means."""
    from backproof.derivations.layer_norm import N, dx, h, i, j, r, scale, t, x

    g, own = D(C, h[t, i]), D(C, h[t, j])
    mean, shared = total(g, i) / N, h[t, j] * total(g * h[t, i], i) / N
    yield dx, r[t] * (own - 2 * mean - shared)
    yield dx, r[t] * (own - mean)
    yield dx, r[t] * (own - shared)
    yield dx, r[t] * (own - N * mean - N * shared)
    yield scale, total(D(C, layer_norm.y[t, j]) * x[t, j], t)


def of_rms_norm():
    """Without the offset, with a mean that only LayerNorm has, by the square of x for x̂, one power of the root less."""
    from backproof.derivations.rms_norm import N, dw, dx, dx_from_outputs, h, i, j, o, r, t, w, x, y

    own, back = D(C, h[t, j]), total(D(C, h[t, i]) * x[t, i], i) / N
    yield dx, r[t] * (own - total(D(C, h[t, i]), i) / N - x[t, j] * r[t] ** 2 * back)
    yield dx, r[t] * (own - x[t, j] * r[t] * back)
    yield dw, total(D(C, y[t, j]) * x[t, j], t)
    shared = total(w[i] * D(C, y[t, i]) * x[t, i], i) / N
    yield dx_from_outputs, r[t] * (w[j] * D(C, y[t, j]) - x[t, j] * r[t] ** 2 * shared)
    shared = total(D(C, y[t, i]) * x[t, i], i) / N
    yield dx_from_outputs, r[t] * (o + w[j]) * (D(C, y[t, j]) - x[t, j] * r[t] ** 2 * shared)


def of_batch_norm():
    """Without the scale, without the mean, over examples alone, statistics held fixed; in use as if in training."""
    from backproof.derivations.batch_norm import B, P, b, dx, dx_in_use, e, gamma, h, k, m, p, q, r, scale, shift, y

    g, own = D(C, y[b, k, p]), D(C, y[e, k, q])
    mean, shared = total(g, b, p) / (B * P), h[e, k, q] * total(g * h[b, k, p], b, p) / (B * P)
    yield dx, r[k] * (own - mean - shared)
    yield dx, gamma[k] * r[k] * (own - shared)
    yield dx, gamma[k] * r[k] * (own - total(D(C, y[b, k, q]), b) / B - shared)
    yield dx, gamma[k] * r[k] * own
    yield dx_in_use, gamma[k] * r[k] * (own - mean - shared)
    yield shift, total(D(C, y[b, m, q]), b)
    yield scale, total(D(C, y[b, m, p]) * h[b, m, p], b, p) / (B * P)


def of_group_norm():
    """The scale taken out of the sums, sums over all groups, sums over one channel, scales of the first group."""
    from backproof.derivations.group_norm import G, K, P, b, dx, g, gamma, h, k, m, p, q, r, scale, y

    count, own = K * P, D(C, y[b, g, m, q])
    plain = total(D(C, y[b, g, k, p]), k, p) / count
    hats = h[b, g, m, q] * total(D(C, y[b, g, k, p]) * h[b, g, k, p], k, p) / count
    yield dx, r[b, g] * gamma[g, m] * (own - plain - hats)

    def back(*over, scaled, size):
        hatted = h[b, g, m, q] * total(scaled * h[b, g, k, p], *over) / size
        return r[b, g] * (gamma[g, m] * own - total(scaled, *over) / size - hatted)

    yield dx, back(g, k, p, scaled=gamma[g, k] * D(C, y[b, g, k, p]), size=G * count)
    other = gamma[g, m] * D(C, y[b, g, m, p])
    yield dx, r[b, g] * (gamma[g, m] * own - total(other, p) / P - h[b, g, m, q] * total(other * h[b, g, m, p], p) / P)
    yield dx, back(k, p, scaled=gamma[1, k] * D(C, y[b, g, k, p]), size=count)
    yield scale, total(D(C, y[b, g, k, p]) * h[b, g, k, p], b, k, p)


def of_residual():
    """The path past the layer missing, the one through it, the slope, the weights not transposed."""
    from backproof.derivations.residual import (
        K,
        a,
        activation,
        activations,
        error,
        i,
        j,
        l,
        r,
        up,
        w,
        weights,
        whole,
        z,
    )

    yield activation, total(D(C, z[up, i]) * w[up, i, j], i)
    yield activation, D(C, a[up, j])
    yield activation, D(C, a[up, j]) + total(D(C, z[up, i]) * w[up, j, i], i)
    yield activations, D(C, a[up]) + Dot(w[up], D(C, z[up]))
    yield error, D(C, a[l, j])
    yield weights, Outer(a[l - 1], D(C, z[l]))
    yield whole, D(C, a[K, j]) + total(D(C, z[r, i]) * w[r, i, j], r.between(l, K), i)


def of_add_norm():
    """The norm applied to the gradient of the stream, the stream forgotten, the norm forgotten, the stream doubled."""
    from backproof.derivations.add_norm import (
        N,
        i,
        j,
        o,
        post_stream,
        pre_stream,
        pre_sublayer,
        r,
        t,
        through_the_norm,
        v,
        w,
        x,
        y,
    )

    beside = D(C, v[t, j])
    shared = x[t, j] * r[t] ** 2 * total(((o + w[i]) * D(C, y[t, i]) + D(C, v[t, i])) * x[t, i], i) / N
    yield pre_stream, r[t] * ((o + w[j]) * D(C, y[t, j]) + beside - shared)
    yield pre_stream, through_the_norm(j)
    yield pre_sublayer, beside
    yield pre_sublayer, 2 * beside + through_the_norm(j)
    yield post_stream, (o + w[j]) * D(C, y[t, j])


def of_dropout():
    """Without the mask, without the division, divided by the other share; weights that see what was taken out."""
    from backproof.derivations.dropout import all_inputs, all_weights, dW, dx, j, k, m, p, t, x, y, z

    yield dx, D(C, y[t, j]) / (1 - p)
    yield dx, m[t, j] * D(C, y[t, j])
    yield dx, m[t, j] * D(C, y[t, j]) / p
    yield all_inputs, Hadamard(m, D(C, y)) * (1 - p)
    yield dW, total(D(C, z[t, k]) * x[t, j], t)
    yield all_weights, Dot(Transposed(D(C, z)), x)


def of_lora():
    """The input without the mask, the mask on both ways, the scale forgotten, a factor that sees what was taken out."""
    from backproof.derivations.lora import A, B, W, dA_matrix, dB_matrix, dh, dx_matrix, h, m, o, q, s, t, x, y

    back = Dot(Dot(D(C, y), B), A)
    yield dx_matrix, Dot(D(C, y), W) + s * back
    yield dx_matrix, Hadamard(m, Dot(D(C, y), W) + s * back)
    yield dx_matrix, Dot(D(C, y), W) + Hadamard(m, back)
    yield dx_matrix, s * Hadamard(m, back)
    yield dA_matrix, s * Dot(Transposed(Dot(D(C, y), B)), x)
    yield dB_matrix, Dot(Transposed(D(C, y)), h)
    yield dh, total(D(C, y[t, o]) * B[o, q], o)


def of_experts():
    """The softmax as if it were diagonal, skipped, its sum without the gates; a gate that tells nothing."""
    from backproof.derivations.experts import R, c, df, dg, differences, dR, drho, e, f, g, k, p, q, t, x, y

    assert R.name == "R"
    mean = total(D(C, g[t, e]) * g[t, e], e)
    yield drho, g[t, p] * (1 - g[t, p]) * D(C, g[t, p])
    yield drho, D(C, g[t, p])
    yield drho, g[t, p] * (D(C, g[t, p]) - total(D(C, g[t, e]), e))
    yield drho, g[t, p] * D(C, g[t, p]) - mean
    yield differences, g[t, p] * total(D(C, g[t, p]) - D(C, g[t, e]), e)
    yield dg, total(D(C, y[t, c]) * f[t, p, c], c) * g[t, p]
    yield df, D(C, y[t, q])
    yield dR, total(D(C, g[t, p]) * x[t, k], t)


def of_one_expert():
    """Where one expert is selected the router is told something after all."""
    from backproof.derivations.experts import g, one_gate, one_score, p, rho, t, w

    from backproof.surface.terms import exp

    yield one_score, Kron(w, p) * D(C, g[w, t, p])
    yield one_score, D(C, g[w, t, p]) * g[w, t, p]
    yield one_gate, exp(rho[w, t, w])


def of_straight_through():
    """No gradient where there was rounding, the range forgotten or scaled; a step size that x counts for."""
    from backproof.derivations.straight_through import c, h, i, j, m, number, s, step_size, through, vector, x

    yield through, Integer(0)
    yield through, (1 + c[j]) * D(C, h[j])
    yield number, D(C, h[j])
    yield number, s * m[j] * D(C, h[j])
    yield vector, D(C, h)
    yield step_size, total(D(C, h[i]) * (c[i] + m[i] * x[i] / s), i)
    yield step_size, total(D(C, h[i]) * m[i] * c[i], i)


TABLES = (
    of_layer_norm, of_rms_norm, of_batch_norm, of_group_norm, of_residual, of_add_norm, of_dropout, of_lora, of_experts,
    of_one_expert, of_straight_through,
)  # fmt: skip
ROWS = [(*row, f"{table.__name__}-{number}") for table in TABLES for number, row in enumerate(table(), 1)]


@pytest.mark.parametrize(("right", "wrong"), [row[:2] for row in ROWS], ids=[row[2] for row in ROWS])
def test_it_is_refused_and_refuted(right, wrong):
    made = right()
    assert judge(made.net, made.theorem.lhs, made.theorem.rhs, made.theorem.hypotheses).holds
    with pytest.raises(WrongLine):
        calc(made.net, made.theorem.lhs, (wrong, theorem(made)))
    assert judge(made.net, made.theorem.lhs, wrong, made.theorem.hypotheses).kind == "refuted"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_there_are_three_of_each(table):
    assert len(list(table())) >= 3
