"""Proofs as a file: written by ``prove``, made anew by the core in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import backproof
from backproof.core.kernel import RULES
from backproof.verify.replay import MAKERS

SCHEMA = json.loads((Path(backproof.__file__).parent / "schemas" / "verify.schema.json").read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[1] / "docs" / "proofs.md"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backproof", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proofs")
    assert run("prove", "bp2", "--format", "proof", folder=folder).returncode == 0
    return folder


def test_what_was_written_is_made_anew_and_printed(folder):
    done = run("verify", "build/proofs.json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split(" (")[0] for line in lines if " (network " in line] == ["bp2", "bp2-vector", "bp2-bias-unit"]
    assert [line for line in lines if line.startswith("network")] == ["network 1", "network 2"]
    assert "  z[i0, i1]: 2 <= i0 <= L(), 1 <= i1 <= n(i0)" in lines
    assert "j - 1 >= 0" in done.stdout
    assert "|- delta[l, j] = sum(#0: " in done.stdout


def test_the_process_that_verifies_has_the_core_and_its_printer_alone(folder):
    code = (
        "import runpy, sys\n"
        "sys.argv = ['verify', 'build/proofs.json']\n"
        "try:\n    runpy.run_module('backproof.verify', run_name='__main__')\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "own = {name for name in sys.modules if name.startswith('backproof.')}\n"
        "assert {name.split('.')[1] for name in own} == {'core', 'verify'}, own\n"
        "assert 'sympy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)


def test_what_lies_in_the_folder_is_not_run_instead(folder, tmp_path):
    (tmp_path / "backproof" / "verify").mkdir(parents=True)
    (tmp_path / "backproof" / "verify" / "__main__.py").write_text("print('bp2: |- 0 = 1')")
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    file = str(folder / "build" / "proofs.json")
    code = f"import sys; sys.path.pop(0); from backproof.cli import run; run(['verify', {file!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "|- delta[l, j] = sum" in done.stdout


def test_the_example_of_the_page_is_a_whole_file(folder):
    (folder / "example.json").write_text(PAGE.read_text().split("```json")[1].split("```")[0])
    done = run("verify", "example.json", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "network 1\n  x[]: a number\nexample (network 1): |- x[] = x[]\n"


def test_it_wants_one_file():
    command = [sys.executable, "-P", "-m", "backproof.verify"]
    for more, said in ([], "no file"), (["one.json", "two.json"], "one.json two.json"):
        done = subprocess.run([*command, *more], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 2
        assert done.stderr.startswith(f"{said} cannot be read: usage: python -P -m backproof.verify FILE")


def test_as_json(folder):
    done = run("verify", "build/proofs.json", "--json", folder=folder)
    found = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert [theorem["network"] for theorem in found["theorems"]] == [1, 1, 2]
    assert len(found["networks"]) == 2
    assert "delta[i0, i1] = D(C[], z[i0, i1])" in found["networks"][0]
    assert (found["schema"], found["holds"], len(found["theorems"])) == ("backproof.verify/1", True, 3)
    assert found["theorems"][0]["name"] == "bp2"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data["entries"].pop(3), 1),  # all that comes after refers to something else
        (lambda data: data["entries"].append(["Theorem", 1]), 1),
        (lambda data: data["theorems"].update(more=0), 1),  # no theorem
        (lambda data: data.update(entries={}), 1),
        (lambda data: data.update(theorems=[]), 1),
        (lambda data: data.update(theorems={}), 1),
        (lambda data: data.pop("theorems"), 1),
        (lambda data: data.update(schema="other/9"), 1),
        (lambda data: data["theorems"].update({"0 = 1": data["theorems"]["bp2"]}), 1),
        (lambda data: data["entries"].insert(0, ["magic"]), 1),
        (lambda data: data["entries"].insert(0, [["refl"]]), 1),
    ],
)
def test_what_proves_nothing_ends_with_1_and_words(folder, change, code):
    data = json.loads((folder / "build" / "proofs.json").read_text())
    change(data)
    (folder / "changed.json").write_text(json.dumps(data))
    done = run("verify", "changed.json", folder=folder)
    assert done.returncode == code
    assert "proves nothing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refusal_says_where(folder):
    data = json.loads((folder / "build" / "proofs.json").read_text())
    data["entries"][0] = ["magic", 1]
    (folder / "changed.json").write_text(json.dumps(data))
    said = run("verify", "changed.json", folder=folder).stderr
    assert "entry 0: load: there is no maker or rule 'magic'" in said


def _shared(levels):
    """A term of f(t) g(t), with that for t, and so on: a small file, and a large tree."""
    entries = [["Network", *[["()"]] * 4], ["Variable", "v"], ["Value", ["#", 1]]]
    for at in range(2, 3 * levels, 3):
        entries += [["Applied", "f", 0, ["#", at]], ["Applied", "g", 0, ["#", at]]]
        entries.append(["Monomial", 0, ["{}", ["()", ["#", at + 1], 1], ["()", ["#", at + 2], 1]]])
    return [*entries, ["refl", ["#", 0], ["#", len(entries) - 1]]]


def _many(count):
    """A hypothesis for all values of so many variables."""
    claim = [["Index", 0, ["{}"]], ["InRange", ["#", 3]], ["Hypothesis", count, ["{}"], ["#", 4]]]
    network = [["Network", *[["()"]] * 4], ["Term", ["{}"]], ["refl", ["#", 0], ["#", 1]]]
    return [*network, *claim, ["weaken", ["#", 2], ["{}", ["#", 5]]]]


def _powers():
    """(a + b)^1000."""
    entries = [["Family", name, ["()"], ["()"], ["()"]] for name in "ab"]
    entries += [["Network", ["()", ["#", 0], ["#", 1]], *[["()"]] * 3]]
    entries += [["Quantity", name, ["()"]] for name in "ab"]
    entries += [["Monomial", 0, ["{}", ["()", ["#", at], 1]]] for at in (3, 4)]
    entries += [["Term", ["{}", ["()", ["#", 5], 1], ["()", ["#", 6], 1]]]]
    return [*entries, ["Monomial", 0, ["{}", ["()", ["#", 7], 1000]]], ["refl", ["#", 2], ["#", 8]]]


def _conditions():
    """Hundreds of conditions on two variables, and sums of hundreds of variables that are put for one of them."""
    entries = [["Network", *[["()"]] * 4], ["Monomial", 0, ["{}"]], ["refl", ["#", 0], ["#", 1]]]
    entries += [["Variable", f"v{at}"] for at in range(700)] + [["Variable", "a"], ["Variable", "y"]]
    whole = [["()", ["#", at], 1] for at in range(3, 703)]
    hypotheses = []
    for constant in range(145):
        for sign, times in ((1, 1), (-1, 1000)):
            terms = [["()", ["#", 703], sign], ["()", ["#", 704], sign if sign == 1 else -2]]
            entries += [["Index", constant * times, ["{}", *terms]]]
            entries += [["InRange", ["#", len(entries) - 1]]]
            entries += [["Hypothesis", 0, ["{}"], ["#", len(entries) - 1]]]
            hypotheses.append(["#", len(entries) - 1])
    entries += [["weaken", ["#", 2], ["{}", *hypotheses]], ["Index", 0, ["{}", *whole]]]
    entries += [["Quantity", "?0", ["()", ["#", len(entries) - 1]]]]
    entries += [["Monomial", 0, ["{}", ["()", ["#", len(entries) - 1], 1]]]]
    last = len(entries)
    return [*entries, ["subst", ["#", last - 1], ["()", ["#", last - 4]], ["()", ["()", "y"]]]]


def _long_names():
    """Sizes within sizes, of a name that is a page long."""
    entries = [["Network", *[["()"]] * 4], ["Variable", "x" * 45_000], ["Index", 0, ["{}", ["()", ["#", 1], 1]]]]
    for _ in range(14):
        at = len(entries) - 1
        entries += [["Size", "n", ["()", ["#", at], ["#", at]]], ["Index", 0, ["{}", ["()", ["#", at + 1], 1]]]]
    return [*entries, ["refl", ["#", 0], ["#", len(entries) - 1]]]


def _doubled(levels):
    """Tuples of tuples, where only a variable can stand."""
    entries = [["Value", "a" * 1000]]
    entries += [["Value", ["()", ["#", at], ["#", at]]] for at in range(levels)]
    return [*entries, ["Variable", ["#", levels]]]


def _squares(count):
    """Squares of a sum of a hundred quantities, each times something else."""
    entries = []
    for at in range(100):
        entries += [["Index", at, ["()"]], ["Quantity", "a", ["()", ["#", 2 * at]]]]
    entries += [["Monomial", 0, ["{}", ["()", ["#", 2 * at + 1], 1]]] for at in range(100)]
    entries += [["Term", ["()", *(["()", ["#", 200 + at], 1] for at in range(100))]]]
    for at in range(count):
        factors = [["()", ["#", 300], 2], ["()", ["#", 2 * (at % 100) + 1], at // 100 + 1]]
        entries += [["Monomial", 0, ["{}", *factors]]]
    return entries


LARGE = {
    "doubled": _doubled(21),
    "squares": _squares(250),
    "shared": _shared(45),
    "bound": _many(10**10),
    "powers": _powers(),
    "names": _long_names(),
}


@pytest.mark.parametrize("entries", LARGE.values(), ids=LARGE)
def test_a_small_file_does_not_take_all_memory(tmp_path, entries):
    done = _run_with_little_memory(tmp_path, entries)
    assert (done.returncode, done.stdout) == (1, "")
    assert "proves nothing" in done.stderr


def test_many_conditions_do_not_take_all_memory(tmp_path):
    assert _run_with_little_memory(tmp_path, _conditions()).returncode in (0, 1)


def _run_with_little_memory(folder, entries):
    """As ``python -m backproof.verify`` with 1 GB: what needs more dies of a MemoryError, which is told."""
    data = {"schema": "backproof.proofs/1", "theorems": {"a": len(entries) - 1}, "entries": entries}
    (folder / "large.json").write_text(json.dumps(data))
    script = "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); "
    script += "from backproof.verify.__main__ import main; sys.exit(main('large.json'))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert "MemoryError" not in done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_a_name_in_a_refusal_is_quoted(tmp_path):
    odd = "\r\x1b[2Knetwork 1\nexample (network 1): |- 0 = 1"
    entries = [["Network", *[["()"]] * 4], ["unfold", ["#", 0], odd, 0, ["Term", ["{}"]]]]
    assert "\x1b" not in _run_with_little_memory(tmp_path, entries).stderr


def test_what_cannot_be_printed_is_told(folder):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-P", "-m", "backproof.verify", "build/proofs.json"]
        done = subprocess.run(command, cwd=folder, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_what_is_shared_a_few_times_is_proved(tmp_path):
    entries = _shared(8)
    data = {"schema": "backproof.proofs/1", "theorems": {"a": len(entries) - 1}, "entries": entries}
    (tmp_path / "small.json").write_text(json.dumps(data))
    assert run("verify", "small.json", folder=tmp_path).returncode == 0


@pytest.mark.parametrize("text", ["", "[1, 2", "[" * 100_000])
def test_what_is_no_json_cannot_be_read(folder, text):
    (folder / "odd.json").write_text(text)
    done = run("verify", "odd.json", folder=folder)
    assert done.returncode == 2
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("verify", "missing.json", folder=folder).returncode == 2


def test_the_page_on_proofs_names_every_maker_and_rule():
    named = set(
        re.findall(r"`(\w+)`", "".join(line for line in PAGE.read_text().splitlines() if line.startswith("| `")))
    )
    assert {*RULES, *MAKERS} <= named
