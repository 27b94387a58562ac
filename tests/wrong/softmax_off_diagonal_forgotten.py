"""A softmax taken for an activation of its own unit: only the term a[L, j] is kept."""

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, definition
from backproof.networks import dense
from backproof.surface.terms import C, D, L, a, delta, j, z

LINE = 2


def derive():
    return calc(
        dense(softmax=True),
        delta[L, j],
        (D(C, z[L, j]), definition(delta[L, j])),
        (D(C, a[L, j]) * D(a[L, j], z[L, j]), chain_rule(through=a[L, j])),
    )
