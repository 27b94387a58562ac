"""The LaTeX backend: every line is a theorem, in either layout, and every document compiles without a warning."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from backproof.activations.activation import activations
from backproof.codegen.backends import latex as target
from backproof.codegen.program import Spec, compile_program
from backproof.notation.latex import equation
from backproof.notation.profiles import NIELSEN, for_network
from backproof.surface.terms import Hadamard

from .cases import ENDS, HIDDEN, spec

needs_pdflatex = pytest.mark.skipif(not (shutil.which("pdflatex") or os.environ.get("CI")), reason="no pdflatex")
VERIFIED = [
    "the equations are theorems: 634 steps replayed by the kernel",
    "all 23,860 partial derivatives agree; a wrong one would pass with a probability below 2^-107; units at z = ±800",
]
LINE = re.compile(r"^\\algorithmline\{(.*)\}\{(?:\((BP[1-4])\))?\}$", re.MULTILINE)
LONG = (
    "(1+0.123456789012345678*z+2*z**3+7*z**5*exp(z)*log(1+z**2))"
    "/(1+exp(-z)+z**2*exp(-2*z**2+z)+z**4*exp(z/3)+12345678901234567890123456789*z**4)"
)
NESTED = "z" + "*exp(-(z" * 9 + ")**2)" * 9


def several(sizes, texts, cost, **options):
    return Spec(sizes, activations(texts, len(sizes) - 1), cost, **options)


SPECS = {
    "table": several((9, 8, 7, 6, 5, 4, 3, 2), [*HIDDEN[:6], "softmax"], "log-likelihood"),
    "rows": several((784, 30, 20, 10), ["gelu", "tanh", "softmax"], "quadratic", layout="rows", reduction="sum"),
    "own": several((784, 30, 20, 10), ["z*tanh(softplus(z))", "max(z,0)+exp(min(z,0))-1", "sigmoid"], "cross-entropy"),
    "long": several((3, 4, 2), [LONG, "identity"], "quadratic"),
    "nested": several((3, 4, 2), [NESTED, "1.234567890123456789e-30*z"], "quadratic", layout="rows"),
    "deep": several((3,) * 30, ["sigmoid"], "cross-entropy"),
}


def lines(of):
    return LINE.findall(target.write(compile_program(of), VERIFIED))


@pytest.mark.parametrize("cost", ENDS, ids=" ".join)
def test_every_line_is_a_theorem_of_the_program(cost):
    """For columns: as the package prints it, but for letters that are the listing's own."""
    program = compile_program(spec((3, 4, 5, 2), "tanh", *cost))
    own = target.Writer(program).usual
    printed = [formula for formula, _ in lines(program.spec)]
    for line in program.assignments:
        if line.label == "slope" and cost == ("sigmoid", "cross-entropy") and line.layer == 4:
            continue  # it has cancelled
        formula = f"{own.text(line.target)} = {own.text(line.value)}"
        assert sum(formula in (one, one.partition(r" \quad\text{where }")[0]) for one in printed) == 1, formula
    usual = equation(*_hidden(program), for_network(NIELSEN, program.net))
    assert usual.replace(r"\mathrm{tanh}", r"\tanh") in printed


def _hidden(program):
    [error, *_] = [line for line in program.backward if isinstance(line.value, Hadamard)]
    return error.target, error.value


def test_the_columns_and_their_names():
    of = spec((3, 4, 2), "tanh", "sigmoid", "cross-entropy")
    assert lines(of) == [
        ("a^{1} = x", ""),
        (r"z^{2} = w^{2} a^{1} + b^{2} \mathbf{1}^{T}", ""),
        (r"a^{2} = \tanh(z^{2})", ""),
        (r"z^{3} = w^{3} a^{2} + b^{3} \mathbf{1}^{T}", ""),
        (r"a^{3} = \sigma(z^{3})", ""),
        (r"C_{i} = \sum_{k=1}^{n_{3}} (-y_{ki}\,\ln a^{3}_{ki} - (1 - y_{ki})\,\ln (1 - a^{3}_{ki}))", ""),
        (r"C = \frac{1}{M} \sum_{i=1}^{M} C_{i}", ""),
        (r"\delta^{3}_{ji} = \frac{1}{M}\,(a^{3}_{ji} - y_{ji})", "BP1"),
        (r"\frac{\partial C}{\partial w^{3}} = \delta^{3} (a^{2})^{T}", "BP4"),
        (r"\frac{\partial C}{\partial b^{3}} = \delta^{3} \mathbf{1}", "BP3"),
        (r"\tanh'(z^{2}_{ji}) = 1 - (a^{2}_{ji})^{2}", ""),
        (r"\delta^{2} = ((w^{3})^{T} \delta^{3}) \odot \tanh'(z^{2})", "BP2"),
        (r"\frac{\partial C}{\partial w^{2}} = \delta^{2} (a^{1})^{T}", "BP4"),
        (r"\frac{\partial C}{\partial b^{2}} = \delta^{2} \mathbf{1}", "BP3"),
        (f"{_descent('w')} {_descent('b')} l = 2, \\dots, 3", ""),
    ]


def _descent(x):
    return rf"{x}^{{l}} \leftarrow {x}^{{l}} - \eta\,\frac{{\partial C}}{{\partial {x}^{{l}}}}, \quad"


def test_with_rows_all_is_transposed():
    of = spec((3, 4, 2), "relu", "softmax", "quadratic", "sum", "rows")
    found = [formula for formula, _ in lines(of)]
    assert found[1] == r"z^{2} = a^{1} w^{2} + \mathbf{1} (b^{2})^{T}"
    assert r"\frac{\partial C}{\partial w^{3}} = (a^{2})^{T} \delta^{3}" in found
    assert r"\frac{\partial C}{\partial b^{3}} = (\delta^{3})^{T} \mathbf{1}" in found
    assert r"\text{relu}'(z^{2}_{ij}) = [z^{2}_{ij} > 0] \quad\text{where } z^{2}_{ij} \ne 0" in found
    assert r"\delta^{2} = (\delta^{3} (w^{3})^{T}) \odot \text{relu}'(z^{2})" in found
    assert r"C = \sum_{i=1}^{M} C_{i}" in found


def test_the_header_says_what_it_is_about():
    text = target.write(compile_program(SPECS["own"]), VERIFIED)
    for words in (
        "784, 30, 20 and 10 units in its 4 layers",
        "$f$ in layer 2; $g$ in layer 3; $\\sigma$ in layer 4:",
        r"$\displaystyle f(u) = u\,\tanh(\text{softplus}(u))$",
        r"$\displaystyle \text{softplus}(u) = \ln (1 + e^{u})$",
        "the mean over the $M$ examples of the cross-entropy cost",
        "An example is a column of $x$",
        "634 steps replayed by the kernel;",
        r"below $2^{-107}$; units at z = $\pm$800.",
    ):
        assert words in text
    assert "Verified" not in target.write(compile_program(SPECS["own"]))


def test_nothing_is_run():
    assert target.BACKEND.run is None
    assert target.BACKEND.suffix == ".tex"


@needs_pdflatex
@pytest.mark.parametrize("name", SPECS)
def test_it_compiles_without_a_warning(name, tmp_path):
    text = target.write(compile_program(SPECS[name]), VERIFIED)
    assert set(re.findall(r"\\usepackage(?:\[.*\])?\{(.*)\}", text)) == {"amsmath,amssymb"}
    (tmp_path / "net.tex").write_text(text, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "net.tex"]
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True)
    log = (tmp_path / "net.log").read_text("utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert not re.findall(r"^(?:Overfull|Underfull|LaTeX (?:Font )?Warning|Package \w+ Warning).*", log, re.MULTILINE)
    assert "undefined" not in log
