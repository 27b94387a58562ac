"""Activations and their derivatives

Everything up to here holds for any differentiable activation. Here are the usual ones, each from its definition and the
derivatives of $e^u$ and $\\ln u$ alone; for the GELU also $\\Phi' = \\varphi$, the normal distribution function and its
density.

Source: standard; the softmax as in M. Nielsen, Neural Networks and Deep Learning, ch. 3; the leaky rectifier from
A. Maas, A. Hannun and A. Ng, Rectifier nonlinearities improve neural network acoustic models, 2013; the GELU from
D. Hendrycks and K. Gimpel, Gaussian error linear units (GELUs), 2016.
"""

from backproof.surface.terms import D, Kron, L, Phi, a, exp, j, k, l, log, p, phi, sigma, sigma_prime, step, total, z
from backproof.derive.calc import calc, instance
from backproof.derive.reasons import algebra, both, definition, differentiation, reworded, sifting
from backproof.derive.registry import derivation
from backproof.networks import dense

u = z[l, j]  # any weighted input


@derivation("sigmoid", "The logistic function: the derivative is $\\sigma(1-\\sigma)$")
def sigmoid(net=dense(activation="sigmoid")):
    return calc(
        net, sigma_prime(u),
        (D(sigma(u), u),                                                     reworded(differentiation, "what the prime means")),
        (D(1 / (1 + exp(-u)), u),                                            definition(sigma(u))),
        (exp(-u) / (1 + exp(-u)) ** 2,                                       differentiation),
        (1 / (1 + exp(-u)) * (1 - 1 / (1 + exp(-u))),                        algebra),
        (sigma(u) * (1 - sigma(u)),                                          definition(sigma(u))),
    )


@derivation("tanh", "The hyperbolic tangent: the derivative is $1-\\sigma^2$")
def tanh(net=dense(activation="tanh")):
    e, f = exp(u), exp(-u)
    return calc(
        net, sigma_prime(u),
        (D(sigma(u), u),                                                     reworded(differentiation, "what the prime means")),
        (D((e - f) / (e + f), u),                                            definition(sigma(u))),
        (((e + f) ** 2 - (e - f) ** 2) / (e + f) ** 2,                       differentiation),
        (1 - ((e - f) / (e + f)) ** 2,                                       algebra),
        (1 - sigma(u) ** 2,                                                  definition(sigma(u))),
    )


@derivation("softplus", "The softplus function: the derivative is the logistic function")
def softplus(net=dense(activation="softplus")):
    return calc(
        net, sigma_prime(u),
        (D(sigma(u), u),                                                     reworded(differentiation, "what the prime means")),
        (D(log(1 + exp(u)), u),                                              definition(sigma(u))),
        (exp(u) / (1 + exp(u)),                                              differentiation),
        (1 / (1 + exp(-u)),                                                  algebra),
    )


@derivation("relu", "The rectifier, off its kink")
def relu(net=dense(activation="relu")):
    """At 0 the rectifier has no derivative; 0, 1 and 1/2 are conventions. The theorem says nothing about that point."""
    return calc(
        net, sigma_prime(u),
        (D(sigma(u), u),                                                     reworded(differentiation, "what the prime means")),
        (D(u * step(u), u),                                                  definition(sigma(u))),
        (step(u),                                                            differentiation),
    )


@derivation("leaky-relu", "The leaky rectifier, off its kink")
def leaky_relu(net=dense(activation="leaky-relu")):
    """A unit that is off still learns: below 0 the slope is 1/100. At 0 there is none, and nothing is said."""
    return calc(
        net, sigma_prime(u),
        (D(sigma(u), u),                                                     reworded(differentiation, "what the prime means")),
        (D(u * step(u) + u * (1 - step(u)) / 100, u),                        definition(sigma(u))),
        (step(u) + (1 - step(u)) / 100,                                      differentiation),
    )


@derivation("gelu", "The Gaussian error linear unit")
def gelu(net=dense(activation="gelu")):
    """The input times the probability that a standard normal number is below it: a rectifier without a kink."""
    return calc(
        net, sigma_prime(u),
        (D(sigma(u), u),                                                     reworded(differentiation, "what the prime means")),
        (D(u * Phi(u), u),                                                   definition(sigma(u))),
        (Phi(u) + u * phi(u),                                                differentiation),
    )


@derivation("softmax-jacobian", "The softmax: its Jacobian")
def softmax_jacobian(net=dense(softmax=True)):
    """Each output of a softmax layer depends on every weighted input of it."""
    e, s = exp(z[L, k]), total(exp(z[L, p]), p, L)
    return calc(
        net, D(a[L, k], z[L, j]),
        (D(e / s, z[L, j]),                                                  definition(a[L, k])),
        (e * Kron(k, j) / s - e * exp(z[L, j]) / s ** 2,                     both(differentiation, sifting)),
        (e / s * (Kron(k, j) - exp(z[L, j]) / s),                            algebra),
        (a[L, k] * (Kron(k, j) - a[L, j]),                                   definition(a[L, k])),
    )


@derivation("softmax-off-diagonal", "The softmax: an entry off the diagonal is not zero")
def softmax_off_diagonal():
    return instance(softmax_jacobian(), dense(softmax=True), k=1, j=2)


@derivation("softmax-diagonal", "The softmax: an entry on the diagonal")
def softmax_diagonal():
    return instance(softmax_jacobian(), dense(softmax=True), k=j)
