"""The chain rule with one term: as if the unit fed a single unit k."""

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, definition
from backproof.networks import dense
from backproof.surface.terms import C, D, delta, j, k, l, z

LINE = 2


def derive():
    return calc(
        dense(),
        delta[l, j],
        (D(C, z[l, j]), definition(delta[l, j])),
        (D(C, z[l + 1, k]) * D(z[l + 1, k], z[l, j]), chain_rule(through=z[l + 1, k])),
    )
