"""The error of the output layer

The cost depends on a weighted input of the last layer through the activations of that layer, and through nothing else:
they separate the one from the other. The chain rule sums over all of them; that only one term is not zero is a result.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2, (BP1).
"""

from backproof.surface.terms import C, D, Hadamard, Kron, L, a, delta, j, k, sigma, sigma_prime, total, y, z
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks import E, dense


@derivation("off-diagonal", "An activation depends on its own weighted input alone", kind="lemma")
def off_diagonal(net=dense()):
    """One would like to say at once that the cost feels $z^L_j$ through $a^L_j$ only. That is a statement, and has a proof."""
    return calc(
        net, D(a[L, k], z[L, j]),
        (D(sigma(z[L, k]), z[L, j]),                                         definition(a[L, k])),
        (sigma_prime(z[L, k]) * Kron(k, j),                                  differentiation),
    )


@derivation("bp1", "BP1: error of an output unit")
def bp1(net=dense()):
    """The error asks how the cost changes when a weighted input of the last layer is moved a little. The activation moves by
    $\\sigma'(z^L_j)$ times as much, and the cost by its own slope times that. Where the unit is saturated, $\\sigma'$ is
    small, and so is the error, however wrong the output is.
    """
    return calc(
        net, delta[L, j],
        (D(C, z[L, j]),                                                      definition(delta[L, j])),
        (total(D(C, a[L, k]) * D(a[L, k], z[L, j]), k, L),                   chain_rule(through=a[L, k])),
        (total(D(C, a[L, k]) * sigma_prime(z[L, k]) * Kron(k, j), k, L),     theorem(off_diagonal(net))),
        (D(C, a[L, j]) * sigma_prime(z[L, j]),                               sifting),
    )


@derivation("bp1-vector", "BP1 for the layer")
def bp1_vector(net=dense()):
    return entrywise(
        net, delta[L], Hadamard(D(C, a[L]), sigma_prime(z[L])), (j,),
        (D(C, a[L, j]) * sigma_prime(z[L, j]),                               theorem(bp1(net))),
    )


@derivation("quadratic-gradient", "Gradient of the quadratic cost", kind="lemma")
def quadratic_gradient(net=dense(cost="quadratic")):
    return calc(
        net, D(C, a[L, j]),
        (D(total((a[L, k] - y[k]) ** 2 / 2, k, L), a[L, j]),                 definition(C, E[k])),
        (total((a[L, k] - y[k]) * Kron(k, j), k, L),                         differentiation),
        (a[L, j] - y[j],                                                     sifting),
    )


@derivation("bp1-quadratic-unit", "BP1 for the quadratic cost, one unit", kind="corollary")
def bp1_quadratic_unit(net=dense(cost="quadratic")):
    return calc(
        net, delta[L, j],
        (D(C, a[L, j]) * sigma_prime(z[L, j]),                               theorem(bp1())),
        ((a[L, j] - y[j]) * sigma_prime(z[L, j]),                            theorem(quadratic_gradient())),
    )


@derivation("bp1-quadratic", "BP1 for the quadratic cost")
def bp1_quadratic(net=dense(cost="quadratic")):
    return entrywise(
        net, delta[L], Hadamard(a[L] - y[()], sigma_prime(z[L])), (j,),
        ((a[L, j] - y[j]) * sigma_prime(z[L, j]),                            theorem(bp1_quadratic_unit())),
    )
