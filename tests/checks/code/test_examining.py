"""Programs under check run in processes of their own: what they do there is told, and ends nothing here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import backproof
from backproof import examining
from backproof.errors import CannotRun
from backproof.examining import examine, is_code

RIGHT = '''
"""Two logistic layers. Loss: one half of the squared error of one example, which is a column."""
import numpy as np


class Net:
    def __init__(self, sizes):
        g = np.random.default_rng(0)
        self.weights = [g.standard_normal((n, k)) for k, n in zip(sizes, sizes[1:])]
        self.biases = [g.standard_normal((n, 1)) for n in sizes[1:]]

    def backprop(self, x, y):
        a = [x]
        for w, b in zip(self.weights, self.biases):
            a.append(1 / (1 + np.exp(-(w @ a[-1] + b))))
        delta = (a[-1] - y) * a[-1] * (1 - a[-1])
        nabla_w, nabla_b = [], []
        for l in reversed(range(len(self.weights))):
            nabla_w.insert(0, delta @ a[l].T)
            nabla_b.insert(0, delta)
            delta = (self.weights[l].T @ delta) * a[l] * (1 - a[l])
        return nabla_b, nabla_w
'''
ENDLESS = RIGHT.replace("        a = [x]", "        while True:\n            pass")
WRONG = RIGHT.replace("delta = (self.weights[l].T @ delta) * a[l] * (1 - a[l])", "delta = self.weights[l].T @ delta")


def written(tmp_path, text, name="net.py"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def run(*arguments):
    command = [sys.executable, "-m", "backproof", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


SCHEMA = json.loads((Path(examining.__file__).parent / "schemas/check-code.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_right_program_is_right_exactly(tmp_path):
    report = examine(written(tmp_path, RIGHT))
    assert (report.overall, report.says["grade"]) == ("ok", "exact")
    assert report.says["error_bound_log2"] < -60
    assert {row["verdict"] for row in report.says["findings"]} == {"ok"}


def test_a_wrong_one_is_told_with_equation_layer_slip_and_line(tmp_path):
    done = run(written(tmp_path, WRONG), "--json")
    says = json.loads(done.stdout)
    jsonschema.validate(says, SCHEMA)
    assert (done.returncode, says["schema"], says["overall"]) == (1, "backproof.check-code/1", "wrong")
    found = {(d["equation"], d["mistake"], tuple(d["layers"]), d["where"]) for d in says["defects"]}
    line = WRONG.splitlines().index("            delta = self.weights[l].T @ delta") + 1
    assert found == {
        ("BP2", "missing-sigma-prime", (1,), f"net.py:{line}"), ("BP2", "missing-sigma-prime", (2,), f"net.py:{line}"),
    }  # fmt: skip
    verdicts = {row["parameter"]: row["verdict"] for row in says["findings"]}
    assert verdicts["weights[2]"] == verdicts["biases[2]"] == "ok"
    assert {verdicts[f"{name}[{n}]"] for name in ("weights", "biases") for n in (0, 1)} == {"wrong"}


def test_several_are_a_line_of_json_each_and_the_worst_one_counts(tmp_path):
    right, wrong = written(tmp_path, RIGHT), written(tmp_path, "import os\nos._exit(7)\n", "ends.py")
    done = run(right, wrong, "--json")
    says = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["overall"] for one in says] == ["ok", "raises"]
    assert "exit code 7" in says[1]["reason"]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("text", "overall", "words"),
    [
        ("def f(:\n", "raises", "SyntaxError"),
        ("import sys\nprint('hello')\nsys.exit(0)\n", "raises", "SystemExit at line 3"),
        ("1 / 0\n", "raises", "ZeroDivisionError at line 1"),
        ("x = 1\n", "unknown", "declare them with an adapter"),
        (
            RIGHT.replace("        a = [x]", "        while True:\n            pass"),
            "raises",
            "of computing, at line 1",
        ),
    ],
    ids=["syntax", "exit", "raise", "nothing", "endless"],
)
def test_what_a_program_does_is_a_verdict(tmp_path, text, overall, words):
    report = examine(written(tmp_path, text), seconds=4)
    jsonschema.validate(report.to_json(), SCHEMA)
    assert report.overall == overall
    assert words in report.says["reason"]


def test_what_a_program_prints_is_not_in_the_way(tmp_path):
    noisy = "print('{')\n" + RIGHT.replace("        a = [x]", "        print('noise')\n        a = [x]")
    assert examine(written(tmp_path, noisy)).ok


@pytest.mark.parametrize("target", ["nowhere.py", "nowhere.py:Net"])
def test_a_file_that_is_not_there_cannot_be_run(target):
    with pytest.raises(CannotRun, match="no such file"):
        examine(target)


def test_programs_are_told_from_documents():
    assert all(map(is_code, ["net.py", "net.py:Net", "a/b.py:Net.backprop", "package.module:Net"]))
    assert not any(map(is_code, ["notes.md", "a.tex", "-", "b.ipynb", "c.txt", "notes"]))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gradient(weights, biases, x, y):
    a = [x]
    for w, b in zip(weights, biases, strict=True):
        a.append(sigmoid(w @ a[-1] + b[:, None]))
    delta = (a[-1] - y) * a[-1] * (1 - a[-1])
    of_w, of_b = [], []
    for below, w in zip(reversed(a[:-1]), reversed(weights), strict=True):
        of_w.insert(0, delta @ below.T)
        of_b.insert(0, delta.sum(axis=1))
        delta = (w.T @ delta) * below * (1 - below)
    return of_w, of_b


def turned(weights, biases, x, y):
    of_w, of_b = gradient(weights, biases, x, y)
    return [-of_w[0], *of_w[1:]], of_b


def test_a_function_of_this_process_is_checked_as_an_adapter_says():
    report = backproof.check(gradient, sizes=(3, 4, 2), cost="quadratic")
    assert report.ok
    assert str(report).startswith("gradient: ✓ all gradients are right\n")
    assert backproof.assert_gradient(gradient, sizes=(3, 4, 2), cost="quadratic").ok
    with pytest.raises(AssertionError, match="the sign is the other one"):
        backproof.assert_gradient(turned, sizes=(3, 4, 2), cost="quadratic")


def lost(weights, biases, x, y):
    of_w, of_b = gradient(weights, biases, x, y)
    return [0 * of_w[0], *of_w[1:]], of_b


def test_a_gradient_that_vanishes_through_eight_layers_is_not_taken_for_0():
    said = {"sizes": (3, 4, 5, 4, 3, 4, 5, 4, 2), "hidden": "sigmoid", "output": "sigmoid", "cost": "quadratic"}
    assert backproof.check(gradient, **said).ok
    report = backproof.check(lost, **said)
    assert [(d["equation"], d["layers"], d["mistake"]) for d in report.says["defects"]] == [
        ("BP4", [1], "missing-term")
    ]


ADAPTER = """
import backproof


def gradient(module, weights, biases, x, y):
    net = module.Net([4, 6, 3])
    net.weights, net.biases = weights, [b[:, None] for b in biases]
    parts = [net.backprop(x[:, [i]], y[:, [i]]) for i in range(x.shape[1])]
    of_b, of_w = ([sum(part) for part in zip(*own)] for own in zip(*parts))
    return of_w, [b[:, 0] for b in of_b]


adapter = backproof.Adapter(gradient, (4, 6, 3), hidden="sigmoid", output="sigmoid", cost="quadratic", reduction="sum")
"""


def test_an_adapter_declares_what_no_rule_recognises(tmp_path):
    adapter = written(tmp_path, ADAPTER, "adapter.py")
    assert examine(written(tmp_path, RIGHT), adapter=adapter).ok
    assert examine(written(tmp_path, WRONG), adapter=adapter).overall == "wrong"
    empty = written(tmp_path, "x = 1\n", "empty.py")
    assert "no backproof.Adapter" in examine(written(tmp_path, RIGHT), adapter=empty).says["reason"]


def test_many_are_checked_by_any_executor(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    targets = [written(tmp_path, RIGHT, "one.py"), written(tmp_path, WRONG, "two.py")]
    with ThreadPoolExecutor(1) as pool:
        assert [report.overall for report in backproof.check_many(targets, pool)] == ["ok", "wrong"]


LAYER = """
def softmax_backward(dout, probs):
    return probs * (dout - (dout * probs).sum(axis=-1, keepdims=True))
"""


@pytest.mark.parametrize(
    ("old", "new", "overall"), [("", "", "ok"), (" - (dout * probs).sum(axis=-1, keepdims=True)", "", "wrong")]
)
def test_a_layer_is_held_against_its_theorem(tmp_path, old, new, overall):
    report = examine(written(tmp_path, LAYER.replace(old, new), "layer.py"), network="softmax")
    jsonschema.validate(report.to_json(), SCHEMA)
    assert (report.overall, report.says["grade"]) == (overall, "exact")
    assert [d["equation"] for d in report.says["defects"]] == (["attention-scores"] if overall == "wrong" else [])


def test_a_layer_that_is_not_there_is_named(tmp_path):
    report = examine(written(tmp_path, LAYER, "layer.py"), network="layernrm")
    assert "there are layernorm, rmsnorm" in report.says["reason"]
