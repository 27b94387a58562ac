"""Which activations there are, what they are called, where they may stand, and which cost they go with."""

from __future__ import annotations

import pytest

from backproof.activations.activation import activation, activations, fits
from backproof.activations.expression import parse
from backproof.activations.named import NAMED
from backproof.networks import ACTIVATIONS, COSTS, SOFTMAX, Activation, u
from backproof.surface.terms import exp


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_rows_of_the_table(name):
    f = activation(name)
    assert f == ACTIVATIONS[name]
    assert not f.own
    assert activation(f" {name} ") == f


def test_the_softmax_has_no_body():
    assert activation("softmax") is SOFTMAX
    assert not SOFTMAX.own
    assert not SOFTMAX.kinks


def test_one_of_ones_own():
    f = activation(" z/(1+exp(-z)) ")
    body = u / (1 + exp(-u))
    assert f == Activation("f", body, "z/(1+exp(-z))", form=body)
    assert f.own
    assert activation("sigmoid(z)").own


UNKNOWN = {
    "sigmod": "did you mean sigmoid?",
    "softmx": "did you mean softmax?",
    "logistic": "write sigmoid",
    "linear": "write identity",
    "snake": "no functions of angles",
    "exp": "did you mean exp(z)?",
    "bogus": "no activation is called 'bogus'\n",
    "x": "no activation is called 'x'\n",
}
SPELLED = {
    "Sigmoid": "sigmoid",
    "ReLU": "relu",
    "leaky_relu": "leaky-relu",
    "leaky relu": "leaky-relu",
    "LeakyReLU": "leaky-relu",
    "soft-max": "softmax",
    "swish": "swish",
    "SiLU": "silu",
    "Hardtanh": "hard_tanh",
    "LogSigmoid": "log_sigmoid",
    "ReLU6": "relu6",
    "gelu-tanh": "gelu_tanh",
}


@pytest.mark.parametrize("text", SPELLED)
def test_names_are_spelled_as_libraries_spell_them(text):
    assert activation(text).name == SPELLED[text]


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"threshold", "leaky_relu"}))
def test_what_is_named_is_read_from_its_formula(name):
    f = activation(name)
    assert f.own
    assert (f.name, f.form) == (name, parse(f.text))
    assert f.body == activation(f.text).body


def test_a_parameter_without_a_value_is_asked_for():
    with pytest.raises(ValueError, match=r"threshold is no activation by itself: it needs its least and value, as in"):
        activation("threshold")


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_name_that_there_is_not_is_answered_with_those_that_there_are(text):
    with pytest.raises(ValueError, match="no activation is called") as refused:
        activation(text)
    assert UNKNOWN[text] in str(refused.value)
    assert "There are sigmoid, tanh, softplus, relu, leaky-relu, gelu, identity, softmax, celu, " in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", " ", "z+", "2z", "__import__('os')", "z.__class__", "sigmoid(x)", "leaky-relu(z)"]
)
def test_what_is_no_name_has_to_be_an_expression(text):
    with pytest.raises(ValueError, match="An expression is made of the variable z"):
        activation(text)


def names(texts, count):
    return [f.name for f in activations(texts, count)]


def test_one_for_all_layers_or_one_for_each():
    assert names("tanh", 3) == names(["tanh"], 3) == ["tanh"] * 3
    assert names(["relu", "tanh", "softmax"], 3) == ["relu", "tanh", "softmax"]
    assert names("softmax", 1) == ["softmax"]
    for texts, count in ((["relu", "tanh"], 3), (["relu", "tanh"], 1), ([], 2)):
        with pytest.raises(ValueError, match=f"{len(texts)} activations for {count} layers"):
            activations(texts, count)


def test_ones_own_are_named_in_order_and_the_same_text_the_same():
    assert names(["z*tanh(z)", "relu", "z**2", "z*tanh(z)"], 4) == ["f", "relu", "g", "f"]
    assert names([f"z**{e}" for e in range(2, 7)], 5) == ["f", "g", "h", "f4", "f5"]
    one, other = activations(["2*z", "z*2"], 2)
    assert (one.name, other.name, one.body) == ("f", "g", other.body)


@pytest.mark.parametrize(("texts", "count"), [("softmax", 2), (["softmax", "sigmoid"], 2), (["softmax"] * 3, 3)])
def test_a_softmax_that_is_not_last_is_refused(texts, count):
    with pytest.raises(ValueError, match="softmax is for the last layer alone") as refused:
        activations(texts, count)
    assert f"give {count} activations, such as sigmoid" in str(refused.value)


def test_kinks():
    assert activation("relu").kinks == activation("abs(z)").kinks == activation("max(0.1*z, z)").kinks == (u,)
    assert activation("max(z, 0) + min(z, 1)").kinks == (u, u - 1)
    assert activation("sigmoid").kinks == activation("z**3").kinks == ()


FITS = {
    "quadratic": ["sigmoid", "tanh", "relu", "identity", "softmax", "z*tanh(z)"],
    "cross-entropy": ["sigmoid"],
    "log-likelihood": ["softmax"],
}


@pytest.mark.parametrize("cost", COSTS)
def test_which_last_activation_fits_which_cost(cost):
    for text in FITS["quadratic"]:
        said = fits(activation(text), COSTS[cost])
        assert (said is None) == (text in FITS[cost])
        if said is not None:
            assert f"make the last activation {FITS[cost][0]}" in said
            assert f"or with {text} take the " in said


def test_what_to_take_instead():
    assert fits(activation("tanh"), COSTS["cross-entropy"]) == (
        "the cross-entropy cost takes outputs that are numbers between 0 and 1: make the last activation sigmoid, "
        "or with tanh take the quadratic cost"
    )
    assert fits(SOFTMAX, COSTS["cross-entropy"]).endswith(
        "or with softmax take the log-likelihood or the quadratic cost"
    )
    assert fits(activation("sigmoid"), COSTS["log-likelihood"]).endswith("take the cross-entropy or the quadratic cost")
