"""Two sums of exponentials, each less a number of its own, added as they are."""

from backproof.derivations.flash import d, e, f, i, j, merged, mu, nu, t, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import definition
from backproof.networks.own import total
from backproof.surface.terms import exp

LINE = 1


def derive():
    return calc(
        merged,
        f[t],
        (total(exp(x[t, i] - mu[t]), i) + total(exp(y[t, j] - nu[t]), j), definition(f[t], d[t], e[t])),
    )
