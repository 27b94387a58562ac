"""The partial derivative by a value, from weights that are masked again."""

from backproof.derivations.attention import O, P, V, attention, b, c, g, m, mask, p, q, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        attention,
        D(C, V[b, g, p, q]),
        (total(mask[b, t, p] * P[b, g, m, t, p] * D(C, O[b, g, m, t, q]), m, t), chain_rule(through=O[b, g, m, t, c])),
    )
