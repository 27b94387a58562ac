"""BP2 for l = L: there is no layer L + 1."""

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, definition
from backproof.networks import dense
from backproof.surface.terms import C, D, L, delta, j, k, total, z

LINE = 2


def derive():
    return calc(
        dense(),
        delta[L, j],
        (D(C, z[L, j]), definition(delta[L, j])),
        (total(D(C, z[L + 1, k]) * D(z[L + 1, k], z[L, j]), k, L + 1), chain_rule(through=z[L + 1, k])),
    )
