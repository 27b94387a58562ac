"""Ways in which programs have parameters, targets and steps: right ones are in ``programs``, here each has a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from backproof.checks.code.flow import Said, check

HERE = Path(__file__).parent / "programs"
SIGMA = "missing-sigma-prime"
#: The program, what is written, what is written instead, overall, and the defects.
SLIPS = [
    ("labels_from_one", "(A2 * (1 - A2))[:, 1:]", "1", "wrong", {("BP2", (1,), SIGMA)}),
    ("labels_from_one_softmax", "* (1 - h ** 2)", "", "wrong", {("BP2", (1,), SIGMA)}),
    ("signs_logistic", "-y / (1", "y / (1", "scale", {("BP4", (1, 2), "sign")}),
    ("signs_squared", "* (1 - o ** 2)", "", "wrong", {("BP1", (2,), SIGMA)}),
    ("shared_biases", "d1.sum(), np.outer", "d1[0], np.outer", "wrong", {("BP3", (1,), "missing-sum")}),
    ("shared_biases", "h), d2.sum()", "h), d2.mean()", "scale", {("BP3", (2,), "scale")}),
    ("shared_constants", "* h * (1 - h)", "", "wrong", {("BP2", (1,), SIGMA)}),
    ("epochs_in_text", "* h * (1 - h)", "", "wrong", {("BP2", (1,), SIGMA)}),
    ("epochs_in_while", "/ m\n", "\n", "scale", {("BP1", (1, 2), "batch-constant")}),
    ("given_arrays", "* (1 - H ** 2)", "", "wrong", {("BP2", (1,), SIGMA)}),
    ("given_lists", "delta) * a * (1 - a)", "delta)", "wrong", {("BP2", (1,), SIGMA), ("BP2", (2,), SIGMA)}),
    ("given_dict", " * (A > 0)", "", "wrong", {("BP2", (1,), SIGMA)}),
    ("module_parameters", "* O * (1 - O)", "", "wrong", {("BP1", (2,), SIGMA)}),
    ("minus_accumulators", "d) * a[l] * (1 - a[l])", "d)", "wrong", {("BP2", (1,), SIGMA), ("BP2", (2,), SIGMA)}),
    ("minus_steps", "E.sum(axis=0)}", "E.sum()}", "wrong", {("BP3", (2,), "bias-scalar")}),
    ("mean_of_entries", "/ Y.size", "/ len(Y)", "scale", {("BP1", (1, 2), "batch-constant")}),
    ("one_example_bias_column", "* h * (1 - h)", "", "wrong", {("BP2", (1,), SIGMA)}),
    ("bias_row_first", "* (1 - o ** 2)", "", "wrong", {("BP1", (2,), SIGMA)}),
]


@pytest.mark.parametrize(("name", "old", "new", "overall", "defects"), SLIPS, ids=[f"{n} {o}" for n, o, *_ in SLIPS])
def test_a_slip_is_told(tmp_path, name, old, new, overall, defects):
    text = (HERE / f"{name}.py").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / f"{name}_.py"
    file.write_text(text.replace(old, new), encoding="utf-8")
    answer = check(str(file), Said())
    assert (answer.overall, answer.grade) == (overall, "exact")
    assert {(d.equation, d.layers, d.mistake) for d in answer.defects} == defects


#: What is said that was assumed.
ASSUMED = {
    "labels_from_one": ("targets", "class numbers from 1"),
    "signs_logistic": ("targets", "-1 or 1 for 0 and 1"),
    "signs_squared": ("targets", "-1 or 1"),
    "given_arrays": ("made by", "arrays that are given"),
    "minus_accumulators": ("gradient", "minus what it computes"),
    "mean_of_entries": ("cost", "quadratic, the mean over all outputs of all examples"),
}


@pytest.mark.parametrize("name", ASSUMED)
def test_what_was_assumed_is_said(name):
    key, words = ASSUMED[name]
    assert check(str(HERE / f"{name}.py"), Said()).assumed[key] == words


def test_a_sign_that_no_words_and_no_steps_explain_is_a_slip(tmp_path):
    text = (HERE / "minus_accumulators.py").read_text(encoding="utf-8")
    text = text.replace("negative gradient", "gradient").replace("minus the\ngradient", "the\ngradient")
    file = tmp_path / "accumulators.py"
    file.write_text(text, encoding="utf-8")
    assert check(str(file), Said()).overall == "ok"  # its steps add what it keeps
    file.write_text(text.replace("+= eta", "-= eta"), encoding="utf-8")
    answer = check(str(file), Said())
    assert (answer.overall, {d.mistake for d in answer.defects}) == ("scale", {"sign"})
