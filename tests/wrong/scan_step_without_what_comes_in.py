"""The step also scales what comes in."""

from backproof.derivations.scan import A, a, delta, i, p, s, selective, t, total

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        selective,
        D(C, delta[t, p]),
        (
            total(D(C, a[t, p, s]) * a[t, p, s] * A[p, s], s),
            both(chain_rule(through=a[t, i, s]), definition(a[t, i, s])),
        ),
    )
