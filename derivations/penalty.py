r"""The penalty on the squares of the weights

The penalised cost is $J=C+\frac{\lambda}{2}\sum w^2$, over all weights of all layers and over no bias.

Source: A. Krogh and J. A. Hertz, A Simple Weight Decay Can Improve Generalization, 1991, equation 2; M. Nielsen, Neural
Networks and Deep Learning, ch. 3.
"""

from dataclasses import replace

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, both, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks import dense
from backproof.surface.network import Definition
from backproof.surface.terms import C, D, Family, L, Member, Total, a, b, delta, j, k, l, n, w
from backproof.derivations.bp3 import bp3
from backproof.derivations.bp4 import bp4

J, lam, eta = Member("J"), Member("lam"), Member("eta")
m, p, q = Symbol("m"), Symbol("p"), Symbol("q")
squares = Total(Total(Total(w[m, p, q] ** 2, q, 1, n(m - 1)), p, 1, n(m)), m, 2, L)


def _penalised(net):
    """The network with the penalised cost beside its own."""
    return replace(
        net,
        families=(*net.families, Family("J", ""), Family("lam", ""), Family("eta", "")),
        definitions=(*net.definitions, Definition(lam), Definition(eta), Definition(J, (), C + lam * squares / 2)),
        title="a feed-forward network with a penalty",
        letters={**net.letters, "lam": r"\lambda", "eta": r"\eta"},
        legend={**net.legend, "J": "the penalised cost", "lam": "how much the squares count", "eta": "the learning rate"},
    )


penalised = _penalised(dense())


@derivation("penalty-weights", "The penalised cost: the partial derivative with respect to a weight")
def by_weight(net=penalised):
    return calc(
        net, D(J, w[l, j, k]),
        (D(C, w[l, j, k]) + lam * w[l, j, k],                                both(definition(J), differentiation, sifting)),
    )


@derivation("penalty-backpropagation", "The same by backpropagation")
def by_error(net=penalised):
    return calc(
        net, D(J, w[l, j, k]),
        (D(C, w[l, j, k]) + lam * w[l, j, k],                                theorem(by_weight(net))),
        (a[l - 1, k] * delta[l, j] + lam * w[l, j, k],                       theorem(bp4(net))),
    )


@derivation("penalty-bias", "The penalised cost: the partial derivative with respect to a bias")
def by_bias(net=penalised):
    return calc(
        net, D(J, b[l, j]),
        (D(C, b[l, j]),                                                      both(definition(J), differentiation)),
        (delta[l, j],                                                        theorem(bp3(net))),
    )


@derivation("weight-decay", "A step along the gradient lets weights decay")
def decay(net=penalised):
    r"""At the learning rate $\eta$ each weight shrinks by the factor $1-\eta\lambda$, and takes the step of $C$ alone."""
    return calc(
        net, w[l, j, k] - eta * D(J, w[l, j, k]),
        (w[l, j, k] - eta * (D(C, w[l, j, k]) + lam * w[l, j, k]),           theorem(by_weight(net))),
        ((1 - eta * lam) * w[l, j, k] - eta * D(C, w[l, j, k]),              algebra),
    )
