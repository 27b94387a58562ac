"""The derivative by a bias, with the activation that belongs to a weight."""

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.networks import dense
from backproof.surface.terms import C, D, a, b, delta, j, k, l, p, total, w, z

LINE = 4


def derive():
    return calc(
        dense(),
        D(C, b[l, j]),
        (total(D(C, z[l, p]) * D(z[l, p], b[l, j]), p, l), chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(z[l, p], b[l, j]), p, l), definition(delta[l, p])),
        (
            total(delta[l, p] * D(total(w[l, p, k] * a[l - 1, k], k, l - 1) + b[l, p], b[l, j]), p, l),
            definition(z[l, p]),
        ),
        (a[l - 1, j] * delta[l, j], both(differentiation, sifting)),
    )
