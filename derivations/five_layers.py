"""Five layers: one weight, followed to the cost

The net has five layers of two units, no biases, and the quadratic cost. In this chapter $w^{(l)}$ leads from layer $l$ to
layer $l+1$, the activation is $g$, and $J_i$ is the cost of example $i$, to which output $k$ adds $J_{ik}$. The weight
$w^{(3)}_{11}$ leads from unit 1 of layer 3 to unit 1 of layer 4. It reaches each output along one path.

Source: a worked example in A. Ng's notation; the general equations are those of Nielsen, ch. 2, in other letters.
"""

from backproof.surface.terms import (
    C as J, D, a, delta, j, k, q, sigma as g, sigma_prime as dg, total, w, y, z,
)  # fmt: skip
from backproof.derive.calc import calc, instance
from backproof.derive.reasons import (
    algebra, both, chain_rule, converse, definition, differentiation, reworded, sifting, theorem, unrolling,
)  # fmt: skip
from backproof.derive.registry import derivation
from backproof.derivations.bp1 import bp1
from backproof.derivations.bp2 import bp2, bp2_vector
from backproof.derivations.bp4 import bp4
from backproof.networks import E, P, dense, recursive

J_k = E  # J_k[q] is what output q adds to the cost of the example
general = dense(bias=False)
net = dense(widths=(2, 2, 2, 2, 2), cost="quadratic", bias=False)
weight = w[4, 1, 1]  # into layer 4: written w^(3)_11 here, since it leaves layer 3


@derivation("J-off-diagonal", "What an output adds to the cost depends on its own activation", notation="ng", kind="lemma")
def cost_off_diagonal():
    return calc(
        net, D(J_k[1], a[5, 2]),
        (D((a[5, 1] - y[1]) ** 2 / 2, a[5, 2]),                              definition(J_k[1])),
        (0,                                                                  differentiation),
    )


def _other_paths(unit):
    """What is not on the path through output ``unit`` contributes nothing."""
    other = 3 - unit
    outputs = calc(net, D(J_k[unit], a[5, other]), (0, both(definition(J_k[unit]), differentiation)))
    last = calc(net, D(a[5, unit], z[5, other]), (0, both(definition(a[5, unit]), differentiation)))
    hidden = calc(net, D(a[4, 2], weight), (0, both(definition(a[4, 2]), differentiation, definition(z[4, 2]), differentiation)))
    diagonal = calc(net, D(a[4, 1], z[4, 2]), (0, both(definition(a[4, 1]), differentiation)))
    return outputs, last, hidden, diagonal


def _long_chain(unit):
    outputs, last, hidden, diagonal = _other_paths(unit)
    to_a5, to_z5, to_a4, to_z4 = D(J_k[unit], a[5, unit]), D(a[5, unit], z[5, unit]), D(z[5, unit], a[4, 1]), D(a[4, 1], z[4, 1])

    def through(member, of, zero):
        words = ("chain rule through ", member, ", the other term being 0")
        return both(chain_rule(through=member, of=of), unrolling, theorem(zero), words=words)

    return calc(
        net, D(J_k[unit], weight),
        (to_a5 * D(a[5, unit], weight),                                      through(a[5, k], D(J_k[unit], weight), outputs)),
        (to_a5 * to_z5 * D(z[5, unit], weight),                              through(z[5, k], D(a[5, unit], weight), last)),
        (to_a5 * to_z5 * to_a4 * D(a[4, 1], weight),                         through(a[4, k], D(z[5, unit], weight), hidden)),
        (to_a5 * to_z5 * to_a4 * to_z4 * D(z[4, 1], weight),                 through(z[4, k], D(a[4, 1], weight), diagonal)),
    )


@derivation("J1-chain", "The chain to the first output", notation="ng")
def chain_1():
    return _long_chain(1)


@derivation("J2-chain", "The chain to the second output", notation="ng")
def chain_2():
    return _long_chain(2)


@derivation("local-cost", "The first two factors of the chain are the error of an output", notation="ng", kind="lemma")
def local_cost():
    quadratic = calc(
        net, D(J, a[5, q]),
        (a[5, q] - y[q],                                                     both(definition(J, J_k[k]), differentiation, sifting)),
    )
    return calc(
        net, D(J_k[q], a[5, q]) * D(a[5, q], z[5, q]),
        ((a[5, q] - y[q]) * dg(z[5, q]),                                     both(definition(J_k[q], a[5, q]), differentiation)),
        (D(J, a[5, q]) * dg(z[5, q]),                                        reworded(theorem(quadratic), "gradient of the quadratic cost")),
        (delta[5, q],                                                        theorem(bp1(general))),
    )


@derivation("local-weight", "The third factor of the chain is a weight", notation="ng", kind="lemma")
def local_weight():
    return calc(
        net, D(z[5, q], a[4, k]),
        (D(total(w[5, q, j] * a[4, j], j, 4), a[4, k]),                      definition(z[5, q])),
        (w[5, q, k],                                                         both(differentiation, sifting)),
    )


@derivation("local-activation", "The fourth factor of the chain is the slope of the activation", notation="ng", kind="lemma")
def local_activation():
    return calc(
        net, D(a[4, 1], z[4, 1]),
        (D(g(z[4, 1]), z[4, 1]),                                             definition(a[4, 1])),
        (dg(z[4, 1]),                                                        differentiation),
    )


@derivation("local-input", "The last factor of the chain is an activation", notation="ng", kind="lemma")
def local_input():
    return calc(
        net, D(z[4, 1], weight),
        (D(w[4, 1, 1] * a[3, 1] + w[4, 1, 2] * a[3, 2], weight),             both(definition(z[4, 1]), unrolling)),
        (a[3, 1],                                                            differentiation),
    )


def _product(unit, chain):
    return calc(
        net, D(J_k[unit], weight),
        (chain().theorem.rhs,                                                theorem(chain())),
        (delta[5, unit] * D(z[5, unit], a[4, 1]) * D(a[4, 1], z[4, 1]) * D(z[4, 1], weight),
                                                                             converse(local_cost(), "the error of the output")),
        (delta[5, unit] * w[5, unit, 1] * dg(z[4, 1]) * a[3, 1],             both(theorem(local_weight()), theorem(local_activation()), theorem(local_input()),
                                                                                  words=("the other factors",))),
    )


@derivation("J1", "The part of the first output", notation="ng")
def part_1():
    return _product(1, chain_1)


@derivation("J2", "The part of the second output", notation="ng")
def part_2():
    return _product(2, chain_2)


@derivation("J", "The sum of both parts", notation="ng")
def whole():
    first, second = delta[5, 1] * w[5, 1, 1], delta[5, 2] * w[5, 2, 1]
    return calc(
        net, D(J, weight),
        (D(J_k[1] + J_k[2], weight),                                         both(definition(J), unrolling)),
        (D(J_k[1], weight) + D(J_k[2], weight),                              differentiation),
        (first * dg(z[4, 1]) * a[3, 1] + second * dg(z[4, 1]) * a[3, 1],     both(theorem(part_1()), theorem(part_2()), words=("both parts",))),
        ((first + second) * dg(z[4, 1]) * a[3, 1],                           algebra),
    )


def _error_of_layer_4(unit):
    return calc(
        net, delta[4, unit],
        (total(w[5, k, unit] * delta[5, k], k, 5) * dg(z[4, unit]),          theorem(bp2(general))),
        ((delta[5, 1] * w[5, 1, unit] + delta[5, 2] * w[5, 2, unit]) * dg(z[4, unit]),
                                                                             unrolling),
    )


@derivation("delta-4-1", "Error of the first unit of layer 4", notation="ng", kind="lemma")
def delta_4_1():
    return _error_of_layer_4(1)


@derivation("delta-4-2", "Error of the second unit of layer 4", notation="ng", kind="lemma")
def delta_4_2():
    return _error_of_layer_4(2)


@derivation("J-delta", "The derivative with respect to the weight is an error times an activation", notation="ng")
def by_delta():
    return calc(
        net, D(J, weight),
        (whole().theorem.rhs,                                                theorem(whole())),
        (delta[4, 1] * a[3, 1],                                              theorem(delta_4_1())),
    )


@derivation("J-delta-bp4", "The derivative with respect to the weight, from BP4 alone", notation="ng")
def by_bp4():
    return calc(net, D(J, weight), (delta[4, 1] * a[3, 1],                   theorem(bp4(general))))


@derivation("delta-4-vector", "Both errors of layer 4: the weight matrix is transposed", notation="ng")
def delta_4_vector():
    return instance(bp2_vector(general), net, l=4)


@derivation("delta-every-layer", "The recursion, for every layer of every such net", notation="ng")
def every_layer():
    return bp2_vector(general)


@derivation("number-of-paths", "How many paths there are", notation="ng")
def paths():
    """A path of this weight starts at unit 1 of layer 4 and ends at an output; here $P^{(l)}_j$ counts those from unit $j$ of layer $l$."""
    return calc(
        recursive(net), P[4, 1],
        (P[5, 1] + P[5, 2],                                                  both(definition(P[4, 1]), unrolling)),
        (2,                                                                  definition(P[5, k])),
    )
