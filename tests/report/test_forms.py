"""The same report in other forms: HTML, Markdown, a notebook, and LaTeX that goes into somebody's own document."""

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from html.parser import HTMLParser

import nbformat
import pytest
from nbclient import NotebookClient

from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.notation.profiles import NOTATIONS
from backproof.report import document, html, markdown, notebook, tex
from backproof.report.formula import Unknown, tree
from backproof.report.mathml import mathml
from backproof.report.spoken import spoken
from backproof.report.write import Front
from backproof.worked import example

CHAPTERS = ("forward", "bp1", "bp2", "bp3", "bp4")


@cache
def report(notation="nielsen", edition="full", names=CHAPTERS):
    """A report on some chapters, with an example in numbers."""
    row = NOTATIONS[notation]
    front = Front(edition=edition, example=example((2, 3, 1), row))
    return document.build([chapter(library_module(name)) for name in names], {}, row, front)


def formulas(latex):
    """All formulas of a LaTeX document."""
    body = re.sub(r"\\bpdrawing.*?\\end\{tikzpicture\}", "", latex.split(r"\begin{document}")[1], flags=re.DOTALL)
    return {*re.findall(r"\$([^$]+)\$", body), *re.findall(r"\\\[\s*(.*?)\s*\\\]", body, flags=re.DOTALL)}


# Formulas as trees.


@pytest.mark.parametrize("name", LIBRARY)
def test_every_formula_of_the_library_is_mathml_and_words(name):
    latex = tex.document(document.build([chapter(library_module(name))], {}))
    for formula in formulas(latex):
        assert ET.fromstring(mathml(formula)).tag == "math"
        assert not re.search(r"[\\{}$^_]", spoken(formula)), formula


@pytest.mark.parametrize(
    ("latex", "element"),
    [
        (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\sigma'(z)", "<msup><mi>σ</mi><mo>′</mo></msup>"),
        (r"\sum_{k=1}^{n} k", "<munderover>"),
        (r"u \odot v", "<mo>⊙</mo>"),
        (r"\mathbf{W}", "\U0001d416"),
        (r"a < b", "<mo>&lt;</mo>"),
    ],
)
def test_what_mathml_is_made_of(latex, element):
    assert element in mathml(latex)


def test_mathml_keeps_the_latex():
    formula = r"\delta^{l}_{j} < \frac{1}{2}"
    note = ET.fromstring(mathml(formula)).find("semantics/annotation")
    assert note.text == formula


@pytest.mark.parametrize("latex", [r"\input{x}", r"a \right)", r"{a", r"\frac{a}"])
def test_what_no_table_has_is_refused(latex):
    with pytest.raises(Unknown):
        tree(latex)


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\frac{\partial C}{\partial b}", "the derivative of C with respect to b"),
        (r"(w^{l+1})^{T}", "open bracket w super l plus 1 close bracket transposed"),
        ("2 < L", "2 less than L"),
    ],
)
def test_what_is_said(latex, words):
    assert spoken(latex) == words


# HTML.


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.targets, self.sources = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.targets += [given["href"]] if tag == "a" else []
        self.sources += [given[key] for key in ("src", "href") if key in given and tag != "a"]


@pytest.mark.parametrize("notation", ["nielsen", "ng", "rows"])
def test_every_link_in_html_leads_somewhere(notation):
    found = Links(html.document(report(notation)))
    assert len(found.ids) == len(set(found.ids))
    inside = {target[1:] for target in found.targets if target.startswith("#")}
    assert inside <= set(found.ids)
    assert {"thm:bp2-bp2", "def:z", "ev:thm:bp2-bp2"} <= inside


def test_html_needs_nothing_else():
    found = Links(html.document(report()))
    assert found.sources == ["data:,"]
    text = html.document(report())
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"<script[^>]+src|fetch\(|XMLHttpRequest", text)


def test_html_has_dark_and_light_and_proofs_that_fold():
    text = html.document(report())
    assert "prefers-color-scheme: dark" in text
    assert text.count('<details class="proof" open>') == sum(bool(s.steps) for s in report().statements)


def test_nothing_that_is_given_breaks_out_of_html(sample):
    nasty = '</title><script>alert(1)</script> & "quoted" $x<y$'
    text = html.document(
        document.build(sample.chapters(title=nasty, prose=nasty), {}, front=Front(nasty, nasty, nasty))
    )
    assert "<script>alert" not in text


def test_the_formulas_of_html_are_those_of_the_latex():
    """So what is read back from the one is read back from the other."""
    notes = {note.text for note in ET.fromstring(f"<r>{''.join(_maths())}</r>").iter("annotation")}
    for statement in report().statements:
        assert statement.formula.strip() in notes


def _maths():
    return re.findall(r"<math.*?</math>", html.document(report()), flags=re.DOTALL)


# Markdown and the notebook.


def test_markdown_has_every_statement_and_no_other_form():
    text = markdown.document(report())
    for statement in report().statements:
        assert f"**{statement.kind} {statement.number}**" in text
        assert " ".join(statement.formula.split()) in text
    assert "\\bp" not in text
    assert "<math" not in text


def test_the_notebook_runs_from_top_to_bottom_and_gives_what_is_printed():
    made = json.loads(notebook.document(report()))
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    code = ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]
    scope = {}
    for source in code:
        exec(source, scope)
    for line in report().example.lines:
        assert str(scope["np"].shape(scope[line.target])) == line.shape
    text = "".join("".join(cell["source"]) for cell in made["cells"])
    assert all(line.display in text for line in report().example.lines)


def test_jupyter_executes_the_notebook_and_its_numbers_are_those_of_the_report():
    made = nbformat.reads(notebook.document(report()), as_version=4)
    nbformat.validate(made)
    values = [f"print(repr({line.target}.tolist()))" for line in report().example.lines if line.shape != "()"]
    made.cells.append(nbformat.v4.new_code_cell("\n".join(values)))
    run = NotebookClient(made, timeout=120, kernel_name="python3").execute()
    printed = "".join(out["text"] for out in run.cells[-1].outputs)
    scope = {}
    for cell in made.cells[:-1]:
        if cell.cell_type == "code":
            exec(cell.source, scope)
    lines = (line for line in report().example.lines if line.shape != "()")
    assert printed.splitlines() == [repr(scope[line.target].tolist()) for line in lines]
    assert len(values) > 10


# LaTeX in a document of one's own: case C1.

DOCUMENTS = {
    "report": r"\documentclass{report}\usepackage{amsmath,amsthm}\usepackage{backproof}\begin{document}"
    r"\chapter{Backpropagation}\input{backproof}\end{document}",
    "article": r"\documentclass{article}\usepackage{backproof}\begin{document}\input{backproof}\end{document}",
    "book with theorems of its own": r"\documentclass{book}\usepackage{amsthm,tikz}\usepackage[colorlinks]{hyperref}"
    r"\newtheorem{theorem}{Satz}[chapter]\newtheorem{lemma}[theorem]{Hilfssatz}\usepackage{backproof}"
    r"\begin{document}\chapter{B}\input{backproof}\end{document}",
    "two columns": r"\documentclass[twocolumn]{article}\usepackage{amsthm}\usepackage{backproof}"
    r"\begin{document}\input{backproof}\end{document}",
    "beamer": r"\documentclass{beamer}\usepackage{tikz}\usepackage{backproof}"
    r"\begin{document}\input{backproof}\end{document}",
}
needs_pdflatex = pytest.mark.skipif(not (shutil.which("pdflatex") or os.environ.get("CI")), reason="no pdflatex")


@needs_pdflatex
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_fragment_goes_into_a_document_of_ones_own(name, tmp_path):
    (tmp_path / "backproof.sty").write_text(tex.package(), "utf-8")
    (tmp_path / "backproof.tex").write_text(tex.fragment(report(names=CHAPTERS)), "utf-8")
    (tmp_path / "thesis.tex").write_text(DOCUMENTS[name], "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "thesis.tex"]
    for _ in range(2):
        done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
        assert done.returncode == 0, done.stdout[-1500:]
    log = (tmp_path / "thesis.log").read_text("utf-8", errors="replace")
    assert not re.findall(r"^Overfull \\hbox.*", log, re.MULTILINE)
    if name.startswith("book"):  # its own environments are taken, and none is defined beside them
        subprocess.run(["pdftotext", "thesis.pdf"], cwd=tmp_path, check=True)
        printed = (tmp_path / "thesis.txt").read_text("utf-8")
        assert re.search(r"^Satz \d", printed, re.MULTILINE)
        assert not re.search(r"^Theorem \d", printed, re.MULTILINE)


def test_a_fragment_sets_no_page():
    text = tex.package() + tex.fragment(report())
    for command in (r"\documentclass", r"\geometry", r"\pagestyle", r"\textwidth", r"\begin{document}", r"\maketitle"):
        assert command not in text


# Editions.


def test_the_handout_has_no_evidence():
    handout = report(edition="handout")
    for text in (tex.document(handout), html.document(handout), markdown.document(handout)):
        assert "What was checked" not in text
        assert "ev:thm" not in text
    assert r"\section{What was checked, and how}" in tex.document(report())


def test_labels_do_not_change_with_the_folder():
    made = chapter(library_module("bp2"))
    from dataclasses import replace

    labels = {
        document.label(replace(made.derivations[0], chapter=f"backproof_user_a2_{crc}"))
        for crc in ("fd6ce706", "00000000")
    }
    assert labels == {"thm:a2-bp2"}
