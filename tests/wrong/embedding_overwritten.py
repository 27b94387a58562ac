"""A row of a table that keeps what the last position sends back, in place of the sum."""

from backproof.derivations.embedding import E, T, b, c, embedding, k, p, q, t, x

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        embedding,
        D(C, E[p, q]),
        (total(k[b, T, p] * D(C, x[b, T, q]), b), chain_rule(through=x[b, t, c])),
    )
