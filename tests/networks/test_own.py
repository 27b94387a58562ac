"""Networks of one's own: what is written on a page is the network, and what is no network is refused in its words."""

from __future__ import annotations

import pytest
from sympy import Rational, Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.networks.own import any_function, axes, function, given, network, quantities, total
from backproof.notation.latex import latex
from backproof.notation.legend import rows
from backproof.notation.printer import mentions
from backproof.notation.profiles import NIELSEN, NOTATIONS, for_network
from backproof.surface.terms import C, D, Total

(t, T), (i, N) = axes("t:T i:N")
j, k = axes("j:N k:N")
x, mu, y, h, W = quantities("x mu y h W")


def centring(**more):
    parts = (x[t, i], (mu[t], total(x[t, i], i) / N), (y[t, i], x[t, i] - mu[t]), (C, any_function(y[t, i])))
    return network("centring", (t, i), *parts, **more)


def test_an_axis_is_an_index_with_a_size():
    assert (t.name, str(T)) == ("t", "T")
    assert T.is_positive
    assert total(x[t, i], t, i) == Total(Total(x[t, i], Symbol("i"), 1, N), Symbol("t"), 1, T)
    assert total(x[t, i], t.between(2, T)) == Total(x[t, i], Symbol("t"), 2, T)
    assert x[t - 1, 2 + i] == x[Symbol("t") - 1, Symbol("i") + 2]
    plain = Symbol("t")
    assert (2 * t, -t, 1 - t, t * 2, 1 + t) == (2 * plain, -plain, 1 - plain, 2 * plain, plain + 1)


def test_what_is_written_is_the_network():
    made = centring()
    assert made.kinds == {"x": "uu", "mu": "u", "y": "uu", "C": ""}
    assert made.depth is None
    assert made.symbols == {T, N}
    assert [str(d.head) for d in made.definitions] == ["x[t, i]", "mu[t]", "y[t, i]", "C"]


def test_a_theorem_about_it():
    made = calc(
        centring(),
        D(C, x[t, j]),
        (total(D(C, y[t, i]) * D(y[t, i], x[t, j]), i), chain_rule(through=y[t, i])),
        (D(C, y[t, j]) - total(D(C, y[t, i]), i) / N, both(definition(y[t, i], mu[t]), differentiation, sifting)),
    )
    assert {str(h) for h in made.theorem.hypotheses} == {
        *("NonNegative(N - j)", "NonNegative(T - t)", "NonNegative(j - 1)", "NonNegative(t - 1)"),
    }


def test_a_recurrence_along_an_axis():
    net = network(
        "a recurrent net",
        (t, i, j),
        x[t, i],
        W[i, j],
        h[0, i],
        (h[t, i], total(W[i, j] * h[t - 1, j], j) + x[t, i]),
        (C, any_function(h[t, i])),
    )
    shared = calc(net, D(C, W[i, j]), (total(D(C, h[t, i]) * h[t - 1, j], t), chain_rule(through=h[t, i])))
    assert not any("NonZero" in str(h) for h in shared.theorem.hypotheses)


def test_a_narrower_range():
    net = network("a scan", (t,), x[t], (y[1], x[1]), (y[t], y[t - 1] + x[t], t.between(2, T)), (C, any_function(y[t])))
    assert [d.bounds for d in net.definitions if str(d.head) == "y[t]"] == [((Symbol("t"), 2, T),)]


def test_functions_and_facts():
    tau, eps = function("tau"), quantities("eps")
    u = Symbol("u")
    parts = (given(x[i], sums_to_1=True), given(eps, positive=True), (y[i], tau(x[i]) + eps))
    net = network("squares", (i,), *parts, functions={"tau": u**2})
    assert [(f.name, f.facts) for f in net.core.families] == [("x", ()), ("eps", ("positive",)), ("y", ())]
    assert set(net.sums) == {"x"}
    lines = ((tau(x[i], 1), both(definition(y[i]), differentiation)), (2 * x[i], definition(tau(x[i], 1))))
    made = calc(net, D(y[i], x[i]), *lines)
    assert made.theorem.rhs == 2 * x[i]


def test_letters_and_legend_are_its_own():
    net = centring(letters={mu: r"\bar{x}"}, legend={x: "what comes in", "y": "what comes out"})
    for row in NOTATIONS.values():
        notation = for_network(row, net)
        assert latex(D(C, y[t, i]) - mu[t], notation) == r"\frac{\partial C}{\partial y_{ti}} - \bar{x}_{t}"
    shown = rows(for_network(NIELSEN, net), mentions(x[t, i] + y[t, i] + mu[t]))
    assert [(r.symbol, r.meaning) for r in shown] == [
        (r"$\bar{x}$", "a quantity of this network"),
        ("$x$", "what comes in"),
        ("$y$", "what comes out"),
    ]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((x[t, i], (mu[t], x[t, i])), r"i is free in the definition of mu\[t\]: .* total\(..., i\)"),
        ((x[t, i], (mu[t + 1], x[t, 1])), r"mu\[t \+ 1\] has the index t \+ 1, which is neither a number nor an axis"),
        ((x[t, k],), r"x\[t, k\] has the index k, which is neither .*: those are t, i"),
        (((mu[t], total(y[t, i], i)),), r"mu\[t\] is made of y\[t, i\], which is neither given nor defined"),
        ((x[t, i], (mu[t], total(x[i], i))), r"x\[i\], in the definition of mu\[t\], should have 2 indices"),
        ((x[t, i], x[t]), "another number of indices"),
        ((x[t, i], (mu[t], mu[t] + x[t, 1])), r"mu\[t\] reads mu\[t\], which does not come before it"),
        ((x[t, i], (mu[t], mu[t - 1] + x[t, 1])), r"mu\[t\] reads mu\[t - 1\], and that is not there for every value"),
        ((x[t, i], (mu[t], total(x[t + 1, i], i))), r"mu\[t\] reads x\[t \+ 1, .\], and that is not there"),
        ((x[t, i], (mu[t], x)), "should have 2 indices"),
        ((x[t, i], x[t, i]), "given twice"),
        ((x[t, i], (x[t, i], 1)), "given and defined"),
        ((x[t, i], (mu[t], 0), (mu[t], 1)), "two equations where both hold"),
        ((x[t, t],), "one axis twice"),
    ],
)
def test_no_network(parts, words):
    with pytest.raises(ValueError, match=words):
        network("none", (t, i), *parts)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (5, "neither is a quantity"),
        ((mu[t], 0.5), r"Rational\(1, 2\)"),
        ((mu[t], "x"), "no term"),
        ((T, 1), "no quantity"),
    ],
)
def test_no_part(part, words):
    with pytest.raises(TypeError, match=words):
        network("none", (t, i), part)


@pytest.mark.parametrize("text", ["t", "t:", ":T", "t:T t:S", "t:T T:S", "t-1:T"])
def test_no_axes(text):
    with pytest.raises(ValueError, match=r"is no axis|named twice"):
        axes(text)


def test_no_name():
    with pytest.raises(ValueError, match="is no name"):
        quantities("x y-z")


def test_a_sum_goes_over_an_axis():
    with pytest.raises(TypeError, match="a sum goes over an axis"):
        total(x[t, i], Symbol("i"))


def test_fractions_are_terms():
    assert network("halves", (t,), x[t], (mu[t], Rational(1, 2) * x[t])).kinds == {"x": "u", "mu": "u"}


@pytest.mark.parametrize(
    "make",
    [
        lambda text: network("none", (t, i), (text, 1)),
        lambda text: network("none", (t, i), x[t, i], (mu[t], any_function(text))),
        lambda text: network("none", (t, i), x[t, i], functions={"tau": text}),
        lambda text: network("none", (t, i), x[t, i], given(text)),
        lambda text: t.between(1, text),
        lambda text: t.between(text, T),
    ],
)
def test_text_is_never_run(make, tmp_path):
    """SymPy evaluates the strings that it is given."""
    touched = tmp_path / "touched"
    with pytest.raises(TypeError, match="which is no term"):
        make(f"open({str(touched)!r}, 'w')")
    assert not touched.exists()


@pytest.mark.parametrize(
    "parts",
    [
        ((y[1], 5), (y[t], 5, t.between(10, T)), (mu[t], y[t])),
        ((y[1], x[1, 1]), x[t, i], (y[t], y[t - 1], t.between(3, T))),
        (x[t, i], (y[1], 5), (y[t], 5, t.between(3, T)), (C, any_function(y[t]))),
    ],
)
def test_a_hole_between_two_definitions_is_not_read(parts):
    with pytest.raises(ValueError, match="not there for every value of the indices"):
        network("holes", (t, i), *parts)


def test_quantities_without_an_index_are_numbers():
    a, b = quantities("a b")
    net = network("numbers", (t,), a, y[t], (b, a**2 / 3 - 2 * a), (C, any_function(b, y[t])))
    made = calc(
        net,
        D(C, a),
        (D(C, b) * D(b, a), chain_rule(through=b)),
        (D(C, b) * (2 * a / 3 - 2), both(definition(b), differentiation)),
    )
    assert made.theorem.lhs == D(C, a)
    assert (1 / a, -a, 1 - a) == (1 / a[()], -(a[()]), 1 - a[()])


def test_the_chain_rule_wants_a_quantity():
    with pytest.raises(TypeError, match="goes through quantities"):
        chain_rule(through=(y[t], y[t] + 1))


@pytest.mark.parametrize(
    ("letters", "words"),
    [({mu: r"\input{x}"}, "is no letter"), ({mu: "x"}, "x is the letter of x and of mu: give one of them another")],
)
def test_letters_are_letters_and_each_is_one_family(letters, words):
    with pytest.raises(ValueError, match=words):
        for_network(NIELSEN, centring(letters=letters))


def test_a_word_is_set_upright():
    assert latex(mu[t], for_network(NIELSEN, centring(letters={mu: "mean"}))) == r"\mathrm{mean}_{t}"
