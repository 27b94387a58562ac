"""``export``: what is asked for, what is refused, what is written; nothing is, where the verification fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from backproof import CannotRun, cli, exporting
from backproof.codegen import backend, trials, verification
from backproof.codegen.backend import Failed
from backproof.exporting import export


def run(*arguments):
    return CliRunner().invoke(cli.main, ["export", *arguments])


def test_the_file_runs_and_its_header_says_what_was_verified(tmp_path):
    file = tmp_path / "net.py"
    made = export((20, 12, 3), "sigmoid", "cross-entropy", out=file)
    assert made.file == file.as_posix()
    assert file.read_text(encoding="utf-8") == made.text
    found = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert "Right." in found.stdout
    header = " ".join(made.text.split('"""')[1].split())
    for check in made.checks:
        assert check.words in header
    assert {check.kind for check in made.checks} == {"kernel", "exact", "numeric", "numpy"}
    assert str(tmp_path) not in made.text


def test_it_is_the_same_on_every_run():
    assert export((3, 4, 2), "tanh").text == export((3, 4, 2), "tanh").text


def test_what_is_verified_is_what_is_written():
    made = export((3, 4, 2))
    draft = backend.backend("numpy").write(made.program, ())
    assert made.text.split('"""', 2)[2] == draft.split('"""', 2)[2]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sizes": (3,)}, "layers"),
        ({"sizes": (3, 0, 2)}, "units"),
        ({"sizes": "3,2"}, "whole numbers"),
        ({"sizes": 7}, "whole numbers"),
        ({"sizes": (3.5, 2)}, "whole numbers"),
        ({"sizes": (3, True)}, "whole numbers"),
        ({"sizes": (3, 2), "activation": None}, "not None"),
        ({"sizes": (3, 2), "activation": [None]}, "not None"),
        ({"sizes": (3, 2), "activation": ["relu"] * 2}, "2 activations for 1 layer:"),
        ({"sizes": (3, 2), "activation": "sigmoit"}, "sigmoid"),
        ({"sizes": (3, 4, 2), "activation": ["relu"] * 3}, "3"),
        ({"sizes": (3, 4, 2), "activation": ["softmax", "relu"]}, "last"),
        ({"sizes": (3, 4, 2), "cost": "cross-entropy", "activation": "relu"}, "sigmoid"),
        ({"sizes": (3, 4, 2), "cost": "log-likelihood"}, "softmax"),
        ({"sizes": (3, 4, 2), "cost": "hingee"}, "quadratic"),
        ({"sizes": (3, 4, 2), "to": "fortran"}, "no target 'fortran': there are numpy"),
        ({"sizes": (3, 4, 2), "reduction": "median"}, "mean"),
        ({"sizes": (3, 4, 2), "layout": "diagonal"}, "rows"),
        ({"sizes": (3, 4, 2), "dtype": "float16"}, "float32"),
        ({"sizes": (3, 4, 2), "to": "torch", "unroll": True}, "unrolled"),
        ({"sizes": (3, 4, 2), "activation": "log(z)"}, "no value"),
        ({"sizes": (3, 4, 2), "activation": "z +"}, "z +"),
    ],
)
def test_what_cannot_be_is_said(options, words):
    with pytest.raises(CannotRun, match=words.replace("+", r"\+")):
        export(**options)


INJECTIONS = (
    "__import__('os').system('touch injected')",
    "z.__class__",
    "z if z else z",
    "(lambda: z)()",
    "z\nimport os",
    "z # \n",
    'z"""',
    "z*/ int x; /*",
    "z\\\n",
    "ｚ",
    "ехр(z)",  # in Cyrillic letters
    "exec(z)",
    "eval",
    "z;z",
    "f'{z}'",
    "[z for z in z]",
    "z := 3",
    "open('x')",
    "lambda z: z",
    "class",
    "\x00",
    "z\u2028z",
    "9**9**9**9",
    "(" * 5000 + "z" + ")" * 5000,
)


@pytest.mark.parametrize("text", INJECTIONS, ids=repr)
def test_nothing_that_a_user_writes_is_run(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = run("--sizes", "2,3,1", "--activation", text, "-o", "net.py")
    assert found.exit_code == 2
    assert found.stderr.startswith(("backproof: ", "Usage"))
    assert "Traceback" not in found.output
    assert not [*tmp_path.iterdir()]


def test_nothing_is_written_where_the_verification_fails(tmp_path, monkeypatch):
    file = tmp_path / "net.py"
    file.write_text("what was there before", encoding="utf-8")

    def fails(*_):
        raise Failed("∂C/∂w2: entry 1, 1 is 2, and has to be 1")

    monkeypatch.setattr(trials, "agreement", fails)
    found = run("--sizes", "2,3,1", "-o", str(file))
    assert found.exit_code == 1
    assert "not verified, and not written: ∂C/∂w2: entry 1, 1" in found.stderr
    assert file.read_text(encoding="utf-8") == "what was there before"


def test_a_wrong_program_does_not_get_past_the_prime():
    made = export((3, 4, 2)).program
    for label in ("BP1", "BP2", "BP3", "BP4", "forward", "slope"):
        lines = [(line.target, 2 * line.value if line.label == label else line.value) for line in made.assignments]
        assert not verification.exact.check(made.net, (3, 4, 2), lines).holds


def test_the_json_is_the_one_of_the_schema(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    schema = json.loads(resources.files("backproof").joinpath("schemas/export.schema.json").read_text("utf-8"))
    for arguments in (["-o", "net.py"], []):
        found = run("--sizes", "2,3,1", "--json", *arguments)
        assert found.exit_code == 0
        data = json.loads(found.stdout)
        jsonschema.validate(data, schema)
        assert ("program" in data) == (not arguments)
        assert [line["label"] for line in data["equations"]][-3:] == ["BP2", "BP4", "BP3"]


def test_without_a_file_it_goes_to_standard_output():
    found = run("--sizes", "2,3,1")
    assert found.exit_code == 0
    assert found.stdout == export((2, 3, 1)).text
    assert "✓ exact" in found.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_standard_output_is_utf_8_whatever_the_encoding(arguments):
    command = [sys.executable, "-m", "backproof", "export", "--sizes", "2,1", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    text = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode("utf-8")
    program = json.loads(text)["program"] if arguments else text
    assert program == export((2, 1)).text


def test_an_empty_activation_is_told_in_one_line():
    found = run("--sizes", "3,2", "--activation", "")
    assert found.exit_code == 2
    assert found.stderr == "backproof: an activation is a name, such as sigmoid, or a formula in z, and not ''\n"


def test_the_help_names_every_choice():
    shown = run("--help").stdout
    for names in exporting.CHOICES.values():
        assert "|".join(names) in shown
    assert "the verification of a program fails" in shown


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "below").mkdir()
    link, file = tmp_path / "link.py", tmp_path / "below" / "net.py"
    link.symlink_to(file)
    for _ in range(2):  # it leads nowhere at first
        made = export((2, 3, 1), out=link)
        assert made.file == link.as_posix()
        assert link.is_symlink()
        assert file.read_text(encoding="utf-8") == made.text


def test_a_file_that_cannot_be_written_is_told_before_the_verification(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(exporting, "compile_program", None)  # it is not come to
    for place in (tmp_path / "file" / "net.py", tmp_path / "file" / "below" / "net.py", tmp_path / ("n" * 300)):
        with pytest.raises(CannotRun, match="cannot write to"):
            export((2, 3, 1), out=place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_one_activation_for_the_hidden_layers_and_one_for_the_last():
    found = run("--sizes", "2,5,4,3", "--activation", "max(z,0),softmax", "--cost", "log-likelihood", "--json")
    assert json.loads(found.stdout)["activations"] == ["max(z,0)", "max(z,0)", "softmax"]


def test_a_folder_or_a_device_is_no_file(tmp_path):
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    for place in (tmp_path, "/dev/null", link):
        found = run("--sizes", "2,3,1", "-o", str(place))
        assert found.exit_code == 2
        assert "is no file" in found.stderr


@pytest.mark.parametrize(
    "text", ["z/(1+exp(-z))", "tanh(z)*z", "z*sigmoid(1.702*z)", "abs(z)", "z*tanh(log(1+exp(z)))"]
)
def test_an_activation_of_ones_own(text):
    made = export((3, 4, 2), text)
    net = made.load()
    assert f"f = {text}" in " ".join(made.text.split())
    assert any(line["label"] == "slope" and line["text"].startswith("f′(z) = ") for line in made.equations)
    parameters, rng = net.init(), np.random.default_rng(0)
    x, y = rng.random((3, 5)), rng.random((2, 5))
    nabla = net.gradient(parameters, x, y)[0][0][1, 2]
    moved = [[part.copy() for part in pair] for pair in parameters]
    costs = []
    for shift in (1e-6, -2e-6):
        moved[0][0][1, 2] += shift
        costs.append(net.cost(moved, x, y))
    assert nabla == pytest.approx((costs[0] - costs[1]) / 2e-6, rel=1e-7)


def test_the_library_of_programs_has_a_backend_for_each_name():
    for name in exporting.CHOICES["to"]:
        assert backend.backend(name).name == name


@pytest.mark.parametrize(
    "text", ["exp(-exp(-z))", "(1+exp(z))**2", "exp(-z)**2", "1/(1+exp(-z)+exp(-2*z))", "sigmoid(z/20)"]
)
def test_exponentials_may_be_nested_and_multiplied(text):
    assert {"kernel", "exact", "numeric"} <= {check.kind for check in export((3, 4, 2), [text, "identity"]).checks}


@pytest.mark.parametrize("text", ["z**64", "exp(exp(z))", "exp(1000*z)"])
def test_what_overflows_at_usual_values_is_told(text, recwarn):
    with pytest.raises(CannotRun, match="too large for float64"):
        export((3, 4, 2), text)
    assert not recwarn.list


def test_what_is_chosen_far_out_is_not_multiplied_with_what_is_not():
    assert export((3, 4, 2), "max(0,z)+min(0,exp(z)-1)").checks
    assert export((3, 4, 2), "max(0,z)+exp(min(0,z))-1").checks
