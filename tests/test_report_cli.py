r"""``prove`` as a reader of reports uses it: forms, editions, letters, folders; ``list`` and ``new``."""

import io
import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from backproof import cli, prove, starting
from backproof.cli import streams
from backproof.errors import CannotRun
from backproof.report import spoken

OWN = '''"""Two letters of one's own"""
from backproof import axes, calc, derivation, network, quantities, total
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.surface.terms import D
((i, N),) = axes("i:N")
V, s, r = quantities("V s r")
net = network("a sum", (i,), V[i], (s, total(V[i] ** 2, i)), (r, s * s))


@derivation("own", "A sum with respect to what is summed")
def own():
    return calc(net, D(s, V[i]), (2 * V[i], both(definition(s), differentiation, sifting)))
'''


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    return CliRunner().invoke(cli.main, [*map(str, arguments)])


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path):
    for name in ("backproof.pdf", "backproof.html", "proofs.json", "backproof.sty", "notes.pdf"):
        (tmp_path / name).write_text("of an earlier run")
    prove(["bp3"], formats=("tex", "md"), out=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backproof.md", "backproof.tex", "notes.pdf"]


def test_nothing_is_taken_away_where_nothing_is_written(tmp_path):
    (tmp_path / "backproof.pdf").write_text("of an earlier run")
    with pytest.raises(CannotRun):
        prove(["bp3"], formats=("tex", "word"), out=tmp_path)
    assert (tmp_path / "backproof.pdf").exists()


def test_a_list_of_formats(tmp_path):
    front = ("--author", "A. B.", "--date", "May 2026", "--title", "Of biases")
    result = run("prove", "bp3", "--format", "tex,html,md,ipynb,json", "--fragment", "-o", tmp_path, *front)
    assert result.exit_code == 0, result.output
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"backproof.{end}" for end in ("tex", "html", "md", "ipynb", "json", "sty")}
    for end in ("html", "md"):
        text = (tmp_path / f"backproof.{end}").read_text("utf-8")
        assert all(words in text for words in ("Of biases", "A. B.", "May 2026"))


@pytest.mark.parametrize(
    ("option", "name", "meant"),
    [
        ("--notation", "nielson", "nielsen"),
        ("--format", "htlm", "html"),
        ("--engine", "xelatx", "xelatex"),
        ("--edition", "hand-out", "handout"),
        ("--letters", "weigth=W", "weight"),
        ("--beside", "ufdl", "ufldl"),
    ],
)
def test_near_misses(option, name, meant):
    result = run("prove", "bp3", option, name)
    assert result.exit_code == 2
    assert f"did you mean {meant}?" in result.output


# Case C7: the letters of a book.


def test_only_what_is_printed_forbids_a_letter(tmp_path):
    letters = {"weight": r"\Omega", "bias": r"\beta", "activation": "h", "sigma": "a", "preactivation": "f"}
    prove(["bp2-vector"], formats=("tex",), out=tmp_path, letters=letters)
    latex = (tmp_path / "backproof.tex").read_text("utf-8")
    assert r"\delta^{l} = ((\Omega^{l+1})^{T} \delta^{l+1}) \odot a'(f^{l})" in latex
    assert "output of the network" not in latex
    prove(["bp3"], formats=("tex",), out=tmp_path, letters={"sigma": r"\varphi"})


def test_a_letter_that_is_printed_is_taken():
    with pytest.raises(CannotRun, match="z is the letter of 'preactivation' already"):
        prove(["bp3"], formats=(), letters={"activation": "z"})


def test_families_of_ones_own_have_letters(tmp_path):
    (tmp_path / "own.py").write_text(OWN, "utf-8")
    prove("own.py", formats=("tex",), out=tmp_path, letters={"V": r"\mathbf{W}"})
    assert r"\mathbf{W}_{i}" in (tmp_path / "backproof.tex").read_text("utf-8")
    with pytest.raises(CannotRun, match="r is the letter of"):
        prove("own.py", formats=(), letters={"V": "r"})


# Case C8: labels, and numbers in words.


def test_labels_are_the_same_in_every_folder(tmp_path):
    found = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.py").write_text(OWN, "utf-8")
        prove(tmp_path / folder / "own.py", formats=("tex",), out=tmp_path / folder)
        latex = (tmp_path / folder / "backproof.tex").read_text("utf-8")
        found.append(re.findall(r"\\label\{(thm:[^}]*)\}", latex))
        assert "1 statement about backpropagation" in latex
    assert found == [["thm:own-own"], ["thm:own-own"]]


# Case C6: formulas that can be heard.


def test_the_pdf_says_its_formulas(tmp_path):
    prove(["bp3"], formats=("pdf",), out=tmp_path)
    data = (tmp_path / "backproof.pdf").read_bytes()
    assert b"/StructTreeRoot" in data
    alternatives = data.count(b"/Alt")
    assert alternatives or _unpacked(data).count(b"/Alt") > 50
    assert spoken.spoken(r"\frac{\partial C}{\partial b^{l}_{j}}").startswith("the derivative of C with respect to b")


def _unpacked(data):
    import zlib

    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, flags=re.DOTALL)
    made = b""
    for part in parts:
        try:
            made += zlib.decompress(part)
        except zlib.error:
            continue
    return made


# A library of one's own.


def test_new_writes_a_file_that_proves(tmp_path):
    assert run("new", "mine.py").exit_code == 0
    assert prove("mine.py", formats=()).ok
    again = run("new", "mine.py")
    assert again.exit_code == 2
    assert "is left as it is" in again.output
    assert (tmp_path / "mine.py").read_text("utf-8") == starting.TEXT
    assert run("new", "mine.txt").exit_code == 2


def test_a_folder_is_one_report(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    assert "has no derivation files" in run("prove", folder).output
    (folder / "b.py").write_text(OWN, "utf-8")
    (folder / "a.py").write_text(starting.TEXT, "utf-8")
    (folder / "_helper.py").write_text("raise SystemExit", "utf-8")
    names = [proved.derivation.name for proved in prove(folder, formats=()).derivations]
    assert names == ["my-output-error", "own"]


def test_list_is_what_prove_lists():
    assert run("list", "bp2").output == run("prove", "bp2", "--list").output


# The terminal.


def test_an_encoding_without_signs_has_stand_ins():
    code = "import sys; from backproof.cli import run; run(['prove', 'bp3', '--format', 'json'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False,
                          env={**__import__("os").environ, "PYTHONIOENCODING": "ascii"})  # fmt: skip
    text = done.stdout.decode("ascii")
    assert "[ok]" in text
    assert "dC/db[l,j] = delta[l,j]" in text
    assert "?" not in text


def test_names_stay_on_a_narrow_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    from backproof import table

    file = io.StringIO()
    table.show(prove(["bp3"], formats=()), file)
    lines = file.getvalue().splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert "BP3: partial derivative with respect to" in lines
    assert any("kernel ✓ 70" in line for line in lines)


def test_json_is_an_object_on_exit_2(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.run(["prove", "bp9", "--json"])
    assert ended.value.code == 2
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "backproof.error/1"
    assert "did you mean" in found["error"]
    Draft202012Validator({"required": ["schema", "error", "exit"], "properties": {"exit": {"const": 2}}}).validate(
        found
    )


def test_every_stand_in_is_ascii():
    assert all(words.isascii() for words in streams.SIGNS.values())


# Two notations.


def test_statements_stand_in_two_notations(tmp_path):
    prove(["bp2-vector"], formats=("tex", "html", "md"), out=tmp_path, beside="ng")
    formula = r"\delta^{(l)} = ((w^{(l)})^{T} \delta^{(l+1)}) \mathbin{{\cdot}{\ast}} g'(z^{(l)})"
    for end in ("tex", "html", "md"):
        text = (tmp_path / f"backproof.{end}").read_text("utf-8")
        assert formula in text.replace("&#x27;", "'"), end
        assert "w^{(l-1)}_{jk}" in text
