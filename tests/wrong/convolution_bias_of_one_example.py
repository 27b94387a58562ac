"""The bias is shared by all examples: its gradient is a sum over them, too."""

from backproof.derivations.convolution import b, beta, g, line, o, p, total, u, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        line.net,
        D(C, beta[g, u]),
        (total(D(C, y[1, g, u, p]), p), chain_rule(through=y[b, g, o, p])),
    )
