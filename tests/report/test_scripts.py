"""Text in any language comes out as written, or what is missing is named: cases C3 and C3r."""

import pytest

from backproof.derive.registry import chapter, library_module
from backproof.errors import CannotRun
from backproof.report import document, html, markdown, pdf, scripts, tex
from backproof.report.write import Front

TITLES = ("反向传播的证明", "Обратное распространение", "ελληνικά λέξη", "naïve ğ ı Ł €5 ½ ∞")


def report(title):
    return document.build([chapter(library_module("bp3"))], {}, front=Front(title))


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_in_every_form_as_it_is_written(title):
    made = report(title)
    for text in (html.document(made), markdown.document(made)):
        assert title in text
    latex = tex.document(made)
    assert "(U+" not in latex
    assert all(word in latex for word in title.replace("∞", "").split())


@pytest.mark.parametrize(
    ("latex", "marked"),
    [
        ("of 反向 and 传播", r"of \bpcjk{反向} and \bpcjk{传播}"),
        ("Обратное слово, и", r"\bpcyrillic{Обратное слово}, \bpcyrillic{и}"),
        ("plain, naïve", "plain, naïve"),
    ],
)
def test_runs_of_a_script_are_marked(latex, marked):
    assert scripts.marked(latex) == marked


def test_latin_text_needs_no_other_font():
    assert not scripts.found(tex.document(report("naïve ğ ı Ł €5 ½ ∞")))
    assert r"\IfFontExistsTF" not in tex.document(report("Latin"))
    assert r"\IfFontExistsTF{Noto Serif CJK SC}" in tex.document(report("反向传播"))


@pytest.mark.parametrize(
    ("title", "engine", "message"),
    [
        ("反向传播", "typst", "install fonts-noto-cjk"),
        ("反向传播", "xelatex", "install fonts-noto-cjk"),
        ("反向传播", "pdflatex", "install texlive-lang-chinese"),
        ("слово", "lualatex", "install fonts-dejavu-core"),
        ("слово", "pdflatex", "install texlive-lang-cyrillic"),
        ("λόγος", "pdflatex", "install texlive-lang-greek"),
        ("مرحبا", "typst", r"no font is known for 'ا' \(U\+0627\)"),
    ],
)
def test_what_is_missing_is_named(title, engine, message, tmp_path, monkeypatch):
    monkeypatch.setattr(scripts, "_families", frozenset)
    monkeypatch.setattr(scripts, "_has", lambda _: False)
    with pytest.raises(CannotRun, match=message):
        pdf.write(tex.document(report(title)), tmp_path / "x.pdf", engine)


@pytest.mark.parametrize("title", TITLES)
def test_typst_sets_it_where_there_is_a_font(title, tmp_path):
    made = report(title)
    latex = tex.document(made)
    if not all(script.typst or scripts.installed(script.fonts) for script in scripts.found(latex)):
        with pytest.raises(CannotRun, match="install fonts-noto-cjk"):
            pdf.write(latex, tmp_path / "x.pdf", figures=made.figures)
        return
    pdf.write(latex, tmp_path / "x.pdf", figures=made.figures)
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
