"""In a notebook, theorems and derivations show themselves as mathematics: ``_repr_latex_``, for MathJax.

The classes live below this module and know nothing of notations; ``install`` gives them the method.
"""

from __future__ import annotations

from typing import Any

from ..derive.derivation import Derivation
from ..surface.theorem import Theorem
from . import latex, profiles, safe
from .profiles import NIELSEN, Notation


def statement(theorem: Theorem, notation: Notation = NIELSEN) -> str:
    """The equation, and under which conditions it holds."""
    equation = latex.equation(theorem.lhs, theorem.rhs, notation)
    given = latex.conditions(theorem.hypotheses, notation)
    conditions = r",\ ".join(given)
    return equation + (rf"\qquad\left({conditions}\right)" if given else "")


def theorem_latex(theorem: Theorem) -> str:
    """A theorem in Nielsen's letters."""
    row = profiles.for_network(NIELSEN, theorem.net)
    return rf"$\displaystyle {statement(theorem, row)}$"


def derivation_latex(made: Derivation) -> str:
    """The calculation, a reason beside each line, in the notation of the derivation."""
    row = profiles.for_network(profiles.notation(made.notation), made.net)
    start = latex.latex(made.lines[0].theorem.lhs, row)
    lines = [
        rf"{start if place == 0 else ''} &= {latex.latex(line.theorem.rhs, row)} && {_reason(line.because, row)}"
        for place, line in enumerate(made.lines)
    ]
    return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"


def _reason(because: tuple[Any, ...], row: Notation) -> str:
    parts = (rf"\text{{{safe.prose(p)}}}" if isinstance(p, str) else latex.latex(p, row) for p in because)
    return "".join(parts)


def install() -> None:
    """Give theorems and derivations their ``_repr_latex_``."""
    for shown, method in ((Theorem, theorem_latex), (Derivation, derivation_latex)):
        setattr(shown, "_repr_latex_", method)  # noqa: B010 - the class does not declare it
