"""The command line: exit codes, what goes where, what bad input is answered with."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from backproof import __main__, cli, proving, targets
from backproof.cli import streams
from backproof.report import write

HERE = Path(__file__).parent
SCHEMA, LIST_SCHEMA = (
    json.loads((Path(proving.__file__).parent / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("prove", "list")
)
WRONG = '''"""From memory"""
from backproof import calc, dense, derivation
from backproof.surface.terms import C, D, L, b, delta, j, k, l, sigma_prime, total, w, z
from backproof.derive.reasons import algebra, definition, theorem
from backproof.derivations.bp2 import bp2


@derivation("transposed", "BP2 with the wrong matrix")
def transposed():
    return calc(
        dense(), delta[l, j],
        (total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1) * sigma_prime(z[l, j]), theorem(bp2())),
        (
            total(w[l + 1, j, k] * delta[l + 1, k], k, l + 1) * sigma_prime(z[l, j]),
            algebra,
        ),
    )


@derivation("rests", "What rests on it")
def rests():
    return calc(dense(), delta[l, j], (transposed().theorem.rhs, theorem(transposed())))


@derivation("sound", "What does not")
def sound():
    return calc(dense(), delta[l, j], (D(C, z[l, j]), definition(delta[l, j])))
'''


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    return CliRunner().invoke(cli.main, list(arguments), prog_name="backproof", catch_exceptions=False)


def process(*arguments, **options):
    command = [sys.executable, "-m", "backproof", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


# What it prints and writes.


def test_proves_and_writes_what_was_asked_for():
    result = run("prove", "bp1", "--format", "tex,json", "-o", "out")
    assert result.exit_code == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["backproof.json", "backproof.tex"]
    assert "everything holds" in result.stdout
    assert "written: out/backproof.tex, out/backproof.json" in result.stdout.replace("\n", " ")


def test_json_alone_is_on_standard_output():
    result = run("prove", "bp2", "activations", "--format", "json", "--json")
    data = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(data)
    assert "everything holds" in result.stderr
    assert json.loads(Path("build/backproof.json").read_text(encoding="utf-8")) == data
    assert data["derivations"][0]["name"] == "bp2"
    assert data["files"] == ["build/backproof.json"]


def test_json_alone_is_there_though_a_file_prints():
    Path("loud.py").write_text("print('hello')\n" + WRONG, encoding="utf-8")
    result = run("prove", "loud.py", "--format", "json", "--json")
    assert json.loads(result.stdout)["refused"]
    assert "hello" in result.stderr


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    result = run("prove", "bp1", "five_layers", "--format", "json")
    table = result.stdout.split("written:")[0]
    assert max(map(len, table.splitlines())) <= width


def test_sizes_print_the_concrete_instance():
    result = run("prove", "--sizes", "3,4,2", "--format", "tex")
    assert result.exit_code == 0
    assert "δ[2,j] = (w[3,1,j] δ[3,1] + w[3,2,j] δ[3,2]) σ′(z[2,j])" in result.stdout
    assert "The network 3-4-2" in Path("build/backproof.tex").read_text(encoding="utf-8")


def test_letters_title_and_notation_reach_the_report():
    assert run("prove", "bp4", "--format", "tex", "--title", "A & B", "--letters", r"weight=\Theta").exit_code == 0
    text = Path("build/backproof.tex").read_text(encoding="utf-8")
    assert r"A \& B" in text
    assert r"\Theta" in text
    assert run("prove", "bp4", "--format", "tex", "--notation", "column").exit_code == 0
    assert "W^{(l)}" in Path("build/backproof.tex").read_text(encoding="utf-8")


def test_lists_the_library():
    result = run("prove", "--list")
    assert result.exit_code == 0
    for chapter in targets.listing():
        assert all(name in result.stdout for name in (chapter.name, *(d.name for d in chapter.derivations)))


def test_lists_what_is_asked_for():
    shown = run("prove", "--list", "bp2", "costs").stdout
    assert [line.partition(":")[0] for line in shown.splitlines() if not line.startswith(" ")] == ["bp2", "costs"]
    data = json.loads(run("prove", "--list", "--json").stdout)
    Draft202012Validator(LIST_SCHEMA).validate(data)
    assert [chapter["name"] for chapter in data["chapters"]] == list(targets.LIBRARY)
    assert not {"$", "\\"} & set(run("prove", "--list").stdout)


def test_lists_what_is_wrong_as_well():
    Path("bad.py").write_text("x = (", encoding="utf-8")
    result = run("prove", "--list", "bad.py", "bp2")
    assert result.exit_code == 1
    assert "bp2-vector" in result.stdout
    assert "bad.py:1 cannot be read" in result.stderr


def test_the_table_ends_its_lines_and_explains_its_columns():
    shown = run("prove", "backward", "--format", "").stdout
    assert all(line == line.rstrip() for line in shown.splitlines())
    assert shown.splitlines()[1].split() == ["rules", "error", "partials", "rel.", "error"]
    assert "–: this judge cannot say" in shown
    assert "–: this judge cannot say" not in run("prove", "bp2", "--format", "").stdout


def test_the_check_at_scale_is_exact():
    shown = run("prove", "--sizes", "784,30,10", "--format", "").stdout
    [row] = [line.split() for line in shown.splitlines() if line.startswith("BP2 for the layer")]
    assert row[-4:] == ["✓", "2^-123", "–", "–"]


def test_names_are_found_however_they_are_written():
    assert (
        json.loads(run("prove", "BP2-Vector", "--format", "", "--json").stdout)["derivations"][0]["name"]
        == "bp2-vector"
    )


# Something is wrong: exit code 1.


def test_a_wrong_line_is_answered():
    Path("wrong.py").write_text(WRONG, encoding="utf-8")
    result = run("prove", "wrong.py", "--format", "json", "--json")
    data = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(data)
    assert result.exit_code == 1
    [refusal] = data["refused"]
    found = refusal["kind"], refusal["file"], refusal["at"], refusal["name"], refusal["line"], refusal["also"]
    assert found == ("wrong line", "wrong.py", 13, "transposed", 2, ["rests"])
    assert "w[l+1,j,k]" in refusal["claim"]["text"]
    assert refusal["counterexample"]["lhs"] != refusal["counterexample"]["rhs"]
    assert [d["name"] for d in data["derivations"]] == ["sound"]
    for word in ("wrong.py:13", "line 2 of transposed", "counterexample", "rests"):
        assert word in result.stderr


def test_a_true_line_with_the_wrong_reason_is_told_apart():
    text = WRONG.replace("(D(C, z[l, j]), definition(delta[l, j]))", "(D(C, z[l, j]), algebra)")
    Path("reason.py").write_text(text, encoding="utf-8")
    refused = json.loads(run("prove", "reason.py", "--format", "", "--json").stdout)["refused"]
    [refusal] = [one for one in refused if one["name"] == "sound"]
    assert refusal["counterexample"] is None
    assert "true" in refusal["note"]


def test_other_files_are_still_built():
    Path("wrong.py").write_text(WRONG, encoding="utf-8")
    result = run("prove", "wrong.py", "bp3", "--format", "tex", "--json")
    assert result.exit_code == 1
    assert [d["name"] for d in json.loads(result.stdout)["derivations"]] == ["sound", "bp3", "bp3-vector"]
    report = Path("build/backproof.tex").read_text(encoding="utf-8")
    assert r"\section{Refused}" in report
    assert "wrong.py:13: line 2 of transposed does not follow" in report


def test_two_files_with_the_same_derivation_are_told_apart():
    for name in ("one.py", "two.py"):
        Path(name).write_text(WRONG, encoding="utf-8")
    result = run("prove", "one.py", "two.py", "--format", "")
    assert "two.py:25 cannot be read as a derivation" in result.stdout
    assert "another derivation has this name: one.py:25" in result.stdout
    assert "1 derivation proved, 2 lines are wrong, 1 derivation cannot be read" in result.stdout


def test_an_index_that_is_missing_is_no_counterexample():
    wrong = "def sound():\n    return calc(dense(), delta[l, j], (delta[l], algebra))\n"
    Path("bad.py").write_text(WRONG.partition("def sound")[0] + wrong, encoding="utf-8")
    refused = json.loads(run("prove", "bad.py", "--format", "", "--json").stdout)["refused"]
    [refusal] = [one for one in refused if one["name"] == "sound"]
    assert refusal["counterexample"] is None
    assert refusal["note"] == "the line above is a number, the claim a vector: an index is missing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (", "bad.py:1 cannot be read as a derivation"),
        ("\n\nx = y", "bad.py:3 cannot be read as a derivation"),
        ("import sys\nsys.exit(3)", "SystemExit: 3"),
        ("x = 1", "no @derivation"),
        ("\x00", "1 file cannot be read"),
        (WRONG.replace("return calc", "calc"), "cannot be read"),
        (WRONG.replace('does not")', 'does not", notation="martian")'), "no notation 'martian'"),
        (WRONG.replace("delta[l, j],", "1 / 0,", 1), "ZeroDivisionError"),
        (
            WRONG.replace('"sound"', '"rests"').replace("w[l + 1, j, k]", "w[l + 1, k, j]"),
            "another derivation has this name: bad.py:20",
        ),
    ],
)
def test_a_malformed_file_is_answered_without_a_traceback(text, said):
    Path("bad.py").write_text(text, encoding="utf-8")
    result = run("prove", "bad.py", "--format", "json", "--json")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    Draft202012Validator(SCHEMA).validate(json.loads(result.stdout))


def test_evidence_that_fails_is_exit_code_1(monkeypatch):
    class Fails:
        def as_dict(self):
            return {"kind": "numeric", "holds": False, "max_relative_error": 0.5}

    monkeypatch.setattr(proving.oracles, "gather", lambda *_: (Fails(),))
    result = run("prove", "bp3", "--format", "tex")
    assert result.exit_code == 1
    assert "✗ fails" in result.stdout


def test_a_forged_theorem_fails_its_replay():
    text = WRONG.replace(
        "    return calc(dense(), delta[l, j], (D(C, z[l, j]), definition(delta[l, j])))",
        "    made = calc(dense(), delta[l, j], (D(C, z[l, j]), definition(delta[l, j])))\n"
        "    object.__setattr__(made.theorem, 'rhs', b[l, j])\n"
        "    object.__setattr__(made.lines[-1].theorem, 'rhs', b[l, j])\n"
        "    return made",
    )
    Path("forged.py").write_text(text, encoding="utf-8")
    result = run("prove", "forged.py", "--format", "", "--json")
    [forged] = json.loads(result.stdout)["derivations"]
    assert result.exit_code == 1
    assert forged["evidence"][0]["holds"] is False


# Could not run: exit code 2.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prove", "missing.py"], "no such file"),
        (["prove", "folder/"], "has no derivation files"),
        (["prove", "folder/"], "end in .py"),
        (["prove", "."], "end in .py"),
        (["prove", "file"], "ends in .py"),
        (["prove", "./file"], "ends in .py"),
        (["prove", "--list", "bp22"], "did you mean bp2?"),
        (["prove", "bp22"], "did you mean bp2?"),
        (["prove", "qqqq"], "--list"),
        (["prove", "--format", "doc"], "no format"),
        (["prove", "--engine", "word"], "no engine"),
        (["prove", "--notation", "martian"], "nielsen"),
        (["prove", "--letters", "weight"], "NAME=LETTER"),
        (["prove", "--letters", "weight=\\input{x}"], "'\\input{x}' is no letter"),
        (["prove", "--letters", "weight=b"], "b is the letter of 'bias' already"),
        (["prove", "--sizes", "3"], "2 to 16 layers"),
        (["prove", "--sizes", "3,x"], "3,4,2"),
        (["prove", "--sizes", "3,0"], "units"),
        (["prove", "--sizes", "3,1000000000"], "units"),
        (["prove", "--nonsense"], "No such option"),
        (["prov"], "No such command"),
        (["prove", "bp3", "--format", "json", "-o", "file"], "cannot write"),
        (["prove", "bp3", "--format", "json", "-o", "file/below"], "cannot write"),
    ],
)
def test_what_cannot_be_run(arguments, said):
    Path("folder").mkdir()
    Path("file").touch()
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not Path("build").exists()


def test_a_missing_part_is_named(monkeypatch):
    monkeypatch.setattr(write, "find_spec", lambda _: None)
    result = run("prove", "bp3")
    assert result.exit_code == 2
    assert "pip install 'backproof[pdf]'" in result.stderr
    assert run("prove", "bp3", "--format", "tex").exit_code == 0


def test_a_missing_command_line_is_named(monkeypatch, capsys):
    monkeypatch.delattr("backproof.cli")
    for name in [name for name in sys.modules if name.split(".")[:2] == ["backproof", "cli"]]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "click", None)
    with pytest.raises(SystemExit) as stopped:
        __main__.main()
    assert stopped.value.code == 2
    assert "pip install 'backproof[pdf]'" in capsys.readouterr().err


def test_a_failure_loses_nothing(monkeypatch):
    assert run("prove", "bp3", "--format", "tex,json").exit_code == 0
    before = {path.name: path.read_bytes() for path in Path("build").iterdir()}
    from backproof.report import pdf

    def fail(*_):
        raise RuntimeError("typst: no")

    monkeypatch.setattr(pdf, "write", fail)
    result = run("prove", "bp4")
    assert result.exit_code == 2
    assert "typst: no" in result.stderr
    assert {path.name: path.read_bytes() for path in Path("build").iterdir()} == before


def test_nothing_is_written_where_nothing_holds():
    assert run("prove", "bp3", "--format", "tex").exit_code == 0
    before = Path("build/backproof.tex").read_bytes()
    Path("bad.py").write_text("x = (", encoding="utf-8")
    result = run("prove", "bad.py", "--format", "tex")
    assert result.exit_code == 1
    assert "nothing written: build is left as it was" in result.stdout
    assert Path("build/backproof.tex").read_bytes() == before


# Processes.


def test_help_names_the_exit_codes_and_every_option():
    shown = run("prove", "--help").stdout
    assert "Exit codes:" in run("--help").stdout
    codes = ("0  everything holds", "1  something is wrong: a line does not", "2  could not run", "130  interrupted")
    assert all(code in shown for code in codes)
    assert all(option.help for option in cli.main.commands["prove"].params if option.param_type_name == "option")


def test_help_imports_nothing_heavy():
    script = "import sys\nimport backproof.cli\nprint(sorted({'sympy', 'numpy', 'rich', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version_is_printed():
    from backproof import __version__

    assert process("--version").stdout.strip() == f"backproof {__version__}"


def test_exit_codes_reach_the_shell():
    assert process("prove", "bp3", "--format", "tex").returncode == 0
    assert process("prove", "missing.py").returncode == 2
    Path("bad.py").write_text("x = (", encoding="utf-8")
    done = process("prove", "bad.py")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_it_with_130():
    Path("slow.py").write_text("import time\nopen('started', 'w').close()\ntime.sleep(60)\n", encoding="utf-8")
    started = subprocess.Popen(
        [sys.executable, "-m", "backproof", "prove", "slow.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What runs the tests may ignore the signal, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - it does nothing else
    )
    for _ in range(300):
        if Path("started").exists():
            break
        time.sleep(0.1)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "Traceback" not in said


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_plain_text_and_cleared_however_it_ends(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(time, "monotonic", iter(range(9)).__next__)
    with contextlib.suppress(KeyboardInterrupt), streams.progress() as progress:
        progress(r"A mean: $D=\Delta/M$", 1, 2)
        raise KeyboardInterrupt
    assert sys.stderr.getvalue() == "\r\x1b[2K1/2 A mean: D=Δ/M\r\x1b[2K"


def test_a_reader_that_leaves_is_no_error():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "backproof", "prove", "--list"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == ""


def shell(line):
    """A command line with redirections."""
    prefix = f"{sys.executable} -m backproof"
    return subprocess.run(["sh", "-c", f"{prefix} {line}"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command", ["prove bp3 --format json", "prove bp3 --format '' --json", "prove --list", "--help"]
)
@pytest.mark.parametrize("where", [">&-", "> /dev/full"])
def test_an_output_that_cannot_be_written_is_told(command, where):
    done = shell(f"{command} {where}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("backproof: cannot write to standard output")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("where", ["2>&-", "2> /dev/full"])
def test_standard_error_may_be_closed(where):
    assert "everything holds" in shell(f"prove bp3 --format json {where}").stdout
    assert shell(f"prove missing.py {where}").returncode == 2


def test_an_encoding_without_our_signs_is_no_error():
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = process("prove", "bp3", "--format", "", env=environment)
    assert done.returncode == 0
    assert "everything holds" in done.stdout
    assert all(re.match(r"\d+/\d+ ", line) for line in done.stderr.splitlines())  # progress, where it takes long
