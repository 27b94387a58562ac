"""What RoPE sends back with the sine of the feature that gets it, not of the one it comes from."""

from backproof.derivations.rotary import R, b, c, h, i, q, rotated, s, t, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        rotated,
        D(C, x[b, t, h, q]),
        (
            D(C, y[b, t, h, q]) * c[t, q] + s[t, q] * total(R[i, q] * D(C, y[b, t, h, i]), i),
            chain_rule(through=y[b, t, h, i]),
        ),
    )
