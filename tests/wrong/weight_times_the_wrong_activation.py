"""The derivative by a weight, with the activation of the layer it leads to."""

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.networks import dense
from backproof.surface.terms import C, D, a, b, delta, j, k, l, m, p, total, w, z

LINE = 4


def derive():
    return calc(
        dense(),
        D(C, w[l, j, k]),
        (total(D(C, z[l, p]) * D(z[l, p], w[l, j, k]), p, l), chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(z[l, p], w[l, j, k]), p, l), definition(delta[l, p])),
        (
            total(delta[l, p] * D(total(w[l, p, m] * a[l - 1, m], m, l - 1) + b[l, p], w[l, j, k]), p, l),
            definition(z[l, p]),
        ),
        (a[l, k] * delta[l, j], both(differentiation, sifting)),
    )
