r"""Embeddings, and what they send back

Looking up a row of a table $E$ is a product with ones and zeros: $k_{btv}$ is 1 where token $v$ stands at position $t$ of
text $b$. A row gets what is sent back from all places at which it was looked up. Where the table makes the logits, too, it
gets both: what the lookup sends back, through everything between, and what the logits do.

Source: O. Press and L. Wolf, Using the Output Embedding to Improve Language Models, 2017, section 3 (tied embeddings);
A. Vaswani et al., Attention Is All You Need, 2017, section 3.5 (positions, here learned); the rest is standard.
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Dot, Transposed

(b, B), (t, T), (v, V), (c, N) = axes("b:B t:T v:V c:N")
p, q = Symbol("p"), Symbol("q")
E, P, k, x, h, a = quantities("E P k x h a")

embedding = network(
    "an embedding", (b, t, v, c),
    E[v, c], P[t, c], k[b, t, v],
    (x[b, t, c], total(k[b, t, v] * E[v, c], v) + P[t, c]),
    (C, any_function(x[b, t, c])),
    legend={
        E: "the table, a row for a token", P: "what is added at a position", k: "which token it is",
        x: "the embedded tokens",
    },
)  # fmt: skip

tied = network(
    "a tied embedding", (t, v, c),
    E[v, c], k[t, v],
    (x[t, c], total(k[t, v] * E[v, c], v)),
    (h[t, c], any_function(x[t, c])),
    (a[t, v], total(h[t, c] * E[v, c], c)),
    (C, any_function(a[t, v])),
    legend={
        E: "the table, a row for a token", k: "which token it is", x: "the embedded tokens",
        h: "any functions of the embedded tokens", a: "the logits",
    },
)  # fmt: skip


@derivation("embedding-table", "An embedding: the partial derivative with respect to an entry of the table")
def table(net=embedding):
    """Over a one-hot $k$ the sum is that of the places where the token stands: they add up, none replaces another."""
    return calc(
        net, D(C, E[p, q]),
        (total(D(C, x[b, t, c]) * D(x[b, t, c], E[p, q]), b, t, c),          chain_rule(through=x[b, t, c])),
        (total(k[b, t, p] * D(C, x[b, t, q]), b, t),                         both(definition(x[b, t, c]), differentiation, sifting)),
    )


@derivation("embedding-position", "An embedding: the partial derivative with respect to what is added at a position")
def position(net=embedding):
    return calc(
        net, D(C, P[t, q]),
        (total(D(C, x[b, t, c]) * D(x[b, t, c], P[t, q]), b, c),             chain_rule(through=x[b, t, c])),
        (total(D(C, x[b, t, q]), b),                                         both(definition(x[b, t, c]), differentiation, sifting)),
    )


@derivation("tied-hidden", "A tied embedding: what the logits send back")
def hidden(net=tied):
    return calc(
        net, D(C, h[t, q]),
        (total(D(C, a[t, v]) * D(a[t, v], h[t, q]), v),                      chain_rule(through=a[t, v])),
        (total(D(C, a[t, v]) * E[v, q], v),                                  both(definition(a[t, v]), differentiation, sifting)),
    )


@derivation("tied-table", "A tied embedding: the partial derivative with respect to an entry of the table")
def tied_table(net=tied):
    return calc(
        net, D(C, E[p, q]),
        (total(k[t, p] * D(C, x[t, q]), t) + total(D(C, a[t, p]) * h[t, q], t), chain_rule(through=(x[t, c], a[t, v]))),
    )


@derivation("tied-array", "A tied embedding: the whole table")
def tied_array(net=tied):
    return entrywise(
        net, D(C, E), Dot(Transposed(k), D(C, x)) + Dot(Transposed(D(C, a)), h), (p, q),
        (total(k[t, p] * D(C, x[t, q]), t) + total(D(C, a[t, p]) * h[t, q], t), theorem(tied_table())),
    )
