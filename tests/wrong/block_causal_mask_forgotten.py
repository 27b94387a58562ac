"""A position does not look at later ones: the sum goes to t, not to the end."""

from backproof.derivations.transformer import A, E, Z, b, block, m, s, t

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, sifting
from backproof.networks.own import total
from backproof.surface.terms import exp

LINE = 1


def derive():
    reason = both(definition(Z[b, m, t], E[b, m, t, s]), sifting)
    return calc(block, Z[b, m, t], (total(exp(A[b, m, t, s]), s), reason))
