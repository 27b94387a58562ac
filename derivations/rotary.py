r"""Rotary position embedding, and what it sends back

Each pair of features is turned by an angle that depends on the position $t$; all examples and heads share its cosine $c$ and
its sine $s$. Implementations keep a pair as two neighbours, or as two halves of the features, and a cosine and a sine for
each of the two: they multiply by $c$, and add what a matrix $R$ of zeros, ones and a sign makes of the features, times $s$.
The theorems hold for any data $c$, $s$ and $R$.

Source: J. Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, 2021, section 3.4.2, equation 34.
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Dot, Hadamard, Transposed

(b, B), (t, T), (h, H), (p, P), (i, N), (j, _) = axes("b:B t:T h:H p:P i:N j:N")
q = Symbol("q")
u, v, y, z, c, s, x, R = quantities("u v y z c s x R")

turned = network(
    "pairs that are turned", (b, t, h, p),
    u[b, t, h, p], v[b, t, h, p], c[t, p], s[t, p],
    (y[b, t, h, p], u[b, t, h, p] * c[t, p] - v[b, t, h, p] * s[t, p]),
    (z[b, t, h, p], v[b, t, h, p] * c[t, p] + u[b, t, h, p] * s[t, p]),
    (C, any_function(y[b, t, h, p], z[b, t, h, p])),
    legend={
        u: "the first of each pair $p$ of features", v: "the second of each pair", c: "the cosines", s: "the sines",
        y: "the first of each pair, turned", z: "the second, turned",
    },
)  # fmt: skip

rotated = network(
    "a rotary embedding", (b, t, h, i, j),
    x[b, t, h, i], c[t, i], s[t, i], R[i, j],
    (y[b, t, h, i], x[b, t, h, i] * c[t, i] + total(R[i, j] * x[b, t, h, j], j) * s[t, i]),
    (C, any_function(y[b, t, h, i])),
    legend={
        x: "the features", c: "the cosines", s: "the sines", R: "which feature goes where, and with which sign",
        y: "the features, turned",
    },
)  # fmt: skip

through_both = chain_rule(through=(y[b, t, h, p], z[b, t, h, p]))


@derivation("rotary-first", "RoPE: the partial derivative with respect to the first of a pair")
def first(net=turned):
    return calc(
        net, D(C, u[b, t, h, q]),
        (D(C, y[b, t, h, q]) * c[t, q] + D(C, z[b, t, h, q]) * s[t, q],      through_both),
    )


@derivation("rotary-second", "RoPE: the partial derivative with respect to the second of a pair")
def second(net=turned):
    return calc(
        net, D(C, v[b, t, h, q]),
        (D(C, z[b, t, h, q]) * c[t, q] - D(C, y[b, t, h, q]) * s[t, q],      through_both),
    )


@derivation("rotary-cosine", "RoPE: the partial derivative with respect to a cosine")
def cosine(net=turned):
    return calc(
        net, D(C, c[t, q]),
        (total(D(C, y[b, t, h, q]) * u[b, t, h, q] + D(C, z[b, t, h, q]) * v[b, t, h, q], b, h), through_both),
    )


@derivation("rotary-sine", "RoPE: the partial derivative with respect to a sine")
def sine(net=turned):
    return calc(
        net, D(C, s[t, q]),
        (total(D(C, z[b, t, h, q]) * u[b, t, h, q] - D(C, y[b, t, h, q]) * v[b, t, h, q], b, h), through_both),
    )


@derivation("rotary-length", "What turning does to a length")
def length(net=turned):
    """Where $c$ and $s$ are a cosine and a sine, nothing."""
    return calc(
        net, y[b, t, h, q] ** 2 + z[b, t, h, q] ** 2,
        ((u[b, t, h, q] * c[t, q] - v[b, t, h, q] * s[t, q]) ** 2 + (v[b, t, h, q] * c[t, q] + u[b, t, h, q] * s[t, q]) ** 2,
                                                                             definition(y[b, t, h, q], z[b, t, h, q])),
        ((c[t, q] ** 2 + s[t, q] ** 2) * (u[b, t, h, q] ** 2 + v[b, t, h, q] ** 2), algebra),
    )


@derivation("rotary-input", "RoPE as it is implemented: the partial derivative with respect to a feature")
def by_input(net=rotated):
    """The sine multiplies first, then $R$ goes back: in the other order it would be the sine of another feature."""
    return calc(
        net, D(C, x[b, t, h, q]),
        (total(D(C, y[b, t, h, i]) * D(y[b, t, h, i], x[b, t, h, q]), i),    chain_rule(through=y[b, t, h, i])),
        (D(C, y[b, t, h, q]) * c[t, q] + total(R[i, q] * D(C, y[b, t, h, i]) * s[t, i], i),
                                                                             both(definition(y[b, t, h, i]), differentiation, sifting)),
    )


@derivation("rotary-head", "RoPE as it is implemented, for all features of a head")
def head(net=rotated):
    back = D(C, y[b, t, h])
    return entrywise(
        net, D(C, x[b, t, h]), Hadamard(back, c[t]) + Dot(Transposed(R), Hadamard(back, s[t])), (q,),
        (D(C, y[b, t, h, q]) * c[t, q] + total(R[i, q] * D(C, y[b, t, h, i]) * s[t, i], i), theorem(by_input())),
    )
