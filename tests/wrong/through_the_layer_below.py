"""The chain rule through the layer below, which does not lie between z[l, j] and the cost."""

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, definition
from backproof.networks import dense
from backproof.surface.terms import C, D, delta, j, k, l, total, z

LINE = 2


def derive():
    return calc(
        dense(),
        delta[l, j],
        (D(C, z[l, j]), definition(delta[l, j])),
        (total(D(C, z[l - 1, k]) * D(z[l - 1, k], z[l, j]), k, l - 1), chain_rule(through=z[l - 1, k])),
    )
