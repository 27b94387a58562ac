"""The equations of a program: what the kernel proves about the network of ``network.layered``, layer by layer.

Each function makes one derivation; its theorem is one assignment of the program. Arrays have a column for each example.
"""

from __future__ import annotations

from typing import Any

from sympy import Pow, cancel

from ..activations.slope import differentiated, plain_slope
from ..activations.slope import slope as slope_of_own
from ..core import kernel
from ..core import term as core
from ..derive.calc import calc, entrywise, without
from ..derive.derivation import Derivation
from ..derive.reasons import Reason, algebra, both, chain_rule, definition, differentiation, sifting, theorem
from ..derive.search import Context, rewrite, then, without_zeros
from ..networks import COSTS, SOFTMAX, A, Activation, C_x, Cost, E_x, Y, a_x, delta_x, u, x_x, y_x, z_x
from ..surface.network import Network
from ..surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Hadamard,
    Kron,
    M,
    Outer,
    Total,
    Transposed,
    b,
    exp,
    i,
    j,
    k,
    log,
    m,
    p,
    substitute,
    total,
    w,
)  # fmt: skip
from .network import one

Term = Any


def _weighted(layer: int, unit: Any) -> Term:
    return total(w[layer, unit, m] * a_x[layer - 1, m, i], m, layer - 1) + b[layer, unit] * one[i]


def _over_examples(e: Term) -> Term:
    return Total(e, i, 1, M)


def share(net: Network) -> Term:
    """What C divides the sum over the examples by: M for the mean, 1 for the sum."""
    return M if net.definition(C)[0].body.has(1 / M) else 1


# The forward pass.


def input_layer(net: Network) -> Derivation:
    """a^1 = x."""
    return entrywise(net, a_x[1], x_x[()], (j, i), (x_x[j, i], definition(a_x[1, j, i])))


def weighted_input(net: Network, layer: int) -> Derivation:
    """z^l = w^l a^{l-1} + b^l 1^T."""
    entry = total(w[layer, j, k] * a_x[layer - 1, k, i], k, layer - 1) + b[layer, j] * one[i]
    array = Dot(w[layer], a_x[layer - 1]) + Outer(b[layer], one[()])
    return entrywise(net, z_x[layer], array, (j, i), (entry, definition(z_x[layer, j, i])))


def activation(net: Network, layer: int, f: Activation) -> Derivation:
    """a^l = f(z^l); for the softmax entry by entry: its denominator is a sum over the layer."""
    head = a_x[layer, j, i]
    if f.body is None:
        z = z_x[layer, j, i]
        return calc(net, head, (exp(z) / total(exp(z_x[layer, p, i]), p, layer), definition(head)))
    return entrywise(
        net, a_x[layer], Apply(f.name, z_x[layer]), (j, i), (Apply(f.name, z_x[layer, j, i]), definition(head))
    )


def cost_of_an_example(net: Network) -> Derivation:
    """C_x = the sum over the outputs of what each adds."""
    last = net.depth
    body = substitute(net.definition(E_x[k, i])[0].body, {})
    return calc(
        net, C_x[i], (total(E_x[k, i], k, last), definition(C_x[i])), (total(body, k, last), definition(E_x[k, i]))
    )


# Slopes: the derivatives of the activations, in what the forward pass has computed.


def slope(net: Network, layer: int, f: Activation) -> Derivation:
    """f'(z) in terms of a = f(z), where that is short, or of z."""
    if f.own:
        return slope_of_own(net, z_x[layer, j, i], f)
    z, a = z_x[layer, j, i], a_x[layer, j, i]
    head = Apply(f.name, z)
    body = substitute(f.body, {u: z})
    lines = [
        (D(head, z), differentiation),
        (D(body, z), definition(head)),
        (f.slope_at(body, z), both(differentiation, algebra)),
    ]
    if f.slope_at(body, z) != f.slope_at(a, z):
        lines += [(f.slope_at(head, z), definition(head)), (f.slope_at(a, z), definition(a))]
    return calc(net, Apply(f.name, z, 1), *lines)


def slope_for_judge(net: Network, layer: int, f: Activation) -> Derivation:
    """The same in a form that an algebraic judge can decide, to whom exp(u) exp(v) and exp(u + v) are strangers."""
    return plain_slope(net, z_x[layer, j, i], f)


# BP1: the last layer.


def cost_gradient(net: Network, cost: Cost) -> Derivation:
    """The partial derivative of the cost of an example by one of its outputs."""
    last = net.depth
    output, target = a_x[last, k, i], y_x[k, i]
    body = substitute(net.definition(E_x[p, i])[0].body, {k: p})
    by = differentiated(cost.gradient) if cost.own else differentiation
    return calc(
        net, D(C_x[i], output),
        (D(total(body, p, last), output), definition(C_x[i], E_x[p, i])),
        (cost.gradient_at(output, target), both(by, sifting)),
    )  # fmt: skip


def _between_0_and_1(net: Network) -> list[Any]:
    """a = 1/(1 + e^-z) and 1 - a = e^-z/(1 + e^-z): neither is 0."""
    z, a = z_x[net.depth, j, i], a_x[net.depth, j, i]
    low, high, unfold = 1 / (1 + exp(-z)), exp(-z) / (1 + exp(-z)), both(definition(a), definition(Apply("sigmoid", z)))
    return [
        calc(net, start, (value, both(unfold, algebra))).theorem
        for output in (a, Apply("sigmoid", z))
        for start, value in ((output, low), (1 - output, high))
    ]


def _positive_softmax(net: Network) -> Any:
    return activation(net, int(net.depth), SOFTMAX).theorem


def output_error(net: Network, f: Activation, cost: Cost) -> Derivation:
    """BP1: delta^L, the gradient of the cost times the slope of the last activation, simplified where they cancel."""
    last = int(net.depth)
    delta, z = delta_x[last, j, i], z_x[last, j, i]
    start = (
        (D(C_x[i], z) / share(net), definition(delta)),
        (
            total(D(C_x[i], a_x[last, k, i]) * D(a_x[last, k, i], z), k, last) / share(net),
            chain_rule(through=a_x[last, k, i]),
        ),
    )
    if f.body is not None:
        return _elementwise_error(net, f, cost, start)
    return _softmax_own(net, cost, start) if cost.own else SOFTMAX_ERRORS[cost.name](net, start)


def _elementwise_error(net: Network, f: Activation, cost: Cost, start: Any) -> Derivation:
    last = int(net.depth)
    z, a, y = z_x[last, j, i], a_x[last, j, i], y_x[j, i]
    gradient = cost_gradient(net, cost)
    through = total(gradient.theorem.rhs * Apply(f.name, z_x[last, k, i], 1) * Kron(k, j), k, last) / share(net)
    product = cost.gradient_at(a, y) * Apply(f.name, z, 1) / share(net)
    lines = [
        *start,
        (through, both(theorem(gradient), definition(a_x[last, k, i]), differentiation)),
        (product, sifting),
    ]
    whole = cancel(cost.gradient * A * (1 - A))
    if f.name != "sigmoid" or not _divides(cost.gradient) or _divides(whole):
        return calc(net, delta_x[last, j, i], *lines)
    lines += [
        (cost.gradient_at(a, y) * a * (1 - a) / share(net), theorem(slope(net, last, f))),
        (substitute(whole, {A: a, Y: y}) / share(net), algebra),
    ]
    return without(calc(net, delta_x[last, j, i], *lines), *_between_0_and_1(net))


def _divides(e: Term) -> bool:
    """Whether something with an output in it is divided by."""
    return any(power.exp < 0 and power.has(A) for power in e.atoms(Pow))


def with_finite_logarithms(net: Network, f: Activation, error: Derivation) -> Derivation:
    """The same in terms of z where it has a logarithm of an output of the logistic function, which may round to 0."""
    last = int(net.depth)
    a = a_x[last, j, i]
    rules = {log(e): known for e, known in ((a, True), (1 - a, False)) if error.theorem.rhs.has(log(e))}
    if f.name != "sigmoid" or f.own or not rules:
        return error
    known = [logarithm_of_output(net, of_output=of_output) for of_output in rules.values()]
    value = error.theorem.rhs
    for made in known:
        value = value.xreplace({made.theorem.lhs: made.theorem.rhs})
    lines = ((error.theorem.rhs, theorem(error)), (value, both(*map(theorem, known))))
    return without(calc(net, error.theorem.lhs, *lines), *_between_0_and_1(net))


def logarithm_of_output(net: Network, *, of_output: bool) -> Derivation:
    """log a = -softplus(-z) for an output a of the logistic function; log(1 - a) = -softplus(z)."""
    last = int(net.depth)
    a, z = a_x[last, j, i], z_x[last, j, i]
    v, head = (-z, log(a)) if of_output else (z, log(1 - a))
    unfold = both(definition(a), definition(Apply("sigmoid", z)))
    return calc(
        net, head,
        (log(1 / (1 + exp(v))), both(unfold, algebra)),
        (-log(1 + exp(v)), LOG_OF_INVERSE),
        (-Apply("softplus", v), definition(Apply("softplus", v))),
    )  # fmt: skip


def _log_of_inverse(cx: Context, e: Any) -> Any:
    """log(1/u) = log(exp(-log u)) = -log u, everywhere in e, by the two laws of exp and log."""

    def found(a: Any, _: Any) -> Any:
        under = core.power(a.argument, -1)
        if a.function != "log" or a.degree or len(a.argument.terms) != 1 or len(under.terms) < 2:
            return None
        less = core.times(-1, core.applied("log", 0, under))
        hole = core.applied("log", 0, core.power(core.atom(core.quantity("?0")), -1))
        inside = kernel.subst(hole, (kernel.law(cx.net, "exp of log", under),), ((),))
        return kernel.trans(kernel.symm(inside), kernel.law(cx.net, "log of exp", less))

    return then(kernel.refl(cx.net, e), rewrite(e, found, core.Applied))


LOG_OF_INVERSE = Reason(("logarithm of an inverse",), _log_of_inverse)


#: a/a = 1 for what is not 0, also within sums, whose terms may be constant then.
_CANCELLED = Reason(("cancel",), lambda cx, e: then(kernel.refl(cx.net, e), without_zeros(cx, e)))


def _softmax_own(net: Network, cost: Cost, start: Any) -> Derivation:
    """delta_j = h_j - a_j sum_k h_k, where h is a times the derivative of the cost by a."""
    last = int(net.depth)
    a, y, mine, its = a_x[last, k, i], y_x[k, i], a_x[last, j, i], y_x[j, i]
    h = cancel(cost.gradient * A)
    here, there = substitute(h, {A: mine, Y: its}), substitute(h, {A: a, Y: y})
    made = calc(
        net, delta_x[last, j, i], *start,
        (total(cost.gradient_at(a, y) * a * (Kron(k, j) - mine), k, last) / share(net),
         both(_through_softmax(net, cost), _CANCELLED)),
        ((here - mine * total(there, k, last)) / share(net), sifting),
    )  # fmt: skip
    return without(made, _positive_softmax(net))


def softmax_jacobian(net: Network) -> Derivation:
    """da_k/dz_j = a_k ([k = j] - a_j)."""
    last = int(net.depth)
    e, z = exp(z_x[last, k, i]), z_x[last, j, i]
    s = total(exp(z_x[last, p, i]), p, last)
    return calc(
        net, D(a_x[last, k, i], z),
        (D(e / s, z), definition(a_x[last, k, i])),
        (e * Kron(k, j) / s - e * exp(z) / s**2, both(differentiation, sifting)),
        (e / s * (Kron(k, j) - exp(z) / s), algebra),
        (a_x[last, k, i] * (Kron(k, j) - a_x[last, j, i]), definition(a_x[last, k, i])),
    )  # fmt: skip


def _through_softmax(net: Network, cost: Cost) -> Reason:
    """The gradient of the cost, and how each output depends on each weighted input."""
    return both(theorem(cost_gradient(net, cost)), theorem(softmax_jacobian(net)))


def _softmax_quadratic(net: Network, start: Any) -> Derivation:
    last = int(net.depth)
    a, y = a_x[last, k, i], y_x[k, i]
    mine, its = a_x[last, j, i], y_x[j, i]
    jacobian = a * (Kron(k, j) - mine)
    return calc(
        net, delta_x[last, j, i], *start,
        (total((a - y) * jacobian, k, last) / share(net), _through_softmax(net, COSTS["quadratic"])),
        (mine * (mine - its - total(a * (a - y), k, last)) / share(net), sifting),
    )  # fmt: skip


def _softmax_log_likelihood(net: Network, start: Any) -> Derivation:
    last = int(net.depth)
    a, y = a_x[last, k, i], y_x[k, i]
    mine, its = a_x[last, j, i], y_x[j, i]
    jacobian = a * (Kron(k, j) - mine)
    made = calc(
        net, delta_x[last, j, i], *start,
        (total(-y / a * jacobian, k, last) / share(net), _through_softmax(net, COSTS["log-likelihood"])),
        ((mine * total(y, k, last) - its) / share(net), sifting),
    )  # fmt: skip
    return without(made, _positive_softmax(net))


SOFTMAX_ERRORS = {"quadratic": _softmax_quadratic, "log-likelihood": _softmax_log_likelihood}


# BP2: from each layer to the one below.


def hidden_error(net: Network, layer: int, f: Activation) -> Derivation:
    """BP2: delta^l = ((w^{l+1})^T delta^{l+1}) * f'(z^l), entry by entry."""
    up, z, slope_ = layer + 1, z_x[layer, j, i], Apply(f.name, z_x[layer, j, i], 1)
    inner = total(w[up, k, m] * Apply(f.name, z_x[layer, m, i]), m, layer) + b[up, k] * one[i]
    unfold = definition(delta_x[up, k, i], z_x[up, k, i], a_x[layer, m, i])
    entry = total(w[up, k, j] * delta_x[up, k, i], k, up) * slope_
    unit = calc(
        net, delta_x[layer, j, i],
        (D(C_x[i], z) / share(net), definition(delta_x[layer, j, i])),
        (total(D(C_x[i], z_x[up, k, i]) * D(z_x[up, k, i], z), k, up) / share(net), chain_rule(through=z_x[up, k, i])),
        (total(delta_x[up, k, i] * D(inner, z), k, up), unfold),
        (entry, both(differentiation, sifting)),
    )  # fmt: skip
    array = Hadamard(Dot(Transposed(w[up]), delta_x[up]), Apply(f.name, z_x[layer], 1))
    return entrywise(net, delta_x[layer], array, (j, i), (entry, theorem(unit)))


# BP3 and BP4: the parameters.


def bias_gradient(net: Network, layer: int) -> Derivation:
    """BP3: the derivative by b^l is delta^l 1, the sum over the examples."""
    entry = _over_examples(delta_x[layer, j, i] * one[i])
    unit = _parameter(net, layer, b[layer, j], entry)
    return entrywise(net, D(C, b[layer]), Dot(delta_x[layer], one[()]), (j,), (entry, theorem(unit)))


def weight_gradient(net: Network, layer: int) -> Derivation:
    """BP4: the derivative by w^l is delta^l (a^{l-1})^T."""
    entry = _over_examples(delta_x[layer, j, i] * a_x[layer - 1, k, i])
    unit = _parameter(net, layer, w[layer, j, k], entry)
    array = Dot(delta_x[layer], Transposed(a_x[layer - 1]))
    return entrywise(net, D(C, w[layer]), array, (j, k), (entry, theorem(unit)))


def _parameter(net: Network, layer: int, parameter: Any, entry: Term) -> Derivation:
    """The derivative of C by one weight or bias, through the weighted inputs of its layer."""
    through, divided = z_x[layer, p, i], share(net)
    local = D(_weighted(layer, p), parameter)
    return calc(
        net, D(C, parameter),
        (D(_over_examples(C_x[i]) / divided, parameter), definition(C)),
        (_over_examples(D(C_x[i], parameter)) / divided, differentiation),
        (
            _over_examples(total(D(C_x[i], through) * D(through, parameter), p, layer)) / divided,
            chain_rule(through=through),
        ),
        (_over_examples(total(D(C_x[i], through) * local, p, layer)) / divided, definition(through)),
        (_over_examples(total(delta_x[layer, p, i] * local, p, layer)), definition(delta_x[layer, p, i])),
        (entry, both(differentiation, sifting)),
    )  # fmt: skip
