"""The approximate GELU with the cube differentiated to a square."""

from backproof.derivations.gates import alpha, gelu_by_tanh, i, kappa, q, r, t, tanh_slope, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 3


def derive():
    return calc(
        gelu_by_tanh,
        D(C, x[t, q]),
        (total(D(C, y[t, i]) * D(y[t, i], x[t, q]), i), chain_rule(through=y[t, i])),
        (
            D(C, y[t, q]) * (1 + r[t, q] + x[t, q] * D(r[t, q], x[t, q])) / 2,
            both(definition(y[t, i]), differentiation, sifting),
        ),
        (
            D(C, y[t, q]) * (1 + r[t, q] + x[t, q] * (1 - r[t, q] ** 2) * kappa * (1 + alpha * x[t, q] ** 2)) / 2,
            theorem(tanh_slope()),
        ),
    )
