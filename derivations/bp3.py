"""The partial derivatives with respect to the biases

A bias is added to the weighted input and to nothing else, with the factor 1.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2, (BP3).
"""

from backproof.surface.terms import C, D, Kron, a, b, delta, j, k, l, p, total, w, z
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks import dense


@derivation("bp3", "BP3: partial derivative with respect to a bias")
def bp3(net=dense()):
    """Move $b^l_j$, and $z^l_j$ moves by just as much: what the cost feels of the one it feels of the other."""
    return calc(
        net, D(C, b[l, j]),
        (total(D(C, z[l, p]) * D(z[l, p], b[l, j]), p, l),                   chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(z[l, p], b[l, j]), p, l),                     definition(delta[l, p])),
        (total(delta[l, p] * D(total(w[l, p, k] * a[l - 1, k], k, l - 1) + b[l, p], b[l, j]), p, l),
                                                                             definition(z[l, p])),
        (total(delta[l, p] * Kron(p, j), p, l),                              differentiation),
        (delta[l, j],                                                        sifting),
    )


@derivation("bp3-vector", "BP3 for the layer")
def bp3_vector(net=dense()):
    return entrywise(net, D(C, b[l]), delta[l], (j,), (delta[l, j],          theorem(bp3(net))))
