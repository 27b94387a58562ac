"""The library as it is printed: a golden file for each chapter, and the whole report, which has to compile."""

import os
import re
import shutil
import subprocess
from functools import cache

import pypandoc
import pytest
import typst

from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.notation.profiles import NOTATIONS
from backproof.report import document, pdf, tex

# Where there is no TeX the compile test of the report is left to typst; in CI there has to be one.
needs_pdflatex = pytest.mark.skipif(not (shutil.which("pdflatex") or os.environ.get("CI")), reason="no pdflatex")


@cache
def printed(name):
    """A chapter of the library; each is derived once."""
    return chapter(library_module(name))


@cache
def whole(notation):
    """The report on the library, and its LaTeX; networks of one's own have their own letters in every notation."""
    chapters = [printed(name) for name in LIBRARY]
    shown = [c for c in chapters if notation == "nielsen" or any(d.net.depth is not None for d in c.derivations)]
    report = document.build(shown, {}, NOTATIONS[notation])
    return report, tex.document(report)


@pytest.mark.parametrize("name", LIBRARY)
def test_a_chapter_is_printed_as_before(name, golden):
    golden(f"{name}.tex", tex.document(document.build([printed(name)], {})))


@needs_pdflatex
@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_whole_report_compiles_without_a_warning_that_matters(notation, tmp_path):
    _, latex = whole(notation)
    (tmp_path / "report.tex").write_text(latex, "utf-8")
    for _ in range(3):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    log = (tmp_path / "report.log").read_text("utf-8", errors="replace")
    assert not re.findall(r"^(?:Overfull|LaTeX Warning|Package \w+ Warning).*", log, re.MULTILINE)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_nothing_in_the_whole_report_is_shrunk_by_typst(notation):
    assert pypandoc.get_pandoc_version()
    report, latex = whole(notation)
    markup = pdf.to_typst(latex).encode()
    assert typst.query({"main": markup, **report.figures}, "<shrunk>", field="value") == "[]"
