"""What people write cannot break out of a document."""

import pytest

from backproof.notation.mathematics import is_math
from backproof.notation.safe import escape, name, prose
from backproof.notation.safe import letter as one_letter

MATH = [
    r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
    r"\frac{\partial C}{\partial w^l_{jk}}",
    r"\frac12 \left(a - y\right)^2",
    r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}^T",
    r"\begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}",
    r"u \mathbin{{\cdot}{\ast}} v",
    r"\operatorname{softmax}(z)",
    r"\left\{ x \right\}",
    r"F=\sum_{l=2}^{L}n_ln_{l-1}",
    r"\hat{\delta}",
]
NO_MATH = [
    r"\input{/etc/passwd}",
    r"\write18{ls}",
    r"\def\x{y}",
    r"\catcode`\$=11",
    r"\csname end\endcsname",
    r"\end{document}",
    r"\begin{document}\end{document}",
    "a}b",
    "{a",
    "a^b^c",
    "a^{b}'",
    "a_",
    "^",
    r"\frac{a}",
    r"x^\frac{a}{b}",
    r"\left( x",
    r"x \right)",
    r"\left x \right y",
    r"\left( \frac{a \right)}{b}",
    "a & b",
    r"a \\ b",
    r"\begin{bmatrix} a \end{cases}",
    r"\operatorname{evil}",
    "a % b",
    "a # b",
    "a~b",
    "a\\",
    "μ",
]


@pytest.mark.parametrize("latex", MATH)
def test_mathematics(latex):
    assert is_math(latex)


@pytest.mark.parametrize("latex", NO_MATH)
def test_no_mathematics(latex):
    assert not is_math(latex)


def test_text_is_escaped():
    assert escape(r"50% of \input{x}_1 & #2^~") == (
        r"50\% of \textbackslash{}input\{x\}\_1 \& \#2\textasciicircum{}\textasciitilde{}"
    )
    assert escape("反δ\x00é") == r"反$\delta$(U+0000)é"
    assert escape("λόγος, λ ∞") == r"λόγος, $\lambda$ $\infty$"


def test_prose_keeps_formulas_it_knows():
    assert prose("$a^l$ costs 5$ and `x_1`") == r"$a^l$ costs 5\$ and \texttt{x\_1}"
    assert prose(r"$\input{x}$") == r"\$\textbackslash{}input\{x\}\$"
    assert prose("from $5 to $6") == r"from \$5 to \$6"
    assert prose("one\n  \ntwo $a\n\nb$") == "one\n\ntwo $a b$"


def test_names_of_programs():
    assert [name(text) for text in ("u", "eta", "conv_2", "a}b$")] == [
        "u",
        r"\eta",
        r"\mathrm{conv\_2}",
        r"\mathrm{a\_b\_}",
    ]


@pytest.mark.parametrize("letter", ["x'", r"\mu''", "W^Q", r"\hat{x}'"])
def test_a_letter_may_have_primes_or_one_mark_above(letter):
    assert one_letter(letter) == letter


@pytest.mark.parametrize("letter", ["W^QQ", "W^{Q}", "'x", r"W^\input", "x'^Q"])
def test_more_than_that_is_no_letter(letter):
    with pytest.raises(ValueError, match="is no letter"):
        one_letter(letter)
