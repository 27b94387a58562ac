r"""A low-rank adapter, and what it sends back

The weights $W$ of a linear layer stay as they are; what is learned is $BA$, a product of two matrices of few rows and columns,
before which a dropout mask takes inputs out. An input reaches the outputs along both ways, and only one of them has the mask.

Source: E. Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, 2021, section 4.1, equation 3 (the layer); the
dropout on the way into the adapter is that of the authors' program, loralib.
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Dot, Hadamard, Transposed

(t, T), (i, N), (r, R), (o, M) = axes("t:T i:N r:R o:M")
j, k, q = Symbol("j"), Symbol("k"), Symbol("q")
x, m, W, A, B, s, u, h, y = quantities("x m W A B s u h y")

lora = network(
    "a linear layer with a low-rank adapter", (t, i, r, o),
    x[t, i], m[t, i], W[o, i], A[r, i], B[o, r], s,
    (u[t, i], m[t, i] * x[t, i]),
    (h[t, r], total(A[r, i] * u[t, i], i)),
    (y[t, o], total(W[o, i] * x[t, i], i) + s * total(B[o, r] * h[t, r], r)),
    (C, any_function(y[t, o])),
    legend={
        x: "the inputs", m: "the mask, with what it divides by in it", W: "the weights that stay", A: "the first factor",
        B: "the second factor", s: "a number that scales the adapter", u: "the inputs that the adapter sees",
        h: "what lies between its factors", y: "the outputs",
    },
)  # fmt: skip


@derivation("lora-second-factor", "LoRA: the partial derivative with respect to an entry of the second factor")
def dB(net=lora):
    return calc(
        net, D(C, B[k, q]),
        (total(D(C, y[t, o]) * D(y[t, o], B[k, q]), t, o),                   chain_rule(through=y[t, o])),
        (s * total(D(C, y[t, k]) * h[t, q], t),                              both(definition(y[t, o]), differentiation, sifting)),
    )


@derivation("lora-second-factor-matrix", "LoRA: the partial derivatives with respect to the second factor")
def dB_matrix(net=lora):
    return entrywise(
        net, D(C, B), s * Dot(Transposed(D(C, y)), h), (k, q),
        (s * total(D(C, y[t, k]) * h[t, q], t),                              theorem(dB(net))),
    )


@derivation("lora-between", "LoRA: the partial derivative with respect to what lies between the factors")
def dh(net=lora):
    return calc(
        net, D(C, h[t, q]),
        (total(D(C, y[t, o]) * D(y[t, o], h[t, q]), o),                      chain_rule(through=y[t, o])),
        (s * total(D(C, y[t, o]) * B[o, q], o),                              both(definition(y[t, o]), differentiation, sifting)),
    )


@derivation("lora-between-matrix", "LoRA: the partial derivatives with respect to all that lies between the factors")
def dh_matrix(net=lora):
    return entrywise(
        net, D(C, h), s * Dot(D(C, y), B), (t, q),
        (s * total(D(C, y[t, o]) * B[o, q], o),                              theorem(dh(net))),
    )


@derivation("lora-first-factor", "LoRA: the partial derivative with respect to an entry of the first factor")
def dA(net=lora):
    return calc(
        net, D(C, A[q, j]),
        (total(D(C, h[t, r]) * D(h[t, r], A[q, j]), t, r),                   chain_rule(through=h[t, r])),
        (total(D(C, h[t, q]) * u[t, j], t),                                  both(definition(h[t, r]), differentiation, sifting)),
        (s * total(total(D(C, y[t, o]) * B[o, q], o) * u[t, j], t),          theorem(dh(net))),
        (s * total(total(D(C, y[t, o]) * B[o, q], o) * m[t, j] * x[t, j], t), definition(u[t, j])),
    )


@derivation("lora-first-factor-matrix", "LoRA: the partial derivatives with respect to the first factor")
def dA_matrix(net=lora):
    return entrywise(
        net, D(C, A), s * Dot(Transposed(Dot(D(C, y), B)), Hadamard(m, x)), (q, j),
        (s * total(total(D(C, y[t, o]) * B[o, q], o) * m[t, j] * x[t, j], t), theorem(dA(net))),
    )


@derivation("lora-masked-input", "LoRA: the partial derivative with respect to an input that the adapter sees")
def du(net=lora):
    return calc(
        net, D(C, u[t, j]),
        (total(D(C, h[t, r]) * D(h[t, r], u[t, j]), r),                      chain_rule(through=h[t, r])),
        (total(D(C, h[t, r]) * A[r, j], r),                                  both(definition(h[t, r]), differentiation, sifting)),
        (s * total(total(D(C, y[t, o]) * B[o, r], o) * A[r, j], r),          theorem(dh(net))),
    )


@derivation("lora-input", "LoRA: the partial derivative with respect to an input")
def dx(net=lora):
    adapter = s * total(total(D(C, y[t, o]) * B[o, r], o) * A[r, j], r)
    return calc(
        net, D(C, x[t, j]),
        (total(D(C, y[t, o]) * W[o, j], o) + D(C, u[t, j]) * m[t, j],        chain_rule(through=(y[t, o], u[t, i]))),
        (total(D(C, y[t, o]) * W[o, j], o) + m[t, j] * adapter,              theorem(du(net))),
    )


@derivation("lora-input-matrix", "LoRA: the partial derivatives with respect to all inputs")
def dx_matrix(net=lora):
    adapter = s * total(total(D(C, y[t, o]) * B[o, r], o) * A[r, j], r)
    return entrywise(
        net, D(C, x), Dot(D(C, y), W) + s * Hadamard(m, Dot(Dot(D(C, y), B), A)), (t, j),
        (total(D(C, y[t, o]) * W[o, j], o) + m[t, j] * adapter,              theorem(dx(net))),
    )
