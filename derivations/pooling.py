r"""Pooling, and what it sends back

A window of $K$ inputs is laid on the inputs, a stride $s$ further on for each output $p$; its place $k$ is the input $i$ where
$i + A = s(p - 1) + k + 1$: there are $A - 1$ zeros before the first input, and zeros after the last. Where the stride is less
than $K$, windows overlap, and what they send back adds up. An average divides by $K$, also where zeros are among what it is of.
Of a maximum, the selector $\chi$ says which place of the window is taken, 1 there and 0 elsewhere. It is given, as a number that
does not change; what comes first says why: where no two numbers are equal, the selector has no slope.

Source: V. Dumoulin and F. Visin, A Guide to Convolution Arithmetic for Deep Learning, 2016, section 1.3 (the geometry);
J. Bouvrie, Notes on Convolutional Neural Networks, 2006, section 3.2 (the derivatives).
"""

from dataclasses import dataclass
from functools import cached_property

from sympy import Rational, Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Kron, step

(b, B), (c, H), (k, K), (r, R), (p, P), (q, Q), (i, N), (j, M) = axes("b:B c:H k:K r:R p:P q:Q i:N j:M")
(m, _), (_, A), (_, E) = axes("m:K a:A e:E")
t, u, v = map(Symbol, "tuv")
x, y, larger, selector, largest = quantities("x y larger selector largest")
given = {x: "the inputs", y: "the outputs"}

maximum = network(
    "the largest of some numbers", (k, m),
    x[k],
    (larger[k], total(step(x[m] - x[k]), m.between(1, k - 1)) + total(step(x[m] - x[k]), m.between(k + 1, K))),
    (selector[k], step(Rational(1, 2) - larger[k])),
    (largest, total(selector[k] * x[k], k)),
    letters={selector: r"\chi", larger: "n"},
    legend={
        x: "the numbers", larger: "how many are larger", selector: "1 where none is, else 0", largest: "the largest",
    },
)


@dataclass(frozen=True)
class Window:
    """Windows with this stride."""

    stride: int = 2

    def meets(self, i, p, k, before=A):
        """1 where the place k of window p is the input i, else 0."""
        return Kron(i + before, self.stride * (p - 1) + k + 1)

    @cached_property
    def averages(self):
        return network(
            f"average pooling with stride {self.stride}", (b, c, k, p, i),
            x[b, c, i],
            (y[b, c, p], total(x[b, c, i] * self.meets(i, p, k), k, i) / K),
            (C, any_function(y[b, c, p])),
            legend=given,
        )

    @cached_property
    def maxima(self):
        return network(
            f"max pooling with stride {self.stride}", (b, c, k, p, i),
            x[b, c, i], selector[b, c, p, k],
            (y[b, c, p], total(selector[b, c, p, k] * x[b, c, i] * self.meets(i, p, k), k, i)),
            (C, any_function(y[b, c, p])),
            letters={selector: r"\chi"},
            legend={**given, selector: "the selector"},
        )


@dataclass(frozen=True)
class Window2:
    """Windows in two dimensions, with these strides."""

    strides: tuple[int, int] = (1, 2)

    def meets(self, place, output, within):
        """1 where a place of a window is an input, else 0."""
        one, two = map(Window, self.strides)
        return one.meets(place[0], output[0], within[0]) * two.meets(place[1], output[1], within[1], E)

    @cached_property
    def averages(self):
        return network(
            f"average pooling with strides {self.strides}", (b, c, k, r, p, q, i, j),
            x[b, c, i, j],
            (y[b, c, p, q], total(x[b, c, i, j] * self.meets((i, j), (p, q), (k, r)), k, r, i, j) / (K * R)),
            (C, any_function(y[b, c, p, q])),
            legend=given,
        )

    @cached_property
    def maxima(self):
        return network(
            f"max pooling with strides {self.strides}", (b, c, k, r, p, q, i, j),
            x[b, c, i, j], selector[b, c, p, q, k, r],
            (y[b, c, p, q], total(selector[b, c, p, q, k, r] * x[b, c, i, j] * self.meets((i, j), (p, q), (k, r)), k, r, i, j)),
            (C, any_function(y[b, c, p, q])),
            letters={selector: r"\chi"},
            legend={**given, selector: "the selector"},
        )


window, window_2 = Window(), Window2()


@derivation("maximum-selector", "The selector has no slope")
def no_slope(net=maximum):
    return calc(
        net, D(selector[u], x[v]),
        (0,                                                                  both(definition(selector[u], larger[k]), differentiation)),
    )


@derivation("maximum", "The slope of the largest of some numbers")
def slope(net=maximum):
    return calc(
        net, D(largest, x[v]),
        (total(D(selector[k], x[v]) * x[k] + selector[k] * D(x[k], x[v]), k), both(definition(largest), differentiation)),
        (total(selector[k] * D(x[k], x[v]), k),                              theorem(no_slope(net))),
        (selector[v],                                                        both(differentiation, sifting)),
    )


@derivation("average-pooling", "Average pooling: the partial derivative with respect to an input")
def average(of=window):
    return calc(
        of.averages, D(C, x[b, c, t]),
        (total(D(C, y[b, c, p]) * of.meets(t, p, k), p, k) / K,              chain_rule(through=y[b, c, p])),
    )


@derivation("max-pooling", "Max pooling: the partial derivative with respect to an input")
def largest_of(of=window):
    return calc(
        of.maxima, D(C, x[b, c, t]),
        (total(D(C, y[b, c, p]) * selector[b, c, p, k] * of.meets(t, p, k), p, k), chain_rule(through=y[b, c, p])),
    )


@derivation("average-pooling-2", "Average pooling in two dimensions: the partial derivative with respect to an input")
def average_2(of=window_2):
    return calc(
        of.averages, D(C, x[b, c, t, u]),
        (total(D(C, y[b, c, p, q]) * of.meets((t, u), (p, q), (k, r)), p, q, k, r) / (K * R), chain_rule(through=y[b, c, p, q])),
    )


@derivation("max-pooling-2", "Max pooling in two dimensions: the partial derivative with respect to an input")
def largest_of_2(of=window_2):
    return calc(
        of.maxima, D(C, x[b, c, t, u]),
        (total(D(C, y[b, c, p, q]) * selector[b, c, p, q, k, r] * of.meets((t, u), (p, q), (k, r)), p, q, k, r),
                                                                             chain_rule(through=y[b, c, p, q])),
    )
