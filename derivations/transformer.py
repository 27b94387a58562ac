r"""A block of a transformer, and what it sends back

The residual stream $x$ goes in, and $y$ goes out. Causal attention over a normalised $x$ is added to it, which makes $z$;
hidden units that read a normalised $z$ are added to that. So what $y$ gets back is passed on to $x$ as it is, beside what
the two parts send back. In the sum over $o$ the term $[s=o]$ says that position $s$ is not later than $t$.

Source: A. Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3 (the block: each part
normalises what it reads, and is added to the residual stream); A. Vaswani et al., Attention Is All You Need, 2017 (the
attention); D. Hendrycks and K. Gimpel, Gaussian Error Linear Units, 2016; for what each part sends back, the sources of the
chapters on normalisation and attention.
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, split_off, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, Phi, exp, phi, sqrt

(b, B), (t, T), (s, _), (o, _), (i, N), (m, M), (c, H), (u, F) = axes("b:B t:T s:T o:T i:N m:M c:H u:F")
j, k, p, q = Symbol("j"), Symbol("k"), Symbol("p"), Symbol("q")
x, y, z, eps, kappa = quantities("x y z eps kappa")
mu, d, v, r, h, a, gamma, beta = quantities("mu d v r h a gamma beta")
mu2, d2, v2, r2, h2, a2, gamma2, beta2 = quantities("mu2 d2 v2 r2 h2 a2 gamma2 beta2")
WQ, WK, WV, WO, bQ, bK, bV, bO = quantities("WQ WK WV WO bQ bK bV bO")
Q, K, V, A, E, Z, P, O = quantities("Q K V A E Z P O")
W1, b1, W2, b2, f, g = quantities("W1 b1 W2 b2 f g")


def _norm(of, mu, d, v, r, h, a, gamma, beta):
    """The equations of a layer normalisation."""
    return (
        gamma[i], beta[i],
        (mu[b, t], total(of[b, t, i], i) / N),
        (d[b, t, i], of[b, t, i] - mu[b, t]),
        (v[b, t], total(d[b, t, i] ** 2, i) / N),
        (r[b, t], 1 / sqrt(v[b, t] + eps)),
        (h[b, t, i], d[b, t, i] * r[b, t]),
        (a[b, t, i], gamma[i] * h[b, t, i] + beta[i]),
    )


FIRST, SECOND = (x, mu, d, v, r, h, a, gamma, beta), (z, mu2, d2, v2, r2, h2, a2, gamma2, beta2)
block = network(
    "a block of a transformer", (b, t, s, o, i, m, c, u),
    x[b, t, i], given(eps, positive=True), kappa,
    *_norm(*FIRST),
    WQ[m, c, i], WK[m, c, i], WV[m, c, i], WO[i, m, c], bQ[m, c], bK[m, c], bV[m, c], bO[i],
    (Q[b, t, m, c], total(WQ[m, c, i] * a[b, t, i], i) + bQ[m, c]),
    (K[b, t, m, c], total(WK[m, c, i] * a[b, t, i], i) + bK[m, c]),
    (V[b, t, m, c], total(WV[m, c, i] * a[b, t, i], i) + bV[m, c]),
    (A[b, m, t, s], kappa * total(Q[b, t, m, c] * K[b, s, m, c], c)),
    (E[b, m, t, s], total(Kron(s, o), o.between(1, t)) * exp(A[b, m, t, s])),
    (Z[b, m, t], total(E[b, m, t, s], s)),
    (P[b, m, t, s], E[b, m, t, s] / Z[b, m, t]),
    (O[b, t, m, c], total(P[b, m, t, s] * V[b, s, m, c], s)),
    (z[b, t, i], x[b, t, i] + total(WO[i, m, c] * O[b, t, m, c], m, c) + bO[i]),
    *_norm(*SECOND),
    W1[u, i], b1[u], W2[i, u], b2[i],
    (f[b, t, u], total(W1[u, i] * a2[b, t, i], i) + b1[u]),
    (g[b, t, u], f[b, t, u] * Phi(f[b, t, u])),
    (y[b, t, i], z[b, t, i] + total(W2[i, u] * g[b, t, u], u) + b2[i]),
    (C, any_function(y[b, t, i])),
    letters={
        eps: r"\varepsilon", kappa: r"\kappa", mu: r"\mu", mu2: r"\mu'", d2: "d'", v2: "v'", r2: "r'", h: r"\hat{x}", h2: r"\hat{z}",
        a2: "a'", gamma2: r"\gamma'", beta2: r"\beta'", WQ: "W^Q", WK: "W^K", WV: "W^V", WO: "W^O",
        bQ: "b^Q", bK: "b^K", bV: "b^V", bO: "b^O", W1: "W^1", b1: "b^1", W2: "W^2", b2: "b^2",
    },
    legend={
        x: "what comes in", z: "the residual stream between attention and the rest", y: "what goes out",
        mu: "the mean", d: "what differs from it", v: "the variance", r: "one over its root", h: "what is normalised", a: "scaled and shifted",
        mu2: "the same for the second norm", d2: "the same", v2: "the same", r2: "the same", h2: "the same", a2: "the same",
        gamma: "the scale", beta: "the shift", gamma2: "those of the second norm", beta2: "the same", eps: "a small number",
        Q: "the queries of head $m$", K: "its keys", V: "its values", kappa: "a number, usually $1/\\sqrt{H}$", A: "the scores",
        E: "their exponentials, for positions that are not later", Z: "the sum of these", P: "the weights of the attention",
        O: "what the heads give", WQ: "the weights of the queries", WK: "of the keys", WV: "of the values", WO: "behind the heads",
        bQ: "the bias of the queries", bK: "of the keys", bV: "of the values", bO: "behind the heads",
        W1: "the weights of the hidden units", b1: "their bias", f: "their inputs", g: "the hidden units, by GELU",
        W2: "the last weights", b2: "the last bias",
    },
)


def _jacobian(net, of, mu, d, v, r, h, *_):
    """A normalised quantity, by one that is normalised."""
    before, by = total(d[b, t, i], i), of[b, t, j]
    centred = calc(
        net, before,
        (total(of[b, t, i], i) - N * mu[b, t],                               both(definition(d[b, t, i]), algebra)),
        (0,                                                                  definition(mu[b, t])),
    )
    root = calc(
        net, D(r[b, t], by),
        (-r[b, t] ** 3 * D(v[b, t], by) / 2,                                 both(definition(r[b, t]), differentiation)),
        (-r[b, t] ** 3 * total(d[b, t, i] * (Kron(i, j) - 1 / N), i) / N,    both(definition(v[b, t], d[b, t, i], mu[b, t]), differentiation)),
        (-r[b, t] ** 3 * (d[b, t, j] - total(d[b, t, i], i) / N) / N,        sifting),
        (-r[b, t] ** 3 * d[b, t, j] / N,                                     theorem(centred)),
        (-r[b, t] ** 2 * h[b, t, j] / N,                                     definition(h[b, t, j])),
    )
    return calc(
        net, D(h[b, t, i], by),
        (r[b, t] * D(d[b, t, i], by) + d[b, t, i] * D(r[b, t], by),          both(definition(h[b, t, i]), differentiation)),
        (r[b, t] * (Kron(i, j) - 1 / N) + d[b, t, i] * D(r[b, t], by),       both(definition(d[b, t, i], mu[b, t]), differentiation)),
        (r[b, t] * (Kron(i, j) - 1 / N) - d[b, t, i] * r[b, t] ** 2 * h[b, t, j] / N, theorem(root)),
        (r[b, t] * (Kron(i, j) - 1 / N - h[b, t, i] * h[b, t, j] / N),       definition(h[b, t, i])),
    )


def _positive(d, v):
    """What is under the root, and the root."""
    under = total(d[b, t, i] ** 2, i) / N + eps
    facts = (v[b, t] + eps, under), (sqrt(v[b, t] + eps), sqrt(under))
    return [calc(block, start, (value, definition(v[b, t]))) for start, value in facts]


@derivation("block-second-norm", "The second norm: a normalised quantity, by one that is normalised")
def second_jacobian(net=block):
    return without(_jacobian(net, *SECOND), *_positive(d2, v2))


@derivation("block-first-norm", "The first norm: a normalised input with respect to an input")
def first_jacobian(net=block):
    return without(_jacobian(net, *FIRST), *_positive(d, v))


@derivation("block-hidden", "What a hidden unit sends back")
def dg(net=block):
    return calc(
        net, D(C, g[b, t, k]),
        (total(D(C, y[b, t, i]) * D(y[b, t, i], g[b, t, k]), i),             chain_rule(through=y[b, t, i])),
        (total(D(C, y[b, t, i]) * W2[i, k], i),                              both(definition(y[b, t, i]), differentiation, sifting)),
    )


@derivation("block-gelu", "What a unit sends back before its activation")
def df(net=block):
    return calc(
        net, D(C, f[b, t, k]),
        (D(C, g[b, t, k]) * D(g[b, t, k], f[b, t, k]),                       chain_rule(through=g[b, t, u])),
        (D(C, g[b, t, k]) * (Phi(f[b, t, k]) + f[b, t, k] * phi(f[b, t, k])), both(definition(g[b, t, k]), differentiation)),
    )


@derivation("block-second-normed", "What the second norm gets back")
def dn2(net=block):
    return calc(
        net, D(C, a2[b, t, k]),
        (total(D(C, f[b, t, u]) * D(f[b, t, u], a2[b, t, k]), u),            chain_rule(through=f[b, t, u])),
        (total(D(C, f[b, t, u]) * W1[u, k], u),                              both(definition(f[b, t, u]), differentiation, sifting)),
    )


def _sent_back(a, gamma, h, r):
    """What a norm sends back."""
    mean, along = (total(gamma[i] * D(C, a[b, t, i]) * by, i) / N for by in (1, h[b, t, i]))
    return r[b, t] * (gamma[j] * D(C, a[b, t, j]) - mean - h[b, t, j] * along)


def _by_normalised(h, a, gamma):
    """What the scale makes of it."""
    return calc(
        block, D(C, h[b, t, k]),
        (D(C, a[b, t, k]) * D(a[b, t, k], h[b, t, k]),                       chain_rule(through=a[b, t, i])),
        (gamma[k] * D(C, a[b, t, k]),                                        both(definition(a[b, t, k]), differentiation)),
    )


@derivation("block-between", "The residual stream between attention and the rest")
def dz(net=block):
    """It is passed on as it is, beside what goes through the norm: the norm does not touch what is passed on."""
    by = z[b, t, j]
    return without(calc(
        net, D(C, by),
        (D(C, y[b, t, j]) + total(D(C, h2[b, t, i]) * D(h2[b, t, i], by), i),
                                                                             chain_rule(through=(h2[b, t, i], y[b, t, i]))),
        (D(C, y[b, t, j]) + total(D(C, h2[b, t, i]) * r2[b, t] * (Kron(i, j) - 1 / N - h2[b, t, i] * h2[b, t, j] / N), i),
                                                                             theorem(second_jacobian())),
        (D(C, y[b, t, j]) + total(gamma2[i] * D(C, a2[b, t, i]) * r2[b, t] * (Kron(i, j) - 1 / N - h2[b, t, i] * h2[b, t, j] / N), i),
                                                                             theorem(_by_normalised(h2, a2, gamma2), "the scale")),
        (D(C, y[b, t, j]) + _sent_back(a2, gamma2, h2, r2),                  sifting),
    ), *_positive(d2, v2))


@derivation("block-heads", "What the heads get back")
def dO(net=block):
    return calc(
        net, D(C, O[b, t, p, q]),
        (total(D(C, z[b, t, i]) * D(z[b, t, i], O[b, t, p, q]), i),          chain_rule(through=z[b, t, i])),
        (total(D(C, z[b, t, i]) * WO[i, p, q], i),                           both(definition(z[b, t, i]), differentiation, sifting)),
    )


@derivation("block-values", "What a value gets back")
def dV(net=block):
    return calc(
        net, D(C, V[b, s, p, q]),
        (total(D(C, O[b, t, m, c]) * D(O[b, t, m, c], V[b, s, p, q]), t, m, c), chain_rule(through=O[b, t, m, c])),
        (total(D(C, O[b, t, p, q]) * P[b, p, t, s], t),                      both(definition(O[b, t, m, c]), differentiation, sifting)),
    )


@derivation("block-weights", "What a weight of the attention gets back")
def dP(net=block):
    return calc(
        net, D(C, P[b, p, t, s]),
        (total(D(C, O[b, t, m, c]) * D(O[b, t, m, c], P[b, p, t, s]), m, c), chain_rule(through=O[b, t, m, c])),
        (total(D(C, O[b, t, p, c]) * V[b, s, p, c], c),                      both(definition(O[b, t, m, c]), differentiation, sifting)),
    )


@derivation("block-sum", "What the weights are divided by")
def positive(net=block):
    """A sum over the positions up to $t$. The first is one of them, so it is positive."""
    seen = total(exp(A[b, m, t, s]), s.between(1, t))
    return calc(
        net, Z[b, m, t],
        (seen,                                                               both(definition(Z[b, m, t], E[b, m, t, s]), sifting)),
        (exp(A[b, m, t, 1]) + total(exp(A[b, m, t, s]), s.between(2, t)),    split_off(seen, "first")),
    )


@derivation("block-softmax", "A weight of the attention with respect to a score")
def softmax(net=block):
    weight, score = P[b, m, t, s], A[b, m, t, p]
    return without(calc(
        net, D(weight, score),
        (D(E[b, m, t, s], score) / Z[b, m, t] - E[b, m, t, s] * D(Z[b, m, t], score) / Z[b, m, t] ** 2,
                                                                             both(definition(weight), differentiation)),
        (Kron(s, p) * E[b, m, t, s] / Z[b, m, t] - E[b, m, t, s] * E[b, m, t, p] / Z[b, m, t] ** 2,
                                                                             both(definition(Z[b, m, t], E[b, m, t, s]), differentiation, sifting)),
        (weight * (Kron(s, p) - P[b, m, t, p]),                              definition(weight)),
    ), positive())


@derivation("block-scores", "What a score gets back")
def dA(net=block):
    r"""Nothing, where $s>t$: there $P_{ts}$ is 0."""
    return without(calc(
        net, D(C, A[b, m, t, p]),
        (total(D(C, P[b, m, t, s]) * D(P[b, m, t, s], A[b, m, t, p]), s),    chain_rule(through=P[b, m, t, s])),
        (total(D(C, P[b, m, t, s]) * P[b, m, t, s] * (Kron(s, p) - P[b, m, t, p]), s), theorem(softmax())),
        (P[b, m, t, p] * (D(C, P[b, m, t, p]) - total(D(C, P[b, m, t, s]) * P[b, m, t, s], s)), sifting),
    ), positive())


@derivation("block-queries", "What a query gets back")
def dQ(net=block):
    return calc(
        net, D(C, Q[b, t, p, q]),
        (total(D(C, A[b, m, t, s]) * D(A[b, m, t, s], Q[b, t, p, q]), m, s), chain_rule(through=A[b, m, t, s])),
        (kappa * total(D(C, A[b, p, t, s]) * K[b, s, p, q], s),              both(definition(A[b, m, t, s]), differentiation, sifting)),
    )


@derivation("block-keys", "What a key gets back")
def dK(net=block):
    return calc(
        net, D(C, K[b, s, p, q]),
        (total(D(C, A[b, m, t, o]) * D(A[b, m, t, o], K[b, s, p, q]), m, t, o), chain_rule(through=A[b, m, t, o])),
        (kappa * total(D(C, A[b, p, t, s]) * Q[b, t, p, q], t),              both(definition(A[b, m, t, s]), differentiation, sifting)),
    )


@derivation("block-first-normed", "What the first norm gets back")
def dn(net=block):
    """Queries, keys and values read it, and each sends something back."""
    back = total(D(C, Q[b, t, m, c]) * WQ[m, c, k] + D(C, K[b, t, m, c]) * WK[m, c, k] + D(C, V[b, t, m, c]) * WV[m, c, k], m, c)
    through = chain_rule(through=(Q[b, t, m, c], K[b, t, m, c], V[b, t, m, c]))
    return calc(net, D(C, a[b, t, k]), (back, through))


@derivation("block", "A block: what comes in, by what goes out")
def dx(net=block):
    """The residual stream is passed on as it is twice; beside it, attention and norm send something back."""
    by = x[b, t, j]
    return without(calc(
        net, D(C, by),
        (D(C, z[b, t, j]) + total(D(C, h[b, t, i]) * D(h[b, t, i], by), i),
                                                                             chain_rule(through=(h[b, t, i], z[b, t, i]))),
        (D(C, z[b, t, j]) + total(D(C, h[b, t, i]) * r[b, t] * (Kron(i, j) - 1 / N - h[b, t, i] * h[b, t, j] / N), i),
                                                                             theorem(first_jacobian())),
        (D(C, z[b, t, j]) + total(gamma[i] * D(C, a[b, t, i]) * r[b, t] * (Kron(i, j) - 1 / N - h[b, t, i] * h[b, t, j] / N), i),
                                                                             theorem(_by_normalised(h, a, gamma), "the scale")),
        (D(C, z[b, t, j]) + _sent_back(a, gamma, h, r),                      sifting),
        (D(C, y[b, t, j]) + _sent_back(a2, gamma2, h2, r2) + _sent_back(a, gamma, h, r), theorem(dz())),
    ), *_positive(d, v), *_positive(d2, v2), positive())


def _parameter(name, title, by, through, result):
    """A parameter, through what reads it: at all positions and in all sequences."""

    @derivation(name, title)
    def made(net=block):
        return calc(net, D(C, by), (result, chain_rule(through=through)))

    return made


dgamma = _parameter("block-first-scale", "The scale of the first norm", gamma[k], a[b, t, i], total(D(C, a[b, t, k]) * h[b, t, k], b, t))
dbeta = _parameter("block-first-shift", "The shift of the first norm", beta[k], a[b, t, i], total(D(C, a[b, t, k]), b, t))
dWQ = _parameter("block-query-weights", "The weights of the queries", WQ[p, q, k], Q[b, t, m, c], total(D(C, Q[b, t, p, q]) * a[b, t, k], b, t))
dWK = _parameter("block-key-weights", "The weights of the keys", WK[p, q, k], K[b, t, m, c], total(D(C, K[b, t, p, q]) * a[b, t, k], b, t))
dWV = _parameter("block-value-weights", "The weights of the values", WV[p, q, k], V[b, t, m, c], total(D(C, V[b, t, p, q]) * a[b, t, k], b, t))
dbQ = _parameter("block-query-bias", "The bias of the queries", bQ[p, q], Q[b, t, m, c], total(D(C, Q[b, t, p, q]), b, t))
dbK = _parameter("block-key-bias", "The bias of the keys", bK[p, q], K[b, t, m, c], total(D(C, K[b, t, p, q]), b, t))
dbV = _parameter("block-value-bias", "The bias of the values", bV[p, q], V[b, t, m, c], total(D(C, V[b, t, p, q]), b, t))
dWO = _parameter("block-output-weights", "The weights behind the heads", WO[k, p, q], z[b, t, i], total(D(C, z[b, t, k]) * O[b, t, p, q], b, t))
dbO = _parameter("block-output-bias", "The bias behind the heads", bO[k], z[b, t, i], total(D(C, z[b, t, k]), b, t))
dgamma2 = _parameter("block-second-scale", "The scale of the second norm", gamma2[k], a2[b, t, i], total(D(C, a2[b, t, k]) * h2[b, t, k], b, t))
dbeta2 = _parameter("block-second-shift", "The shift of the second norm", beta2[k], a2[b, t, i], total(D(C, a2[b, t, k]), b, t))
dW1 = _parameter("block-hidden-weights", "The weights of the hidden units", W1[p, k], f[b, t, u], total(D(C, f[b, t, p]) * a2[b, t, k], b, t))
db1 = _parameter("block-hidden-bias", "The bias of the hidden units", b1[p], f[b, t, u], total(D(C, f[b, t, p]), b, t))
dW2 = _parameter("block-last-weights", "The last weights", W2[k, p], y[b, t, i], total(D(C, y[b, t, k]) * g[b, t, p], b, t))
db2 = _parameter("block-last-bias", "The last bias", b2[k], y[b, t, i], total(D(C, y[b, t, k]), b, t))
