r"""The straight-through estimator, and a step size that is learned

Rounding has no slope. So the forward pass is written as a number of which the derivative is known, plus what is missing, a
datum: $\hat x=x+c$ with $c=\mathrm{round}(x)-x$. With a step size $s$ and a range it is $\hat x=mx+sc$: where $x/s$ is in
the range, $m=1$ and $c=\mathrm{round}(x/s)-x/s$; where it is not, $m=0$ and $c$ is the end of the range. What counts as in
the range, its ends too, is said by $m$, and by nothing else.

Source: Y. Bengio, N. Leonard, A. Courville, Estimating or Propagating Gradients Through Stochastic Neurons, 2013, section 4
(the estimator); S. Esser et al., Learned Step Size Quantization, 2020, equations 1 to 5 (the step size).
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Hadamard

((i, N),) = axes("i:N")
j = Symbol("j")
x, c, h, s, m = quantities("x c h s m")

rounding = network(
    "rounding, straight through", (i,),
    x[i], c[i],
    (h[i], x[i] + c[i]),
    (C, any_function(h[i])),
    letters={h: r"\hat{x}"},
    legend={x: "the numbers", c: "what rounding adds to them", h: "the rounded numbers"},
)  # fmt: skip

quantisation = network(
    "quantisation with a learned step size", (i,),
    x[i], c[i], m[i], given(s, positive=True),
    (h[i], m[i] * x[i] + s * c[i]),
    (C, any_function(h[i])),
    letters={h: r"\hat{x}"},
    legend={
        x: "the numbers", s: "the step size", m: "1 where a number is in the range, 0 where it is not",
        c: "what rounding adds in steps, or the end of the range", h: "the quantised numbers",
    },
)  # fmt: skip


@derivation("straight-through", "Straight through: the partial derivative with respect to a number")
def through(net=rounding):
    return calc(
        net, D(C, x[j]),
        (D(C, h[j]) * D(h[j], x[j]),                                         chain_rule(through=h[i])),
        (D(C, h[j]),                                                         both(definition(h[j]), differentiation)),
    )


@derivation("straight-through-vector", "Straight through: the partial derivatives with respect to all numbers")
def through_vector(net=rounding):
    return entrywise(net, D(C, x), D(C, h), (j,), (D(C, h[j]),               theorem(through(net))))


@derivation("quantisation-number", "Quantisation: the partial derivative with respect to a number")
def number(net=quantisation):
    return calc(
        net, D(C, x[j]),
        (D(C, h[j]) * D(h[j], x[j]),                                         chain_rule(through=h[i])),
        (m[j] * D(C, h[j]),                                                  both(definition(h[j]), differentiation)),
    )


@derivation("quantisation-vector", "Quantisation: the partial derivatives with respect to all numbers")
def vector(net=quantisation):
    return entrywise(net, D(C, x), Hadamard(m, D(C, h)), (j,), (m[j] * D(C, h[j]), theorem(number(net))))


@derivation("quantisation-step-size", "Quantisation: the partial derivative with respect to the step size")
def step_size(net=quantisation):
    """In the range a number counts with what rounding adds to $x/s$, out of it with the end of the range."""
    return calc(
        net, D(C, s),
        (total(D(C, h[i]) * D(h[i], s), i),                                  chain_rule(through=h[i])),
        (total(D(C, h[i]) * c[i], i),                                        both(definition(h[i]), differentiation)),
    )
