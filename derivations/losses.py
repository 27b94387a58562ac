r"""Losses with kinks, focal loss, and the divergence of Gaussians

An absolute value, a maximum and a loss in pieces are written with $\mathrm{step}(u)$, which is 1 above 0 and 0 below: $|u|$
is $u(2\,\mathrm{step}(u)-1)$. At the kinks nothing is claimed, and the theorems say where these are.

Source: P. J. Huber, Robust Estimation of a Location Parameter, 1964; J. Weston and C. Watkins, Multi-class Support Vector
Machines, 1998, equation 7 (the hinge); T.-Y. Lin et al., Focal Loss for Dense Object Detection, 2017, equation 5 and
appendix B; D. P. Kingma and M. Welling, Auto-Encoding Variational Bayes, 2014, appendix B (Gaussians).
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
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
    where(r[t, v] - beta, beta * r[t, v] - beta**2 / 2, where(-r[t, v] - beta, -beta * r[t, v] - beta**2 / 2, r[t, v] ** 2 / 2)),
    given(beta, positive=True),
)


def _of_one_output(net):
    """Through the loss of one output."""
    return calc(
        net, D(C, z[t, k]),
        (D(C, ell[t]) * D(ell[t], z[t, k]),                                  chain_rule(through=ell[t])),
        (alpha[t] * D(ell[t], z[t, k]),                                      both(definition(C), differentiation, sifting)),
        (alpha[t] * total(D(h[t, v], z[t, k]), v),                           both(definition(ell[t]), differentiation)),
    )


@derivation("absolute-error", "Absolute error: the partial derivative by an output")
def absolute_error(net=l1):
    return calc(
        net, D(C, z[t, k]),
        (alpha[t] * total(D(h[t, v], z[t, k]), v),                           theorem(_of_one_output(net))),
        (alpha[t] * total((2 * step(r[t, v]) - 1) * D(r[t, v], z[t, k]), v), both(definition(h[t, v]), differentiation)),
        (alpha[t] * (2 * step(r[t, k]) - 1),                                 both(definition(r[t, v]), differentiation, sifting)),
    )
