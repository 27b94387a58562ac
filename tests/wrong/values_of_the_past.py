"""The partial derivative by a value from the queries that do not see it."""

from backproof.derivations.flash import E, O, P, V, c, causal, m, p, q, t

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        causal,
        D(C, V[p, q]),
        (
            total(D(C, O[t, q]) * P[t, p], t.between(1, p)),
            both(chain_rule(through=O[t, c]), definition(P[t, p], E[t, p], m[t, p])),
        ),
    )
