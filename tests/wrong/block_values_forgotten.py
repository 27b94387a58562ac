"""The first norm is read by queries, keys and values: each sends something back."""

from backproof.derivations.transformer import WK, WQ, K, Q, V, a, b, block, c, k, m, t

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    claim = total(D(C, Q[b, t, m, c]) * WQ[m, c, k] + D(C, K[b, t, m, c]) * WK[m, c, k], m, c)
    through = [chain_rule(through=read[b, t, m, c]) for read in (Q, K, V)]
    return calc(block, D(C, a[b, t, k]), (claim, both(*through)))
