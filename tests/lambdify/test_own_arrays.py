"""Whole arrays of a network of one's own, D(C, Q): derived, printed, judged and computed by their entries."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

import numpy as np
import pytest

from backproof import any_function, axes, calc, network, quantities, total
from backproof.derive.calc import WrongLine, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.notation import text
from backproof.oracle import brute_force, exact, numeric
from backproof.surface.terms import C, D, Dot, Hadamard, Transposed, exp

(t, T), (s, S), (c, H), (p, _), (q, _) = axes("t:T s:S c:H p:S q:H")
Q, K, V, A, P, O, kappa = quantities("Q K V A P O kappa")

head = network(
    "one head", (t, s, c, p),
    Q[t, c], K[s, c], V[s, c], kappa,
    (A[t, s], kappa * total(Q[t, c] * K[s, c], c)),
    (P[t, s], exp(A[t, s]) / total(exp(A[t, p]), p)),
    (O[t, c], total(P[t, s] * V[s, c], s)),
    (C, any_function(O[t, c])),
)  # fmt: skip


def queries():
    """dQ = kappa dA K."""
    scores = both(chain_rule(through=A[t, s]), definition(A[t, s]), differentiation, sifting)
    return calc(head, D(C, Q), (kappa * Dot(D(C, A), K), scores))


def keys():
    """dK = kappa dA^T Q."""
    scores = both(chain_rule(through=A[t, s]), definition(A[t, s]), differentiation, sifting)
    return calc(head, D(C, K), (kappa * Dot(Transposed(D(C, A)), Q), scores))


def values():
    outputs = both(chain_rule(through=O[t, c]), definition(O[t, c]), differentiation, sifting)
    return calc(head, D(C, V), (Dot(Transposed(P), D(C, O)), outputs))


def test_a_whole_array_is_written_as_it_is():
    made = queries()
    assert made.theorem.lhs == D(C, Q) == D(C, Q[()])
    assert made.theorem.indices
    assert text.equation(made.theorem.lhs, made.theorem.rhs) == "∂C/∂Q = κ ∂C/∂A K"
    assert r"\frac{\partial C}{\partial Q} &= " in made._repr_latex_()


@pytest.mark.parametrize("made", [queries, keys, values])
@pytest.mark.parametrize("judge", [exact, brute_force, numeric])
def test_judges_read_it_so(made, judge):
    theorem = made().theorem
    assert judge.judge(theorem.net, theorem.lhs, theorem.rhs, theorem.hypotheses).kind == "holds"


def test_it_is_computed_by_its_entries():
    rng = np.random.default_rng(0)
    dA, dO, P_, Q_, K_ = (rng.standard_normal(shape) for shape in ((3, 4), (3, 5), (3, 4), (3, 5), (4, 5)))
    np.testing.assert_allclose(queries().lambdify()(dC_dA=dA, K=K_, kappa=0.5), 0.5 * dA @ K_, rtol=1e-14)
    np.testing.assert_allclose(keys().lambdify()(dC_dA=dA, Q=Q_, kappa=0.5), 0.5 * dA.T @ Q_, rtol=1e-14)
    np.testing.assert_allclose(values().lambdify()(dC_dO=dO, P=P_), P_.T @ dO, rtol=1e-14)


def square(count):
    """y = x^2/2 + 3 x, of so many axes."""
    over = axes("a:A b:B c:N d:M")[:count]
    x, y = quantities("x y")
    return (
        x,
        y,
        over,
        network("square", over, x[over], (y[over], x[over] ** 2 / 2 + 3 * x[over]), (C, any_function(y[over]))),
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_an_array_may_have_any_number_of_axes(count):
    """A number in a sum stands for as many as there are entries."""
    x, y, over, net = square(count)
    slope = both(chain_rule(through=y[over]), definition(y[over]), differentiation, sifting)
    by_lines = calc(net, D(C, x), (Hadamard(D(C, y), 3 + x[()]), slope))
    by_entries = entrywise(net, D(C, x), Hadamard(D(C, y), 3 + x[()]), over, (D(C, y[over]) * (3 + x[over]), slope))
    rng = np.random.default_rng(0)
    X, dy = rng.standard_normal((2, 3, 4, 5)[:count]), rng.standard_normal((2, 3, 4, 5)[:count])
    for made in (by_lines, by_entries):
        theorem = made.theorem
        np.testing.assert_allclose(made.lambdify()(x=X, dC_dy=dy), dy * (3 + X), rtol=1e-14)
        assert text.equation(theorem.lhs, theorem.rhs) == "∂C/∂x = ∂C/∂y ⊙ (3 + x)"
        assert exact.judge(net, theorem.lhs, theorem.rhs, theorem.hypotheses).kind == "holds"


def test_an_array_may_be_one_of_several():
    """The entries D(C, x[a]) for an a are an array, of the other axes."""
    x, y, over, net = square(3)
    slope = both(chain_rule(through=y[over]), definition(y[over]), differentiation, sifting)
    made = calc(net, D(C, x[over[0]]), (Hadamard(D(C, y[over[0]]), 3 + x[over[0]]), slope)).lambdify()
    X, dy = np.random.default_rng(0).standard_normal((2, 2, 3, 4))
    np.testing.assert_allclose(made(x=X, dC_dy=dy), dy * (3 + X), rtol=1e-14)
    np.testing.assert_allclose(made(x=X, dC_dy=dy, a=2), dy[1] * (3 + X[1]), rtol=1e-14)
    with pytest.raises(ValueError, match="there is no a = 3: it goes from 1 to 2"):
        made(x=X, dC_dy=dy, a=3)


# Refusals.


def test_what_is_wrong_with_shapes_is_said_in_the_authors_letters():
    reason = chain_rule(through=A[t, s])
    with pytest.raises(ValueError, match=r"do not fit: D\(C, A\) is T × S, Q is T × H"):
        calc(head, D(C, Q), (Dot(D(C, A), Q), reason))
    with pytest.raises(ValueError, match=r"differ: D\(C, A\) is T × S, K is S × H"):
        calc(head, D(C, Q), (Hadamard(D(C, A), K[()]), reason))
    with pytest.raises(WrongLine, match=r"one shape: D\(C, Q\) is T × H, D\(C, K\) is S × H"):
        calc(head, D(C, Q), (D(C, K), reason))
    with pytest.raises(ValueError, match=r"the shapes differ: D\(C, Q\) is T × H and D\(C, K\) is S × H"):
        entrywise(head, D(C, Q), D(C, K), (t, q))
    with pytest.raises(ValueError, match=r"D\(C, Q\) is T × H: its entries have 2 indices, and 1 are named"):
        entrywise(head, D(C, Q), D(C, Q), (t,))
    with pytest.raises(ValueError, match=r"needs arrays with 2 indices, and has one with 1"):
        calc(head, D(C, Q), (Dot(D(C, A[t]), K), reason))


def test_a_theorem_about_an_array_is_not_one_about_a_number():
    with pytest.raises(WrongLine, match=r"D\(C, Q\) is T × H, D\(C, Q\[t, c\]\) is a number"):
        calc(head, D(C, Q), (D(C, Q[t, c]), differentiation))
