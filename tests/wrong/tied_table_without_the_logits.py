"""The partial derivative by a tied table from the lookup alone."""

from backproof.derivations.embedding import E, a, c, k, p, q, t, tied, v, x

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        tied,
        D(C, E[p, q]),
        (total(k[t, p] * D(C, x[t, q]), t), both(chain_rule(through=x[t, c]), chain_rule(through=a[t, v]))),
    )
