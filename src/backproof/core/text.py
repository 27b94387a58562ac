"""Theorems as text, for those who read what has been proved without anything but the core."""

from __future__ import annotations

from typing import Any

from .index import Bound, Index, Node, Size, Variable
from .kernel import Equal, Hypothesis, InRange, NonZero, Positive, Theorem
from .term import Applied, Bracket, Derivative, Group, Monomial, Partial, Quantity, Term, Value


def text(e: Any, depth: int = 0) -> str:
    """What a node or a theorem says. Bound variables are #0, #1, ..., the outermost first."""
    if type(e) is Theorem:
        given = ", ".join(sorted(map(text, e.hypotheses)))
        said = f"{given}{' ' if given else ''}|- {text(e.lhs)} = {text(e.rhs)}"
        return said.replace(" + -1*", " - ").replace(" + -", " - ")
    inner = depth + getattr(e, "bound", 0)
    if type(e) in (Index, Term):
        signed = sorted((text(a, depth), c) for a, c in e.terms)
        parts = [f"{c}*{t}" if c != 1 else t for t, c in signed if t != "1"] + [str(c) for t, c in signed if t == "1"]
        return " + ".join(parts + ([str(e.constant)] if type(e) is Index and e.constant else [])) or "0"
    if type(e) is Monomial:
        factors = " ".join(sorted(f"{text(a, inner)}{f'^{k}' if k != 1 else ''}" for a, k in e.factors)) or "1"
        return f"sum({', '.join(f'#{i}' for i in range(depth, inner))}: {factors})" if e.bound else factors
    if type(e) is Hypothesis and (e.bound or e.conditions):
        where = ", ".join(sorted(f"{text(d, inner)} >= 0" for d in e.conditions))
        return f"for all ({', '.join(f'#{i}' for i in range(depth, inner))} with {where}): {text(e.claim, inner)}"
    if type(e) is Bound:
        return f"#{depth - 1 - e.place}"
    return FORMS[type(e)].format(*(p if isinstance(p, str | int) else _inside(p, inner) for p in e.parts))


def _inside(part: Any, depth: int) -> str:
    return text(part, depth) if isinstance(part, Node) else ", ".join(text(p, depth) for p in part)


FORMS: dict[type[Node], str] = {
    Variable: "{}", Size: "{}({})", Quantity: "{}[{}]", Derivative: "D({}, {})", Partial: "dd({}, {}, {})",
    Applied: "{}<{}>({})", Bracket: "[{} >= 0]", Value: "{}", Group: "({})", InRange: "{} >= 0", NonZero: "{} != 0",
    Positive: "{} > 0", Equal: "{} = {}", Hypothesis: "{2}",
}  # fmt: skip
