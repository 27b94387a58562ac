"""What is added at a position, with what the first text alone sends back."""

from backproof.derivations.embedding import P, b, c, embedding, q, t, x

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        embedding,
        D(C, P[t, q]),
        (D(C, x[1, t, q]), chain_rule(through=x[b, t, c])),
    )
