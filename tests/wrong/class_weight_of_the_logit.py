"""The probability has the weight of the right class in front of it, not that of the class of the logit."""

from backproof.derivations.cross_entropy import alpha, dz, g, k, lam, nu, o, p, t, v, weighted, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import definition, theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 2


def derive():
    return calc(
        weighted,
        D(C, z[t, k]),
        (alpha[t] * ((total(y[t, v], v) + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(dz(weighted))),
        (alpha[t] * ((g[k] + 2 * nu * lam[t]) * p[t, k] - g[k] * o[t, k]), definition(y[t, v])),
    )
