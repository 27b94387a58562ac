"""The partial derivative by a key that several query heads share, from one of them."""

from backproof.derivations.attention import A, K, Q, attention, b, g, kappa, m, p, q, s, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        attention,
        D(C, K[b, g, p, q]),
        (kappa * total(D(C, A[b, g, 1, t, p]) * Q[b, g, 1, t, q], t), chain_rule(through=A[b, g, m, t, s])),
    )
