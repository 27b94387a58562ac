"""The notations, a row each: what is printed first, and what else is read. Facts, each with its source."""

from __future__ import annotations

from typing import Final

from .row import ERROR_FIRST, LETTERS, Notation, Spelling

_COSTS: Final = tuple(
    Spelling("C", letter)
    for letter in ("C", "J", "E", "L", r"\mathcal{L}", r"\mathcal{J}", r"\mathcal{C}", r"\mathcal{E}")
)
_SIGMAS: Final = tuple(Spelling("sigma", letter) for letter in (r"\sigma", "f", "g", r"\phi", r"\varphi", r"\psi"))
_OUTPUT: Final = tuple(Spelling("a", letter, "L") for letter in (r"\hat{y}", r"\hat{Y}"))
_COUNTS: Final = tuple(Spelling("M", letter) for letter in ("m", "N", "n"))
_WIDTHS: Final = tuple(Spelling("n", letter) for letter in ("n", "N", "s", "M", "d"))
_WEIGHTS: Final = tuple(Spelling("w", letter) for letter in ("W", "w", r"\Theta", r"\theta"))
_CAPITALS: Final = {"z": "Z", "a": "A", "x": "X", "y": "Y"}
_WHOLE: Final = tuple(Spelling(family, letter) for family, letter in _CAPITALS.items())
_HATS: Final = tuple(Spelling(family, rf"\hat{{{letter}}}") for family, letter in (
    ("w", "W"), ("w", "w"), ("b", "b"), ("z", "z"), ("a", "a"), ("delta", r"\delta"), ("x", "x"),
))  # fmt: skip
_OTHER: Final = (*_OUTPUT, *_COUNTS, *_WIDTHS, *_WEIGHTS, *_WHOLE)

NIELSEN: Final = Notation(
    "nielsen", "Nielsen, Neural Networks and Deep Learning",
    "M. Nielsen, Neural Networks and Deep Learning, ch. 2",
    also=(*_OTHER, Spelling("M", "m"), Spelling("sigma", "f")), numbers_examples=("x",),
)  # fmt: skip

COLUMN: Final = Notation(
    "column", "columns, layers in parentheses", "common in lecture notes",
    {**LETTERS, "w": "W"}, (*_OTHER, *_COSTS, *_SIGMAS, Spelling("a", "h"), Spelling("y", "t")),
    layer="({})", layers="number",
)  # fmt: skip

NG: Final = Notation(
    "ng", "Ng, Machine Learning", "A. Ng, Machine Learning (Coursera), week 5",
    {**LETTERS, "sigma": "g", "C": "J", "E": "J", "Cx": "J", "n": "S"},
    (*_OTHER, Spelling("sigma", r"\sigma"), Spelling("C", "cost"), Spelling("a", "h", "L"), Spelling("n", "s")),
    layer="({})", shifts={"w": 1}, hadamard=r"\mathbin{{\cdot}{\ast}}", order=ERROR_FIRST,
    example={"C": "i", "E": "i", "y": "i"}, special={("a", 1, 0): "x_{0}"}, presumes={"bias": "unit"},
)  # fmt: skip

UFLDL: Final = Notation(
    "ufldl", "Ng and others, UFLDL", "UFLDL Tutorial, Stanford: Backpropagation Algorithm",
    {**LETTERS, "w": "W", "sigma": "f", "C": "J", "Cx": "J", "n": "s", "M": "m"},
    (*_OTHER, Spelling("sigma", r"\sigma"), Spelling("a", "h", "L")),
    layer="({})", shifts={"w": 1, "b": 1}, hadamard=r"\bullet",
)  # fmt: skip

DEEPLEARNING_AI: Final = Notation(
    "deeplearning.ai", "Ng, Deep Learning Specialization",
    "A. Ng, Neural Networks and Deep Learning (Coursera), weeks 2 to 4",
    {**LETTERS, "w": "W", "sigma": "g", "delta": "dz", "C": "J", "Cx": r"\mathcal{L}", "M": "m"},
    (*_OTHER, Spelling("sigma", r"\sigma"), Spelling("delta", r"\delta"), Spelling("Cx", "L"),
     Spelling("C", r"\mathcal{J}")),
    {**_CAPITALS, "delta": "dZ"}, layer="[{}]", layers="number", first=0, one_example=True, hadamard=r"\ast",
    presumes={"examples": "M", "reduction": "mean"},
)  # fmt: skip

ROWS: Final = Notation(
    "rows", "examples as rows", "common in programs; Z = XW + b",
    {**LETTERS, "w": "W", "C": r"\mathcal{L}", "Cx": r"\ell", "M": "m"},
    (*_OTHER, *_COSTS, *_SIGMAS, Spelling("delta", r"\Delta"), Spelling("b", "B"),
     Spelling("a", "H", 2), Spelling("a", "h", 2),     Spelling("z", "O", "L"), Spelling("z", "o", "L")),
    {**_CAPITALS, "delta": r"\Delta"}, layer="({})", layers="number", first=0, from_first=True, vectors="rows",
    numbers_examples=("n",),
    presumes={"examples": "M", "reduction": "mean"},
)  # fmt: skip

RUMELHART: Final = Notation(
    "rumelhart", "Rumelhart, Hinton and Williams",
    "D. Rumelhart, G. Hinton, R. Williams, Parallel Distributed Processing, ch. 8",
    {**LETTERS, "z": r"\mathrm{net}", "a": "o", "y": "t", "C": "E", "Cx": "E", "E": "e", "sigma": "f"},
    (*_OTHER, *_SIGMAS, Spelling("b", r"\theta"), Spelling("a", "x", 1), Spelling("x", "x")),
    layer="({})", layers="letter", negative=("delta",), numbers_examples=("p", "d"), total="sum",
    presumes={"bias": "none"},
)  # fmt: skip

BISHOP: Final = Notation(
    "bishop", "Bishop, Pattern Recognition and Machine Learning",
    "C. Bishop, Pattern Recognition and Machine Learning, sec. 5.3",
    {**LETTERS, "z": "a", "a": "z", "y": "t", "C": "E", "Cx": "E", "E": "e", "sigma": "h", "h": "y", "M": "N",
     "n": "M"},
    (*_OTHER, *_SIGMAS, Spelling("a", "y", "L")),
    layer="({})", layers="letter", first=0, numbers_examples=("n",), outputs_apart=True, total="sum",
    presumes={"bias": "none"},
)  # fmt: skip

D2L: Final = Notation(
    "d2l", "Zhang and others, Dive into Deep Learning", "A. Zhang and others, Dive into Deep Learning, sec. 5.3",
    {**LETTERS, "w": r"\mathbf{W}", "b": r"\mathbf{b}", "z": r"\mathbf{z}", "a": r"\mathbf{h}", "x": r"\mathbf{x}",
     "y": r"\mathbf{y}", "sigma": r"\phi", "C": "J", "Cx": "J", "h": r"\mathbf{o}"},
    (*_OTHER, Spelling("Cx", "l"), Spelling("Cx", "L"), *_COSTS, *_SIGMAS, Spelling("a", "h", 2), Spelling("z", "z", 2),
     Spelling("z", "o", "L")),
    layer="({})", layers="number", first=0, presumes={"bias": "none"},
)  # fmt: skip

COMPPHYS: Final = Notation(
    "compphys", "Hjorth-Jensen, Computational Physics",
    "M. Hjorth-Jensen, Computational Physics, lectures on neural networks",
    {**LETTERS, "sigma": "f", "C": r"\mathcal{C}", "Cx": r"\mathcal{C}", "n": "M", "M": "N"},
    (*_OTHER, *_COSTS, *_SIGMAS, Spelling("y", "t"), *_HATS),
    first=0, from_first=True,
)  # fmt: skip

GENERIC: Final = Notation(
    "generic", "whatever a document defines", "",
    also=(*_OTHER, *_COSTS, *_SIGMAS, Spelling("y", "t"), Spelling("y", "T"), Spelling("a", "h")),
    layers="number",
)  # fmt: skip

NOTATIONS: Final = {
    row.name: row
    for row in (NIELSEN, COLUMN, NG, UFLDL, DEEPLEARNING_AI, ROWS, RUMELHART, BISHOP, D2L, COMPPHYS, GENERIC)
}
