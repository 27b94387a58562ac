"""The partial derivatives with respect to the weights

A weight stands between two units, and its derivative is a product of two numbers that stand there, too.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2, (BP4).
"""

from backproof.surface.terms import C, D, Kron, Outer, Total, a, delta, j, k, l, m, n, p, total, w, z
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks import bias_unit, dense, weighted_input


@derivation("bp4", "BP4: partial derivative with respect to a weight")
def bp4(net=dense()):
    """Move $w^l_{jk}$, and $z^l_j$ moves by $a^{l-1}_k$ times as much: the weight counts for what comes in along it. So the
    derivative is what came in, times what the cost feels of $z^l_j$. A weight that leads from a silent unit learns nothing.
    """
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


@derivation("bp4-bias-unit", "BP4 in a net with a bias unit")
def bp4_bias_unit(net=bias_unit()):
    """Here $k$ may be 0, and the theorem then says what BP3 says: the derivative with respect to a bias is the error."""
    return calc(
        net, D(C, w[l, j, k]),
        (total(D(C, z[l, p]) * D(z[l, p], w[l, j, k]), p, l),                chain_rule(through=z[l, p])),
        (total(delta[l, p] * D(Total(w[l, p, m] * a[l - 1, m], m, 0, n(l - 1)), w[l, j, k]), p, l),
                                                                             definition(delta[l, p], z[l, p])),
        (a[l - 1, k] * delta[l, j],                                          both(differentiation, sifting)),
    )
