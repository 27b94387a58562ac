"""The inputs that an output has seen are a stride apart, also when the error goes back."""

from backproof.derivations.convolution import Convolution, W, b, g, k, line, o, p, t, total, v, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        line.net,
        D(C, x[b, g, v, t]),
        (
            total(D(C, y[b, g, o, p]) * W[g, o, v, k] * Convolution(1, 1).meets(t, p, k), o, p, k),
            chain_rule(through=y[b, g, o, p]),
        ),
    )
