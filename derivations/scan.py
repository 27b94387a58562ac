r"""A linear scan, and what it sends back

Each state is the one before times $a$, with something added: the layer of linear attention, of state spaces and of gated
recurrences. Channels $i$ have states $s$ of their own. Errors run through the same scan in the other direction. A selective
scan takes its numbers from the inputs: $a = \exp(\Delta_{ti} A_{is})$, and $\Delta_{ti}$ also scales what comes in.

Source: E. Martin, C. Cundy, Parallelizing Linear Recurrent Neural Nets over Sequence Length, 2018, section 2.3 (the scan and its
derivatives); A. Gu, T. Dao, Mamba, 2023, section 3 (the selective scan).
"""

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, exp

(t, T), (i, N), (s, S) = axes("t:T i:N s:S")
p, q = Symbol("p"), Symbol("q")
x, h, y, a, b, c, skip, delta, A = quantities("x h y a b c skip delta A")
words = {
    x: "the inputs", h: "the states", y: "the outputs", a: "what is kept of a state", b: "what of the input comes in",
    c: "what of the state is seen", skip: "what of the input is seen at once",
}

linear = network(
    "a linear scan", (t, i, s),
    x[t, i], a[t, i, s], b[t, s], c[t, s], skip[i], h[0, i, s],
    (h[t, i, s], a[t, i, s] * h[t - 1, i, s] + b[t, s] * x[t, i]),
    (y[t, i], total(c[t, s] * h[t, i, s], s) + skip[i] * x[t, i]),
    (C, any_function(y[t, i])),
    letters={skip: "d"},
    legend=words,
)
selective = network(
    "a selective scan", (t, i, s),
    x[t, i], delta[t, i], A[i, s], b[t, s], c[t, s], h[0, i, s],
    (a[t, i, s], exp(delta[t, i] * A[i, s])),
    (h[t, i, s], a[t, i, s] * h[t - 1, i, s] + delta[t, i] * b[t, s] * x[t, i]),
    (y[t, i], total(c[t, s] * h[t, i, s], s)),
    (C, any_function(y[t, i])),
    letters={delta: r"\Delta"},
    legend={**words, delta: "the step", A: "the rates"},
)


@derivation("scan-state", "Linear scan: what a state sends back, before the last time")
def state(net=linear):
    return calc(
        net, D(C, h[t, p, q]),
        (D(C, y[t, p]) * c[t, q] + D(C, h[t + 1, p, q]) * a[t + 1, p, q],    chain_rule(through=(h[t + 1, i, s], y[t, i]))),
    )


@derivation("scan-last-state", "Linear scan: what the last state sends back")
def last_state(net=linear):
    return calc(
        net, D(C, h[T, p, q]),
        (D(C, y[T, p]) * c[T, q],                                            chain_rule(through=y[T, i])),
    )


@derivation("scan-first-state", "Linear scan: the partial derivative with respect to the state before the first")
def first_state(net=linear):
    return calc(
        net, D(C, h[0, p, q]),
        (D(C, h[1, p, q]) * a[1, p, q],                                      chain_rule(through=h[1, i, s])),
    )


@derivation("scan-kept", "Linear scan: the partial derivative with respect to what is kept")
def kept(net=linear):
    return calc(
        net, D(C, a[t, p, q]),
        (D(C, h[t, p, q]) * h[t - 1, p, q],                                  chain_rule(through=h[t, i, s])),
    )


@derivation("scan-taken", "Linear scan: the partial derivative with respect to what comes in")
def taken(net=linear):
    """All channels share it."""
    return calc(
        net, D(C, b[t, q]),
        (total(D(C, h[t, i, q]) * x[t, i], i),                               chain_rule(through=h[t, i, s])),
    )


@derivation("scan-seen", "Linear scan: the partial derivative with respect to what is seen")
def seen(net=linear):
    return calc(
        net, D(C, c[t, q]),
        (total(D(C, y[t, i]) * h[t, i, q], i),                               chain_rule(through=y[t, i])),
    )


@derivation("scan-input", "Linear scan: the partial derivative with respect to an input")
def by_input(net=linear):
    return calc(
        net, D(C, x[t, p]),
        (total(D(C, h[t, p, s]) * b[t, s], s) + D(C, y[t, p]) * skip[p],     chain_rule(through=(h[t, i, s], y[t, i]))),
    )


@derivation("scan-skip", "Linear scan: the partial derivative with respect to what is seen at once")
def by_skip(net=linear):
    return calc(
        net, D(C, skip[p]),
        (total(D(C, y[t, p]) * x[t, p], t),                                  chain_rule(through=y[t, i])),
    )


@derivation("scan-step", "Selective scan: the partial derivative with respect to a step")
def by_step(net=selective):
    return calc(
        net, D(C, delta[t, p]),
        (total(D(C, a[t, p, s]) * a[t, p, s] * A[p, s] + D(C, h[t, p, s]) * b[t, s] * x[t, p], s),
                                                                             both(chain_rule(through=(a[t, i, s], h[t, i, s])), definition(a[t, i, s]))),
    )


@derivation("scan-rate", "Selective scan: the partial derivative with respect to a rate")
def by_rate(net=selective):
    return calc(
        net, D(C, A[p, q]),
        (total(D(C, a[t, p, q]) * a[t, p, q] * delta[t, p], t),              both(chain_rule(through=a[t, i, s]), definition(a[t, i, s]))),
    )


@derivation("scan-selective-input", "Selective scan: the partial derivative with respect to an input")
def selected(net=selective):
    return calc(
        net, D(C, x[t, p]),
        (delta[t, p] * total(D(C, h[t, p, s]) * b[t, s], s),                 chain_rule(through=h[t, i, s])),
    )
