"""What a gated unit sends back to its inputs through the gates alone."""

from backproof.derivations.gates import W, f, g, q, t, u, unit, x

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        unit,
        D(C, x[t, q]),
        (total(D(C, g[t, f]) * W[f, q], f), both(chain_rule(through=g[t, f]), chain_rule(through=u[t, f]))),
    )
