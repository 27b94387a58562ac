"""LaTeX to PDF, with every engine that is there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typst

from backproof.report import pdf, tex
from backproof.report.tex import Tex, row

needs_pdflatex = pytest.mark.skipif(not (shutil.which("pdflatex") or os.environ.get("CI")), reason="no pdflatex")


@pytest.fixture(scope="module")
def report(sample):
    return sample.report(title=sample.NASTY, prose=sample.NASTY)


@pytest.fixture(scope="module")
def latex(report):
    return tex.document(report)


def test_typst(report, latex, tmp_path):
    for name in ("one.pdf", "two.pdf"):
        pdf.write(latex, tmp_path / name, figures=report.figures)
    first = (tmp_path / "one.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    assert first == (tmp_path / "two.pdf").read_bytes()


def test_no_formula_is_shrunk(latex, report):
    """Typst marks what had to be made smaller; nothing in a report of ours should be."""
    markup = pdf.to_typst(latex).encode()
    assert typst.query({"main": markup, **report.figures}, "<shrunk>", field="value") == "[]"


def test_typst_knows_the_signs(latex):
    markup = pdf.to_typst(latex)
    assert "dot.o" in markup
    assert ".circle" not in markup
    assert 'class("binary", class("normal", dot.op) class("normal", ast.op))' in pdf.to_typst(
        r"\begin{document}$u \mathbin{{\cdot}{\ast}} v$\end{document}"
    )


def test_a_cell_may_begin_with_a_digit():
    """Pandoc drops the digit, unless something stands before it."""
    cells = [*map(Tex, ("$a$", "1 if so", "2 else")), "3 and"]
    table = r"\begin{longtable}{@{}p{0.2\linewidth}>{\raggedright\arraybackslash}p{0.3\linewidth}rr@{}}" + row(*cells)
    markup = pdf.to_typst(rf"\begin{{document}}{table}\end{{longtable}}\end{{document}}")
    assert all(f"[{cell}]" in markup for cell in ("1 if so", "2 else", "3 and"))


def test_the_cells_of_the_legend_may(latex):
    assert "[1 if the indices are equal, else 0]" in pdf.to_typst(latex)


@pytest.fixture(scope="module")
def western(sample):
    """Without Chinese, which pdflatex needs a package for."""
    return sample.latex(nasty=sample.NASTY.replace("反", ""))


@needs_pdflatex
def test_pdflatex_without_a_warning_that_matters(western, tmp_path):
    (tmp_path / "report.tex").write_text(western, "utf-8")
    for _ in range(3):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    log = (tmp_path / "report.log").read_text("utf-8", errors="replace")
    assert not re.findall(r"^(?:Overfull|Underfull|LaTeX Warning|Package \w+ Warning).*", log, re.MULTILINE)


@needs_pdflatex
def test_the_pdf_of_pdflatex_is_the_same_every_time(western, tmp_path):
    for name in ("one.pdf", "two.pdf"):
        pdf.write(western, tmp_path / name, "pdflatex")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


@needs_pdflatex
def test_what_tex_complains_about_is_told(tmp_path):
    with pytest.raises(RuntimeError, match="Undefined control sequence"):
        pdf.write(r"\documentclass{article}\begin{document}\nosuchthing\end{document}", tmp_path / "x.pdf", "pdflatex")


def test_an_engine_that_is_missing_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for engine in ("latexmk", "tectonic"):
        with pytest.raises(pdf.Missing, match=rf"{engine} is not installed.*pip install 'backproof\[pdf\]'"):
            pdf.write("", tmp_path / "x.pdf", engine)


def test_the_extra_that_is_missing_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(pdf.Missing, match=r"pip install 'backproof\[pdf\]'"):
        pdf.write("", tmp_path / "x.pdf")


def test_an_unknown_engine_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there are typst, latexmk, tectonic, pdflatex"):
        pdf.write("", tmp_path / "x.pdf", "word")


def test_no_engine_runs_with_shell_escape():
    source = Path(pdf.__file__).read_text("utf-8")
    assert "-no-shell-escape" in source
    assert "-shell-escape" not in source.replace("-no-shell-escape", "")
