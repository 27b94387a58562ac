"""BP2 with the sign of gradient descent in it."""

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.networks import dense
from backproof.surface.terms import C, D, a, b, delta, j, k, l, m, sigma, sigma_prime, total, w, z

LINE = 5


def derive():
    return calc(
        dense(),
        delta[l, j],
        (D(C, z[l, j]), definition(delta[l, j])),
        (total(D(C, z[l + 1, k]) * D(z[l + 1, k], z[l, j]), k, l + 1), chain_rule(through=z[l + 1, k])),
        (total(delta[l + 1, k] * D(z[l + 1, k], z[l, j]), k, l + 1), definition(delta[l + 1, k])),
        (
            total(delta[l + 1, k] * D(total(w[l + 1, k, m] * sigma(z[l, m]), m, l) + b[l + 1, k], z[l, j]), k, l + 1),
            definition(z[l + 1, k], a[l, m]),
        ),
        (-total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1) * sigma_prime(z[l, j]), both(differentiation, sifting)),
    )
