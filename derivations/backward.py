"""The backward pass: every partial derivative, for any depth

The algorithm computes numbers $d^l_j$, the last layer first, from the next layer's. By induction from the last layer
down they are the errors, so that every partial derivative of the network is a product of two numbers that it knows.
Written out, the recursion is the sum over all paths from a unit to the outputs.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2; the sum over paths is the classic reading of reverse mode.
"""

from backproof.surface.terms import C, D, Dot, Hadamard, Kron, L, Outer, Transposed, a, b, delta, j, k, l, q, sigma_prime, total, w, z
from backproof.derive.calc import assume, calc, entrywise, induction
from backproof.derive.reasons import algebra, definition, sifting, theorem
from backproof.derive.registry import derivation
from backproof.derivations.bp1 import bp1
from backproof.derivations.bp2 import bp2
from backproof.derivations.bp3 import bp3
from backproof.derivations.bp4 import bp4
from backproof.networks import S, d, dense, recursive

net = recursive(dense())
up = l + 1
ASSUMED = "the induction that it is a step of, whose result is judged; it rests on an assumption"


@derivation("recursion-base", "The recursion at the last layer", kind="lemma")
def base():
    return calc(
        net, d[L, j],
        (D(C, a[L, j]) * sigma_prime(z[L, j]),                               definition(d[L, j])),
        (delta[L, j],                                                        theorem(bp1())),
    )


@derivation("recursion-step", "The recursion from one layer to the one before", judged_by=ASSUMED, kind="lemma")
def step():
    above = assume(net, d[up, k], delta[up, k])
    return calc(
        net, d[l, j],
        (sigma_prime(z[l, j]) * total(w[up, k, j] * d[up, k], k, up),        definition(d[l, j])),
        (sigma_prime(z[l, j]) * total(w[up, k, j] * delta[up, k], k, up),    theorem(above, "the assumption, for the layer above")),
        (delta[l, j],                                                        theorem(bp2())),
    )


@derivation("recursion", "The recursion computes the errors")
def recursion():
    """This is what makes backpropagation an algorithm: one pass from the last layer to the first gives all errors, since each
    layer needs those of the next one alone.
    """
    return induction(base(), step(), l, j)


@derivation("every-bias", "Every partial derivative with respect to a bias", kind="corollary")
def every_bias():
    return calc(
        net, D(C, b[l, j]),
        (delta[l, j],                                                        theorem(bp3())),
        (d[l, j],                                                            theorem(recursion())),
    )


@derivation("every-weight", "Every partial derivative with respect to a weight", kind="corollary")
def every_weight():
    return calc(
        net, D(C, w[l, j, k]),
        (a[l - 1, k] * delta[l, j],                                          theorem(bp4())),
        (a[l - 1, k] * d[l, j],                                              theorem(recursion())),
    )


@derivation("every-bias-vector", "Every partial derivative with respect to the biases of a layer")
def every_bias_vector():
    return entrywise(net, D(C, b[l]), d[l], (j,), (d[l, j],                  theorem(every_bias())))


@derivation("every-weight-matrix", "Every partial derivative with respect to the weights of a layer")
def every_weight_matrix():
    return entrywise(net, D(C, w[l]), Outer(d[l], a[l - 1]), (j, k),
        (a[l - 1, k] * d[l, j],                                              theorem(every_weight())),
    )


@derivation("recursion-vector", "The recursion for a layer")
def recursion_vector():
    return entrywise(
        net, d[l], Hadamard(Dot(Transposed(w[up]), d[up]), sigma_prime(z[l])), (j,),
        (sigma_prime(z[l, j]) * total(w[up, k, j] * d[up, k], k, up),        definition(d[l, j])),
    )


@derivation("paths-base", "The sum over paths at the last layer", kind="lemma")
def paths_base():
    return calc(
        net, delta[L, j],
        (D(C, a[L, j]) * sigma_prime(z[L, j]),                               theorem(bp1())),
        (total(Kron(j, q) * sigma_prime(z[L, j]) * D(C, a[L, q]), q, L),     sifting),
        (total(S[L, j, q] * D(C, a[L, q]), q, L),                            definition(S[L, j, q])),
    )


@derivation("paths-step", "The sum over paths from one layer to the one before", judged_by=ASSUMED, kind="lemma")
def paths_step():
    above = assume(net, delta[up, k], total(S[up, k, q] * D(C, a[L, q]), q, L))
    here = sigma_prime(z[l, j])
    return calc(
        net, delta[l, j],
        (total(w[up, k, j] * delta[up, k], k, up) * here,                    theorem(bp2())),
        (total(w[up, k, j] * total(S[up, k, q] * D(C, a[L, q]), q, L), k, up) * here,
                                                                             theorem(above, "the assumption, for the layer above")),
        (total(total(here * w[up, k, j] * S[up, k, q], k, up) * D(C, a[L, q]), q, L),
                                                                             algebra),
        (total(S[l, j, q] * D(C, a[L, q]), q, L),                            definition(S[l, j, q])),
    )


@derivation("paths", "An error is a sum over all paths to the outputs")
def paths():
    """There are as many paths as products of widths, and the recursion never lists them: it adds up what meets at a unit
    before it goes on. That is why the whole gradient costs about two forward passes, and not one for each weight.
    """
    return induction(paths_base(), paths_step(), l, j)
