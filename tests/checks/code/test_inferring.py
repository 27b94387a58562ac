"""Which activations and which loss a program has, by its own numbers and its words."""

from __future__ import annotations

import pytest

from backproof.checks.code import words
from backproof.checks.code.asking import tried
from backproof.checks.code.inferring import OWN_OUTPUTS, activations, losses_for, outputs
from backproof.checks.code.probe import batch
from backproof.checks.code.said import Said

from .some import NET, subject


def asked(tmp_path, text=NET, entry="Net.gradient"):
    own = subject(tmp_path, text)
    talk = words.said(own.text)
    one = tried(own, Said(entry=entry), talk)[0]
    return one.way, batch(one.way.made, 0, float, labels=False), one.claim, talk


@pytest.mark.parametrize(
    ("body", "name"), [("np.tanh(", "tanh"), ("np.maximum(0, ", "relu"), ("1 / (1 + np.exp(-", "sigmoid")]
)
def test_outputs_tell_the_activations(tmp_path, body, name):
    close = ")" if name == "sigmoid" else ""
    text = NET.replace("np.tanh(X @ self.W1 + self.b1)", f"{body}(X @ self.W1 + self.b1)){close}")
    way, given, claim, talk = asked(tmp_path, text)
    assert activations(way, given, claim, Said(), talk) == (name, "identity", OWN_OUTPUTS)


def test_arrays_on_the_way_tell_them_where_no_outputs_are_returned(tmp_path):
    text = NET.replace("def forward", "def zz").replace("self.forward", "self.zz").replace("def loss", "def other")
    text = text.replace(
        "return self.h @ self.W2 + self.b2", "out = self.h @ self.W2 + self.b2\n        return out.copy()"
    )
    way, given, claim, talk = asked(tmp_path, text)
    assert activations(way, given, claim, Said(), talk)[:2] == ("tanh", "identity")


def test_what_is_declared_is_not_looked_for(tmp_path):
    way, given, claim, talk = asked(tmp_path)
    assert activations(way, given, claim, Said(hidden="relu", output="sigmoid"), talk) == (
        "relu",
        "sigmoid",
        "declared",
    )


def test_the_loss_is_the_one_whose_value_the_program_has(tmp_path):
    way, given, claim, talk = asked(tmp_path)
    found, source = losses_for(way, given, claim, "identity", Said(), talk)
    assert source == "the program's own loss"
    assert (found[0].cost, found[0].factor, found[0].reduction) == ("quadratic", 1, "sum")


def test_words_tell_it_where_there_is_no_value(tmp_path):
    way, given, claim, talk = asked(tmp_path, NET.replace("def loss", "def other"))
    [found], source = losses_for(way, given, claim, "identity", Said(), talk)
    assert (source, found.cost, found.reduction) == ("the program's words", "quadratic", "sum")
    [declared], source = losses_for(way, given, claim, "identity", Said(cost="cross-entropy"), talk)
    assert (source, declared.cost) == ("declared", "cross-entropy")


def test_the_outputs_are_those_of_the_reference(tmp_path):
    way, given, _, _ = asked(tmp_path)
    assert abs(outputs(way, given, "tanh", "identity") - way.output(given)).max() < 1e-12
