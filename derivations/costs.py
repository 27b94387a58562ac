"""Costs, and why the quadratic one learns slowly

With the quadratic cost the error of an output has the factor $\\sigma'(z)$, which is close to 0 where the unit is
saturated, however wrong it is. Two pairs of cost and output cancel that factor: cross-entropy with logistic outputs, and
the log-likelihood with a softmax.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 3; the example of one neuron is (3.2) of the lecture notes.
"""

from backproof.surface.terms import C, D, Kron, L, a, b, delta, exp, j, k, log, p, sigma, sigma_prime, total, w, x, y, z
from backproof.derive.calc import assume, calc, entrywise, instantiated, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, reworded, sifting, theorem, unrolling
from backproof.derive.registry import derivation
from backproof.derivations.activations import sigmoid, softmax_jacobian
from backproof.derivations.bp1 import bp1, bp1_quadratic_unit
from backproof.derivations.bp3 import bp3
from backproof.networks import E, dense, with_data

logistic = dense(activation="sigmoid", cost="cross-entropy")
softmax = dense(softmax=True, cost="log-likelihood")


def _between_0_and_1():
    """a = 1/(1 + e^-z) and 1 - a = e^-z/(1 + e^-z), as facts about a and about sigma(z)."""
    u = z[L, j]
    low, high, unfold = 1 / (1 + exp(-u)), exp(-u) / (1 + exp(-u)), both(definition(a[L, j]), definition(sigma(u)))
    return [
        calc(logistic, start, (value, both(unfold, algebra))).theorem
        for output in (a[L, j], sigma(u))
        for start, value in ((output, low), (1 - output, high))
    ]


@derivation("cross-entropy-gradient", "Gradient of the cross-entropy", kind="lemma")
def cross_entropy_gradient(net=logistic):
    """The outputs of a logistic layer lie strictly between 0 and 1, so that nothing is divided by 0."""
    made = calc(
        net, D(C, a[L, j]),
        (D(total(-y[k] * log(a[L, k]) - (1 - y[k]) * log(1 - a[L, k]), k, L), a[L, j]),
                                                                             definition(C, E[k])),
        (-y[j] / a[L, j] + (1 - y[j]) / (1 - a[L, j]),                       both(differentiation, sifting)),
    )
    return without(made, *_between_0_and_1())


@derivation("cross-entropy", "Cross-entropy with logistic outputs")
def cross_entropy(net=logistic):
    a_j = a[L, j]
    made = calc(
        net, delta[L, j],
        (D(C, a_j) * sigma_prime(z[L, j]),                                   theorem(bp1())),
        ((-y[j] / a_j + (1 - y[j]) / (1 - a_j)) * sigma_prime(z[L, j]),      theorem(cross_entropy_gradient())),
        ((-y[j] / a_j + (1 - y[j]) / (1 - a_j)) * a_j * (1 - a_j),           both(reworded(theorem(sigmoid()), "derivative of the logistic function"),
                                                                                  definition(a[L, j]))),
        (a_j - y[j],                                                         algebra),
    )
    return without(made, *_between_0_and_1())


@derivation("cross-entropy-vector", "Cross-entropy with logistic outputs, for the layer")
def cross_entropy_vector(net=logistic):
    return entrywise(net, delta[L], a[L] - y[()], (j,), (a[L, j] - y[j],     theorem(cross_entropy())))


def _positive_softmax():
    return calc(softmax, a[L, k], (exp(z[L, k]) / total(exp(z[L, p]), p, L), definition(a[L, k]))).theorem


@derivation("log-likelihood-gradient", "Gradient of the log-likelihood", kind="lemma")
def log_likelihood_gradient(net=softmax):
    made = calc(
        net, D(C, a[L, k]),
        (D(total(-y[p] * log(a[L, p]), p, L), a[L, k]),                     definition(C, E[k])),
        (-y[k] / a[L, k],                                                    both(differentiation, sifting)),
    )
    return without(made, _positive_softmax())


@derivation("log-likelihood-any-target", "Softmax with log-likelihood, any targets")
def log_likelihood_any(net=softmax):
    """Every output feels $z^L_j$ here, and the chain rule sums over all of them."""
    made = calc(
        net, delta[L, j],
        (D(C, z[L, j]),                                                      definition(delta[L, j])),
        (total(D(C, a[L, k]) * D(a[L, k], z[L, j]), k, L),                   chain_rule(through=a[L, k])),
        (total(-y[k] / a[L, k] * D(a[L, k], z[L, j]), k, L),                 theorem(log_likelihood_gradient())),
        (total(-y[k] / a[L, k] * a[L, k] * (Kron(k, j) - a[L, j]), k, L),    theorem(softmax_jacobian())),
        (a[L, j] * total(y[k], k, L) - y[j],                                 sifting),
    )
    return without(made, _positive_softmax())


@derivation("log-likelihood", "Softmax with log-likelihood, targets that sum to 1")
def log_likelihood(net=softmax):
    ones = assume(net, total(y[k], k, L), 1)
    return calc(
        net, delta[L, j],
        (a[L, j] * total(y[k], k, L) - y[j],                                 theorem(log_likelihood_any())),
        (a[L, j] - y[j],                                                     reworded(theorem(ones), "the targets sum to 1")),
    )


@derivation("log-likelihood-vector", "Softmax with log-likelihood, for the layer")
def log_likelihood_vector(net=softmax):
    return entrywise(net, delta[L], a[L] - y[()], (j,), (a[L, j] - y[j],     theorem(log_likelihood())))


neuron = with_data(dense(widths=(1, 1), activation="sigmoid", cost="quadratic"), x=1, y=0)
neuron_entropy = with_data(dense(widths=(1, 1), activation="sigmoid", cost="cross-entropy"), x=1, y=0)


def _through_the_neuron(net):
    """The chain rule through the one neuron, whose input is 1."""
    through_a, through_z = chain_rule(through=a[2, k]), chain_rule(through=z[2, k])
    return calc(
        net, D(C, w[2, 1, 1]),
        (D(C, z[2, 1]) * D(z[2, 1], w[2, 1, 1]),                             reworded(both(through_z, unrolling), *through_z.words)),
        (D(C, z[2, 1]),                                                      reworded(both(definition(z[2, 1]), unrolling, differentiation, definition(a[1, 1]), definition(x[1])),
                                                                                      "the input is 1")),
        (D(C, a[2, 1]) * D(a[2, 1], z[2, 1]),                                reworded(both(through_a, unrolling), *through_a.words)),
        (D(C, a[2, 1]) * sigma_prime(z[2, 1]),                               both(definition(a[2, 1]), differentiation)),
    )


@derivation("slow-learning", "One neuron, quadratic cost, $x=1$ and $y=0$")
def slow_learning(net=neuron):
    r"""At $a\approx1$ the neuron could not be more wrong, and $\sigma'(z)$ is almost 0: it hardly learns."""
    shared = _through_the_neuron(net)
    return calc(
        net, D(C, w[2, 1, 1]),
        (shared.theorem.rhs,                                                 theorem(shared, "chain rule, the input being 1")),
        (a[2, 1] * sigma_prime(z[2, 1]),                                     reworded(both(definition(C), unrolling, definition(E[1]), definition(y[1]), differentiation),
                                                                                      "differentiate the cost, with target 0")),
    )


@derivation("slow-learning-bias", "The same neuron, its bias")
def slow_learning_bias(net=neuron):
    return calc(
        net, D(C, b[2, 1]),
        (delta[2, 1],                                                        theorem(bp3())),
        ((a[2, 1] - y[1]) * sigma_prime(z[2, 1]),                            theorem(bp1_quadratic_unit())),
        (a[2, 1] * sigma_prime(z[2, 1]),                                     reworded(definition(y[1]), "the target is 0")),
    )


@derivation("fast-learning", "The same neuron, cross-entropy")
def fast_learning(net=neuron_entropy):
    """Nothing is left that vanishes: the more wrong the neuron, the faster it learns."""
    shared, u = _through_the_neuron(net), z[2, 1]
    return without(calc(
        net, D(C, w[2, 1, 1]),
        (shared.theorem.rhs,                                                 theorem(shared, "chain rule, the input being 1")),
        (1 / (1 - a[2, 1]) * sigma_prime(u),                                 reworded(both(definition(C), unrolling, definition(E[1]), definition(y[1]), differentiation),
                                                                                      "differentiate the cost, with target 0")),
        (a[2, 1],                                                            reworded(both(theorem(sigmoid()), definition(a[2, 1])), "the derivative is $a(1-a)$, and $1-a$ cancels")),
    ), *(instantiated(fact, net, {"j": 1}) for fact in _between_0_and_1()))
