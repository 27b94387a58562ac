r"""Losses with kinks, focal loss, and the divergence of Gaussians

An absolute value, a maximum and a loss in pieces are written with $\mathrm{step}(u)$, which is 1 above 0 and 0 below: $|u|$
is $u(2\,\mathrm{step}(u)-1)$. At the kinks nothing is claimed, and the theorems say where these are.

Source: P. J. Huber, Robust Estimation of a Location Parameter, 1964; J. Weston and C. Watkins, Multi-class Support Vector
Machines, 1998, equation 7 (the hinge); T.-Y. Lin et al., Focal Loss for Dense Object Detection, 2017, equation 5 and
appendix B; D. P. Kingma and M. Welling, Auto-Encoding Variational Bayes, 2014, appendix B (Gaussians).
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import algebra, both, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, absolute, exp, log, maximum, step, where

(t, T), (v, V) = axes("t:T v:V")
k = Symbol("k")
z, y, r, m, h, alpha, beta, gamma, ell = quantities("z y r m h alpha beta gamma ell")
u, p, n, f = quantities("u p n f")
mu, sigma, nu, tau = quantities("mu sigma nu tau")
GREEK = {alpha: r"\alpha", beta: r"\beta", gamma: r"\gamma", ell: r"\ell", mu: r"\mu", nu: r"\nu", sigma: r"\sigma", tau: r"\tau"}
LEGEND = {z: "the outputs", y: "the targets", alpha: "how much a position counts", ell: "the loss of a position", r: "the residuals"}


def _regression(title, piece, *given_):
    """The network whose loss is a sum of this function of the residuals."""
    return network(
        title, (t, v),
        z[t, v], y[t, v], alpha[t], *given_,
        (r[t, v], z[t, v] - y[t, v]),
        (h[t, v], piece),
        (ell[t], total(h[t, v], v)),
        (C, total(alpha[t] * ell[t], t)),
        letters=GREEK,
        legend={**LEGEND, h: "the loss of an output", beta: "where the loss goes over from a square to a line"},
    )


l1 = _regression("absolute error", absolute(r[t, v]))
huber = _regression(
    "Huber's loss",
    (r[t, v] ** 2 - where(r[t, v] - beta, (r[t, v] - beta) ** 2, 0) - where(-r[t, v] - beta, (r[t, v] + beta) ** 2, 0)) / 2,
    given(beta, positive=True),
)


def _of_one_output(net):
    """Through the loss of one output: the others do not depend on it."""
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * D(ell[t], z[t, k]),                                      both(definition(C), differentiation, sifting)),
        (alpha[t] * D(h[t, k], z[t, k]),                                     both(definition(ell[t]), differentiation, sifting)),
    )


@derivation("absolute-error", "Absolute error: the partial derivative with respect to an output")
def absolute_error(net=l1):
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * D(h[t, k], z[t, k]),                                     theorem(_of_one_output(net), "only the loss of this output depends on it")),
        (alpha[t] * (2 * step(r[t, k]) - 1) * D(r[t, k], z[t, k]),           both(definition(h[t, v]), differentiation)),
        (alpha[t] * (2 * step(r[t, k]) - 1),                                 both(definition(r[t, v]), differentiation)),
    )


@derivation("huber-loss", "Huber's loss: the partial derivative with respect to an output")
def huber_loss(net=huber):
    r"""The residual, cut off at $-\beta$ and $\beta$: where it is beyond, what is too much is taken off."""
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * D(h[t, k], z[t, k]),                                     theorem(_of_one_output(net), "only the loss of this output depends on it")),
        (alpha[t] * (r[t, k] - maximum(r[t, k] - beta, 0) + maximum(-r[t, k] - beta, 0)) * D(r[t, k], z[t, k]),
                                                                             both(definition(h[t, v]), differentiation)),
        (alpha[t] * (r[t, k] - maximum(r[t, k] - beta, 0) + maximum(-r[t, k] - beta, 0)), both(definition(r[t, v]), differentiation)),
    )


hinge = network(
    "a hinge for each wrong class", (t, v),
    z[t, v], given(y[t, v], sums_to_1=True), alpha[t],
    (r[t], total(y[t, v] * z[t, v], v)),
    (m[t, v], 1 + z[t, v] - r[t]),
    (ell[t], total((1 - y[t, v]) * maximum(m[t, v], 0), v)),
    (C, total(alpha[t] * ell[t], t)),
    letters=GREEK,
    legend={**LEGEND, z: "the scores", y: "1 for the right class, 0 for the others", r: "the score of the right class", m: "by how much a margin is missed"},
)
binary_hinge = network(
    "a hinge", (t,),
    z[t], y[t], alpha[t],
    (m[t], 1 - y[t] * z[t]),
    (ell[t], maximum(m[t], 0)),
    (C, total(alpha[t] * ell[t], t)),
    letters=GREEK,
    legend={**LEGEND, z: "the scores", y: "the targets, 1 or -1", m: "by how much the margin is missed"},
)


@derivation("binary-hinge", "Hinge: the partial derivative with respect to a score")
def binary_hinge_loss(net=binary_hinge):
    return calc(
        net, D(C, z[t]),
        (alpha[t] * D(ell[t], z[t]),                                         both(definition(C), differentiation, sifting)),
        (alpha[t] * step(m[t]) * D(m[t], z[t]),                              both(definition(ell[t]), differentiation)),
        (-alpha[t] * step(m[t]) * y[t],                                      both(definition(m[t]), differentiation)),
    )


@derivation("hinge", "A hinge for each wrong class: the partial derivative with respect to a score")
def hinge_loss(net=hinge):
    """Each wrong class that misses its margin pushes its own score down, and that of the right class up."""
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * D(ell[t], z[t, k]),                                      both(definition(C), differentiation, sifting)),
        (alpha[t] * total((1 - y[t, v]) * step(m[t, v]) * D(m[t, v], z[t, k]), v), both(definition(ell[t]), differentiation)),
        (alpha[t] * total((1 - y[t, v]) * step(m[t, v]) * (Kron(v, k) - y[t, k]), v), both(definition(m[t, v], r[t]), differentiation, sifting)),
        (alpha[t] * ((1 - y[t, k]) * step(m[t, k]) - y[t, k] * total((1 - y[t, v]) * step(m[t, v]), v)), sifting),
    )


focal = network(
    "focal loss", (t,),
    z[t], y[t], alpha[t], gamma,
    (u[t], exp(-y[t] * z[t])),
    (p[t], 1 / (1 + u[t])),
    (f[t], exp(gamma * log(1 - p[t]))),
    (ell[t], -f[t] * log(p[t])),
    (C, total(alpha[t] * ell[t], t)),
    letters=GREEK,
    legend={
        **LEGEND, z: "the logits", y: "the targets, 1 or -1", u: "an exponential", p: "the probability of the right class",
        f: "how much an example counts, $(1-p)^\\gamma$", gamma: "how much less an easy example counts", ell: "the loss of an example",
    },
)


def _between_0_and_1(net):
    """What is divided by and what the logarithms are of is positive."""
    whole = 1 + exp(-y[t] * z[t])
    facts = (1 + u[t], whole), (p[t], 1 / whole), (1 - p[t], exp(-y[t] * z[t]) / whole)
    return [calc(net, start, (value, both(definition(p[t], u[t]), algebra))) for start, value in facts]


@derivation("focal-probability", "The probability of the right class with respect to the logit")
def probability(net=focal):
    return without(calc(
        net, D(p[t], z[t]),
        (-D(u[t], z[t]) / (1 + u[t]) ** 2,                                   both(definition(p[t]), differentiation)),
        (y[t] * u[t] / (1 + u[t]) ** 2,                                      both(definition(u[t]), differentiation)),
        (y[t] * p[t] * (1 - p[t]),                                           both(definition(p[t]), algebra)),
    ), *_between_0_and_1(net))


@derivation("focal-loss", "Focal loss: the partial derivative with respect to a logit")
def focal_loss(net=focal):
    return without(calc(
        net, D(C, z[t]),
        (alpha[t] * D(ell[t], z[t]),                                         both(definition(C), differentiation, sifting)),
        (-alpha[t] * (D(f[t], z[t]) * log(p[t]) + f[t] * D(p[t], z[t]) / p[t]), both(definition(ell[t]), differentiation)),
        (-alpha[t] * (-gamma * f[t] * D(p[t], z[t]) / (1 - p[t]) * log(p[t]) + f[t] * D(p[t], z[t]) / p[t]), both(definition(f[t]), differentiation)),
        (-alpha[t] * (-gamma * f[t] * y[t] * p[t] * (1 - p[t]) / (1 - p[t]) * log(p[t]) + f[t] * y[t] * p[t] * (1 - p[t]) / p[t]), theorem(probability(net))),
        (alpha[t] * y[t] * f[t] * (gamma * p[t] * log(p[t]) + p[t] - 1),     algebra),
    ), *_between_0_and_1(net))


gaussians = network(
    "the divergence of two Gaussians", (t, v),
    mu[t, v], nu[t, v], given(sigma[t, v], tau[t, v], positive=True),
    (C, total(log(tau[t, v]) - log(sigma[t, v]) + (sigma[t, v] ** 2 + (mu[t, v] - nu[t, v]) ** 2) / (2 * tau[t, v] ** 2), t, v) - T * V / 2),
    letters=GREEK,
    legend={mu: "the means of the first", sigma: "its deviations", nu: "the means of the second", tau: "its deviations", C: "the divergence"},
)


def _of_a_gaussian(name, title, by, result):
    @derivation(name, title)
    def made(net=gaussians):
        return calc(net, D(C, by), (result, both(definition(C), differentiation, sifting)))
    return made


s, j = Symbol("s"), Symbol("j")
mean = _of_a_gaussian("gaussian-mean", "The divergence with respect to a mean of the first", mu[s, j], (mu[s, j] - nu[s, j]) / tau[s, j] ** 2)
deviation = _of_a_gaussian("gaussian-deviation", "The divergence with respect to a deviation of the first", sigma[s, j], sigma[s, j] / tau[s, j] ** 2 - 1 / sigma[s, j])
other_mean = _of_a_gaussian("gaussian-other-mean", "The divergence with respect to a mean of the second", nu[s, j], (nu[s, j] - mu[s, j]) / tau[s, j] ** 2)
other_deviation = _of_a_gaussian(
    "gaussian-other-deviation", "The divergence with respect to a deviation of the second", tau[s, j],
    1 / tau[s, j] - (sigma[s, j] ** 2 + (mu[s, j] - nu[s, j]) ** 2) / tau[s, j] ** 3,
)
