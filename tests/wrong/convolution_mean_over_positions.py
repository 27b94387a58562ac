"""1/(B P) in the gradient of the weights, where the cost has none."""

from backproof.derivations.convolution import B, P, W, b, g, i, line, o, p, total, u, v, w, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        line.net,
        D(C, W[g, u, v, w]),
        (
            total(D(C, y[b, g, u, p]) * x[b, g, v, i] * line.meets(i, p, w), b, p, i) / (B * P),
            chain_rule(through=y[b, g, o, p]),
        ),
    )
