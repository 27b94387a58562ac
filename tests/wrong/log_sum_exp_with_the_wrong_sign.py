"""The partial derivative by a score, the path through the logarithm of the sum taken off."""

from backproof.derivations.flash import A, P, causal, kept, kept_by_score, p, s, softmax, t

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D, Kron

LINE = 2


def derive():
    return calc(
        causal,
        D(C, A[t, p]),
        (
            total(D(C, P[t, s]) * D(P[t, s], A[t, p]), s) + D(C, kept[t]) * D(kept[t], A[t, p]),
            chain_rule(through=(P[t, s], kept[t])),
        ),
        (
            total(D(C, P[t, s]) * P[t, s] * (Kron(s, p) - P[t, p]), s) - D(C, kept[t]) * P[t, p],
            both(theorem(softmax()), theorem(kept_by_score())),
        ),
    )
