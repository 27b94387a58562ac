r"""A GRU, and what it sends back through time

The gate $u_t$ says how much of the state before is kept, the gate $r_t$ how much of it the candidate $g_t$ sees. The state before
comes in along four ways: as it is, and through both gates and the candidate. There are two sorts: the gate $r_t$ is applied to
the state before, or after it has been multiplied by the weights, as in cuDNN. Elsewhere $u_t$ stands for $1 - u_t$.

Source: K. Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014, section 2.3 (the layer); J. Chung et al.,
Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling, 2014, section 3.2.
"""

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.surface.terms import C, D, sigma, sigma_prime

(t, T), (j, N), (n, _), (k, K), (m, H) = axes("t:T j:N i:N k:K m:H")
p, q = Symbol("p"), Symbol("q")
x, h, s, v, V, y = quantities("x h s v V y")
u, r, g = quantities("u r g")
zu, zr, zg = inputs = quantities("zu zr zg")
Wu, Wr, Wg = weights = quantities("Wu Wr Wg")
Uu, Ur, Ug = recurrent = quantities("Uu Ur Ug")
bu, br, bg, bv = biases = quantities("bu br bg bv")
tau = function("tau")


def gru(title, *given, candidate):
    """With what the candidate sees of the state before: equations, the last of them for its weighted input."""
    return network(
        title, (t, j, n, k, m),
        x[t, k], h[0, j], V[m, j], *given,
        *(W[j, k] for W in weights), *(U[j, n] for U in recurrent), *(b[j] for b in biases[:3]),
        *((z[t, j], total(W[j, k] * x[t, k], k) + total(U[j, n] * h[t - 1, n], n) + b[j])
          for z, W, U, b in zip(inputs[:2], weights, recurrent, biases, strict=False)),
        (u[t, j], sigma(zu[t, j])), (r[t, j], sigma(zr[t, j])),
        *candidate,
        (g[t, j], tau(zg[t, j])),
        (h[t, j], u[t, j] * h[t - 1, j] + (1 - u[t, j]) * g[t, j]),
        (y[t, m], total(V[m, j] * h[t, j], j)),
        (C, any_function(y[t, m])),
        letters={"tau": r"\tau", **{f: "{}^{}".format(*f.name) for f in (*inputs, *weights, *recurrent, *biases)}},
        legend={
            x: "the inputs", h: "the state", u: "the gate of what is kept", r: "the gate of what the candidate sees",
            g: "the candidate", s: "what the candidate sees of the state before", V: "the weights of the outputs",
            v: "the state before, times weights", bv: "a bias, for v", y: "the outputs",
            **{z: f"the weighted inputs of {gate}" for z, gate in zip(inputs, "urg", strict=True)},
            **{W: f"weights of the inputs, for {gate}" for W, gate in zip(weights, "urg", strict=True)},
            **{U: f"weights of the state, for {gate}" for U, gate in zip(recurrent, "urg", strict=True)},
            **{b: f"biases, for {gate}" for b, gate in zip(biases, "urg", strict=False)},
        },
    )


before = gru(
    "a GRU", candidate=(
        (s[t, j], r[t, j] * h[t - 1, j]),
        (zg[t, j], total(Wg[j, k] * x[t, k], k) + total(Ug[j, n] * s[t, n], n) + bg[j]),
    ),
)
after = gru(
    "a GRU as in cuDNN", bv[j], candidate=(
        (v[t, j], total(Ug[j, n] * h[t - 1, n], n) + bv[j]),
        (zg[t, j], total(Wg[j, k] * x[t, k], k) + r[t, j] * v[t, j] + bg[j]),
    ),
)


@derivation("gru-state", "GRU: what the state sends back, before the last time")
def state(net=before):
    return calc(
        net, D(C, h[t, q]),
        (D(C, h[t + 1, q]) * u[t + 1, q] + D(C, s[t + 1, q]) * r[t + 1, q]
         + total(D(C, zu[t + 1, j]) * Uu[j, q], j) + total(D(C, zr[t + 1, j]) * Ur[j, q], j)
         + total(D(C, y[t, m]) * V[m, q], m),
                                          chain_rule(through=(h[t + 1, j], s[t + 1, j], zu[t + 1, j], zr[t + 1, j], y[t, m]))),
    )


@derivation("gru-last-state", "GRU: what the last state sends back")
def last_state(net=before):
    return calc(
        net, D(C, h[T, q]),
        (total(D(C, y[T, m]) * V[m, q], m),                                  chain_rule(through=y[T, m])),
    )


@derivation("gru-candidate", "GRU: the error of the candidate")
def candidate(net=before):
    return calc(
        net, D(C, zg[t, q]),
        (D(C, g[t, q]) * tau(zg[t, q], 1),                                   chain_rule(through=g[t, j])),
        (D(C, h[t, q]) * (1 - u[t, q]) * tau(zg[t, q], 1),                   chain_rule(through=h[t, j])),
    )


@derivation("gru-seen", "GRU: what the candidate sees of the state before")
def seen(net=before):
    return calc(
        net, D(C, s[t, q]),
        (total(D(C, zg[t, j]) * Ug[j, q], j),                                chain_rule(through=zg[t, j])),
    )


@derivation("gru-reset-gate", "GRU: the error of the gate of what the candidate sees")
def reset_gate(net=before):
    return calc(
        net, D(C, zr[t, q]),
        (D(C, r[t, q]) * sigma_prime(zr[t, q]),                              chain_rule(through=r[t, j])),
        (D(C, s[t, q]) * h[t - 1, q] * sigma_prime(zr[t, q]),                chain_rule(through=s[t, j])),
    )


@derivation("gru-update-gate", "GRU: the error of the gate of what is kept")
def update_gate(net=before):
    return calc(
        net, D(C, zu[t, q]),
        (D(C, u[t, q]) * sigma_prime(zu[t, q]),                              chain_rule(through=u[t, j])),
        (D(C, h[t, q]) * (h[t - 1, q] - g[t, q]) * sigma_prime(zu[t, q]),    chain_rule(through=h[t, j])),
    )


@derivation("gru-weights", "GRU: the partial derivative with respect to a weight of the inputs, for the gate of what is kept")
def by_weight(net=before):
    return calc(
        net, D(C, Wu[p, q]),
        (total(D(C, zu[t, p]) * x[t, q], t),                                 chain_rule(through=zu[t, j])),
    )


@derivation("gru-recurrent-weights", "GRU: the partial derivative with respect to a weight of the state, for the gate of what is kept")
def by_recurrent(net=before):
    return calc(
        net, D(C, Uu[p, q]),
        (total(D(C, zu[t, p]) * h[t - 1, q], t),                             chain_rule(through=zu[t, j])),
    )


@derivation("gru-bias", "GRU: the partial derivative with respect to a bias, for the gate of what is kept")
def by_bias(net=before):
    return calc(
        net, D(C, bu[p]),
        (total(D(C, zu[t, p]), t),                                           chain_rule(through=zu[t, j])),
    )


@derivation("gru-candidate-weights", "GRU: the partial derivative with respect to a weight of the state, for the candidate")
def by_candidate(net=before):
    return calc(
        net, D(C, Ug[p, q]),
        (total(D(C, zg[t, p]) * s[t, q], t),                                 chain_rule(through=zg[t, j])),
    )


@derivation("gru-after-state", "GRU as in cuDNN: what the state sends back, before the last time")
def after_state(net=after):
    return calc(
        net, D(C, h[t, q]),
        (D(C, h[t + 1, q]) * u[t + 1, q] + total(D(C, v[t + 1, j]) * Ug[j, q], j)
         + total(D(C, zu[t + 1, j]) * Uu[j, q], j) + total(D(C, zr[t + 1, j]) * Ur[j, q], j)
         + total(D(C, y[t, m]) * V[m, q], m),
                                          chain_rule(through=(h[t + 1, j], v[t + 1, j], zu[t + 1, j], zr[t + 1, j], y[t, m]))),
    )


@derivation("gru-after-reset-gate", "GRU as in cuDNN: the error of the gate of what the candidate sees")
def after_reset_gate(net=after):
    return calc(
        net, D(C, zr[t, q]),
        (D(C, zg[t, q]) * v[t, q] * sigma_prime(zr[t, q]),                   chain_rule(through=zg[t, j])),
    )


@derivation("gru-after-weights", "GRU as in cuDNN: the partial derivative with respect to a weight of the state, for the candidate")
def after_weights(net=after):
    return calc(
        net, D(C, Ug[p, q]),
        (total(D(C, zg[t, p]) * r[t, p] * h[t - 1, q], t),                   chain_rule(through=zg[t, j])),
    )
