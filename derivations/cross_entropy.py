r"""Cross-entropy and the last product, and what they send back

The last product of a network makes logits $z_{tv}$, one for each position $t$ and class $v$; the loss of a position is
$\sum_v y_{tv}(\lambda_t-z_{tv})+\nu\lambda_t^2$, where $\lambda_t=\log\sum_v e^{z_{tv}}$ and the last term, the
z-loss, keeps $\lambda_t$ near 0. With $p_{tv}=e^{z_{tv}}/\sum_v e^{z_{tv}}$ the first part is $-\sum_v y_{tv}\log p_{tv}$.
Each position counts $\alpha_t$ times.

Targets $y$ need not sum to 1: then the sum $\sum_v y_{tv}$ stays in front of $p$. Smoothed labels, weights of classes and
positions that are left out are such targets and such $\alpha$.

Source: P.-L. Hsu et al., Liger Kernel, 2024, section 3 (the product and the loss in one); A. Chowdhery et al., PaLM,
2022, section 5 (the z-loss); C. Szegedy et al., Rethinking the Inception Architecture, 2016, section 7 (smoothing).
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, sums_to_1, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, exp, log

(t, T), (v, V), (c, H) = axes("t:T v:V c:H")
k, q = Symbol("k"), Symbol("q")
x, w, y, alpha, nu, z, E, Z, lam, p, ell = quantities("x w y alpha nu z E Z lam p ell")
o, eps, g, m, S = quantities("o eps g m S")


def _cross_entropy(title, *targets):
    """The network, with these targets ``y`` and numbers ``alpha``."""
    return network(
        title, (t, v, c),
        x[t, c], w[v, c], nu, *targets,
        (z[t, v], total(w[v, c] * x[t, c], c)),
        (E[t, v], exp(z[t, v])),
        (Z[t], total(E[t, v], v)),
        (lam[t], log(Z[t])),
        (p[t, v], E[t, v] / Z[t]),
        (ell[t], total(y[t, v] * (lam[t] - z[t, v]), v) + nu * lam[t] ** 2),
        (C, total(alpha[t] * ell[t], t)),
        letters={lam: r"\lambda", alpha: r"\alpha", nu: r"\nu", eps: r"\varepsilon", ell: r"\ell"},
        legend={
            x: "what goes into the last product", w: "its weights", nu: "how much the z-loss counts", y: "the targets",
            alpha: "how much a position counts", z: "the logits", E: "their exponentials", Z: "the sum of these",
            lam: "its logarithm", p: "the probabilities", ell: "the loss of a position", o: "the labels",
            eps: "how much they are smoothed", g: "the weight of a class", m: "1, or 0 where a position is left out",
            S: "what the mean is over",
        },
    )


labels = given(o[t, v], sums_to_1=True)
any_targets = _cross_entropy("cross-entropy after the last product", y[t, v], alpha[t])
distributions = _cross_entropy("the same with targets that sum to 1", given(y[t, v], sums_to_1=True), alpha[t])
smoothed = _cross_entropy(
    "the same with smoothed labels", labels, alpha[t], eps,
    (y[t, v], (1 - eps) * o[t, v] + eps / V),
)
weighted = _cross_entropy(
    "the same with weights of classes", labels, given(g[v], positive=True), given(m[t], positive=True),
    (y[t, v], g[v] * o[t, v]),
    (S, total(m[t] * total(y[t, v], v), t)),
    (alpha[t], m[t] / S),
)
masked = _cross_entropy(
    "the same with positions that are left out", given(y[t, v], sums_to_1=True), m[t],
    (S, total(m[t], t)),
    (alpha[t], m[t] / S),
)


def _positive(net):
    """What the logarithm is of, as a sum of exponentials."""
    return calc(net, Z[t], (total(exp(z[t, v]), v), definition(Z[t], E[t, v])))


@derivation("log-sum-exp", "The logarithm of the sum with respect to a logit")
def log_sum_exp(net=any_targets):
    return without(calc(
        net, D(lam[t], z[t, k]),
        (D(Z[t], z[t, k]) / Z[t],                                            both(definition(lam[t]), differentiation)),
        (E[t, k] / Z[t],                                                     both(definition(Z[t], E[t, v]), differentiation, sifting)),
        (p[t, k],                                                            definition(p[t, v])),
    ), _positive(net))


@derivation("cross-entropy-loss", "The loss of a position with respect to a logit")
def by_logit(net=any_targets):
    return calc(
        net, D(ell[t], z[t, k]),
        (total(y[t, v] * (D(lam[t], z[t, k]) - Kron(v, k)), v) + 2 * nu * lam[t] * D(lam[t], z[t, k]),
                                                                             both(definition(ell[t]), differentiation)),
        (total(y[t, v] * (p[t, k] - Kron(v, k)), v) + 2 * nu * lam[t] * p[t, k], theorem(log_sum_exp(net))),
        ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k],          sifting),
    )


@derivation("cross-entropy-logits", "Cross-entropy: the partial derivative with respect to a logit")
def dz(net=any_targets):
    return without(calc(
        net, D(C, z[t, k]),
        (D(C, ell[t]) * D(ell[t], z[t, k]),                                  chain_rule(through=ell[t])),
        (alpha[t] * D(ell[t], z[t, k]),                                      both(definition(C), differentiation, sifting)),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(by_logit(net))),
    ), _positive(net))


@derivation("cross-entropy-distribution", "Cross-entropy: the same where the targets sum to 1")
def dz_distribution(net=distributions):
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(dz(net))),
        (alpha[t] * ((1 + 2 * nu * lam[t]) * p[t, k] - y[t, k]),             sums_to_1(y[t, v])),
    )


@derivation("cross-entropy-weights", "Cross-entropy: the partial derivative with respect to a weight of the last product")
def dw(net=any_targets):
    """What a kernel for both in one computes: neither the logits nor their partial derivatives have to be kept."""
    return without(calc(
        net, D(C, w[k, q]),
        (total(D(C, z[t, v]) * D(z[t, v], w[k, q]), t, v),                   chain_rule(through=z[t, v])),
        (total(D(C, z[t, k]) * x[t, q], t),                                  both(definition(z[t, v]), differentiation, sifting)),
        (total(alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]) * x[t, q], t), theorem(dz(net))),
    ), _positive(net))


@derivation("cross-entropy-inputs", "Cross-entropy: the partial derivative with respect to an input of the last product")
def dx(net=any_targets):
    return without(calc(
        net, D(C, x[t, q]),
        (total(D(C, z[t, v]) * D(z[t, v], x[t, q]), v),                      chain_rule(through=z[t, v])),
        (total(D(C, z[t, v]) * w[v, q], v),                                  both(definition(z[t, v]), differentiation, sifting)),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * total(p[t, v] * w[v, q], v) - total(y[t, v] * w[v, q], v)),
                                                                             theorem(dz(net))),
    ), _positive(net))


@derivation("label-smoothing-sum", "Smoothed labels sum to 1")
def smoothed_sum(net=smoothed):
    return calc(
        net, total(y[t, v], v),
        (total((1 - eps) * o[t, v] + eps / V, v),                            definition(y[t, v])),
        (1,                                                                  both(sums_to_1(o[t, v]), algebra)),
    )


@derivation("label-smoothing", "Cross-entropy with smoothed labels: the partial derivative with respect to a logit")
def smoothing(net=smoothed):
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(dz(net))),
        (alpha[t] * ((1 + 2 * nu * lam[t]) * p[t, k] - y[t, k]),             theorem(smoothed_sum(net))),
        (alpha[t] * ((1 + 2 * nu * lam[t]) * p[t, k] - (1 - eps) * o[t, k] - eps / V), definition(y[t, v])),
    )


@derivation("class-weights", "Cross-entropy with weights of classes: the partial derivative with respect to a logit")
def class_weights(net=weighted):
    r"""The mean is over the weights that were given out, $S=\sum_t m_t\sum_v g_vo_{tv}$, and $m_t$ says how much a position counts."""
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(dz(net))),
        (m[t] / S * ((total(g[v] * o[t, v], v) + 2 * nu * lam[t]) * p[t, k] - g[k] * o[t, k]), definition(y[t, v], alpha[t])),
    )


@derivation("ignored-targets", "Cross-entropy with positions left out: the partial derivative with respect to a logit")
def ignored(net=masked):
    """The mean is over the positions that count, and not over all."""
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(dz(net))),
        (alpha[t] * ((1 + 2 * nu * lam[t]) * p[t, k] - y[t, k]),             sums_to_1(y[t, v])),
        (m[t] * ((1 + 2 * nu * lam[t]) * p[t, k] - y[t, k]) / total(m[t], t), definition(alpha[t], S)),
    )
