"""Documents: what is found in them as mathematics, and on which lines."""

from __future__ import annotations

import io
import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backproof.checks.documents import latex, load, markdown, notebook, plain
from backproof.checks.documents.macros import Macros
from backproof.errors import CannotRun

MARKDOWN = r"""---
title: Notes
backproof:
  notation: column
  letters: {sigma: f, weight: [v, w]}
  depth: 3
---
# Notes

Costs are $5 and $10. Let $a = b$, \(c = d\) and $`e = f`$.

<!-- E7 -->

$$
x = 1
$$

1. In a list \[y = 2\]

    $$ z = 3 \tag{BP1}$$

`$$code$$` and \$ and ``$`` and <!-- $$comment = 1$$ -->

```python
s = "$$ code = 1 $$"
```

~~~ math
u = 4
~~~

\begin{align*} v &= 5 \\
   &= 6 \end{align*} and \begin{alignat}{2} w &= 7 \label{eq:w}\end{alignat}

\\[ q = 8 \\]

$$C = 9, \qquad (1.3)$$
"""
DISPLAYED = [
    (15, "x = 1", "E7"), (18, "y = 2", "eq-2"), (20, r"z = 3 \tag{BP1}", "BP1"), (29, "u = 4", "eq-4"),
    (32, "v &= 5 \\\\\n   &= 6", "eq-5"), (33, r"w &= 7 \label{eq:w}", "eq:w"), (35, "q = 8", "eq-7"),
    (37, "C = 9,", "1.3"),
]  # fmt: skip


def shown(document):
    return [(f.line, f.text, f.label) for f in document.displayed]


def test_markdown():
    found = markdown.document("notes.md", MARKDOWN)
    assert shown(found) == DISPLAYED
    assert [f.text for f in found.formulas if not f.displayed] == ["a = b", "c = d", "e = f"]
    assert found.front == {"notation": "column", "letters": {"sigma": "f", "weight": ["v", "w"]}, "depth": 3}
    for f in found.formulas:
        assert f.text.split("\n")[0][:3] in found.text[slice(*f.span)]


LATEX = r"""% backproof: {notation: column, cost: quadratic}
\documentclass{article}
\newcommand{\dd}[2]{\frac{\partial #1}{\partial #2}}
\newcommand\W{W^{(l)}}
\DeclareMathOperator{\relu}{ReLU}
\newcommand{\never}{$$ a = b $$}
\begin{document}
Inline $x = y$ \% % $$ a = comment $$
\begin{equation}\label{eq:one}
  \dd{C}{\W} = \delta^{(l)}
\end{equation}
\begin{verbatim}
$$ no = 1 $$
\end{verbatim}
\verb|$$ no = 2 $$|
\iffalse $$ no = 3 $$ \fi
\begin{gather} p = 1 \\ q = 2 \end{gather}
\begin{eqnarray*}
r &=& 3
\end{eqnarray*}
\[ \relu = 4 \]
\end{document}
$$ behind = 5 $$
"""


def test_latex():
    found = latex.document("notes.tex", LATEX)
    assert shown(found) == [
        (9, r"\label{eq:one}" + "\n" + r"  \frac{\partial C}{\partial W^{(l)}} = \delta^{(l)}", "eq:one"),
        (17, r"p = 1 \\ q = 2", "eq-2"), (19, "r &=& 3", "eq-3"), (21, r"\operatorname{ReLU} = 4", "eq-4"),
    ]  # fmt: skip
    assert [f.text for f in found.formulas if not f.displayed] == ["x = y"]
    assert found.front == {"notation": "column", "cost": "quadratic"}


CELLS = [
    {
        "cell_type": "markdown",
        "source": ["---\n", "backproof: {notation: column}\n", "---\n", "$$a = 1$$\n", "\n", "$$b = 2$$"],
    },
    {"cell_type": "code", "source": ["$$c = 3$$"], "outputs": []},
    {"cell_type": "markdown", "source": "text\n$$d = 4$$ ```"},
    {"cell_type": "markdown", "source": ["$$e = 5$$"]},
]  # fmt: skip


def test_a_notebook_has_the_lines_of_its_file():
    text = json.dumps({"cells": CELLS, "nbformat": 4}, indent=1, ensure_ascii=False)
    found = notebook.document("notes.ipynb", text)
    assert [f.text for f in found.formulas] == ["a = 1", "b = 2", "d = 4", "e = 5"]
    lines = text.split("\n")
    assert all(f.text in lines[f.line - 1] for f in found.formulas)
    assert all(found.text[slice(*f.span)] == f"$${f.text}$$" for f in found.formulas)
    assert found.front == {"notation": "column"}


def test_plain_text_has_formulas_on_lines_of_their_own():
    text = "The error\n\n  δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)\n(2) dW = X.T @ dZ / m\nwhere we = you.\nsizes = [2]\n"
    assert shown(plain.document("notes.txt", text)) == [
        (3, "δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)", "eq-1"),
        (4, "dW = X.T @ dZ / m", "eq-2"),
    ]
    assert shown(plain.document("notes.txt", "x = 1\n$$y = 2$$")) == [(2, "y = 2", "eq-1")]


def test_an_array_of_one_column_is_lines():
    found = markdown.document("x.md", r"$$\begin{array}{l} {a = b} \\ {c = d} \end{array}$$")
    assert [" ".join(f.text.split()) for f in found.formulas] == [r"a = b \\ c = d"]
    [matrix] = markdown.document("x.md", r"$$ x = \begin{array}{l} a \\ b \end{array}$$").formulas
    assert matrix.text == r"x = \begin{array}{l} a \\ b \end{array}"


def test_what_is_not_closed_is_said():
    found = markdown.document("x.md", "$$ a = b\n\nwords\n\n\\[ c = d")
    assert [(f.line, f.flaw) for f in found.formulas] == [(1, "$$ is not closed"), (5, "\\[ is not closed")]


MACROS = Macros.of(
    r"\newcommand{\a}{\b\b}\newcommand{\b}{\c\c}\newcommand{\c}{c}\def\loop{\loop x}\newcommand{\two}[2]{#2#1#9}"
    r"\def\pair#1#2{(#1, #2)}"
)


@pytest.mark.parametrize(
    ("text", "comes_to"),
    [
        (r"\a", "cccc"), (r"\two{x}y", "yx"), (r"\pair xy", "(x, y)"), (r"\two", ""), (r"\abc \d", r"\abc \d"),
        (r"\loop", None), (r"\\a", r"\\a"), (r"\cx", r"\cx"), (r"\c x", "c x"),
    ],
)  # fmt: skip
def test_commands_stand_for_text(text, comes_to):
    assert MACROS.expand(text) == comes_to


def test_commands_within_commands_come_to_an_end():
    letters = "abcdefghijklmnopqrstu"
    doubled = Macros.of("".join(rf"\newcommand{{\{a}}}{{\{b}\{b}}}" for a, b in pairwise(letters)))
    assert doubled.expand(r"\a") is None
    [f] = markdown.document("x.md", r"$$\newcommand{\x}{\x\x}$$ and $$\x = 1$$").formulas
    assert "commands" in f.flaw


# Hostile documents.


@pytest.fixture
def at(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.md", "a\n\0", "null character in line 2"), ("a.md", b"a\n\xff", "not in UTF-8 (line 2, byte 0xff)"),
        ("a.md", b" " * 10_000_000, "more than 4 MB"),
        ("a.ipynb", "[", "no notebook"), ("a.ipynb", "{}", "no notebook"),
        ("a.ipynb", "[" * 100_000, "no notebook"), ("a.ipynb", '{"cells": [{"cell_type": "markdown"}]}', "no notebook"),
        ("a.ipynb", '{"cells": [{"cell_type": "markdown", "source": [1]}]}', "no notebook"),
        ("a.ipynb", '{"cells": [3]}', "no notebook"), ("a.pdf", "", "its name has to end in"),
        ("a.md", "$$a$$" * 10_000, "more than 5,000 formulas"),
        ("a.md", "---\nbackproof: [1]\n---\n", "stands for fields"),
        ("a.md", "---\nbackproof: {\n---\n", "cannot be read"),
        ("a.md", "---\nbackproof: {depth: 2024-99-99}\n---\n", "cannot be read"),
        ("a.md", "---\nbackproof: {depth: 1.5}\n---\n", "neither text nor a number"),
        ("a.md", f"---\nbackproof: {'[' * 5000}\n---\n", "cannot be read"),
        ("a.md", "---\nbackproof: !!python/object/apply:os.system ['false']\n---\n", "cannot be read"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_cannot_be_read_is_said(at, name, content, why):
    with pytest.raises(CannotRun) as said:
        load(at(name, content))
    assert why in str(said.value)


def test_a_folder_a_missing_file_and_a_device_are_said(tmp_path):
    (tmp_path / "a.md").mkdir()
    for target in (str(tmp_path / "a.md"), str(tmp_path / "b.md"), "a\0.md"):
        with pytest.raises(CannotRun):
            load(target)


HOSTILE = {
    "a long line": "a" * 1_000_000, "dollars": "$" * 300_000, "amounts": "$a " * 100_000, "openings": r"\( " * 100_000,
    "ticks": "".join("`" * k + " " for k in range(1, 700)), "fences": "```\n" * 50_000, "quotes": " \t>" * 100_000,
    "comments": "<!-- " * 50_000, "backslashes": "\\" * 300_000, "lines": "\n" * 300_000,
    "commands": r"\newcommand{\a}{" * 20_000, "verbatim": r"\verb|" * 50_000, "rules": "---\n" * 50_000,
    "spaces": f"$$x{' ' * 300_000}$$", "braces": f"$${'{' * 10_000}x{'}' * 10_000}$$",
    "arrays": "$$" + r"\begin{array}{l}" * 10_000 + "$$", "numbers": "$$x" + r"\quad (1)" * 10_000 + "$$",
}  # fmt: skip


@pytest.mark.parametrize("kind", [markdown.document, latex.document, plain.document], ids=lambda kind: kind.__module__)
@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_in_proportion(kind, name):
    start = time.process_time()
    kind("x", HOSTILE[name])
    assert time.process_time() - start < 5


def test_aliases_in_front_matter_do_not_grow(at):
    levels = "\n".join(f"{a}: &{a} [{','.join([f'*{b}'] * 9)}]" for a, b in zip("bcdefgh", "abcdefg", strict=True))
    with pytest.raises(CannotRun, match="neither text nor a number"):
        load(at("a.md", f"---\na: &a [x, x]\n{levels}\nbackproof: {{letters: *h}}\n---\n"))


def test_standard_input_is_what_it_looks_like(monkeypatch):
    for text, lines in ((LATEX, 4), (MARKDOWN, 8), (json.dumps({"cells": CELLS}), 4), ("δ^l = 1", 1)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert len(load("-").displayed) == lines


PIECES = [
    "$", "$$", "`", "```", "\n", "\n\n", "\\[", "\\]", "\\(", "\\)", "\\begin{align}", "\\end{align}", "{", "}", "a",
    "=", "\\", "<!--", "-->", "%", "---\n", "backproof:", "\\newcommand", "{\\x}", "\\x", "#1", "[1]", "&", "\\\\",
    "\\verb|", "|", "\\begin{array}{l}", "\\end{array}", "\\quad (1)", "δ", " ",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_a_document_or_is_refused_in_words(text):
    for kind in (markdown.document, latex.document, plain.document):
        try:
            found = kind("x", text)
        except CannotRun:
            continue
        ends = [place for f in found.formulas for place in f.span]
        assert ends == sorted(ends)
        assert all(1 <= f.line <= text.count("\n") + 1 for f in found.formulas)
        assert all(f.text for f in found.formulas)


def test_the_path_may_be_any(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("notes.MD").write_text("$$x = 1$$\r\n\r\n$$y = 2$$", encoding="utf-8-sig")
    assert shown(load("notes.MD")) == [(1, "x = 1", "eq-1"), (3, "y = 2", "eq-2")]
