"""The partial derivative by a score without the path through the logarithm of the sum."""

from backproof.derivations.flash import A, P, causal, kept, p, s, t

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        causal,
        D(C, A[t, p]),
        (total(D(C, P[t, s]) * D(P[t, s], A[t, p]), s), both(chain_rule(through=P[t, s]), chain_rule(through=kept[t]))),
    )
