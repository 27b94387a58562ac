"""What a program says of itself."""

from __future__ import annotations

import pytest

from backproof.checks.code.words import returned, said


@pytest.mark.parametrize(
    ("text", "cost", "factor", "reduction"),
    [
        ("Loss: one half of the sum of squared errors, over all rows and outputs.", "quadratic", 1, "sum"),
        ("Loss: mean over the examples of the squared distance (no factor one half).", "quadratic", 2, "mean"),
        ("The loss is np.mean of the squared errors.", "quadratic", 2, "mean of entries"),
        ("Loss: mean cross-entropy of the softmax outputs.", "log-likelihood", 1, "mean"),
        ("Cost: sum of the binary cross-entropies, with logistic outputs.", "cross-entropy", 1, "sum"),
        ("A net without words for what it makes small.", None, None, None),
    ],
)
def test_the_loss_is_read_from_its_words(text, cost, factor, reduction):
    found = said(text)
    assert (found.cost, found.factor, found.reduction) == (cost, factor, reduction)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("X has one example per row.", "rows"),
        ("X has one example per column.", "columns"),
        ("output(x) takes a column.", "column"),
        ("sweep takes two lists of columns.", "list of columns"),
    ],
)
def test_how_examples_are_given_is_read_from_the_words(text, layout):
    assert layout in said(text).layouts


@pytest.mark.parametrize(
    ("text", "hidden", "output"),
    [
        ("One tanh layer and a linear output.", "tanh", "identity"),
        ("One rectified layer, softmax output.", "relu", "softmax"),
        ("Two logistic layers.", "sigmoid", None),
    ],
)
def test_activations_are_read_from_the_words(text, hidden, output):
    found = said(text)
    assert (found.hidden, found.output) == (hidden, output)


def backward(x):
    first = second = x
    return first, second


def test_names_of_what_is_returned_come_from_the_words_or_else_from_the_code():
    assert returned(backward, "") == ("first", "second")
    assert returned(backward, "backward(x) -> dA (3, 4), da (4,).") == ("dA", "da")
    assert returned(backward, "backward(x) returns (loss, one, two), as usual.") == ("loss", "one", "two")
    assert returned(len, "") == ()
