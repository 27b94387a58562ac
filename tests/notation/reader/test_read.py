"""What is written is read as it is written, where it stands, and nothing is dropped."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backproof.errors import CannotRun
from backproof.notation.reader import Unreadable, read, tree
from backproof.notation.reader.commands import DROPPED, SIGNS
from backproof.notation.reader.tokens import DEEPEST, LONGEST

from .outline import outline

PLAIN = {
    "δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ a": r"\delta^{l} = ((((w^{<(+ l 1)>})^{T} \delta^{<(+ l 1)>})) ⊙ a)",
    "dW = X^T dZ / m": "dW = (X^{T} dZ / m)",
    "dW = X.T @ dZ": "dW = (X^{T} @ dZ)",
    "w^{l+1}_jk": "w_{jk}^{(+ l 1)}",
    "w_jk^{l+1}": "w_{jk}^{(+ l 1)}",
    "W[l+1].T @ dZ[l+1]": "(W^{T}@{(+ l 1)} @ dZ@{(+ l 1)})",
    "W[l][j,k]": "W@{l}@{j,k}",
    "delta^l (x) sigma'(z^l)": r"(\delta^{l} ⊙ \sigma' (z^{l}))",
    "δ .* a": r"(\delta ⊙ a)",
    "∂C/∂w^l_jk = a^{l-1}_k δ^l_j": r"(\partial C / \partial w_{jk}^{l}) = (a_{k}^{(+ l -1)} \delta_{j}^{l})",
    "C = 1/2 Σ_j (y_j − a^L_j)²": "C = (1 / 2 sum_{j}: ((+ y_{j} -a_{j}^{L}))^{2})",
    "sum_k w_jk a_k": "sum_{k}: (w_{jk} a_{k})",
    "np.sum(dZ, axis=1)": "(np.sum (dZ,axis = 1))",
    "W_2 := W_2 - eta dW_2": r"W_{2} := (+ W_{2} -(\eta dW_{2}))",
    "a = 1 / (1 + e^-z)": "a = (1 / ((+ 1 e^{-z})))",
    "z = Wᵀx": "z = (W^{T} x)",
    "‖y − a‖^2": "‖(+ y -a)‖^{2}",
    "|y|": "|y|",
    "δ = 0 for l < L": r"\delta = 0 for l < L",
    "f’’(x)": "(f'' (x))",
    "a（x）＝b": "(a (x)) = b",
    "a * -b": "(a * -b)",
}
LATEX = {
    r"\delta^{l} = \left((w^{l+1})^{\mathsf T}\delta^{l+1}\right)\odot\sigma'(z^{l})": (
        r"\delta^{l} = ((((w^{(+ l 1)})^{\mathsf{T}} \delta^{(+ l 1)})) ⊙ \sigma' (z^{l}))"
    ),
    r"w^{l+1}_{jk}": "w_{(j k)}^{(+ l 1)}",
    r"W^{(3)}": "W^{(3)}",
    r"W^{[l]T}": "W^{([l] T)}",
    r"w^{\langle l+1\rangle} w^{<l+1>}": "(w^{<(+ l 1)>} w^{<(+ l 1)>})",
    r"{w^{l+1}}^T": "w^{(+ l 1)}^{T}",
    r"w^{(3)}_{11}": "w_{11}^{(3)}",
    r"x^23": "(x^{2} 3)",
    r"\frac12 x": "(frac(1, 2) x)",
    r"\frac{\partial C}{\partial z^l_j}": r"frac((\partial C), (\partial z_{j}^{l}))",
    r"{\partial E \over \partial w_{2}}": r"frac((\partial E), (\partial w_{2}))",
    r"\sigma^{\prime}(z)": r"(\sigma' (z))",
    r"\sigma^{'}(z)": r"(\sigma' (z))",
    r"\sigma’(z)": r"(\sigma' (z))",
    r"\dot\sigma(z)": r"(\dot{\sigma} (z))",
    r"\nabla_a C": r"(\nabla_{a} C)",
    r"\sum\limits_{k=1}^{n} a_k + b": "(+ sum_{k = 1}^{n}: a_{k} b)",
    r"\sum_j\sum_k w_{jk}": "sum_{j}: sum_{k}: w_{(j k)}",
    r"\lVert x \rVert_{F}^{2}": "‖x‖_{F}^{2}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} x": "([a, b; c, d] x)",
    r"\underbrace{\delta}_\textrm{$\delta_j$} a": r"(\delta a)",
    r"\underbrace{W}_{(n,\,1)} * a": "(W * a)",
    r"\mathbf{W}^{(2)}\mathbf x": r"(\mathbf{W}^{(2)} \mathbf{x})",
    r"{\cal C}(\hat{W}^{L})": r"(\mathcal{C} (\hat{W}^{L}))",
    r"\mathrm{diag}\bigl(z\bigr)": "(diag (z))",
    r"\tanh z_{1}": "(tanh z_{1})",
    r"\begin{aligned} a &= b \\ &= c \end{aligned} \tag{3}": "a = b // ... = c",
    r"a = b,\qquad c = d.": "a = b; c = d",
    r"a = b \qquad c = d": "a = b; c = d",
    r"a_k = b \quad \text{for all } k": "a_{k} = b for all k",
    r"\mathbb{1}(y_i = k)": r"(\mathbb{1} (y_{i} = k))",
    r"Z1 \equiv X\cdot W1 % why": "Z1 := (X · W1)",
    r"\delta_{:,k} = \sqrt{v}": r"\delta_{:,k} = sqrt(v)",
    r"a .* b \leftarrow c": "(a ⊙ b) ← c",
}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_read(text: str) -> None:
    assert outline(read(text, "plain")) == PLAIN[text]


@pytest.mark.parametrize("text", LATEX)
def test_latex_is_read(text: str) -> None:
    assert outline(read(text, "latex")) == LATEX[text]


REFUSED = {
    "w^l w = (": (8, "( is not closed"),
    "a ) b": (2, "closes nothing"),
    "a^2^3 = 1": (3, "a second superscript"),
    "a # b": (2, "has no meaning"),
    "δ^l = Σ_k": (9, "the formula ends here"),
    "a = = b": (4, "does not fit"),
    r"\input{/etc/passwd}": (0, r"\input has no meaning"),
    r"x + \write18{ls}": (4, r"\write has no meaning"),
    r"\begin{tabular}a\end{tabular}": (0, "the environment tabular"),
    r"\frac{a}": (8, "the formula ends here"),
    r"a. b\,": (1, "a full stop within"),
    r"\frac{a,b}{c}": (5, "one expression"),
    r"\widehat{ab} = 1": (0, "one letter"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_read_is_pointed_at(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(text)
    at, reason = REFUSED[text]
    assert (refusal.value.at, reason in str(refusal.value)) == (at, True), refusal.value
    _, line, caret = str(refusal.value).split("\n")
    assert line[caret.index("^") :] == text[at:]


def test_a_long_line_is_shown_around_the_place() -> None:
    text = "a + " * 500 + "# + " + "a + " * 500
    with pytest.raises(Unreadable) as refusal:
        read(text)
    _, line, caret = str(refusal.value).split("\n")
    assert line[caret.index("^")] == "#"
    assert len(line) < 200


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST + 1), "(" * 10_000, "{" * 10_000, r"\frac{" * 5_000, "a_" * 9_000, "-" * 9_000,
        "Σ" * 9_000 + "a", r"\sqrt" * 3_000, "'" * 10_000, "|" * 10_001, "a^{" * (DEEPEST + 1) + "}" * (DEEPEST + 1),
        "\\", "\\begin", "\\text{",
        "\\underbrace", "\\mathbf", "\\frac", "a\n" * 9_000, "1/" * 9_000, r"\mathbf{\mathbf{" * 4_000, "[" * 9_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_text_ends_soon(text: str) -> None:
    start = time.process_time()
    for dialect in ("latex", "plain"):
        assert answered(text, dialect)
    assert time.process_time() - start < 20


ALPHABET = [*(f"\\{name}" for name in [*SIGNS, *DROPPED, "text", "mathbf", "begin", "end", "underbrace", "tag", "hat"])]
ALPHABET += [*"abzWδσΣ∂0123+-*/=^_'{}()[]<>|‖,;:.&\\ \n%~·⊙ᵀ²", "{aligned}", "{pmatrix}", "w^{l}_{jk}", "(x)", ".T"]


@given(
    st.lists(st.sampled_from(ALPHABET), max_size=25).map("".join) | st.text(max_size=30),
    st.sampled_from(["latex", "plain"]),
)
def test_any_text_is_read_or_pointed_at(text: str, dialect: str) -> None:
    assert answered(text, dialect)


def answered(text: str, dialect: str) -> bool:
    """Whether it is read, with each part within the text, or refused at a place within it."""
    try:
        places = [place for part in parts(read(text, dialect)) for place in part.span]
    except Unreadable as refusal:
        places = [refusal.at]
    return all(0 <= place <= len(text) for place in places)


def parts(part: tree.Part) -> list[tree.Part]:
    return [part, *(inner for one in tree.below(part) for inner in parts(one))]


@pytest.mark.parametrize(("text", "dialect"), [*((t, "plain") for t in PLAIN), *((t, "latex") for t in LATEX)])
def test_each_part_knows_where_it_stands(text: str, dialect: str) -> None:
    """A letter stands where its span says, and parts stand within those around them."""
    for part in parts(read(text, dialect)):
        for inner in tree.below(part):
            assert part.span[0] <= inner.span[0] <= inner.span[1] <= part.span[1], (part, inner)
        if isinstance(part, tree.Number):
            assert text[slice(*part.span)].strip("²³") == part.text or part.text in "23"
        if isinstance(part, tree.Name) and len(part.text) == 1 and part.text != "T":
            assert text[slice(*part.span)].strip() == part.text


def test_without_lark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lark", None)
    with pytest.raises(CannotRun, match=re.escape("pip install 'backproof[check]'")):
        read("a = b")


CORPUS = Path(__file__).parents[4] / "shared/corpus/equations"
MALFORMED = {"E084"}  # two relation signs in a row


def test_the_corpus_is_read_as_far_as_it_is_mathematics() -> None:
    if not CORPUS.is_dir():
        return  # the corpus is not a part of the project
    truth, refused, seen = json.loads((CORPUS / "truth.json").read_text()), set(), 0
    for file in sorted(CORPUS.glob("*.md")):
        for name, display in re.findall(r"<!-- (\w+) -->\s*\$\$(.*?)\$\$", file.read_text(), re.DOTALL):
            seen += 1
            try:
                read(display, "latex")
            except Unreadable:
                refused.add(name)
    assert (refused, seen) == (MALFORMED, len(truth))
