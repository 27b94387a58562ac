"""What backpropagation costs

$\\mu[e]$ is the number of multiplications that it takes to evaluate $e$ as it is written; applying $\\sigma$ or $\\sigma'$,
the derivative of the cost, and additions are not counted. A forward pass takes $F=\\sum_{l=2}^{L}n_ln_{l-1}$ of them. The backward pass
takes $2F-n_1n_2$, and one for each unit: at most about two forward passes, and close to one where the first weight matrix
holds most of the weights. Forward and backward together are at most about three. With $e$ a
unit vector, the difference quotient $(C(w+\\epsilon e)-C(w))/\\epsilon$ takes a forward pass for each parameter, and one more.

Source: the claim of about two forward passes is in M. Nielsen, Neural Networks and Deep Learning, ch. 2.
"""

from backproof.surface.terms import C, D, L, Mults, Total, a, b, j, k, l, n, sigma_prime, total, w, z
from backproof.derive.calc import calc, instance
from backproof.derive.reasons import both, counting, definition, reworded, shifted, split_off, unrolling
from backproof.derive.registry import derivation
from backproof.networks import d, dense, recursive

net = recursive(dense())


def over_layers(e, lo, hi):
    return Total(e, l, lo, hi)


def forward_pass():
    weighted = total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]
    return over_layers(total(Mults(weighted), j, l), 2, L)


F = over_layers(n(l) * n(l - 1), 2, L)  # products of a forward pass


@derivation("cost-forward", "Multiplications of a forward pass")
def cost_forward():
    return calc(net, forward_pass(), (F, counting))


@derivation("cost-backward", "Multiplications of a backward pass")
def cost_backward():
    """First the errors of the last layer, then those of each layer below, then the partial derivatives with respect to the weights."""
    last = total(Mults(D(C, a[L, j]) * sigma_prime(z[L, j])), j, L)
    below = over_layers(total(Mults(sigma_prime(z[l, j]) * total(w[l + 1, k, j] * d[l + 1, k], k, l + 1)), j, l), 2, L - 1)
    weights = over_layers(total(total(Mults(a[l - 1, k] * d[l, j]), k, l - 1), j, l), 2, L)
    errors, units = over_layers(n(l + 1) * n(l), 2, L - 1), over_layers(n(l), 2, L)
    upper = over_layers(n(l) * n(l - 1), 3, L)
    return calc(
        net, last + below + weights,
        (n(L) + errors + over_layers(n(l), 2, L - 1) + F,                    counting),
        (n(L) + upper + over_layers(n(l), 2, L - 1) + F,                     shifted(errors, 1)),
        (upper + units + F,                                                  split_off(units, "last")),
        (2 * F - n(1) * n(2) + units,                                        split_off(F, "first")),
    )


@derivation("cost-quotient", "Multiplications of all difference quotients")
def cost_quotient():
    """One forward pass for each weight and each bias, and one for $C(w)$; the divisions by $\\epsilon$ are not counted."""
    parameters = over_layers(total(total(1, k, l - 1) + 1, j, l), 2, L)
    return calc(
        net, (1 + parameters) * forward_pass(),
        ((1 + over_layers(n(l) * (n(l - 1) + 1), 2, L)) * F,                 counting),
    )


digits = recursive(dense(widths=(784, 30, 10)))


def _in_numbers(general, value):
    """What a theorem above gives for the net 784-30-10, worked out."""
    here = instance(general, digits).theorem
    widths = reworded(both(unrolling, definition(n(1), n(2), n(3))), "the widths are 784, 30 and 10")
    return calc(digits, here.rhs, (value, widths))


@derivation("cost-forward-digits", "A forward pass of the net 784-30-10")
def forward_digits():
    return _in_numbers(cost_forward(), 23_820)


@derivation("cost-backward-digits", "A backward pass of the net 784-30-10")
def backward_digits():
    """Hardly more than the forward pass: most weights are in the first matrix, through which no error has to go back."""
    return _in_numbers(cost_backward(), 24_160)


@derivation("cost-quotient-digits", "All difference quotients of the net 784-30-10")
def quotient_digits():
    return _in_numbers(cost_quotient(), 23_820 * 23_861)
