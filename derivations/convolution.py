r"""Convolution, and what it sends back

A kernel of weights is laid on the inputs, a stride $s$ further on for each output $p$; its weights $k$ are a dilation $d$ apart.
A weight meets the input $i$ where $i + A = s(p - 1) + d(k - 1) + 2$: there are $A - 1$ zeros before the first input, and zeros
after the last as well, so inputs, outputs and weights may be as many as they like, also where the stride does not divide.
Channels come in groups $g$, and no weights lead from one group to another. Stride and dilation are numbers; of any others the
same is proved by the same lines. One sum over all that meets goes forward, and, with one of its factors left out, back.

Source: V. Dumoulin and F. Visin, A Guide to Convolution Arithmetic for Deep Learning, 2016, chapters 2 and 4 (the geometry, and
the transposed convolution); J. Bouvrie, Notes on Convolutional Neural Networks, 2006, section 3 (the derivatives).
"""

from dataclasses import dataclass
from functools import cached_property

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, mirrored, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Kron

(b, B), (g, G), (o, O), (c, I), (k, K), (p, P), (i, N) = axes("b:B g:G o:O c:I k:K p:P i:N")
(q, Q), (r, R), (j, M), (h, _), (_, A), (_, E) = axes("q:Q r:R j:M h:H a:A e:E")
t, u, v, w = map(Symbol, "tuvw")
x, W, beta, y, turned, spread, meets = quantities("x W beta y turned spread meets")
given = {x: "the inputs", W: "the weights", beta: "the biases", y: "the outputs"}
letters = {beta: r"\beta", turned: r"\tilde{W}", spread: r"\bar{y}", meets: "m"}


@dataclass(frozen=True)
class Convolution:
    """In one dimension, with these two numbers."""

    stride: int = 2
    dilation: int = 1

    def meets(self, i, p, k, before=A):
        """1 where a weight meets an input, for an output; else 0."""
        return Kron(i + before, self.stride * (p - 1) + self.dilation * (k - 1) + 2)

    @cached_property
    def net(self):
        s, d = self.stride, self.dilation
        return network(
            f"a convolution of stride {s} and dilation {d}", (b, g, o, c, k, p, i),
            x[b, g, c, i], W[g, o, c, k], beta[g, o],
            (y[b, g, o, p], total(W[g, o, c, k] * x[b, g, c, i] * self.meets(i, p, k), c, k, i) + beta[g, o]),
            (C, any_function(y[b, g, o, p])),
            (turned[g, o, c, k], total(W[g, o, c, r] * Kron(r, K + 1 - k), r.between(1, K))),
            (spread[b, g, o, h], total(D(C, y[b, g, o, p]) * Kron(h + A, s * (p - 1) + d * (K - 1) + 2), p), h.between(1, N + d * (K - 1))),
            letters=letters,
            legend={**given, turned: "the weights in the other order", spread: "the errors, apart by the stride, among zeros"},
        )


@dataclass(frozen=True)
class Convolution2:
    """In two dimensions, with a stride and a dilation for each."""

    strides: tuple[int, int] = (1, 2)
    dilations: tuple[int, int] = (2, 1)

    def meets(self, place, output, weight):
        """1 where a weight meets an input, for an output; else 0."""
        one, two = (Convolution(*numbers) for numbers in zip(self.strides, self.dilations, strict=True))
        return one.meets(place[0], output[0], weight[0]) * two.meets(place[1], output[1], weight[1], E)

    @cached_property
    def net(self):
        return network(
            f"a convolution of strides {self.strides} and dilations {self.dilations}", (b, o, c, k, r, p, q, i, j),
            x[b, c, i, j], W[o, c, k, r], beta[o],
            (y[b, o, p, q], total(W[o, c, k, r] * x[b, c, i, j] * self.meets((i, j), (p, q), (k, r)), c, k, r, i, j) + beta[o]),
            (C, any_function(y[b, o, p, q])),
            letters=letters,
            legend=given,
        )


any_geometry = network(
    "a convolution of any geometry", (b, o, c, k, p, i),
    x[b, c, i], W[o, c, k], meets[i, p, k],
    (y[b, o, p], total(W[o, c, k] * x[b, c, i] * meets[i, p, k], c, k, i)),
    (C, any_function(y[b, o, p])),
    letters=letters,
    legend={**given, meets: "1 where a weight meets an input, for an output; any other numbers will do"},
)

line, plane = Convolution(), Convolution2()


@derivation("convolution-weight", "Convolution: the partial derivative with respect to a weight")
def weight(of=line):
    return calc(
        of.net, D(C, W[g, u, v, w]),
        (total(D(C, y[b, g, u, p]) * x[b, g, v, i] * of.meets(i, p, w), b, p, i), chain_rule(through=y[b, g, o, p])),
    )


@derivation("convolution-bias", "Convolution: the partial derivative with respect to a bias")
def bias(of=line):
    return calc(
        of.net, D(C, beta[g, u]),
        (total(D(C, y[b, g, u, p]), b, p),                                   chain_rule(through=y[b, g, o, p])),
    )


@derivation("convolution-input", "Convolution: the partial derivative with respect to an input, output by output")
def scatter(of=line):
    """Windows overlap, and what they send back adds up."""
    return calc(
        of.net, D(C, x[b, g, v, t]),
        (total(D(C, y[b, g, o, p]) * W[g, o, v, k] * of.meets(t, p, k), o, p, k), chain_rule(through=y[b, g, o, p])),
    )


@derivation("convolution-spread", "The errors stand apart by the stride")
def errors(of=line):
    return calc(
        of.net, spread[b, g, o, of.stride * (p - 1) + of.dilation * (K - 1) + 2 - A],
        (D(C, y[b, g, o, p]),                                                definition(spread[b, g, o, h])),
    )


@derivation("convolution-gather", "Convolution: the partial derivative with respect to an input is a convolution")
def gather(of=line):
    """It has the stride 1, the dilation that there was, and the weights in the other order."""
    d, found = of.dilation, definition(spread[b, g, o, h])
    if of.stride == d == 1:  # then p and k are found from one another
        found = both(mirrored(total(D(C, y[b, g, o, p]), p), about=t + A), found)
    return calc(
        of.net, D(C, x[b, g, v, t]),
        (total(D(C, y[b, g, o, p]) * W[g, o, v, k] * of.meets(t, p, k), o, p, k), theorem(scatter(of))),
        (total(spread[b, g, o, t + d * (K - k)] * W[g, o, v, k], o, k),      found),
        (total(spread[b, g, o, t + d * (k - 1)] * W[g, o, v, K + 1 - k], o, k), mirrored(total(W[g, o, v, k], k))),
        (total(spread[b, g, o, t + d * (k - 1)] * turned[g, o, v, k], o, k), definition(turned[g, o, c, k])),
    )


@derivation("convolution-2-weight", "Convolution in two dimensions: the partial derivative with respect to a weight")
def weight_2(of=plane):
    return calc(
        of.net, D(C, W[u, v, w, t]),
        (total(D(C, y[b, u, p, q]) * x[b, v, i, j] * of.meets((i, j), (p, q), (w, t)), b, p, q, i, j), chain_rule(through=y[b, o, p, q])),
    )


@derivation("convolution-2-bias", "Convolution in two dimensions: the partial derivative with respect to a bias")
def bias_2(of=plane):
    return calc(
        of.net, D(C, beta[u]),
        (total(D(C, y[b, u, p, q]), b, p, q),                                chain_rule(through=y[b, o, p, q])),
    )


@derivation("convolution-2-input", "Convolution in two dimensions: the partial derivative with respect to an input")
def scatter_2(of=plane):
    return calc(
        of.net, D(C, x[b, v, t, u]),
        (total(D(C, y[b, o, p, q]) * W[o, v, k, r] * of.meets((t, u), (p, q), (k, r)), o, p, q, k, r), chain_rule(through=y[b, o, p, q])),
    )


@derivation("convolution-any-weight", "Convolution of any geometry: the partial derivative with respect to a weight")
def any_weight(net=any_geometry):
    """The stride may be any, and inputs may be met in circles, or mirrored at the ends."""
    return calc(
        net, D(C, W[u, v, w]),
        (total(D(C, y[b, u, p]) * x[b, v, i] * meets[i, p, w], b, p, i),     chain_rule(through=y[b, o, p])),
    )


@derivation("convolution-any-input", "Convolution of any geometry: the partial derivative with respect to an input")
def any_input(net=any_geometry):
    return calc(
        net, D(C, x[b, v, t]),
        (total(D(C, y[b, o, p]) * W[o, v, k] * meets[t, p, k], o, p, k),     chain_rule(through=y[b, o, p])),
    )
