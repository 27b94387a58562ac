r"""Causal attention, as it is computed

Query $t$ looks at keys $s\le t$; a mask says so, or the bounds of a loop. Beside the outputs the layer keeps $\lambda_t$, the
logarithm of a sum of exponentials: the weights are made again from it, and where the cost depends on it, it sends something
back. Parts of a row that are summed apart, each with some number of its own taken off the scores, are merged; or a row is
gone through block by block, and what was summed so far is scaled to the number of the new block.

Where a line needs $e^{u+v}=e^ue^v$ or $e^{\ln u}=u$, the exact judge takes exponentials apart as they are written.

Source: M. Milakov and N. Gimelshein, Online normalizer calculation for softmax, 2018, section 3 (the merge); T. Dao,
FlashAttention-2, 2023, sections 2.3 and 3.1 (the rest).
"""

from sympy import Symbol

from backproof.derive.calc import assume, calc, upward, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, inverse, sifting, split_off, theorem, unrolling
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Kron, exp, log

(t, T), (s, _), (k, _), (c, H), (i, M), (j, N) = axes("t:T s:T k:T c:H i:M j:N")
(b, B), (r, _) = axes("b:B r:B")
p, q = Symbol("p"), Symbol("q")
Q, K, V, m, A, E, Z, P, O, kept, kappa = quantities("Q K V m A E Z P O kept kappa")
seen, seeing = s.between(1, t), t.between(p, T)  # the keys that query t looks at, the queries that look at key p

causal = network(
    "causal attention", (t, s, c),
    Q[t, c], K[s, c], V[s, c], kappa,
    (A[t, s], kappa * total(Q[t, c] * K[s, c], c)),
    (m[t, s], total(Kron(k, s), k.between(1, t))),
    (E[t, s], m[t, s] * exp(A[t, s])),
    (Z[t], total(E[t, s], s)),
    (kept[t], log(Z[t])),
    (P[t, s], E[t, s] / Z[t]),
    (O[t, c], total(P[t, s] * V[s, c], s)),
    (C, any_function(O[t, c], kept[t])),
    letters={kept: r"\lambda", kappa: r"\kappa"},
    legend={
        Q: "the queries", K: "the keys", V: "the values", kappa: "a number, usually $1/\\sqrt{H}$", A: "the scores",
        m: "the mask, 1 where $s\\le t$, else 0", E: "the exponentials of the scores, where the mask is 1",
        Z: "the sums of the exponentials", kept: "the logarithms of these sums", P: "the weights", O: "the outputs",
    },
)  # fmt: skip

x, y, X, Y, mu, nu, rho, d, e, f, u, v, w = quantities("x y X Y mu nu rho d e f u v w")

merged = network(
    "two parts of a row", (t, i, j, c),
    x[t, i], y[t, j], X[i, c], Y[j, c], mu[t], nu[t], rho[t],
    (d[t], total(exp(x[t, i] - mu[t]), i)),
    (e[t], total(exp(y[t, j] - nu[t]), j)),
    (u[t, c], total(exp(x[t, i] - mu[t]) * X[i, c], i) / d[t]),
    (v[t, c], total(exp(y[t, j] - nu[t]) * Y[j, c], j) / e[t]),
    (f[t], exp(mu[t] - rho[t]) * d[t] + exp(nu[t] - rho[t]) * e[t]),
    (w[t, c], (exp(mu[t] - rho[t]) * d[t] * u[t, c] + exp(nu[t] - rho[t]) * e[t] * v[t, c]) / f[t]),
    (C, any_function(w[t, c])),
    letters={mu: r"\mu", nu: r"\nu", rho: r"\rho"},
    legend={
        x: "the scores of the first part", y: "the scores of the second part", X: "the values of the first part",
        Y: "the values of the second part",
        mu: "a number, usually the largest of the scores $x$", nu: "another, usually the largest of the scores $y$",
        rho: "a third, usually the larger of the two", d: "the sum of exponentials of the first part",
        e: "the sum of exponentials of the second part", f: "the sums, merged",
        u: "the outputs of the first part alone", v: "the outputs of the second part alone", w: "the outputs, merged",
    },
)  # fmt: skip

blocks = network(
    "a row, block by block", (b, i, c),
    x[b, i], X[b, i, c], mu[b],
    (d[1], total(exp(x[1, i] - mu[1]), i)),
    (d[b], exp(mu[b - 1] - mu[b]) * d[b - 1] + total(exp(x[b, i] - mu[b]), i), b.between(2, B)),
    (u[1, c], total(exp(x[1, i] - mu[1]) * X[1, i, c], i)),
    (u[b, c], exp(mu[b - 1] - mu[b]) * u[b - 1, c] + total(exp(x[b, i] - mu[b]) * X[b, i, c], i), b.between(2, B)),
    (w[c], u[B, c] / d[B]),
    (C, any_function(w[c])),
    letters={mu: r"\mu"},
    legend={
        x: "the scores of a block $b$", X: "its values", mu: "a number, usually the largest of the scores so far",
        d: "the sum of exponentials so far", u: "that of exponentials times values so far", w: "the outputs",
    },
)  # fmt: skip

ASSUMED = "the induction that it is a step of, which is judged; it rests on an assumption"


@derivation("causal-sum", "The sum of exponentials as a loop")
def loop_sum(net=causal):
    return calc(
        net, Z[t],
        (total(total(Kron(k, s), k.between(1, t)) * exp(A[t, s]), s),        definition(Z[t], E[t, s], m[t, s])),
        (total(exp(A[t, s]), seen),                                          sifting),
    )


@derivation("causal-output", "The outputs as a loop")
def loop(net=causal):
    return calc(
        net, O[t, c],
        (total(P[t, s] * V[s, c], s),                                        definition(O[t, c])),
        (total(total(Kron(k, s), k.between(1, t)) * exp(A[t, s]) * V[s, c], s) / Z[t], definition(P[t, s], E[t, s], m[t, s])),
        (total(exp(A[t, s]) * V[s, c], seen) / Z[t],                         sifting),
    )


@derivation("causal-sum-positive", "The sum of exponentials is positive")
def positive(net=causal):
    """A query sees its own key."""
    return calc(
        net, Z[t],
        (total(exp(A[t, s]), seen),                                          theorem(loop_sum())),
        (total(exp(A[t, s]), s.between(1, t - 1)) + exp(A[t, t]),            split_off(total(exp(A[t, s]), seen), "last")),
    )


@derivation("weights-again", "The weights, from the number that is kept")
def again(net=causal):
    return without(
        calc(
            net, P[t, s],
            (m[t, s] * exp(A[t, s]) / Z[t],                                  definition(P[t, s], E[t, s])),
            (m[t, s] * exp(A[t, s]) / exp(log(Z[t])),                        inverse),
            (m[t, s] * exp(A[t, s] - kept[t]),                               definition(kept[t])),
        ),
        positive(),
    )


@derivation("kept-by-score", "The number that is kept with respect to a score")
def kept_by_score(net=causal):
    return without(
        calc(
            net, D(kept[t], A[t, p]),
            (D(Z[t], A[t, p]) / Z[t],                                        both(definition(kept[t]), differentiation)),
            (E[t, p] / Z[t],                                                 both(definition(Z[t], E[t, s]), differentiation, sifting)),
            (P[t, p],                                                        definition(P[t, p])),
        ),
        positive(),
    )


@derivation("causal-softmax", "Causal attention: a weight with respect to a score")
def softmax(net=causal):
    return without(
        calc(
            net, D(P[t, s], A[t, p]),
            (D(E[t, s], A[t, p]) / Z[t] - E[t, s] * D(Z[t], A[t, p]) / Z[t] ** 2, both(definition(P[t, s]), differentiation)),
            (Kron(s, p) * E[t, s] / Z[t] - E[t, s] * E[t, p] / Z[t] ** 2,    both(definition(Z[t], E[t, s]), differentiation, sifting)),
            (P[t, s] * (Kron(s, p) - P[t, p]),                               definition(P[t, s])),
        ),
        positive(),
    )


@derivation("causal-scores", "Causal attention: the partial derivative with respect to a score")
def dA(net=causal):
    """What the cost sends back to the number that is kept is one more term of a row, not another formula."""
    return without(
        calc(
            net, D(C, A[t, p]),
            (total(D(C, P[t, s]) * D(P[t, s], A[t, p]), s) + D(C, kept[t]) * D(kept[t], A[t, p]),
                                                                             chain_rule(through=(P[t, s], kept[t]))),
            (total(D(C, P[t, s]) * P[t, s] * (Kron(s, p) - P[t, p]), s) + D(C, kept[t]) * P[t, p],
                                                                             both(theorem(softmax()), theorem(kept_by_score()))),
            (P[t, p] * (D(C, P[t, p]) - total(D(C, P[t, s]) * P[t, s], s) + D(C, kept[t])), sifting),
            (P[t, p] * (D(C, P[t, p]) - total(D(C, P[t, s]) * P[t, s], seen) + D(C, kept[t])),
                                                                             definition(P[t, s], E[t, s], m[t, s])),
        ),
        positive(),
    )


@derivation("causal-values", "Causal attention: the partial derivative with respect to a value")
def dV(net=causal):
    return calc(
        net, D(C, V[p, q]),
        (total(D(C, O[t, c]) * D(O[t, c], V[p, q]), t, c),                   chain_rule(through=O[t, c])),
        (total(D(C, O[t, q]) * P[t, p], t),                                  both(definition(O[t, c]), differentiation, sifting)),
        (total(D(C, O[t, q]) * P[t, p], seeing),                             definition(P[t, p], E[t, p], m[t, p])),
    )


@derivation("causal-queries", "Causal attention: the partial derivative with respect to a query")
def dQ(net=causal):
    return without(
        calc(
            net, D(C, Q[t, q]),
            (total(D(C, A[t, s]) * D(A[t, s], Q[t, q]), s),                  chain_rule(through=A[t, s])),
            (kappa * total(D(C, A[t, s]) * K[s, q], s),                      both(definition(A[t, s]), differentiation, sifting)),
            (kappa * total(D(C, A[t, s]) * K[s, q], seen),                   both(theorem(dA()), definition(P[t, s], E[t, s], m[t, s]))),
        ),
        positive(),
    )


@derivation("causal-keys", "Causal attention: the partial derivative with respect to a key")
def dK(net=causal):
    return without(
        calc(
            net, D(C, K[p, q]),
            (total(D(C, A[t, s]) * D(A[t, s], K[p, q]), t, s),               chain_rule(through=A[t, s])),
            (kappa * total(D(C, A[t, p]) * Q[t, q], t),                      both(definition(A[t, s]), differentiation, sifting)),
            (kappa * total(D(C, A[t, p]) * Q[t, q], seeing),                 both(theorem(dA()), definition(P[t, p], E[t, p], m[t, p]))),
        ),
        positive(),
    )


@derivation("merge-sum", "Two sums of exponentials, merged")
def merge_sum(net=merged):
    """The numbers that were taken off each part are gone."""
    return calc(
        net, f[t],
        (exp(mu[t] - rho[t]) * total(exp(x[t, i] - mu[t]), i) + exp(nu[t] - rho[t]) * total(exp(y[t, j] - nu[t]), j),
                                                                             definition(f[t], d[t], e[t])),
        (exp(-rho[t]) * (total(exp(x[t, i]), i) + total(exp(y[t, j]), j)),   algebra),
    )


@derivation("merge-first-positive", "The sum of the first part is positive")
def first_positive(net=merged):
    return calc(net, d[t], (total(exp(x[t, i] - mu[t]), i),                  definition(d[t])))


@derivation("merge-second-positive", "The sum of the second part is positive")
def second_positive(net=merged):
    return calc(net, e[t], (total(exp(y[t, j] - nu[t]), j),                  definition(e[t])))


@derivation("merge-output", "Two outputs, merged, are that of the whole row")
def merge(net=merged):
    both_sums = total(exp(x[t, i]) * X[i, c], i) + total(exp(y[t, j]) * Y[j, c], j)
    return without(
        calc(
            net, w[t, c],
            ((exp(mu[t] - rho[t]) * d[t] * u[t, c] + exp(nu[t] - rho[t]) * e[t] * v[t, c]) / f[t], definition(w[t, c])),
            ((exp(mu[t] - rho[t]) * total(exp(x[t, i] - mu[t]) * X[i, c], i) + exp(nu[t] - rho[t]) * total(exp(y[t, j] - nu[t]) * Y[j, c], j)) / f[t],
                                                                             definition(u[t, c], v[t, c])),
            (exp(-rho[t]) * both_sums / f[t],                                algebra),
            (both_sums / (total(exp(x[t, i]), i) + total(exp(y[t, j]), j)),  theorem(merge_sum())),
        ),
        first_positive(), second_positive(),
    )


def so_far(last, *values):
    """The sum over all blocks up to one, of what is to be multiplied by the values, if any are named."""
    e = exp(x[r, i] - mu[last])
    return total(e * X[r, i, c] if values else e, r.between(1, last), i)


@derivation("online-sum-base", "The sum after the first block")
def sum_base(net=blocks):
    return calc(
        net, d[1],
        (total(exp(x[1, i] - mu[1]), i),                                     definition(d[1])),
        (so_far(1),                                                          unrolling),
    )


@derivation("online-sum-step", "The sum from one block to the next", judged_by=ASSUMED)
def sum_step(net=blocks):
    before = assume(net, d[b - 1], so_far(b - 1), over=())
    return calc(
        net, d[b],
        (exp(mu[b - 1] - mu[b]) * d[b - 1] + total(exp(x[b, i] - mu[b]), i), definition(d[b])),
        (exp(mu[b - 1] - mu[b]) * so_far(b - 1) + total(exp(x[b, i] - mu[b]), i),
                                                                             theorem(before, "the assumption, for the block before")),
        (so_far(b),                                                          split_off(so_far(b), "last")),
    )


@derivation("online-sum", "The sum, block by block, is that of all scores so far")
def online_sum():
    return upward(sum_base(), sum_step(), b)


@derivation("online-values-base", "Exponentials times values after the first block")
def values_base(net=blocks):
    return calc(
        net, u[1, c],
        (total(exp(x[1, i] - mu[1]) * X[1, i, c], i),                        definition(u[1, c])),
        (so_far(1, X),                                                       unrolling),
    )


@derivation("online-values-step", "Exponentials times values from one block to the next", judged_by=ASSUMED)
def values_step(net=blocks):
    before = assume(net, u[b - 1, c], so_far(b - 1, X), over=())
    return calc(
        net, u[b, c],
        (exp(mu[b - 1] - mu[b]) * u[b - 1, c] + total(exp(x[b, i] - mu[b]) * X[b, i, c], i), definition(u[b, c])),
        (exp(mu[b - 1] - mu[b]) * so_far(b - 1, X) + total(exp(x[b, i] - mu[b]) * X[b, i, c], i),
                                                                             theorem(before, "the assumption, for the block before")),
        (so_far(b, X),                                                       split_off(so_far(b, X), "last")),
    )


@derivation("online-values", "Exponentials times values, block by block, are those of all so far")
def online_values():
    return upward(values_base(), values_step(), b)


@derivation("online-sum-positive", "The sum after the last block is positive")
def last_positive(net=blocks):
    return calc(
        net, so_far(B),
        (total(exp(x[r, i] - mu[B]), r.between(1, B - 1), i) + total(exp(x[B, i] - mu[B]), i), split_off(so_far(B), "last")),
    )


@derivation("online-whole-positive", "The sum of all exponentials of a row is positive")
def whole_positive(net=blocks):
    whole = total(exp(x[b, i]), b, i)
    return calc(
        net, whole,
        (total(exp(x[b, i]), b.between(1, B - 1), i) + total(exp(x[B, i]), i), split_off(whole, "last")),
    )


@derivation("online-output", "The outputs, block by block, are those of the whole row")
def online(net=blocks):
    """Whatever was taken off the scores on the way, nothing of it is left."""
    return without(
        calc(
            net, w[c],
            (u[B, c] / d[B],                                                 definition(w[c])),
            (so_far(B, X) / so_far(B),                                       both(theorem(online_values()), theorem(online_sum()))),
            (total(exp(x[b, i]) * X[b, i, c], b, i) / total(exp(x[b, i]), b, i), algebra),
        ),
        last_positive(), whole_positive(),
    )
