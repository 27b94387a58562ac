"""The mean is over the positions that count, not over all: it is divided by their number, not by T."""

from backproof.derivations.cross_entropy import S, T, alpha, dz_distribution, k, lam, m, masked, nu, p, t, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, theorem
from backproof.surface.terms import C, D

LINE = 2


def derive():
    logit = (1 + 2 * nu * lam[t]) * p[t, k] - y[t, k]
    return calc(
        masked,
        D(C, z[t, k]),
        (alpha[t] * logit, theorem(dz_distribution(masked))),
        (m[t] * logit / T, both(definition(alpha[t]), definition(S))),
    )
