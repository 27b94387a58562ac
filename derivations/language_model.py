r"""A language model, from its loss to its table

Tokens are looked up in a table $E$ and get what belongs to their position: that is $x^0$, the residual stream. Block $l$ reads
$x^{l-1}$ and adds to it, first what causal attention gives, which makes $z^l$, then what hidden units give, which makes
$x^l$. Behind the last block the stream is normalised once more, and the same table makes the logits $a$. The loss is the
mean of the cross-entropy over all positions.

What the loss sends back to the end of the stream arrives at every block as it is, beside what the blocks above add to it:
by induction from the last block down. What the parts of a block get is the subject of the chapter on one block.

Source: A. Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3 (the model); O. Press and
L. Wolf, Using the Output Embedding to Improve Language Models, 2017, section 3 (one table for both); K. He, X. Zhang, S. Ren,
J. Sun, Identity Mappings in Deep Residual Networks, 2016, equations 3 to 5 (what arrives at every block).
"""

from sympy import Symbol

from backproof.derive.calc import assume, calc, induction, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, reworded, sifting, split_off, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, Phi, exp, log, sqrt

(l, G), (r, _), (b, B), (t, T), (s, _), (o, _), (i, N), (j, _), (m, M), (c, H), (u, F), (v, Y) = axes(
    "l:G r:G b:B t:T s:T o:T i:N j:N m:M c:H u:F v:Y"
)
p, q = Symbol("p"), Symbol("q")
NORM = "mu", "d", "v", "r", "h", "n", "gamma", "beta"
E, R, k, y, x, z, eps, kappa = quantities("E R k y x z eps kappa")
ONE = quantities("mu1 d1 v1 r1 h1 n1 gamma1 beta1")  # the norm before the attention
TWO = quantities("mu2 d2 v2 r2 h2 n2 gamma2 beta2")  # the norm before the hidden units
END = quantities("mu d w e h ne gamma beta")  # the norm behind the last block
WQ, WK, WV, WO, bQ, bK, bV, bO, W1, b1, W2, b2 = quantities("WQ WK WV WO bQ bK bV bO W1 b1 W2 b2")
Q, K, V, A, X, Z, P, O, f, g = quantities("Q K V A X Z P O f g")
a, S, ell, rho1, rho2 = quantities("a S ell rho1 rho2")
up = l + 1
ASSUMED = "the induction that it is a step of, whose result is judged; it rests on an assumption"


def _norm(layer, before, of, mu, d, v, r, h, n, gamma, beta):
    """The equations of a layer normalisation; ``layer`` is () where there is one alone."""
    at = (*layer, b, t)
    return (
        gamma[*layer, i], beta[*layer, i],
        (mu[at], total(of[*before, b, t, i], i) / N),
        (d[*at, i], of[*before, b, t, i] - mu[at]),
        (v[at], total(d[*at, i] ** 2, i) / N),
        (r[at], 1 / sqrt(v[at] + eps)),
        (h[*at, i], d[*at, i] * r[at]),
        (n[*at, i], gamma[*layer, i] * h[*at, i] + beta[*layer, i]),
    )


def _sent_back(layer, r, h, n, gamma):
    """What a norm sends back."""
    at = (*layer, b, t)
    back = gamma[*layer, i] * D(C, n[*at, i])
    mean, along = total(back, i) / N, total(back * h[*at, i], i) / N
    return r[at] * (gamma[*layer, j] * D(C, n[*at, j]) - mean - h[*at, j] * along)


n1, n2, n = ONE[5], TWO[5], END[5]
model = network(
    "a language model", (l, b, t, s, o, i, j, m, c, u, v),
    E[v, i], R[t, i], k[b, t, v], y[b, t, v], given(eps, positive=True), kappa,
    (x[0, b, t, i], total(k[b, t, v] * E[v, i], v) + R[t, i]),
    *_norm((l,), (l - 1,), x, *ONE),
    WQ[l, m, c, i], WK[l, m, c, i], WV[l, m, c, i], WO[l, i, m, c], bQ[l, m, c], bK[l, m, c], bV[l, m, c], bO[l, i],
    (Q[l, b, t, m, c], total(WQ[l, m, c, i] * n1[l, b, t, i], i) + bQ[l, m, c]),
    (K[l, b, t, m, c], total(WK[l, m, c, i] * n1[l, b, t, i], i) + bK[l, m, c]),
    (V[l, b, t, m, c], total(WV[l, m, c, i] * n1[l, b, t, i], i) + bV[l, m, c]),
    (A[l, b, m, t, s], kappa * total(Q[l, b, t, m, c] * K[l, b, s, m, c], c)),
    (X[l, b, m, t, s], total(Kron(s, o), o.between(1, t)) * exp(A[l, b, m, t, s])),
    (Z[l, b, m, t], total(X[l, b, m, t, s], s)),
    (P[l, b, m, t, s], X[l, b, m, t, s] / Z[l, b, m, t]),
    (O[l, b, t, m, c], total(P[l, b, m, t, s] * V[l, b, s, m, c], s)),
    (z[l, b, t, i], x[l - 1, b, t, i] + total(WO[l, i, m, c] * O[l, b, t, m, c], m, c) + bO[l, i]),
    *_norm((l,), (l,), z, *TWO),
    W1[l, u, i], b1[l, u], W2[l, i, u], b2[l, i],
    (f[l, b, t, u], total(W1[l, u, i] * n2[l, b, t, i], i) + b1[l, u]),
    (g[l, b, t, u], f[l, b, t, u] * Phi(f[l, b, t, u])),
    (x[l, b, t, i], z[l, b, t, i] + total(W2[l, i, u] * g[l, b, t, u], u) + b2[l, i]),
    *_norm((), (G,), x, *END),
    (a[b, t, v], total(E[v, i] * n[b, t, i], i)),
    (S[b, t], total(exp(a[b, t, v]), v)),
    (ell[b, t], total(y[b, t, v] * (log(S[b, t]) - a[b, t, v]), v)),
    (C, total(ell[b, t], b, t) / (B * T)),
    (rho1[l, b, t, j], _sent_back((l,), *ONE[3:7])),
    (rho2[l, b, t, j], _sent_back((l,), *TWO[3:7])),
    letters={
        eps: r"\varepsilon", kappa: r"\kappa", "mu1": r"\mu'", "mu2": r"\mu''", "mu": r"\mu", "d1": "d'", "d2": "d''", "v1": "w'", "v2": "w''", "d": "d",
        "r1": "r'", "r2": "r''", "e": "r", "ne": "n", "h1": "h'", "h2": "h''", "n1": "n'", "n2": "n''", "gamma1": r"\gamma'",
        "gamma2": r"\gamma''", "gamma": r"\gamma", "beta1": r"\beta'", "beta2": r"\beta''", "beta": r"\beta", ell: r"\ell", rho1: r"\rho'", rho2: r"\rho''",
        WQ: "W^Q", WK: "W^K", WV: "W^V", WO: "W^O", bQ: "b^Q", bK: "b^K", bV: "b^V", bO: "b^O", W1: "W^1", b1: "b^1", W2: "W^2", b2: "b^2",
    },
    legend={
        E: "the table, a row for a token", R: "what is added at a position", k: "which token it is", y: "the targets",
        x: "the residual stream, after so many blocks", z: "the stream between attention and the rest of a block",
        "mu": "the mean, at the end of the stream", "d": "what differs from it", "w": "the variance", "e": "one over its root",
        "h": "what is normalised", "ne": "scaled and shifted", "gamma": "the scale", "beta": "the shift", eps: "a small number",
        **{name + "1": "the same in front of the attention" for name in NORM},
        **{name + "2": "the same in front of the hidden units" for name in NORM},
        Q: "the queries of head $m$", K: "its keys", V: "its values", kappa: "a number, usually one over the root of their length",
        A: "the scores", X: "their exponentials, for positions that are not later", Z: "the sum of these", P: "the weights of the attention",
        O: "what the heads give", WQ: "the weights of the queries", WK: "of the keys", WV: "of the values", WO: "behind the heads",
        bQ: "the bias of the queries", bK: "of the keys", bV: "of the values", bO: "behind the heads",
        W1: "the weights of the hidden units", b1: "their bias", f: "their inputs", g: "the hidden units, by GELU",
        W2: "the last weights of a block", b2: "its last bias",
        a: "the logits", S: "the sum of their exponentials", ell: "the loss of a position",
        rho1: "what the first norm of a block sends back", rho2: "what the second one does",
    },
)  # fmt: skip


def _jacobian(layer, before, of, mu, d, v, r, h, *_):
    """A normalised quantity, by one that is normalised."""
    at, by = (*layer, b, t), of[*before, b, t, j]
    centred = calc(
        model, total(d[*at, i], i),
        (total(of[*before, b, t, i], i) - N * mu[at],                        both(definition(d[*at, i]), algebra)),
        (0,                                                                  definition(mu[at])),
    )
    root = calc(
        model, D(r[at], by),
        (-r[at] ** 3 * total(d[*at, i] * (Kron(i, j) - 1 / N), i) / N,       both(definition(r[at], v[at], d[*at, i], mu[at]), differentiation)),
        (-r[at] ** 3 * (d[*at, j] - total(d[*at, i], i) / N) / N,            sifting),
        (-r[at] ** 2 * h[*at, j] / N,                                        both(theorem(centred), definition(h[*at, j]))),
    )
    return calc(
        model, D(h[*at, i], by),
        (r[at] * (Kron(i, j) - 1 / N) + d[*at, i] * D(r[at], by),            both(definition(h[*at, i], d[*at, i], mu[at]), differentiation)),
        (r[at] * (Kron(i, j) - 1 / N - h[*at, i] * h[*at, j] / N),           both(theorem(root), definition(h[*at, i]))),
    )


def _by_normalised(layer, h, n, gamma):
    """What the scale makes of it."""
    at = (*layer, b, t)
    return calc(
        model, D(C, h[*at, j]),
        (D(C, n[*at, j]) * D(n[*at, j], h[*at, j]),                          chain_rule(through=n[*at, i])),
        (gamma[*layer, j] * D(C, n[*at, j]),                                 both(definition(n[*at, j]), differentiation)),
    )


def _positive(layer, d, v):
    """What is under the root, and the root."""
    at = (*layer, b, t)
    under = total(d[*at, i] ** 2, i) / N + eps
    facts = (v[at] + eps, under), (sqrt(v[at] + eps), sqrt(under))
    return [calc(model, start, (value, definition(v[at]))) for start, value in facts]


def _through_norm(layer, before, norm, passed, *cut):
    """What is normalised, by what the norm sends back beside what is passed on."""
    of, _, d, v, r, h, n, gamma, _ = norm
    at, by = (*layer, b, t), of[*before, b, t, j]
    return without(calc(
        model, D(C, by),
        (passed + total(D(C, h[*at, i]) * D(h[*at, i], by), i),              chain_rule(through=(h[*at, i], *cut))),
        (passed + total(D(C, h[*at, i]) * r[at] * (Kron(i, j) - 1 / N - h[*at, i] * h[*at, j] / N), i),
                                                                             theorem(_jacobian(layer, before, *norm), "the norm")),
        (passed + total(gamma[*layer, i] * D(C, n[*at, i]) * r[at] * (Kron(i, j) - 1 / N - h[*at, i] * h[*at, j] / N), i),
                                                                             theorem(_by_normalised(layer, h, n, gamma), "the scale")),
        (passed + _sent_back(layer, r, h, n, gamma),                         sifting),
    ), *_positive(layer, d, v))


@derivation("model-sum", "What the probabilities are divided by")
def positive(net=model):
    return calc(net, S[b, t], (total(exp(a[b, t, v]), v),                    definition(S[b, t])))


@derivation("model-logits", "The logits")
def logits(net=model):
    """Where the targets sum to 1, as those of one token do, that is the probability less the target, over $BT$."""
    return without(calc(
        net, D(C, a[b, t, q]),
        (D(C, ell[b, t]) * D(ell[b, t], a[b, t, q]),                         chain_rule(through=ell[b, t])),
        (D(ell[b, t], a[b, t, q]) / (B * T),                                 both(definition(C), differentiation, sifting)),
        ((total(y[b, t, v], v) * exp(a[b, t, q]) / S[b, t] - y[b, t, q]) / (B * T),
                                                                             both(definition(ell[b, t], S[b, t]), differentiation, sifting)),
    ), positive())


@derivation("model-normed", "What the last norm gets back")
def last_normed(net=model):
    return calc(
        net, D(C, n[b, t, j]),
        (total(D(C, a[b, t, v]) * D(a[b, t, v], n[b, t, j]), v),             chain_rule(through=a[b, t, v])),
        (total(D(C, a[b, t, v]) * E[v, j], v),                               both(definition(a[b, t, v]), differentiation, sifting)),
    )


@derivation("model-end", "The end of the residual stream")
def last():
    return _through_norm((), (G,), (x, *END), 0)


@derivation("model-between", "The residual stream within a block")
def between(net=model):
    second = _through_norm((l,), (l,), (z, *TWO), D(C, x[l, b, t, j]), x[l, b, t, i])
    return calc(
        net, D(C, z[l, b, t, j]),
        (D(C, x[l, b, t, j]) + rho2[l, b, t, j],                             both(theorem(second, "the second norm"), definition(rho2[l, b, t, j]))),
    )


@derivation("model-block", "The residual stream, from block to block")
def block(net=model):
    """It passes both parts of a block by, and each adds what its norm sends back."""
    first = _through_norm((up,), (l,), (x, *ONE), D(C, z[up, b, t, j]), z[up, b, t, i])
    return calc(
        net, D(C, x[l, b, t, j]),
        (D(C, z[up, b, t, j]) + rho1[up, b, t, j],                           both(theorem(first, "the first norm"), definition(rho1[up, b, t, j]))),
        (D(C, x[up, b, t, j]) + rho2[up, b, t, j] + rho1[up, b, t, j],       theorem(between())),
    )


def stream(layer):
    """What arrives at the end of the stream, and what all blocks above ``layer`` add."""
    return D(C, x[G, b, t, j]) + total(rho1[r, b, t, j] + rho2[r, b, t, j], r.between(layer + 1, G))


@derivation("model-stream-base", "The stream at its end")
def base(net=model):
    return calc(net, D(C, x[G, b, t, j]), (stream(G),                        reworded(algebra, "there is no block above")))


@derivation("model-stream-step", "The stream, from one block to the one below", judged_by=ASSUMED)
def step(net=model):
    above = assume(net, D(C, x[up, b, t, j]), stream(up), (j,))
    return calc(
        net, D(C, x[l, b, t, j]),
        (D(C, x[up, b, t, j]) + rho2[up, b, t, j] + rho1[up, b, t, j],       theorem(block())),
        (stream(up) + rho2[up, b, t, j] + rho1[up, b, t, j],                 theorem(above, "the assumption, for the block above")),
        (stream(l),                                                          split_off(total(rho1[r, b, t, j] + rho2[r, b, t, j], r.between(up, G)), "first")),
    )


@derivation("model-stream", "What arrives at the end of the stream arrives at every block")
def whole():
    return induction(base(), step(), l, j, G)


@derivation("model-table", "The table: what the lookup sends back, and what the logits do")
def table(net=model):
    return calc(
        net, D(C, E[p, q]),
        (total(k[b, t, p] * D(C, x[0, b, t, q]), b, t) + total(D(C, a[b, t, p]) * n[b, t, q], b, t),
                                                                             chain_rule(through=(x[0, b, t, i], a[b, t, v]))),
    )


@derivation("model-positions", "What is added at a position")
def positions(net=model):
    return calc(
        net, D(C, R[t, q]),
        (total(D(C, x[0, b, t, q]), b),                                      chain_rule(through=x[0, b, t, i])),
    )
