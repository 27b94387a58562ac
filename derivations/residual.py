r"""Residual connections, and what they send back

Each layer adds to what comes in, $a^l=\sigma(z^l)+a^{l-1}$. So an activation reaches the cost in two ways, through the layer
above and past it; written out, what the outputs send back arrives undiminished at every layer.

Source: K. He, X. Zhang, S. Ren, J. Sun, Identity Mappings in Deep Residual Networks, 2016, equations 3 to 5.
"""

from sympy import Symbol

from backproof.derive.calc import assume, calc, entrywise, induction
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, reworded, sifting, split_off, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.surface.terms import C, D, Dot, Outer, Transposed

(l, K), (i, N), (k, _), (r, _) = axes("l:K i:N k:N r:K")
j, q = Symbol("j"), Symbol("q")
a, z, w, b = quantities("a z w b")
sigma = function("sigma")
up = l + 1
ASSUMED = "the induction that it is a step of, whose result is judged; it rests on an assumption"

residual = network(
    "residual connections", (l, i, k),
    a[0, i], w[l, i, k], b[l, i],
    (z[l, i], total(w[l, i, k] * a[l - 1, k], k) + b[l, i]),
    (a[l, i], sigma(z[l, i]) + a[l - 1, i]),
    (C, any_function(a[K, i])),
    letters={"sigma": r"\sigma"},
    legend={
        a: "the activations; those of layer 0 are the inputs, those of layer $K$ the outputs", z: "the weighted inputs",
        w: "the weights", b: "the biases",
    },
)  # fmt: skip


@derivation("residual-error", "Residual: the partial derivative with respect to a weighted input")
def error(net=residual):
    return calc(
        net, D(C, z[l, j]),
        (total(D(C, a[l, i]) * D(a[l, i], z[l, j]), i),                      chain_rule(through=a[l, i])),
        (D(C, a[l, j]) * sigma(z[l, j], 1),                                  both(definition(a[l, i]), differentiation, sifting)),
    )


@derivation("residual-activation", "Residual: the partial derivative with respect to an activation")
def activation(net=residual):
    return calc(
        net, D(C, a[l, j]),
        (D(C, a[up, j]) + total(D(C, z[up, i]) * w[up, i, j], i),            chain_rule(through=(a[up, i], z[up, i]))),
    )


@derivation("residual-activations", "Residual: the partial derivatives with respect to the activations of a layer")
def activations(net=residual):
    return entrywise(
        net, D(C, a[l]), D(C, a[up]) + Dot(Transposed(w[up]), D(C, z[up])), (j,),
        (D(C, a[up, j]) + total(D(C, z[up, i]) * w[up, i, j], i),            theorem(activation(net))),
    )


@derivation("residual-weight", "Residual: the partial derivative with respect to a weight")
def weight(net=residual):
    return calc(
        net, D(C, w[l, j, q]),
        (total(D(C, z[l, i]) * D(z[l, i], w[l, j, q]), i),                   chain_rule(through=z[l, i])),
        (D(C, z[l, j]) * a[l - 1, q],                                        both(definition(z[l, i]), differentiation, sifting)),
    )


@derivation("residual-weights", "Residual: the partial derivatives with respect to the weights of a layer")
def weights(net=residual):
    return entrywise(net, D(C, w[l]), Outer(D(C, z[l]), a[l - 1]), (j, q), (D(C, z[l, j]) * a[l - 1, q], theorem(weight(net))))


def stream(layer):
    """What the outputs send back, and what all layers above ``layer`` add to it."""
    return D(C, a[K, j]) + total(D(C, z[r, i]) * w[r, i, j], r.between(layer + 1, K), i)


@derivation("residual-stream-base", "The stream at the outputs")
def base(net=residual):
    """No layer is above. Nothing has to be said of $j$, then, and what may be anything one of the judges cannot try."""
    return calc(net, D(C, a[K, j]), (stream(K),                              reworded(algebra, "there is no layer above")))


@derivation("residual-stream-step", "The stream from one layer to the one below", judged_by=ASSUMED)
def step(net=residual):
    above = assume(net, D(C, a[up, j]), stream(up), (j,))
    here = total(D(C, z[r, i]) * w[r, i, j], r.between(up, K), i)
    return calc(
        net, D(C, a[l, j]),
        (D(C, a[up, j]) + total(D(C, z[up, i]) * w[up, i, j], i),            theorem(activation(net))),
        (stream(up) + total(D(C, z[up, i]) * w[up, i, j], i),                theorem(above, "the assumption, for the layer above")),
        (stream(l),                                                          split_off(here, "first")),
    )


@derivation("residual-stream", "What the outputs send back arrives at every layer")
def whole():
    return induction(base(), step(), l, j, K)
