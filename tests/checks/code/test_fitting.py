"""Which reading of a program its own gradients agree with."""

from __future__ import annotations

import pytest

from backproof.checks.code import words
from backproof.checks.code.asking import tried
from backproof.checks.code.fitting import likeliest, readings
from backproof.checks.code.said import Said

from .some import NET, subject


def read(tmp_path, text=NET, said=Said()):  # noqa: B008 - it is a constant
    own = subject(tmp_path, text)
    talk = words.said(own.text)
    return likeliest(tried(own, said, talk), said, talk)


def test_a_right_program_fits_what_it_says(tmp_path):
    (one, found), *_ = read(tmp_path)
    assert found[0].fits
    assert (found[0].activations.hidden, found[0].activations.last) == ("tanh", "identity")
    assert (found[0].loss.cost, found[0].loss.factor, found[0].loss.reduction) == ("quadratic", 1, "sum")
    assert one.way.layout.name == "rows"


@pytest.mark.parametrize(
    ("old", "new", "factor", "reduction"),
    [("- Y\n        d1", "- Y\n        d2 = 2 * d2\n        d1", 2, "sum"),
     ("- Y\n        d1", "- Y\n        d2 = d2 / len(X)\n        d1", 1, "mean"),
     ("- Y\n        d1", "- Y\n        d2 = 2 * d2 / d2.size\n        d1", 2, "mean of entries")],
)  # fmt: skip
def test_constants_are_found_where_nothing_is_said(tmp_path, old, new, factor, reduction):
    silent = NET.replace(" Loss: half the squared error, summed.", "").replace("def loss", "def other")
    _, found = read(tmp_path, silent.replace(old, new))[0]
    assert found[0].fits
    assert (found[0].loss.factor, found[0].loss.reduction) == (factor, reduction)


def test_a_slip_fits_nothing(tmp_path):
    for _, found in read(tmp_path, NET.replace(" * (1 - self.h ** 2)", "")):
        assert not any(reading.fits for reading in found)


def test_what_is_declared_is_the_only_reading(tmp_path):
    own = subject(tmp_path)
    said = Said(hidden="tanh", output="identity", cost="quadratic", reduction="mean")
    talk = words.said(own.text)
    found = readings(tried(own, said, talk)[0], said, talk)
    assert [(r.loss.reduction, r.source, r.fits) for r in found] == [("mean", "declared", False)]
