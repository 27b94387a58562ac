"""Questions that were asked in public, each with its right answer: proved, replayed, and held by three judges.

The numbers are those of the collection of cases. The networks are written anew, as docs/networks.md says it is done.
"""

from __future__ import annotations

from typing import Any

import pytest
from backproof.derivations.activations import sigmoid, tanh
from sympy import Integer

from backproof import any_function, axes, calc, dense, entrywise, function, given, network, quantities, replay, total
from backproof.derive.calc import WrongLine
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.networks import Cost, Setting, dense_network, extended, rewritten
from backproof.networks.tables import A, Y
from backproof.notation import text
from backproof.notation.profiles import NIELSEN, for_network
from backproof.oracle.asked import gather
from backproof.surface.network import Definition
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Family,
    Hadamard,
    Kron,
    L,
    Member,
    Transposed,
    a,
    absolute,
    delta,
    exp,
    j,
    k,
    l,
    log,
    m,
    maximum,
    n,
    p,
    q,
    sigma,
    sigma_prime,
    sqrt,
    step,
    w,
    where,
    x,
    y,
    z,
)
from backproof.surface.terms import total as over_layer

# Axes of the networks below: hidden units, outputs, inputs, time; examples; two more, of hidden units and of outputs.
(h1, H), (o1, O), (i1, I), (t1, T) = axes("h:H o:O i:I t:T")
(e1, M), (g1, _), (s1, _) = axes("e:M g:H s:O")
X, V, W, S, R, U, N, F = quantities("X V W S R U N F")


def answers(made: Any, statement: str) -> None:
    """It says this, its theorem replays, and each of the three judges holds it, with derivatives of its own."""
    assert said(made) == statement
    replay(made.theorem)
    found = gather(made.net, made.theorem.lhs, made.theorem.rhs, made.theorem.hypotheses)
    assert {e.kind: e.holds for e in found} == {"exact": True, "bruteforce": True, "numeric": True}


def said(made: Any) -> str:
    return text.equation(made.theorem.lhs, made.theorem.rhs, for_network(NIELSEN, made.net))


class TestA1:
    """The gradient by the input. Asked: a net's output by one entry of its input, through two hidden layers."""

    def test_the_cost_by_all_inputs(self) -> None:
        net = dense()
        entry = calc(
            net,
            D(C, x[k]),
            (over_layer(D(C, z[2, j]) * D(z[2, j], x[k]), j, 2), chain_rule(through=z[2, j])),
            (
                over_layer(w[2, j, k] * delta[2, j], j, 2),
                both(definition(delta[2, j], z[2, j], a[1, m]), differentiation, sifting),
            ),
        )
        whole = (over_layer(w[2, j, k] * delta[2, j], j, 2), theorem(entry))
        answers(entrywise(net, D(C, x[()]), Dot(Transposed(w[2]), delta[2]), (k,), whole), "∂C/∂x = w[2]ᵀ δ[2]")

    def test_an_output_by_an_input(self) -> None:
        """The output is linear, as in the question: the slope of the last layer is 1."""
        net = dense_network(Setting(depth=3, activation=(None, "identity")))
        linear = definition(a[3, j], Apply("identity", z[3, j]))
        slopes = both(linear, definition(z[3, j], a[2, p], z[2, p], a[1, p]), differentiation, sifting)
        made = calc(net, D(a[3, j], x[k]), (over_layer(w[3, j, m] * sigma_prime(z[2, m]) * w[2, m, k], m, 2), slopes))
        answers(made, "∂a[3,j]/∂x[k] = Σ_m w[3,j,m] w[2,m,k] σ′(z[2,m])")


def test_a2_tied_weights() -> None:
    """Asked: why the gradient of a matrix that is used twice, once transposed, is the sum of two."""
    tau = function("tau")
    net = network(
        "a tied autoencoder",
        (i1, h1),
        X[i1],
        V[h1, i1],
        (S[h1], total(V[h1, i1] * X[i1], i1)),
        (F[h1], tau(S[h1])),
        (U[i1], total(V[h1, i1] * F[h1], h1)),
        (R[i1], tau(U[i1])),
        (C, any_function(R[i1])),
    )
    back = total(D(C, U[i1]) * V[j, i1], i1)
    made = calc(
        net,
        D(C, V[j, k]),
        (total(D(C, U[i1]) * D(U[i1], V[j, k]), i1), chain_rule(through=U[i1])),
        (
            D(C, U[k]) * F[j] + back * tau(S[j], 1) * X[k],
            both(definition(U[i1], F[h1], S[h1]), differentiation, sifting),
        ),
    )
    answers(made, "∂C/∂V[j,k] = X[k] τ′(S[j]) Σ_{i=1..I} ∂C/∂U[i] V[j,i] + ∂C/∂U[k] F[j]")


class TestA4:
    """The Hessian of the squared error. Asked: second derivatives by the weights of two layers, from the first."""

    tau = staticmethod(function("tau"))
    d, G, E, B, y, f = quantities("d G E B y f")
    net = network(
        "squared error, with its first derivatives",
        (i1, h1, o1),
        X[i1], y[o1], V[h1, i1], W[o1, h1],
        (S[h1], total(V[h1, i1] * X[i1], i1)),
        (f[h1], function("tau")(S[h1])),
        (U[o1], total(W[o1, h1] * f[h1], h1)),
        (R[o1], function("tau")(U[o1])),
        (C, total((R[o1] - y[o1]) ** 2, o1) / 2),
        (d[o1], (R[o1] - y[o1]) * function("tau")(U[o1], 1)),
        (G[o1, h1], d[o1] * f[h1]),
        (E[h1], total(W[o1, h1] * d[o1], o1) * function("tau")(S[h1], 1)),
        (B[h1, i1], E[h1] * X[i1]),
    )  # fmt: skip

    def test_the_first_derivatives_are_quantities_of_the_network(self) -> None:
        error = calc(
            self.net,
            D(C, U[j]),
            (D(total((R[o1] - self.y[o1]) ** 2, o1) / 2, U[j]), definition(C)),
            ((R[j] - self.y[j]) * self.tau(U[j], 1), both(definition(R[o1]), differentiation, sifting)),
            (self.d[j], definition(self.d[o1])),
        )
        answers(error, "∂C/∂U[j] = d[j]")
        outer = calc(
            self.net,
            D(C, W[j, k]),
            (total(D(C, U[o1]) * D(U[o1], W[j, k]), o1), chain_rule(through=U[o1])),
            (self.d[j] * self.f[k], both(theorem(error), definition(U[o1]), differentiation, sifting)),
            (self.G[j, k], definition(self.G[o1, h1])),
        )
        answers(outer, "∂C/∂W[j,k] = G[j,k]")
        inner = calc(
            self.net,
            D(C, V[j, k]),
            (total(D(C, U[o1]) * D(U[o1], V[j, k]), o1), chain_rule(through=U[o1])),
            (
                total(self.d[o1] * W[o1, j], o1) * self.tau(S[j], 1) * X[k],
                both(theorem(error), definition(U[o1], self.f[h1], S[h1]), differentiation, sifting),
            ),
            (self.B[j, k], definition(self.B[h1, i1], self.E[h1])),
        )
        answers(inner, "∂C/∂V[j,k] = B[j,k]")

    def test_the_second_are_theirs(self) -> None:
        made = calc(
            self.net,
            D(self.G[j, k], W[p, q]),
            (
                Kron(j, p) * self.f[k] * self.f[q] * (self.tau(U[j], 1) ** 2 + (R[j] - self.y[j]) * self.tau(U[j], 2)),
                both(definition(self.G[o1, h1], self.d[o1], R[o1], U[o1]), differentiation, sifting),
            ),
        )
        answers(made, "∂G[j,k]/∂W[p,q] = ((R[j] - y[j]) τ″(U[j]) + (τ′(U[j]))^2) f[k] f[q] [j=p]")

    def test_of_two_layers(self) -> None:
        curved = self.tau(U[j], 1) ** 2 + (R[j] - self.y[j]) * self.tau(U[j], 2)
        made = calc(
            self.net,
            D(self.G[j, k], V[p, q]),
            (
                X[q] * self.tau(S[p], 1) * (Kron(k, p) * self.d[j] + self.f[k] * W[j, p] * curved),
                both(definition(self.G[o1, h1], self.d[o1], R[o1], U[o1], self.f[h1], S[h1]), differentiation, sifting),
            ),
        )
        answers(
            made,
            "∂G[j,k]/∂V[p,q] = (d[j] [k=p] + ((R[j] - y[j]) τ″(U[j]) + (τ′(U[j]))^2) W[j,p] f[k]) X[q] τ′(S[p])",
        )


def test_a6_every_node_of_a_graph_of_numbers() -> None:
    """Asked: for e = a b, d = e + c and a result r = d f, its derivatives by all nodes, the chain rule node by node."""
    n1, n2, n3, n4, e, d, r = quantities("a b c f e d r")
    net = network("five numbers", (), n1, n2, n3, n4, (e, n1 * n2), (d, e + n3), (r, d * n4))

    def by(node: Any, last: Any, slope: Any) -> Any:
        first = (D(r, last) * D(last, node), chain_rule(through=last))
        return calc(net, D(r, node), first, (slope, both(definition(r, d, e), differentiation)))

    answers(calc(net, D(r, d), (n4, both(definition(r), differentiation))), "∂r/∂d = f")
    answers(by(e, d, n4), "∂r/∂e = f")
    answers(by(n3, d, n4), "∂r/∂c = f")
    answers(by(n1, e, n2 * n4), "∂r/∂a = b f")
    answers(by(n2, e, n1 * n4), "∂r/∂b = a f")


class TestA9:
    """A residual block with two activations. Asked: the gradients of y = g(W f(V x) + x) by W, V and x."""

    f, g = staticmethod(function("f")), staticmethod(function("g"))
    net = network(
        "a residual block",
        (i1, h1),
        X[i1], V[h1, i1], W[i1, h1],
        (S[h1], total(V[h1, i1] * X[i1], i1)),
        (F[h1], function("f")(S[h1])),
        (U[i1], total(W[i1, h1] * F[h1], h1) + X[i1]),
        (R[i1], function("g")(U[i1])),
        (C, any_function(R[i1])),
    )  # fmt: skip

    def through(self, by: Any) -> Any:
        return total(D(C, U[i1]) * D(U[i1], by), i1), chain_rule(through=U[i1])

    def test_by_the_second_matrix(self) -> None:
        last = (D(C, U[k]) * F[j], both(definition(U[i1]), differentiation, sifting))
        answers(calc(self.net, D(C, W[k, j]), self.through(W[k, j]), last), "∂C/∂W[k,j] = ∂C/∂U[k] F[j]")

    def test_by_the_first_matrix(self) -> None:
        back = total(D(C, U[i1]) * W[i1, j], i1) * self.f(S[j], 1) * X[k]
        last = (back, both(definition(U[i1], F[h1], S[h1]), differentiation, sifting))
        made = calc(self.net, D(C, V[j, k]), self.through(V[j, k]), last)
        answers(made, "∂C/∂V[j,k] = X[k] f′(S[j]) Σ_{i=1..I} ∂C/∂U[i] W[i,j]")

    def test_by_the_input_through_the_block_and_past_it(self) -> None:
        """In one line: the Kronecker delta stands in the inner of two sums."""
        block = total(D(C, U[i1]) * total(W[i1, h1] * self.f(S[h1], 1) * V[h1, k], h1), i1)
        last = (D(C, U[k]) + block, both(definition(U[i1], F[h1], S[h1]), differentiation, sifting))
        made = calc(self.net, D(C, X[k]), self.through(X[k]), last)
        answers(made, "∂C/∂X[k] = ∂C/∂U[k] + Σ_{i=1..I} ∂C/∂U[i] Σ_{h=1..H} V[h,k] W[i,h] f′(S[h])")


def _three(inner: Any) -> Any:
    return over_layer(delta[3, m] * over_layer(w[3, m, q] * over_layer(w[2, q, p] * inner, p, 1), q, 2), m, 3)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            over_layer(over_layer(w[3, q, p] * a[2, p] * Kron(p, k), q, 3), p, 2),
            over_layer(w[3, q, k] * a[2, k], q, 3),
        ),
        (
            over_layer(over_layer(w[3, q, p] * a[2, p] * Kron(p, k), p, 2), q, 3),
            over_layer(w[3, q, k] * a[2, k], q, 3),
        ),
        (
            over_layer(delta[3, q] * over_layer(w[3, q, p] * Kron(q, k), p, 2), q, 3),
            delta[3, k] * over_layer(w[3, k, p], p, 2),
        ),
        (_three(Kron(p, k)), over_layer(delta[3, m] * over_layer(w[3, m, q] * w[2, q, k], q, 2), m, 3)),
        (_three(Kron(m, k)), delta[3, k] * over_layer(w[3, k, q] * over_layer(w[2, q, p], p, 1), q, 2)),
        (
            _three(Kron(p, k)) + over_layer(delta[3, m] * Kron(m, k), m, 3),
            delta[3, k] + over_layer(delta[3, m] * over_layer(w[3, m, q] * w[2, q, k], q, 2), m, 3),
        ),
    ],
)
def test_a9_sifting_in_nested_sums(before: Any, after: Any) -> None:
    """The Kronecker delta of any of the sums, wherever in them it stands."""
    replay(calc(dense(depth=3), before, (after, sifting)).theorem)


class TestA11:
    """Two heads, two losses. Asked: does the shared layer get the sum of both heads' gradients?"""

    tau = staticmethod(function("tau"))
    u, c, r, A, B, t, y, f = quantities("u c r A B t y f")
    net = network(
        "two heads",
        (i1, h1, o1, t1),
        X[i1], t[o1], y[t1], V[h1, i1], U[o1, h1], W[t1, h1],
        (S[h1], total(V[h1, i1] * X[i1], i1)),
        (f[h1], function("tau")(S[h1])),
        (u[o1], total(U[o1, h1] * f[h1], h1)),
        (c[o1], exp(u[o1]) / total(exp(u[s1]), s1)),
        (r[t1], total(W[t1, h1] * f[h1], h1)),
        (A, -total(t[o1] * log(c[o1]), o1)),
        (B, total((r[t1] - y[t1]) ** 2, t1)),
        (C, A + B),
    )  # fmt: skip

    def test_the_shared_layer(self) -> None:
        made = calc(
            self.net,
            D(C, self.f[j]),
            (D(self.A, self.f[j]) + D(self.B, self.f[j]), both(definition(C), differentiation)),
            (
                total(D(self.A, self.u[o1]) * U[o1, j], o1) + 2 * total((self.r[t1] - self.y[t1]) * W[t1, j], t1),
                both(
                    chain_rule(through=self.u[o1], of=D(self.A, self.f[j])),
                    definition(self.u[o1], self.B, self.r[t1]),
                    differentiation,
                    sifting,
                ),
            ),
        )
        answers(made, "∂C/∂f[j] = 2 Σ_{t=1..T} (r[t] - y[t]) W[t,j] + Σ_{o=1..O} ∂A/∂u[o] U[o,j]")

    def test_a_shared_weight(self) -> None:
        made = calc(
            self.net,
            D(C, V[j, k]),
            (total(D(C, self.f[h1]) * D(self.f[h1], V[j, k]), h1), chain_rule(through=self.f[h1])),
            (
                D(C, self.f[j]) * self.tau(S[j], 1) * X[k],
                both(definition(self.f[h1], S[h1]), differentiation, sifting),
            ),
        )
        answers(made, "∂C/∂V[j,k] = ∂C/∂f[j] X[k] τ′(S[j])")


class TestA12:
    """Batch normalisation. Asked: a normalised entry by an entry, through mean and variance: whence the three terms?"""

    mu, c, v, r, eps = quantities("mu c v r eps")
    net = network(
        "a unit that is normalised over a batch",
        (e1,),
        X[e1], given(eps, positive=True),
        (mu, total(X[e1], e1) / M),
        (c[e1], X[e1] - mu),
        (v, total(c[e1] ** 2, e1) / M),
        (r, 1 / sqrt(v + eps)),
        (N[e1], c[e1] * r),
    )  # fmt: skip

    def test_the_mean(self) -> None:
        made = calc(
            self.net, D(self.c[j], X[k]), (Kron(j, k) - 1 / M, both(definition(self.c[e1], self.mu), differentiation))
        )
        answers(made, "∂c[j]/∂X[k] = [j=k] - 1/M")

    def test_the_whole(self) -> None:
        unfold = both(definition(N[e1], self.r, self.v, self.c[e1], self.mu), differentiation, sifting)
        made = calc(self.net, D(N[j], X[k]), (self.r * (Kron(j, k) - (1 + N[j] * N[k]) / M), unfold))
        answers(made, "∂N[j]/∂X[k] = ([j=k] - 1/M (1 + N[j] N[k])) r")


class TestA13:
    """A dropout mask. Asked: where the mask over 1 - rho goes in the backward pass, for every depth."""

    mask, rho = Family("m", "lu"), Member("rho")
    given = Definition(mask[l, j], ((l, Integer(2), L), (j, Integer(1), n(l)))), Definition(rho)
    masked = sigma(z[l, j]) * mask[l, j] / (1 - rho)
    net = rewritten(
        extended(dense(), [mask, Family("rho", "")], z[l, j], *given),
        lambda d, masked=masked: masked if d.head == a[l, j] else d.body,
    )

    def test_bp2(self) -> None:
        up = l + 1
        made = calc(
            self.net,
            delta[l, j],
            (D(C, z[l, j]), definition(delta[l, j])),
            (over_layer(D(C, z[up, k]) * D(z[up, k], z[l, j]), k, up), chain_rule(through=z[up, k])),
            (
                over_layer(delta[up, k] * w[up, k, j], k, up) * self.mask[l, j] / (1 - self.rho) * sigma_prime(z[l, j]),
                both(definition(delta[up, k], z[up, k], a[l, m]), differentiation, sifting),
            ),
        )
        answers(made, "δ[l,j] = m[l,j] σ′(z[l,j])/(1 - ρ) Σ_k w[l+1,k,j] δ[l+1,k]")


class TestA14:
    """Costs with a corner. Asked: the gradients of Huber's, of the absolute, pinball and hinge cost."""

    tau, c = quantities("tau c")

    def gradient(self, cost: Any, claim: Any) -> Any:
        net = network(
            "a cost of one's own",
            (o1,),
            R[o1], y[o1], self.tau, given(self.c, positive=True),
            (N[o1], cost(R[o1], y[o1])),
            (C, total(N[o1], o1)),
        )  # fmt: skip
        return calc(net, D(C, R[k]), (claim, both(definition(C, N[o1]), differentiation, sifting)))

    def test_pinball(self) -> None:
        below = 1 - self.tau
        made = self.gradient(lambda r, y: where(y - r, self.tau * (y - r), below * (r - y)), below - step(y[k] - R[k]))
        answers(made, "∂C/∂R[k] = 1 - τ - [y[k] - R[k] > 0]")

    def test_absolute(self) -> None:
        made = self.gradient(lambda r, y: absolute(r - y), 2 * step(R[k] - y[k]) - 1)
        answers(made, "∂C/∂R[k] = 2 [R[k] - y[k] > 0] - 1")

    def test_hinge(self) -> None:
        made = self.gradient(lambda r, y: maximum(1 - y * r, 0), -y[k] * step(1 - y[k] * R[k]))
        answers(made, "∂C/∂R[k] = -y[k] [1 - y[k] R[k] > 0]")

    def test_huber(self) -> None:
        def huber(r: Any, y: Any) -> Any:
            u, c = r - y, self.c
            above, below = step(u - c), step(-u - c)
            return (1 - above - below) * u**2 / 2 + c * (above * (u - c / 2) + below * (-u - c / 2))

        above, below = step(R[k] - y[k] - self.c), step(y[k] - R[k] - self.c)
        made = self.gradient(huber, (1 - above - below) * (R[k] - y[k]) + self.c * (above - below))
        inner = "(1 - [y[k] - R[k] - c > 0] - [R[k] - c - y[k] > 0]) (R[k] - y[k])"
        answers(made, f"∂C/∂R[k] = {inner} + ([R[k] - c - y[k] > 0] - [y[k] - R[k] - c > 0]) c")

    def test_in_a_net_of_the_library(self) -> None:
        net = dense_network(Setting(cost=Cost("absolute", absolute(A - Y))))
        of_output = Member("E", k)
        made = calc(
            net, D(C, a[L, k]), (2 * step(a[L, k] - y[k]) - 1, both(definition(C, of_output), differentiation, sifting))
        )
        answers(made, "∂C/∂a[L,k] = 2 [a[L,k] - y[k] > 0] - 1")


@pytest.mark.parametrize(
    ("activation", "slope", "entry", "known", "statement"),
    [
        ("sigmoid", lambda a: Hadamard(a, 1 - a), lambda a: a * (1 - a), sigmoid, "σ′(z[l]) = a[l] ⊙ (1 - a[l])"),
        ("tanh", lambda a: 1 - Hadamard(a, a), lambda a: 1 - a**2, tanh, "σ′(z[l]) = 1 - a[l] ⊙ a[l]"),
    ],
)
def test_a16_the_slope_of_a_layer(activation: Any, slope: Any, entry: Any, known: Any, statement: str) -> None:
    """Asked: σ′(z) = a .* (1 − a), for the whole layer, as the course prints it."""
    net = dense(activation=activation)
    made = entrywise(
        net,
        sigma_prime(z[l]),
        slope(a[l]),
        (j,),
        (entry(sigma(z[l, j])), theorem(known())),
        (entry(a[l, j]), definition(a[l, j])),
    )
    answers(made, statement)


class TestA17:
    """A matrix shared over time. Asked: why the derivatives at all times are summed."""

    tau = staticmethod(function("tau"))
    net = network(
        "a recurrent net",
        (t1, h1, g1),
        W[h1, g1], X[t1, h1], F[0, h1],
        (S[t1, h1], total(W[h1, g1] * F[t1 - 1, g1], g1) + X[t1, h1]),
        (F[t1, h1], function("tau")(S[t1, h1])),
        (C, any_function(F[T, h1])),
    )  # fmt: skip

    def test_the_sum_over_time(self) -> None:
        made = calc(
            self.net,
            D(C, W[j, k]),
            (total(D(C, S[t1, h1]) * Kron(h1, j) * F[t1 - 1, k], t1, h1), chain_rule(through=S[t1, h1])),
            (total(D(C, S[t1, j]) * F[t1 - 1, k], t1), sifting),
        )
        answers(made, "∂C/∂W[j,k] = Σ_{t=1..T} ∂C/∂S[t,j] F[t-1,k]")

    def test_through_the_last_time_alone(self) -> None:
        """The total derivative of the last state has all paths in it, whatever the number of steps."""
        line = (total(D(C, S[T, h1]) * D(S[T, h1], W[j, k]), h1), chain_rule(through=S[T, h1]))
        answers(calc(self.net, D(C, W[j, k]), line), "∂C/∂W[j,k] = Σ_{h=1..H} ∂C/∂S[T,h] ∂S[T,h]/∂W[j,k]")

    def test_not_where_the_cost_reads_all_times(self) -> None:
        net = network(
            "a recurrent net with a cost at all times",
            (t1, h1, g1),
            W[h1, g1], X[t1, h1], F[0, h1],
            (S[t1, h1], total(W[h1, g1] * F[t1 - 1, g1], g1) + X[t1, h1]),
            (F[t1, h1], self.tau(S[t1, h1])),
            (C, any_function(F[t1, h1])),
        )  # fmt: skip
        line = (total(D(C, S[T, h1]) * D(S[T, h1], W[j, k]), h1), chain_rule(through=S[T, h1]))
        with pytest.raises(WrongLine, match=r"S\[T, h\] does not stand between W\[j, k\] and C"):
            calc(net, D(C, W[j, k]), line)

    def test_one_step_of_the_total_derivative(self) -> None:
        direct, slope = Kron(p, j) * F[q - 1, k], self.tau(S[q - 1, h1], 1) * D(S[q - 1, h1], W[j, k])
        made = calc(
            self.net,
            D(S[q, p], W[j, k]),
            (
                direct + total(W[p, h1] * D(F[q - 1, h1], W[j, k]), h1),
                both(definition(S[q, p]), differentiation, sifting),
            ),
            (direct + total(W[p, h1] * slope, h1), definition(F[q - 1, h1])),
        )
        answers(made, "∂S[q,p]/∂W[j,k] = F[q-1,k] [j=p] + Σ_{h=1..H} ∂S[q-1,h]/∂W[j,k] W[p,h] τ′(S[q-1,h])")
