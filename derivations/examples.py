"""Many examples: the gradient of a mean

A network is trained on $M$ examples at a time, and the cost is the mean of theirs. The last index counts the examples:
$\\delta^l_{ji}$ is the error of unit $j$ for example $i$, and $\\delta^l$ is the matrix with a column for each example.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2; A. Ng writes the sum over examples as $\\Delta$ and $D=\\Delta/m$.
"""

from sympy import Symbol

from backproof.surface.terms import (
    C, D, Dot, Hadamard, Kron, L, M, Total, Transposed, b, i, j, k, l, m, p, sigma, sigma_prime, total, w,
)  # fmt: skip
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks import C_x, a_x, batch, delta_x, z_x

net = batch()
up = l + 1
eta = Symbol("eta")  # the learning rate


def over_examples(e):
    return Total(e, i, 1, M)


@derivation("mean-gradient", "The gradient of the mean is the mean of the gradients")
def mean_gradient():
    return calc(
        net, D(C, w[l, j, k]),
        (D(over_examples(C_x[i]) / M, w[l, j, k]),                           definition(C)),
        (over_examples(D(C_x[i], w[l, j, k])) / M,                           differentiation),
    )


@derivation("mean-gradient-bias", "The gradient of the mean, for a bias")
def mean_gradient_bias():
    return calc(
        net, D(C, b[l, j]),
        (D(over_examples(C_x[i]) / M, b[l, j]),                              definition(C)),
        (over_examples(D(C_x[i], b[l, j])) / M,                              differentiation),
    )


@derivation("example-bp1", "BP1 for one example of many")
def example_bp1():
    return calc(
        net, delta_x[L, j, i],
        (D(C_x[i], z_x[L, j, i]),                                            definition(delta_x[L, j, i])),
        (total(D(C_x[i], a_x[L, k, i]) * D(a_x[L, k, i], z_x[L, j, i]), k, L),
                                                                             chain_rule(through=a_x[L, k, i])),
        (total(D(C_x[i], a_x[L, k, i]) * sigma_prime(z_x[L, k, i]) * Kron(k, j), k, L),
                                                                             both(definition(a_x[L, k, i]), differentiation)),
        (D(C_x[i], a_x[L, j, i]) * sigma_prime(z_x[L, j, i]),                sifting),
    )


@derivation("example-bp2", "BP2 for one example of many")
def example_bp2():
    weighted = total(w[up, k, m] * sigma(z_x[l, m, i]), m, l) + b[up, k]
    return calc(
        net, delta_x[l, j, i],
        (D(C_x[i], z_x[l, j, i]),                                            definition(delta_x[l, j, i])),
        (total(D(C_x[i], z_x[up, k, i]) * D(z_x[up, k, i], z_x[l, j, i]), k, up),
                                                                             chain_rule(through=z_x[up, k, i])),
        (total(delta_x[up, k, i] * D(weighted, z_x[l, j, i]), k, up),        definition(delta_x[up, k, i], z_x[up, k, i], a_x[l, m, i])),
        (total(w[up, k, j] * delta_x[up, k, i], k, up) * sigma_prime(z_x[l, j, i]),
                                                                             both(differentiation, sifting)),
    )


@derivation("batch-bp2", "BP2 for a whole batch")
def batch_bp2():
    return entrywise(
        net, delta_x[l], Hadamard(Dot(Transposed(w[up]), delta_x[up]), sigma_prime(z_x[l])), (j, i),
        (total(w[up, k, j] * delta_x[up, k, i], k, up) * sigma_prime(z_x[l, j, i]),
                                                                             theorem(example_bp2())),
    )


@derivation("example-bp4", "BP4 for one example of many")
def example_bp4():
    return calc(
        net, D(C_x[i], w[l, j, k]),
        (total(D(C_x[i], z_x[l, p, i]) * D(z_x[l, p, i], w[l, j, k]), p, l), chain_rule(through=z_x[l, p, i])),
        (total(delta_x[l, p, i] * D(total(w[l, p, m] * a_x[l - 1, m, i], m, l - 1) + b[l, p], w[l, j, k]), p, l),
                                                                             definition(delta_x[l, p, i], z_x[l, p, i])),
        (a_x[l - 1, k, i] * delta_x[l, j, i],                                both(differentiation, sifting)),
    )


@derivation("example-bp3", "BP3 for one example of many")
def example_bp3():
    return calc(
        net, D(C_x[i], b[l, j]),
        (total(D(C_x[i], z_x[l, p, i]) * D(z_x[l, p, i], b[l, j]), p, l),    chain_rule(through=z_x[l, p, i])),
        (total(delta_x[l, p, i] * D(total(w[l, p, m] * a_x[l - 1, m, i], m, l - 1) + b[l, p], b[l, j]), p, l),
                                                                             definition(delta_x[l, p, i], z_x[l, p, i])),
        (delta_x[l, j, i],                                                   both(differentiation, sifting)),
    )


@derivation("batch-weights", "Every weight, for a batch: $D=\\Delta/M$")
def batch_weights():
    return calc(
        net, D(C, w[l, j, k]),
        (over_examples(D(C_x[i], w[l, j, k])) / M,                           theorem(mean_gradient())),
        (over_examples(a_x[l - 1, k, i] * delta_x[l, j, i]) / M,             theorem(example_bp4())),
    )


@derivation("batch-biases", "Every bias, for a batch")
def batch_biases():
    return calc(
        net, D(C, b[l, j]),
        (over_examples(D(C_x[i], b[l, j])) / M,                              theorem(mean_gradient_bias())),
        (over_examples(delta_x[l, j, i]) / M,                                theorem(example_bp3())),
    )


@derivation("batch-matrix", "The weights of a layer, for a batch")
def batch_matrix():
    return entrywise(
        net, D(C, w[l]), Dot(delta_x[l], Transposed(a_x[l - 1])) / M, (j, k),
        (over_examples(a_x[l - 1, k, i] * delta_x[l, j, i]) / M,             theorem(batch_weights())),
    )


@derivation("update-weight", "The step of the mini-batch algorithm, for a weight")
def update_weight():
    """The step goes down the gradient of the mean cost, at the rate $\\eta$."""
    return calc(
        net, w[l, j, k] - eta * D(C, w[l, j, k]),
        (w[l, j, k] - eta / M * over_examples(a_x[l - 1, k, i] * delta_x[l, j, i]),
                                                                             theorem(batch_weights())),
    )


@derivation("update-bias", "The step of the mini-batch algorithm, for a bias")
def update_bias():
    return calc(
        net, b[l, j] - eta * D(C, b[l, j]),
        (b[l, j] - eta / M * over_examples(delta_x[l, j, i]),                theorem(batch_biases())),
    )


@derivation("update-matrix", "The step of the mini-batch algorithm, for a layer")
def update_matrix():
    return entrywise(
        net, w[l] - eta * D(C, w[l]), w[l] - eta / M * Dot(delta_x[l], Transposed(a_x[l - 1])), (j, k),
        (w[l, j, k] - eta / M * over_examples(a_x[l - 1, k, i] * delta_x[l, j, i]),
                                                                             theorem(update_weight())),
    )
