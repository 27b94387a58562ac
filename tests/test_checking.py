"""The verb ``check`` for documents: what is printed, what is written, when it ends with which code."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from backproof import annotating, checking, cli, verdicts
from backproof.checks import workers
from backproof.errors import CannotRun

SCHEMA = json.loads((Path(checking.__file__).parent / "schemas/check.schema.json").read_text(encoding="utf-8"))
NOTES = r"""---
backproof: {notation: column, cost: quadratic}
---
# Notes <b>on</b> backpropagation

<!-- E1 -->
$$
\delta^{(l)} = \left((W^{(l+1)})^T\delta^{(l+1)}\right)\odot\sigma'(z^{(l)})
$$

\begin{align}
\delta^{(L)} &= \nabla_a C \odot \sigma'(z^{(L)}) \\
  &= a^{(L)} - y
\end{align}

$$ \xi^{(l)} = \zeta^{(l)} + 1 $$ and $b^{(l)} = 0$.
"""


MORE = "<script>alert(1)</script> <img src=x> $$ <script>x = 1</script> $$"


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("notes.md").write_text(NOTES, encoding="utf-8")


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    path = tmp_path_factory.mktemp("notes") / "notes.md"
    path.write_text(NOTES + MORE, encoding="utf-8")
    [found] = checking.check([str(path)], jobs=1, inline=True)
    return found


def run(*arguments, **more):
    return CliRunner().invoke(cli.main, ["check", *arguments], **more)


def test_the_json_is_as_the_schema_says(checked):
    found = checked.to_json()
    Draft202012Validator(SCHEMA).validate(found)
    assert [(c["id"], c["line"], c["step"], c["verdict"]) for c in found["claims"]] == [
        ("E1", 8, None, "proved"), ("eq-2", 12, 1, "proved"), ("eq-2", 13, 2, "refuted"), ("eq-3", 16, None, "unknown"),
        ("", 16, None, "refuted"), ("eq-4", 17, None, "malformed"),
    ]  # fmt: skip
    assert found["assumed"]["cost"] == "quadratic"
    assert found["summary"] == {"proved": 2, "refuted": 2, "malformed": 1, "unknown": 1}
    wrong = found["claims"][2]
    assert wrong["counterexample"]["lhs"] != wrong["counterexample"]["rhs"]
    assert wrong["mistake"] == "missing-sigma-prime"
    assert not checked.ok


def test_the_table_has_a_line_for_each_claim(checked):
    file = io.StringIO()
    verdicts.show([checked], file)
    shown = file.getvalue()
    assert re.findall(r"^ +(\d+)  (\S) (\w+)", shown, re.MULTILINE) == [
        ("8", "✓", "proved"), ("12", "✓", "proved"), ("13", "✗", "refuted"), ("16", "?", "unknown"),
        ("16", "✗", "refuted"), ("17", "✗", "malformed"),
    ]  # fmt: skip
    assert "network dense, notation column, cost quadratic, any hidden/output" in " ".join(shown.split())
    assert shown.endswith("2 proved, 2 refuted, 1 malformed, 1 unknown\n")
    assert "likely slip: missing-sigma-prime" in shown
    assert max(map(len, shown.split("\n")[2:])) <= 80


def test_it_ends_with_1_where_something_is_wrong_and_prints_nothing_but_json():
    done = run("notes.md", "--json", "--annotate", "copy.html")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["summary"] == {"proved": 2, "refuted": 1, "unknown": 1}
    assert "✗ refuted" in done.stderr
    assert Path("copy.html").is_file()


def test_what_the_caller_says_counts_more_than_the_document():
    Path("cost.md").write_text("---\nbackproof: {cost: quadratic}\n---\n$$δ^L = a^L - y$$", encoding="utf-8")
    assert run("cost.md").exit_code == 1
    assert run("cost.md", "--cost", "cross-entropy", "--hidden", "sigmoid", "--output", "sigmoid").exit_code == 0


def test_letters_are_taken():
    Path("letters.md").write_text(r"$$\zeta^l a^{l-1} + b^l = z^l$$", encoding="utf-8")
    assert json.loads(run("letters.md", "--json").stdout)["summary"] == {"unknown": 1}
    assert json.loads(run("letters.md", "--letters", r"weight=\zeta", "--json").stdout)["summary"] == {"proved": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["none.md"], 2, "there is no such file"),
        (["notes.pdf"], 2, "its name has to end in"),
        (["notes.md", "--notation", "nonsense"], 2, "nonsense"),
        (["notes.md", "--cost", "nonsense"], 2, "nonsense"),
        (["notes.md", "--network", "nonsense"], 2, "said of dense networks"),
        (["-", "--network", "nonsense"], 2, "no network 'nonsense'"),
        (["notes.md", "--network", "recurrent", "--cost", "quadratic"], 2, "said of dense networks"),
        (["notes.md", "--annotate", "notes.md"], 2, "would replace the document"),
        (["notes.md", "--annotate", "notes.pdf"], 2, "Markdown or HTML"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_run_is_said(arguments, code, says):
    done = run(*arguments)
    assert done.exit_code == code
    assert says in done.stderr
    assert not done.stdout


def test_standard_input_and_a_text_without_equations():
    done = run("-", input="Nothing here.")
    assert (done.exit_code, done.stdout.split("\n")[-2]) == (0, "no displayed equations")
    assert run("-", input="δ^l = δ^l").exit_code == 0


def test_several_documents_are_one_object():
    Path("other.txt").write_text("δ^l = δ^l\n", encoding="utf-8")
    found = json.loads(run("notes.md", "other.txt", "--json").stdout)
    assert [document["target"] for document in found["documents"]] == ["notes.md", "other.txt"]
    for document in found["documents"]:
        Draft202012Validator(SCHEMA).validate(document)


def test_a_network_of_the_library_is_named():
    Path("lib.md").write_text(
        "---\nbackproof: {network: recurrent}\n---\n"
        r"$$\frac{\partial C}{\partial V_{mi}} = \sum_{t=1}^{T} \frac{\partial C}{\partial y_{t,m}} h_{t,i}$$ "
        r"$$\frac{\partial C}{\partial V_{mi}} = \sum_{t=1}^{T} \frac{\partial C}{\partial y_{t,m}} h_{t-1,i}$$",
        encoding="utf-8",
    )
    right, wrong = json.loads(run("lib.md", "--json").stdout)["claims"]
    assert right["verdict"] in ("proved", "verified")
    assert wrong["verdict"] == "refuted"


# Copies with verdicts.


def test_a_copy_in_markdown_is_the_text_with_verdicts(checked):
    copy = annotating.as_markdown(checked)
    kept = [line for line in copy.split("\n") if not line.startswith(">") and line.strip()]
    assert "".join("".join(kept).split()) == "".join((NOTES + MORE).split())
    assert [line.split("**")[1] for line in copy.split("\n") if "**" in line] == [
        claim.verdict for claim in checked.claims
    ]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_a_copy_in_html_needs_nothing_else_and_runs_nothing(checked):
    page = Tags()
    page.feed(annotating.as_html(checked))
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "pre", "div", "span"
    }  # fmt: skip
    assert not [attrs for _, attrs in page.tags if {"src", "href", "onclick"} & attrs.keys()]
    assert "<script>alert(1)</script>" in "".join(page.text)
    classes = [attrs["class"] for _, attrs in page.tags if attrs.get("class", "").startswith("formula")]
    assert classes == [f"formula {kind}" for kind in ("proved", "refuted", "unknown", "refuted", "malformed")]


# Limits.


def work(*formulas):
    return workers.Work({}, formulas, 0.5)


def test_what_takes_too_long_is_unknown_and_the_next_claim_is_judged(monkeypatch):
    slow = "import time, sys; sys.stdin.readline(); sys.stdin.readline(); time.sleep(60)"
    calls = []

    def start(command, **more):
        calls.append(command)
        return popen([sys.executable, "-c", slow] if len(calls) == 1 else command, **more)

    popen = subprocess.Popen
    monkeypatch.setattr(workers.subprocess, "Popen", start)
    monkeypatch.setattr(workers, "START", 0)
    first = next(workers.judged(work("δ^l = δ^l"), [0], 1, lambda _: None))
    assert first == "took longer than 0.5 s"
    monkeypatch.setattr(workers, "START", 60)
    [rows] = workers.judged(replace(work("δ^l = δ^l"), seconds=60), [0], 1, lambda _: None)
    assert [row["verdict"] for row in rows] == ["proved"]


def test_a_process_that_ends_says_nothing(monkeypatch):
    popen = subprocess.Popen
    monkeypatch.setattr(workers.subprocess, "Popen", lambda _, **more: popen([sys.executable, "-c", ""], **more))
    found = list(workers.judged(work("a = b", "c = d"), [0, 1], 2, lambda _: None))
    assert found == ["the process that judged it ended"] * 2


HOSTILE = (
    "$$" + "{" * 10_000 + "x" + "}" * 10_000 + "$$", f"$$x = {'1 + ' * 100_000}1$$", r"$$x = \input{/etc/passwd}$$",
    r"$$\immediate\write18{touch made} = 1$$", r"$$\newcommand{\x}{\x\x}$$ $$\x = 1$$",
    "$$" + r"\frac{1}{" * 300 + "1" + "}" * 300 + "$$", "$$2^{2^{2^{2^{99999}}}} = 1$$",
    "$$" + r"\sum_j " * 200 + "a^l_j = 0$$", "$$" + "(" * 49 + r"\delta^l_j" + ")^{20}" * 49 + " = 0$$",
    "$$ x = 1\n\n\\[ y",
)  # fmt: skip


def test_hostile_formulas_get_a_verdict_and_nothing_is_run():
    Path("hostile.md").write_text("\n\n".join(HOSTILE), encoding="utf-8")
    found = json.loads(run("hostile.md", "--timeout", "10", "--json").stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert len(found["claims"]) >= len(HOSTILE)
    assert set(found["summary"]) <= {"unknown", "malformed"}
    assert not Path("made").exists()


def test_what_cannot_be_read_is_said_in_python(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x")))
    with pytest.raises(CannotRun):
        checking.check(["-"], network="nonsense")
