"""The report as data and as LaTeX."""

import dataclasses
import re

import pytest

from backproof.derive.derivation import Chapter
from backproof.derive.slip import Slip
from backproof.notation import profiles
from backproof.report import document, evidence, measure, tex
from backproof.report.tex import Tex, environment
from backproof.surface.terms import Dot, delta, w
from backproof.targets import library


def test_what_is_printed_is_the_theorem_of_a_line(sample):
    report = sample.report()
    [first, *_] = report.sections[0].statements
    assert [step.formula for step in first.steps] == [
        r"\frac{\partial}{\partial b^{l}_{k}}\left(\sum_{k=1}^{n_{l-1}} w^{l}_{jk} a^{l-1}_{k} + b^{l}_{j}\right)",
        r"[j=k] + \sum_{k'=1}^{n_{l-1}} 0",
        "[j=k]",
    ]
    assert first.left == r"\frac{\partial z^{l}_{j}}{\partial b^{l}_{k}}"
    assert tex.words(first.hypotheses) == r"For $2 \le l \le L$ and $1 \le j \le n_{l}$,"
    assert tex.words(first.steps[1].reason) == "differentiate: $w$ does not depend on $b^{l}_{k}$"


def test_lines_that_do_not_compose_are_refused(sample):
    made = sample.bias()
    torn = dataclasses.replace(made, lines=made.lines[::2])
    with pytest.raises(ValueError, match="is not what the line before ends with"):
        document.build([Chapter("x", "X", "", "", (torn,))], {})


def test_wide_lines_are_broken_before_a_sign(sample):
    wide = sample.report().sections[0].statements[1]
    assert wide.left_more
    assert all(piece.startswith("{}+") for piece in (*wide.left_more, *wide.steps[0].more))
    assert wide.formula.startswith(r"\begin{aligned}")


def test_a_derivation_may_have_a_notation_of_its_own(sample):
    first, other = sample.report().sections
    assert r"w^{(2)}" in first.statements[2].formula
    [convention] = [statement.notation for statement in other.statements]
    assert convention.title.plain == "Ng, Machine Learning"
    assert tex.words(convention.legend[0].symbol) == "$w^{(l)}_{jk}$"
    assert not document.build(sample.chapters()[1:], {}, profiles.NG).sections[0].statements[0].notation


def test_the_legend_of_a_notation_stands_before_its_first_theorem(sample):
    made = sample.chapters()[0].derivations
    chapter = Chapter("mixed", "Mixed", "", "", (made[0], sample.bias("ng", name="second"), sample.bias(name="third")))
    [section] = document.build([chapter], {}).sections
    assert [bool(statement.notation and statement.notation.legend) for statement in section.statements] == [0, 1, 0]
    latex = tex.document(document.build([chapter], {}))
    parts = (r"\label{thm:sample-bias}", "Notation from here on:} Ng", r"\label{thm:sample-second}", "again Nielsen")
    places = [latex.index(part) for part in parts]
    assert places == sorted(places)


def test_small_arrays_are_written_out(sample):
    statements = sample.report().sections[0].statements
    assert r"\begin{bmatrix} \delta^{(3)}_{1} \\ \delta^{(3)}_{2} \end{bmatrix}" in statements[2].in_full
    assert not statements[0].in_full


def test_another_network_is_said_to_be_one(sample):
    statements = sample.report().sections[0].statements
    assert [bool(statement.network) for statement in statements] == [False, False, True]
    assert "(S_{1}, S_{2}, S_{3}) = (2, 3, 2)" in statements[2].network.equations


def test_evidence_in_words_and_cells(sample):
    found = sample.EVIDENCE["bias"]
    assert tex.words(evidence.evidence_line(found)) == (
        "kernel: 4 rules applied, replayed; exact: holds in 12 random networks modulo a prime, error below $2^{-121}$; "
        r"brute force: 31 partial derivatives of 1 network compared; complex step: relative error at most "
        r"$3\times 10^{-16}$"
    )
    assert tex.words(evidence.evidence_line(sample.EVIDENCE["wide"])) == r"\textbf{exact fails}: 7 is not 5\_0"
    assert [*map(tex.words, evidence.cells(found, ("exact", "coq")))] == ["$2^{-121}$", "--"]


def test_a_slip_is_printed_from_terms(sample):
    right = sample.in_numbers()
    slip = Slip("A slip", "notes on $x_1$", delta[2], Dot(w[3], delta[3]), right, "Why: 50%.")
    found = {"widths": [2, 3, 2], "indices": {"j": 1}, "lhs": "7", "rhs": "5"}
    made = document.erratum(slip, found)
    assert made.printed.startswith(r"\begin{bmatrix} \delta^{(2)}_{1}")
    assert made.counterexample == "widths 2, 3, 2, $j=1$: the left-hand side is $7$, the right-hand side $5$."
    report = document.build([], {}, errata=[made])
    assert tex.words(report.errata[0]["note"]) == r"Why: 50\%."


@pytest.mark.parametrize(
    ("number", "printed"),
    [(3.2e-16, r"$3\times 10^{-16}$"), (9.99e-16, "$10^{-15}$"), (0.0, "$0$"), (0.02, r"$2\times 10^{-2}$")],
)
def test_powers_of_ten(number, printed):
    assert evidence.power_of_ten(number) == printed


def test_nothing_that_is_given_breaks_out(sample):
    latex = sample.latex(title=sample.NASTY, prose=sample.NASTY)
    assert r"\input" not in latex.replace(r"\textbackslash{}input", "").replace(r"\usepackage[utf8]{inputenc}", "")
    assert latex.count(r"\end{document}") == 1
    assert "((( title )))" in latex  # printed, not filled in again


def test_templates_escape_what_is_not_latex_and_know_all_names():
    template = environment().from_string("((( a ))) ((( b )))")
    assert template.render(a="50%", b=Tex("$x$")) == r"50\% $x$"
    with pytest.raises(Exception, match="'b' is undefined"):
        template.render(a="")


def test_the_document_is_the_same_every_time(sample):
    assert tex.document(sample.report()) == tex.document(sample.report())


def test_an_erratum_has_to_be_mathematics(sample):
    wrong = dataclasses.replace(sample.ERRATUM, printed=r"\input{x}")
    with pytest.raises(ValueError, match="not a formula"):
        document.build([], {}, errata=[wrong])


@pytest.mark.parametrize(
    ("latex", "low", "high"),
    [
        ("a", 0.4, 0.7),
        (r"\frac{\partial C}{\partial z^{l}_{j}}", 1.2, 2.6),
        (r"a^{l-1}_{k}", 1.2, 2.4),
        ("a+b=c", 3, 5),
    ],
)
def test_widths_are_about_right(latex, low, high):
    assert low < measure.width(latex) < high


def test_a_matrix_is_as_wide_as_its_widest_row():
    one, two = (measure.width(rf"\begin{{bmatrix}} {row} \\ a \end{{bmatrix}}") for row in ("a & b", "a & b & c"))
    assert 1.2 < two - one < 2.0


def test_lines_are_filled():
    terms = ["aaaa", "{}+ bbbb", "{}+ cccc"]
    assert measure.broken(terms, 8.0) == ["aaaa + bbbb", "{}+ cccc"]
    assert measure.broken(terms, 1.0) == terms


def test_what_belongs_together_is_kept_together(sample):
    latex = tex.document(sample.report())
    assert re.search(r"\\item \\bplead\{.*It amounts to\}\n\\\[", latex)
    assert r"\bplead{Some" not in latex  # of a chapter: it does not introduce a theorem
    assert latex.count("\\bptogether\n\\bpstep{") == latex.count(r"\begin{proof}")


def test_what_was_refused_is_in_the_report(sample):
    found = {
        "file": "mine_1.py", "at": 12, "name": "mine", "line": 2, "because": "50%", "before": {"latex": "a"},
        "claim": {"latex": "-b"}, "instead": None, "reason": "not equal.", "note": None,
        "counterexample": {"widths": [2, 3], "indices": {"j": 1}, "lhs": "7", "rhs": "5"},
    }  # fmt: skip
    latex = tex.document(document.build(sample.chapters(), sample.EVIDENCE, refused=[found]))
    for part in (
        r"\section{Refused}",
        r"mine\_1.py:12: line 2 of mine",
        "{-b}",
        r"50\%",
        "not equal.\n",
        "side is $7$",
    ):
        assert part in latex
    assert r"\section{Refused}" not in tex.document(sample.report())


def test_what_is_given_and_what_is_known_of_it_is_printed_and_no_other_network():
    chapter = library("layer_norm").chapter
    report = document.build([chapter], {})
    assert report.setting == report.legend == ()
    network = report.sections[0].statements[0].network
    assert tex.words(network.words).endswith(r"with $x_{ti}$, $\gamma_{i}$, $\beta_{i}$ and $\varepsilon > 0$ given,")
    assert network.equations[0] == r"\mu_{t} = \frac{1}{N} \sum_{i=1}^{N} x_{ti}"
