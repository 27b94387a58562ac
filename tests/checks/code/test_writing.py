"""A case as the answer that is printed."""

from __future__ import annotations

import pytest

from backproof.checks.code import words
from backproof.checks.code.asking import tried
from backproof.checks.code.cases import best
from backproof.checks.code.further import explained_further
from backproof.checks.code.said import Said
from backproof.checks.code.writing import written as answered

from .some import NET, subject


def answer(tmp_path, old="", new="", said=Said()):  # noqa: B008 - it is a constant
    text = NET.replace(old, new) if old else NET
    own = subject(tmp_path, text)
    talk, file = words.said(own.text), str(own.module.__file__)
    case = best(tried(own, said, talk), said, talk)
    return answered(explained_further(case, talk, file) if case.weight else case, talk, file), text


def test_what_was_assumed_stands_there(tmp_path):
    found, _ = answer(tmp_path)
    assert (found.overall, found.grade, found.defects, found.right_if) == ("ok", "exact", [], ())
    assert found.assumed | {
        "made by": "Net(4, 6, 3)", "function": "gradient", "sizes": [4, 6, 3], "hidden": "tanh", "output": "identity",
        "weights": "in,out", "examples": "an example is a row",
    } == found.assumed  # fmt: skip
    assert [(row.parameter, row.layer, row.verdict) for row in found.findings] == [
        ("W1", 1, "ok"), ("b1", 1, "ok"), ("W2", 2, "ok"), ("b2", 2, "ok"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "overall", "verdicts"),
    [
        (" * (1 - self.h ** 2)", "", "wrong", ["wrong", "wrong", "ok", "ok"]),
        ("self.h.T @ d2", "2 * self.h.T @ d2", "scale", ["ok", "ok", "scale", "ok"]),
        ("d1.sum(axis=0)", "d1", "wrong", ["ok", "shape", "ok", "ok"]),
        (', "b2": d2.sum(axis=0)', "", "wrong", ["ok", "ok", "ok", "missing"]),
    ],
)
def test_each_array_has_a_verdict_of_its_own(tmp_path, old, new, overall, verdicts):
    found, _ = answer(tmp_path, old, new)
    assert found.overall == overall
    assert [row.verdict for row in found.findings] == verdicts


def test_a_defect_has_the_line_where_its_numbers_are_first(tmp_path):
    found, text = answer(tmp_path, " * (1 - self.h ** 2)", "")
    line = text.splitlines().index("        d1 = (d2 @ self.W2.T)") + 1
    assert [(d.equation, d.layers, d.where) for d in found.defects] == [("BP2", (1,), f"some_program.py:{line}")]


def test_under_which_loss_it_is_right_is_said(tmp_path):
    said = Said(cost="quadratic", reduction="mean")
    found, _ = answer(tmp_path, said=said)
    assert found.overall == "scale"
    assert [(d.equation, d.mistake) for d in found.defects] == [("BP1", "batch-constant")]
