"""The partial derivatives by the weights

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2, (BP4).
"""

from backproof.core.terms import C, D, Kron, Outer, a, delta, j, k, l, m, p, total, w, z
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks import dense, weighted_input


@derivation("bp4", "BP4: partial derivative by a weight")
def bp4(net=dense()):
    return calc(
        net, D(C, w[l, j, k]),
        (total(D(C, z[l, p]) * D(z[l, p], w[l, j, k]), p, l),                chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(z[l, p], w[l, j, k]), p, l),                  definition(delta[l, p])),
        (total(delta[l, p] * D(weighted_input(net, l, p, m, a[l - 1, m]), w[l, j, k]), p, l),
                                                                             definition(z[l, p])),
        (total(delta[l, p] * total(a[l - 1, m] * Kron(p, j) * Kron(m, k), m, l - 1), p, l),
                                                                             differentiation),
        (a[l - 1, k] * delta[l, j],                                          sifting),
    )


@derivation("bp4-matrix", "BP4 for the layer")
def bp4_matrix(net=dense()):
    return entrywise(net, D(C, w[l]), Outer(delta[l], a[l - 1]), (j, k),
        (a[l - 1, k] * delta[l, j],                                          theorem(bp4(net))),
    )
