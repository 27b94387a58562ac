"""The ways in which a gradient may be asked for."""

from __future__ import annotations

import pytest

from backproof.checks.code import words
from backproof.checks.code.asking import one_hot, takes_examples, tried, ways
from backproof.checks.code.said import Said

from .some import NET, subject


def test_gradients_are_asked_for_before_steps(tmp_path):
    own = subject(tmp_path)
    names = [way.callee.name for way in ways(own, Said(), words.said(own.text))]
    assert list(dict.fromkeys(names)) == ["gradient", "fit", "loss"]


def test_the_function_that_is_named_is_asked_alone(tmp_path):
    own = subject(tmp_path)
    assert {way.callee.name for way in ways(own, Said(entry="Net.fit"), words.said(own.text))} == {"fit"}


def test_words_tell_how_examples_stand(tmp_path):
    own = subject(tmp_path)
    assert {way.layout.name for way in ways(own, Said(), words.said(own.text))} == {"rows"}
    silent = subject(tmp_path, NET.replace(" Examples are rows.", ""))
    assert len({way.layout.name for way in ways(silent, Said(), words.said(silent.text))}) > 4


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", {"matrix", "integers", "integers from 1"}),
        (" Labels are integers.", {"integers", "integers from 1"}),
        (" Labels are integers from 1.", {"integers from 1"}),
        (" Labels are integers from 0.", {"integers"}),
    ],
)
def test_words_tell_what_targets_are(tmp_path, text, names):
    own = subject(tmp_path, NET.replace("Two layers.", f"Two layers.{text}"))
    found = list(ways(own, Said(), words.said(own.text)))
    assert {way.targets.name for way in found} == names
    assert all(one_hot(way, words.said("")) for way in found if "integers" in way.targets.name)


def test_what_gives_a_gradient_is_kept_else_what_it_raised(tmp_path):
    own = subject(tmp_path)
    good = tried(own, Said(), words.said(own.text))
    assert {(one.way.callee.name, one.error) for one in good} == {("gradient", None)}
    assert {p.name for p in good[0].claim.gradients} == {"W1", "b1", "W2", "b2"}
    bad = subject(tmp_path, NET.replace("d2 = self.forward(X) - Y", "raise OSError"))
    results = tried(bad, Said(entry="Net.gradient"), words.said(bad.text))
    assert {(one.claim, type(one.error)) for one in results} == {(None, OSError)}


def test_what_takes_examples_has_inputs_and_targets(tmp_path):
    own = subject(tmp_path)
    found = {callee.name: takes_examples(callee) for callee in own.callees(own.made[0])}
    assert found == {"forward": False, "loss": True, "gradient": True, "fit": True}
