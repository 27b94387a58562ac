"""Notations and their legends; letters that users give."""

import pytest

from backproof.networks import batch, dense
from backproof.notation import legend
from backproof.notation.latex import latex
from backproof.notation.profiles import (
    KINDS,
    LETTERS,
    NG,
    NIELSEN,
    NOTATIONS,
    ROLES,
    for_network,
    notation,
    with_letters,
)
from backproof.surface.terms import a, delta, j, k, l, w


def test_letters_may_be_given_by_role_or_by_family():
    row = with_letters(NIELSEN, {"weight": r"\Theta", "delta": "e", "activation": r"\mathbf{h}", "bias": "bias"})
    assert latex(w[l, j, k], row) == r"\Theta^{l}_{jk}"
    assert latex(delta[l, j] * a[l, j], row) == r"\mathbf{h}^{l}_{j} e^{l}_{j}"
    assert row.letters["b"] == r"\mathrm{bias}"


@pytest.mark.parametrize(
    "letter",
    [
        "",
        "w_1",
        "$",
        "}",
        r"\input",
        r"\end",
        r"\catcode",
        r"\write18",
        "a b",
        r"\mathbf{\input}",
        r"\Theta}",
        "w\n",
        "1",
    ],
)
def test_what_is_no_letter_is_refused(letter):
    with pytest.raises(ValueError, match="is no letter"):
        with_letters(NIELSEN, {"weight": letter})


@pytest.mark.parametrize(
    "given",
    [{"weight": "b"}, {"w": "S"}, {"weight": "Q", "bias": "Q"}, {"activation": r"\delta"}, {"sigma": r"\varphi"}],
)
def test_a_letter_means_one_thing(given):
    with pytest.raises(ValueError, match="already: give"):
        with_letters(NIELSEN, given)


@pytest.mark.parametrize("given", [{"weight": "b", "bias": "w"}, {"cost": "J", "output cost": "J"}, {"weight": "w"}])
def test_letters_may_be_swapped_and_costs_share_theirs(given):
    assert with_letters(NIELSEN, given)


def test_the_message_has_the_letter_as_it_was_typed():
    with pytest.raises(ValueError, match=r"^'\\input' is no letter"):
        with_letters(NIELSEN, {"weight": r"\input"})


def test_costs_of_examples_are_told_from_the_cost():
    rows = {row.symbol: row.meaning for row in legend.rows(NG, {"C", "Cx"})}
    assert rows["$J$"] == "cost"
    assert rows["$J_{i}$"] == "cost of example $i$"


def test_an_unknown_role_is_refused():
    with pytest.raises(ValueError, match="no letter is called 'wieght'"):
        with_letters(NIELSEN, {"wieght": "w"})


def test_an_unknown_notation_is_refused():
    with pytest.raises(ValueError, match=r"did you mean nielsen\? There are nielsen"):
        notation("nilsen")


def test_the_tables_fit_together():
    assert set(KINDS) | {"sigma", "n", "M", "L", "Phi", "phi"} == set(LETTERS)
    assert set(ROLES.values()) == set(LETTERS)
    for row in NOTATIONS.values():
        assert set(row.order) == set(NIELSEN.order)


def test_numbered_examples_leave_no_example_understood():
    assert for_network(NG, batch()).example == {}
    assert for_network(NG, dense()).example == NG.example


def test_the_legend_says_what_a_weight_connects():
    first = legend.rows(NG)[0]
    assert first.symbol == r"$w^{(l)}_{jk}$"
    assert first.meaning == "weight from unit $k$ of layer $l$ to unit $j$ of layer $l + 1$"
    assert legend.rows(NIELSEN)[0].meaning.endswith("layer $l - 1$ to unit $j$ of layer $l$")


def test_the_legend_has_what_is_used():
    assert [row.symbol for row in legend.rows(NIELSEN, {"Phi", "phi"})] == [r"$\Phi(u)$", r"$\varphi(u)$"]
    assert [row.symbol for row in legend.rows(NIELSEN, {"b", "Hadamard"})] == ["$b^{l}_{j}$", r"$u \odot v$"]


def test_every_dollar_of_a_legend_is_closed():
    for row in NOTATIONS.values():
        for symbol, meaning in legend.rows(row):
            assert symbol.count("$") % 2 == meaning.count("$") % 2 == 0
