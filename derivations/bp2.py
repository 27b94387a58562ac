"""The error of a layer, from the error of the next

A weighted input of layer $l$ reaches the cost along every path through layer $l+1$. The weighted inputs of that layer
separate it from the cost, so one application of the chain rule covers all paths, however deep the network is.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2, (BP2).
"""

from backproof.surface.terms import (
    C, D, Dot, Hadamard, Kron, Total, Transposed, a, delta, j, k, l, m, n, sigma, sigma_prime, total, w, z,
)  # fmt: skip
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, split_off, theorem
from backproof.derive.registry import derivation
from backproof.networks import bias_unit, dense, weighted_input

up = l + 1  # the layer above


@derivation("bp2", "BP2: error of a hidden unit")
def bp2(net=dense()):
    """Move $z^l_j$ a little. The activation behind it moves by $\\sigma'(z^l_j)$ times as much, and each weighted input of the
    next layer, $z^{l+1}_k$, by $w^{l+1}_{kj}$ times that. How much the cost feels each of these is already known: it is
    $\\delta^{l+1}_k$. So the error of a unit is a sum over the units that it feeds, each with the weight that leads there.

    That one cut covers all paths is the point of the proof: whatever goes from $z^l_j$ to the cost goes through layer
    $l+1$, once. Nothing further along has to be looked at.
    """
    return calc(
        net, delta[l, j],
        (D(C, z[l, j]),                                                      definition(delta[l, j])),
        (total(D(C, z[up, k]) * D(z[up, k], z[l, j]), k, up),                chain_rule(through=z[up, k])),
        (total(delta[up, k] * D(z[up, k], z[l, j]), k, up),                  definition(delta[up, k])),
        (total(delta[up, k] * D(weighted_input(net, up, k, m, sigma(z[l, m])), z[l, j]), k, up),
                                                                             definition(z[up, k], a[l, m])),
        (total(delta[up, k] * total(w[up, k, m] * sigma_prime(z[l, m]) * Kron(m, j), m, l), k, up),
                                                                             differentiation),
        (total(delta[up, k] * w[up, k, j] * sigma_prime(z[l, j]), k, up),    sifting),
        (total(w[up, k, j] * delta[up, k], k, up) * sigma_prime(z[l, j]),    algebra),
    )


@derivation("bp2-vector", "BP2 for the layer")
def bp2_vector(net=dense()):
    """Why the transpose? Forward, $w^{l+1}$ sums over the units that lead to $k$, along a row of the matrix. Backward, the sum
    goes over the units $k$ to which $j$ leads, along a column: that is a row of the transpose.
    """
    return entrywise(
        net, delta[l], Hadamard(Dot(Transposed(w[up]), delta[up]), sigma_prime(z[l])), (j,),
        (total(w[up, k, j] * delta[up, k], k, up) * sigma_prime(z[l, j]),    theorem(bp2(net))),
    )


@derivation("bp2-bias-unit", "BP2 in a net with a bias unit")
def bp2_bias_unit(net=bias_unit()):
    """The bias unit $a^l_0=1$ has no weighted input, so nothing goes back through it."""
    weighted = Total(w[up, k, m] * a[l, m], m, 0, n(l))
    return calc(
        net, delta[l, j],
        (total(D(C, z[up, k]) * D(z[up, k], z[l, j]), k, up),                both(definition(delta[l, j]), chain_rule(through=z[up, k]))),
        (total(delta[up, k] * D(weighted, z[l, j]), k, up),                  definition(delta[up, k], z[up, k])),
        (total(delta[up, k] * D(w[up, k, 0] * a[l, 0] + total(w[up, k, m] * a[l, m], m, l), z[l, j]), k, up),
                                                                             split_off(weighted, "first")),
        (total(delta[up, k] * D(w[up, k, 0] + total(w[up, k, m] * sigma(z[l, m]), m, l), z[l, j]), k, up),
                                                                             definition(a[l, 0], a[l, m])),
        (total(w[up, k, j] * delta[up, k], k, up) * sigma_prime(z[l, j]),    both(differentiation, sifting)),
    )
