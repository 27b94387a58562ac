"""The kernel is turned around for the inputs' errors, not for its own gradient."""

from backproof.derivations.convolution import K, W, b, g, i, line, o, p, total, u, v, w, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        line.net,
        D(C, W[g, u, v, w]),
        (
            total(D(C, y[b, g, u, p]) * x[b, g, v, i] * line.meets(i, p, K + 1 - w), b, p, i),
            chain_rule(through=y[b, g, o, p]),
        ),
    )
