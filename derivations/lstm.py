r"""An LSTM, and what it sends back through time

A cell $c_t$ keeps what the gate $f_t$ lets through and takes in what the gate $i_t$ does; the gate $o_t$ decides what of it is
seen in the state $h_t$. So errors come back along two ways, the state and the cell; along the cell they are multiplied by the
gate $f_t$ alone. All times share their weights. With peepholes the gates see the cell, too.

Source: F. Gers, J. Schmidhuber, F. Cummins, Learning to Forget, 2000 (the layer); F. Gers, N. Schraudolph, J. Schmidhuber,
Learning Precise Timing with LSTM Recurrent Networks, 2002 (peepholes); K. Greff et al., LSTM: A Search Space Odyssey, 2017,
section II (the derivatives).
"""

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.surface.terms import C, D, sigma, sigma_prime

(t, T), (j, N), (r, _), (k, K), (m, H) = axes("t:T j:N r:N k:K m:H")
p, q = Symbol("p"), Symbol("q")
x, h, c, V, y = quantities("x h c V y")
i, f, o, g = quantities("i f o g")
zi, zf, zo, zg = inputs = quantities("zi zf zo zg")
Wi, Wf, Wo, Wg = weights = quantities("Wi Wf Wo Wg")
Ui, Uf, Uo, Ug = recurrent = quantities("Ui Uf Uo Ug")
bi, bf, bo, bg = biases = quantities("bi bf bo bg")
pi, pf, po = peepholes = quantities("pi pf po")
tau = function("tau")


def lstm(title, *given, cell=(0, 0, 0, 0)):
    """With what each gate sees of the cell."""
    return network(
        title, (t, j, r, k, m),
        x[t, k], h[0, j], c[0, j], V[m, j], *given,
        *(W[j, k] for W in weights), *(U[j, r] for U in recurrent), *(b[j] for b in biases),
        *((z[t, j], total(W[j, k] * x[t, k], k) + total(U[j, r] * h[t - 1, r], r) + seen + b[j])
          for z, W, U, seen, b in zip(inputs, weights, recurrent, cell, biases, strict=True)),
        (i[t, j], sigma(zi[t, j])), (f[t, j], sigma(zf[t, j])), (o[t, j], sigma(zo[t, j])), (g[t, j], tau(zg[t, j])),
        (c[t, j], f[t, j] * c[t - 1, j] + i[t, j] * g[t, j]),
        (h[t, j], o[t, j] * tau(c[t, j])),
        (y[t, m], total(V[m, j] * h[t, j], j)),
        (C, any_function(y[t, m])),
        letters={"tau": r"\tau", **{f: "{}^{}".format(*f.name) for f in (*inputs, *weights, *recurrent, *biases, *peepholes)}},
        legend={
            x: "the inputs", h: "the state", c: "the cell", i: "the gate of what comes in", f: "the gate of what is kept",
            o: "the gate of what is seen", g: "what may come in", V: "the weights of the outputs", y: "the outputs",
            **{z: f"the weighted inputs of {gate}" for z, gate in zip(inputs, "ifog", strict=True)},
            **{W: f"weights of the inputs, for {gate}" for W, gate in zip(weights, "ifog", strict=True)},
            **{U: f"weights of the state, for {gate}" for U, gate in zip(recurrent, "ifog", strict=True)},
            **{b: f"biases, for {gate}" for b, gate in zip(biases, "ifog", strict=True)},
            **{w: f"peepholes, for {gate}" for w, gate in zip(peepholes, "ifo", strict=True)},
        },
    )


plain = lstm("an LSTM")
with_peepholes = lstm(
    "an LSTM with peepholes", *(w[j] for w in peepholes),
    cell=(pi[j] * c[t - 1, j], pf[j] * c[t - 1, j], po[j] * c[t, j], 0),
)


@derivation("lstm-state", "LSTM: what the state sends back, before the last time")
def state(net=plain):
    return calc(
        net, D(C, h[t, q]),
        (total(D(C, zi[t + 1, j]) * Ui[j, q], j) + total(D(C, zf[t + 1, j]) * Uf[j, q], j)
         + total(D(C, zo[t + 1, j]) * Uo[j, q], j) + total(D(C, zg[t + 1, j]) * Ug[j, q], j)
         + total(D(C, y[t, m]) * V[m, q], m),
                                          chain_rule(through=(zi[t + 1, j], zf[t + 1, j], zo[t + 1, j], zg[t + 1, j], y[t, m]))),
    )


@derivation("lstm-last-state", "LSTM: what the last state sends back")
def last_state(net=plain):
    return calc(
        net, D(C, h[T, q]),
        (total(D(C, y[T, m]) * V[m, q], m),                                  chain_rule(through=y[T, m])),
    )


@derivation("lstm-cell", "LSTM: what the cell sends back, before the last time")
def cell(net=plain):
    """What comes back from the next cell is carried on."""
    return calc(
        net, D(C, c[t, q]),
        (D(C, h[t, q]) * o[t, q] * tau(c[t, q], 1) + D(C, c[t + 1, q]) * f[t + 1, q], chain_rule(through=(h[t, j], c[t + 1, j]))),
    )


@derivation("lstm-last-cell", "LSTM: what the last cell sends back")
def last_cell(net=plain):
    return calc(
        net, D(C, c[T, q]),
        (D(C, h[T, q]) * o[T, q] * tau(c[T, q], 1),                          chain_rule(through=h[T, j])),
    )


@derivation("lstm-input-gate", "LSTM: the error of the gate of what comes in")
def input_gate(net=plain):
    return calc(
        net, D(C, zi[t, q]),
        (D(C, i[t, q]) * sigma_prime(zi[t, q]),                              chain_rule(through=i[t, j])),
        (D(C, c[t, q]) * g[t, q] * sigma_prime(zi[t, q]),                    chain_rule(through=c[t, j])),
    )


@derivation("lstm-forget-gate", "LSTM: the error of the gate of what is kept")
def forget_gate(net=plain):
    return calc(
        net, D(C, zf[t, q]),
        (D(C, f[t, q]) * sigma_prime(zf[t, q]),                              chain_rule(through=f[t, j])),
        (D(C, c[t, q]) * c[t - 1, q] * sigma_prime(zf[t, q]),                chain_rule(through=c[t, j])),
    )


@derivation("lstm-output-gate", "LSTM: the error of the gate of what is seen")
def output_gate(net=plain):
    return calc(
        net, D(C, zo[t, q]),
        (D(C, o[t, q]) * sigma_prime(zo[t, q]),                              chain_rule(through=o[t, j])),
        (D(C, h[t, q]) * tau(c[t, q]) * sigma_prime(zo[t, q]),               chain_rule(through=h[t, j])),
    )


@derivation("lstm-candidate", "LSTM: the error of what may come in")
def candidate(net=plain):
    return calc(
        net, D(C, zg[t, q]),
        (D(C, g[t, q]) * tau(zg[t, q], 1),                                   chain_rule(through=g[t, j])),
        (D(C, c[t, q]) * i[t, q] * tau(zg[t, q], 1),                         chain_rule(through=c[t, j])),
    )


def shared(gate, z, weight, recurrent, b):
    """The parameters of a gate, which all times share."""

    @derivation(f"lstm-weights-{gate}", f"LSTM: the partial derivative with respect to a weight of the inputs, for {gate}")
    def by_weight(net=plain):
        return calc(net, D(C, weight[p, q]), (total(D(C, z[t, p]) * x[t, q], t), chain_rule(through=z[t, j])))

    @derivation(f"lstm-recurrent-weights-{gate}", f"LSTM: the partial derivative with respect to a weight of the state, for {gate}")
    def by_recurrent(net=plain):
        return calc(net, D(C, recurrent[p, q]), (total(D(C, z[t, p]) * h[t - 1, q], t), chain_rule(through=z[t, j])))

    @derivation(f"lstm-bias-{gate}", f"LSTM: the partial derivative with respect to a bias, for {gate}")
    def by_bias(net=plain):
        return calc(net, D(C, b[p]), (total(D(C, z[t, p]), t), chain_rule(through=z[t, j])))

    return by_weight, by_recurrent, by_bias


parameters = {gate: shared(gate, *own) for gate, *own in zip("ifog", inputs, weights, recurrent, biases, strict=True)}


@derivation("lstm-peephole-cell", "LSTM with peepholes: what the cell sends back, before the last time")
def seen_cell(net=with_peepholes):
    return calc(
        net, D(C, c[t, q]),
        (D(C, h[t, q]) * o[t, q] * tau(c[t, q], 1) + D(C, c[t + 1, q]) * f[t + 1, q]
         + D(C, zi[t + 1, q]) * pi[q] + D(C, zf[t + 1, q]) * pf[q] + D(C, zo[t, q]) * po[q],
                              chain_rule(through=(h[t, j], c[t + 1, j], zi[t + 1, j], zf[t + 1, j], zo[t, j]))),
    )


@derivation("lstm-peephole-last-cell", "LSTM with peepholes: what the last cell sends back")
def seen_last_cell(net=with_peepholes):
    return calc(
        net, D(C, c[T, q]),
        (D(C, h[T, q]) * o[T, q] * tau(c[T, q], 1) + D(C, zo[T, q]) * po[q], chain_rule(through=(h[T, j], zo[T, j]))),
    )


@derivation("lstm-peepholes-before", "LSTM with peepholes: the partial derivative with respect to a peephole to the cell before")
def seen_before(net=with_peepholes):
    return calc(
        net, D(C, pf[q]),
        (total(D(C, zf[t, q]) * c[t - 1, q], t),                             chain_rule(through=zf[t, j])),
    )


@derivation("lstm-peepholes-input", "LSTM with peepholes: the partial derivative with respect to a peephole of the gate of what comes in")
def seen_input(net=with_peepholes):
    return calc(
        net, D(C, pi[q]),
        (total(D(C, zi[t, q]) * c[t - 1, q], t),                             chain_rule(through=zi[t, j])),
    )


@derivation("lstm-peepholes-now", "LSTM with peepholes: the partial derivative with respect to a peephole to the cell of the same time")
def seen_now(net=with_peepholes):
    return calc(
        net, D(C, po[q]),
        (total(D(C, zo[t, q]) * c[t, q], t),                                 chain_rule(through=zo[t, j])),
    )
