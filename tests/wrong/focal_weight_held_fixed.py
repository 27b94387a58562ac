"""How much an example counts depends on the logit, too."""

from backproof.derivations.losses import ell, f, focal, p, probability, t, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, both, definition, differentiation, theorem
from backproof.surface.terms import D, log

LINE = 2


def derive():
    return calc(
        focal,
        D(ell[t], z[t]),
        (-D(f[t], z[t]) * log(p[t]) - f[t] * D(p[t], z[t]) / p[t], both(definition(ell[t]), differentiation)),
        (f[t] * y[t] * (p[t] - 1), both(theorem(probability()), algebra)),
    )
