"""A bias is shared by all positions and sequences: what it gets back is a sum over both."""

from backproof.derivations.transformer import B, b, b1, block, f, p, t, u

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(block, D(C, b1[p]), (total(D(C, f[B, t, p]), t), chain_rule(through=f[b, t, u])))
