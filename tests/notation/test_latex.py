"""Terms to LaTeX, as a table. The bare name of a row is what is printed in Nielsen's notation."""

import pytest
from sympy import Integer, Rational, Symbol

from backproof.derive.calc import calc
from backproof.networks import dense
from backproof.notation.latex import conditions, equation, hypotheses, latex, latex_in_full, terms
from backproof.notation.mathematics import is_math
from backproof.notation.profiles import COLUMN, NG, NOTATIONS
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Equal,
    ForAll,
    Hadamard,
    Kron,
    L,
    M,
    Member,
    Mults,
    NonNegative,
    NonZero,
    Outer,
    Phi,
    Positive,
    Refused,
    Total,
    Transposed,
    a,
    b,
    delta,
    exp,
    i,
    j,
    k,
    l,
    log,
    m,
    n,
    p,
    phi,
    q,
    sigma,
    sigma_prime,
    step,
    total,
    w,
    x,
    y,
    z,
)

up = l + 1
u, eta, prime = Symbol("u"), Symbol("eta"), Symbol("k'")
a_x, delta_x = Member("a", l - 1, k, i), Member("delta", l, j, i)
E_k = Member("E", k)

NIELSEN_PRINTS = [
    # members and indices
    (w[l, j, k], r"w^{l}_{jk}"),
    (w[up, k, prime], r"w^{l+1}_{kk'}"),
    (w[12, 10, 1], r"w^{12}_{10,1}"),
    (a[l], r"a^{l}"),
    (x[j], r"x_{j}"),
    (a_x, r"a^{l-1}_{ki}"),
    (Member("Cx", i), r"C_{i}"),
    (Member("S", l, j, q), r"S^{l}_{jq}"),
    (Member("conv_2", up, Symbol("foo")), r"\mathrm{conv\_2}_{l+1,\mathrm{foo}}"),
    (n(l - 1), r"n_{l-1}"),
    # powers are never layers
    (a[l, j] ** 2, r"(a^{l}_{j})^{2}"),
    (sigma(u) ** 2, r"(\sigma(u))^{2}"),
    (n(l) ** 2, r"n_{l}^{2}"),
    # order of terms
    (total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j], r"\sum_{k=1}^{n_{l-1}} w^{l}_{jk} a^{l-1}_{k} + b^{l}_{j}"),
    (a[L, j] - y[j], r"a^{L}_{j} - y_{j}"),
    (y[j] - a[L, j], r"y_{j} - a^{L}_{j}"),
    (1 - a[L, j], r"1 - a^{L}_{j}"),
    (n(l) * n(l - 1) + 2 * n(l) - 1, r"n_{l} n_{l-1} + 2 n_{l} - 1"),
    (-y[k] * log(a[L, k]) - (1 - y[k]) * log(1 - a[L, k]),
     r"-y_{k}\,\ln a^{L}_{k} - (1 - y_{k})\,\ln (1 - a^{L}_{k})"),
    # order of factors
    (D(C, a[L, j]) * sigma_prime(z[L, j]), r"\frac{\partial C}{\partial a^{L}_{j}}\,\sigma'(z^{L}_{j})"),
    (total(w[up, k, j] * delta[up, k] * sigma_prime(z[l, j]), k, up),
     r"\sum_{k=1}^{n_{l+1}} w^{l+1}_{kj} \delta^{l+1}_{k}\,\sigma'(z^{l}_{j})"),
    (sigma_prime(z[l, j]) * total(w[up, k, j] * delta[up, k], k, up),
     r"\sigma'(z^{l}_{j}) \sum_{k=1}^{n_{l+1}} w^{l+1}_{kj} \delta^{l+1}_{k}"),
    (delta[l, j] * a[l - 1, k], r"a^{l-1}_{k} \delta^{l}_{j}"),
    (sigma(u) * (1 - sigma(u)), r"\sigma(u)\,(1 - \sigma(u))"),
    (sigma_prime(z[L, k]) * Kron(k, j), r"\sigma'(z^{L}_{k})\,[j=k]"),
    (total(w[up, k, j], k, up) * total(b[l, p], p, l),
     r"\left(\sum_{k=1}^{n_{l+1}} w^{l+1}_{kj}\right) \sum_{p=1}^{n_{l}} b^{l}_{p}"),
    # partials in the order of the chain rule
    (D(z[up, k], z[l, j]) * D(C, z[up, k]),
     r"\frac{\partial C}{\partial z^{l+1}_{k}} \frac{\partial z^{l+1}_{k}}{\partial z^{l}_{j}}"),
    (D(z[4, 1], w[4, 1, 1]) * D(a[4, 1], z[4, 1]) * D(C, a[4, 1]),
     (r"\frac{\partial C}{\partial a^{4}_{1}} \frac{\partial a^{4}_{1}}{\partial z^{4}_{1}}"
     r" \frac{\partial z^{4}_{1}}{\partial w^{4}_{11}}")),
    (D(D(C, a[L, j]), z[L, j]),
     r"\frac{\partial}{\partial z^{L}_{j}}\left(\frac{\partial C}{\partial a^{L}_{j}}\right)"),
    (D(sigma(z[l, j]), z[l, j]), r"\frac{\partial \sigma(z^{l}_{j})}{\partial z^{l}_{j}}"),
    (D(C, w[l]), r"\frac{\partial C}{\partial w^{l}}"),
    (D(C, a[L]), r"\nabla_{a^{L}} C"),
    # fractions
    (Rational(1, 2) * (a[L, k] - y[k]) ** 2, r"\frac{1}{2}\,(a^{L}_{k} - y_{k})^{2}"),
    (exp(-u) / (1 + exp(-u)) ** 2, r"\frac{e^{-u}}{(1 + e^{-u})^{2}}"),
    (1 / (1 + exp(-u)) * (1 - 1 / (1 + exp(-u))), r"\frac{1}{1 + e^{-u}}\,\left(1 - \frac{1}{1 + e^{-u}}\right)"),
    (Total(Member("Cx", i), i, 1, M) / M, r"\frac{1}{M} \sum_{i=1}^{M} C_{i}"),
    (w[l, j, k] - eta / M * Total(a_x * delta_x, i, 1, M),
     r"w^{l}_{jk} - \frac{\eta}{M} \sum_{i=1}^{M} a^{l-1}_{ki} \delta^{l}_{ji}"),
    (-y[k] / a[L, k] * D(a[L, k], z[L, j]), r"-\frac{y_{k}}{a^{L}_{k}}\,\frac{\partial a^{L}_{k}}{\partial z^{L}_{j}}"),
    (1 / M, r"\frac{1}{M}"),
    # functions
    (Apply("sigma", u, 2), r"\sigma''(u)"),
    (u * step(u), r"u\,[u > 0]"),
    (-z[l, j] * phi(z[l, j]), r"-z^{l}_{j}\,\varphi(z^{l}_{j})"),
    (u * Phi(u), r"u\,\Phi(u)"),
    (Apply("Phi", u, 1), r"\Phi'(u)"),
    (Kron(j, k) * log(u), r"[j=k]\,\ln u"),
    (exp(1 / (1 + u)), r"\exp\left(\frac{1}{u + 1}\right)"),
    # sums
    (total(b[l, j] - a[l, j], j, l), r"\sum_{j=1}^{n_{l}} (b^{l}_{j} - a^{l}_{j})"),
    (-total(b[l, j], j, l), r"-\sum_{j=1}^{n_{l}} b^{l}_{j}"),
    # arrays
    (Hadamard(Dot(Transposed(w[up]), delta[up]), sigma_prime(z[l])),
     r"((w^{l+1})^{T} \delta^{l+1}) \odot \sigma'(z^{l})"),
    (Hadamard(D(C, a[L]), sigma_prime(z[L])), r"\nabla_{a^{L}} C \odot \sigma'(z^{L})"),
    (Hadamard(a[L] - Member("y"), sigma_prime(z[L])), r"(a^{L} - y) \odot \sigma'(z^{L})"),
    (Outer(delta[l], a[l - 1]), r"\delta^{l} (a^{l-1})^{T}"),
    (Dot(delta[l], Transposed(a[l - 1])) / M, r"\frac{1}{M}\,\delta^{l} (a^{l-1})^{T}"),
    (sigma(Dot(w[l], a[l - 1]) + b[l]), r"\sigma(w^{l} a^{l-1} + b^{l})"),
    (Mults(w[l, j, k] * a[l, k]), r"\mu\left[w^{l}_{jk} a^{l}_{k}\right]"),
]  # fmt: skip

NG_PRINTS = [
    (w[l + 1, j, k], r"w^{(l)}_{jk}"),
    (w[4, 1, 1], r"w^{(3)}_{11}"),
    (C, r"J_{i}"),
    (Member("E", 1), r"J_{i1}"),
    (y[k], r"y_{ik}"),
    (a[1, 0] * w[2, 1, 0], r"w^{(1)}_{10} x_{0}"),
    (delta[5, 1] * w[5, 1, 1] * sigma_prime(z[4, 1]) * a[3, 1],
     r"\delta^{(5)}_{1} w^{(4)}_{11}\,g'(z^{(4)}_{1})\,a^{(3)}_{1}"),
    ((delta[5, 1] * w[5, 1, 1] + delta[5, 2] * w[5, 2, 1]) * sigma_prime(z[4, 1]) * a[3, 1],
     r"(\delta^{(5)}_{1} w^{(4)}_{11} + \delta^{(5)}_{2} w^{(4)}_{21})\,g'(z^{(4)}_{1})\,a^{(3)}_{1}"),
    ((a[L, j] - y[j]) * sigma_prime(z[L, j]), r"(a^{(L)}_{j} - y_{ij})\,g'(z^{(L)}_{j})"),
    (total(w[l, j, k] * a[l - 1, k], k, l - 1), r"\sum_{k=1}^{S_{l-1}} w^{(l-1)}_{jk} a^{(l-1)}_{k}"),
    (Hadamard(Dot(Transposed(w[up]), delta[up]), sigma_prime(z[l])),
     r"((w^{(l)})^{T} \delta^{(l+1)}) \mathbin{{\cdot}{\ast}} g'(z^{(l)})"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "printed"), NIELSEN_PRINTS)
def test_nielsen(term, printed):
    assert latex(term) == printed


@pytest.mark.parametrize(("term", "printed"), NG_PRINTS)
def test_ng(term, printed):
    assert latex(term, NG) == printed


def test_columns():
    assert equation(z[l], Dot(w[l], a[l - 1]) + b[l], COLUMN) == r"z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}"


@pytest.mark.parametrize("row", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("term", [term for term, _ in NIELSEN_PRINTS])
def test_everything_printed_is_closed_mathematics(term, row):
    printed = latex(term, row)
    assert is_math(printed)
    assert r"\!" not in printed
    assert r"\big" not in printed


def test_terms_are_where_a_line_may_break():
    assert terms(a[l, 1] - 2 * a[l, 2] + b[l, 1]) == ["a^{l}_{1}", "{}+ b^{l}_{1}", "{}- 2 a^{l}_{2}"]
    assert terms(delta[l, j]) == [r"\delta^{l}_{j}"]


def test_arrays_written_out():
    net = dense(widths=(2, 2, 2), bias=False)
    theorem = calc(net, Hadamard(Dot(Transposed(w[3]), delta[3]), sigma_prime(z[2]))).theorem
    assert latex_in_full(net, theorem, NG).split(" = ")[0] == (
        r"\left(\begin{bmatrix} w^{(2)}_{11} & w^{(2)}_{12} \\ w^{(2)}_{21} & w^{(2)}_{22} \end{bmatrix}^{T} "
        r"\begin{bmatrix} \delta^{(3)}_{1} \\ \delta^{(3)}_{2} \end{bmatrix}\right) \mathbin{{\cdot}{\ast}} "
        r"\begin{bmatrix} g'(z^{(2)}_{1}) \\ g'(z^{(2)}_{2}) \end{bmatrix}"
    )


def test_arrays_of_unknown_size_are_not_written_out():
    with pytest.raises((ValueError, Refused)):
        latex_in_full(dense(), calc(dense(), delta[l]).theorem)


HYPOTHESES = [
    ([NonNegative(l - 2), NonNegative(L - l - 1)], [r"2 \le l < L"]),
    ([NonNegative(l - 2), NonNegative(L - l)], [r"2 \le l \le L"]),
    ([NonNegative(j - 1), NonNegative(n(l) - j), NonNegative(k - 1), NonNegative(n(l) - k)], [r"1 \le j, k \le n_{l}"]),
    ([NonNegative(j - 1), NonNegative(n(l) - j), NonNegative(m - 1), NonNegative(n(up) - m)],
     [r"1 \le j \le n_{l}", r"1 \le m \le n_{l+1}"]),
    ([NonNegative(L - 2)], [r"2 \le L"]),
    ([NonNegative(n(l) - 2)], [r"2 \le n_{l}"]),
    ([NonNegative(l - 2)], [r"2 \le l"]),
    ([NonNegative(3 - j)], [r"j \le 3"]),
    ([NonZero(1 + exp(u))], [r"1 + e^{u} \ne 0"]),
    ([ForAll(Positive(a[L, k]), k, Integer(1), n(L))], [r"a^{L}_{k} > 0\text{ for }1 \le k \le n_{L}"]),
    ([Equal(delta[l, j], Member("d", l, j))], [r"\delta^{l}_{j} = d^{l}_{j}"]),
    ([], []),
]  # fmt: skip


@pytest.mark.parametrize(("given", "printed"), HYPOTHESES)
def test_conditions(given, printed):
    assert conditions(given) == printed


def test_hypotheses_are_words():
    given = [NonNegative(l - 2), NonNegative(L - l - 1), NonNegative(j - 1), NonNegative(n(l) - j)]
    assert hypotheses(given) == r"$2 \le l < L$ and $1 \le j \le n_{l}$"
    assert hypotheses([]) == ""
