"""Nodes and theorems of the core as text, for those who read what has been proved, or refused."""

from __future__ import annotations

from typing import Any

from ..core.index import Node, shown
from ..core.index import Refused as Refused  # noqa: PLC0414 - what it says of nodes is written here


def text(e: Any, depth: int = 0) -> str:
    """What a node or a theorem says. Bound variables are #0, #1, ..., the outermost first; loose ones i0, i1, ..."""
    kind = type(e).__name__
    if kind in ("tuple", "frozenset"):
        return ", ".join(text(part, depth) for part in e)
    if kind == "Theorem":
        given = ", ".join(sorted(map(text, e.hypotheses)))
        return f"{given}{' ' if given else ''}|- {text(e.lhs)} = {text(e.rhs)}"
    inner = depth + getattr(e, "bound", 0)
    if kind in ("Index", "Term"):
        signed = sorted((text(a, depth), c) for a, c in e.terms)
        parts = [f"{c}*{t}" if c != 1 else t for t, c in signed if t != "1"] + [str(c) for t, c in signed if t == "1"]
        whole = " + ".join(parts + ([str(e.constant)] if kind == "Index" and e.constant else [])) or "0"
        return whole.replace(" + -1*", " - ").replace(" + -", " - ")
    if kind == "Monomial":
        factors = " ".join(sorted(f"{text(a, inner)}{f'^{k}' if k != 1 else ''}" for a, k in e.factors)) or "1"
        return f"sum({', '.join(f'#{i}' for i in range(depth, inner))}: {factors})" if e.bound else factors
    if kind in ("Hypothesis", "Read") and (e.bound or e.conditions):
        where = ", ".join(sorted(f"{text(d, inner)} >= 0" for d in e.conditions))
        return f"for all ({', '.join(f'#{i}' for i in range(depth, inner))} with {where}): {text(e.parts[2], inner)}"
    if kind == "Bound":
        return f"#{depth - 1 - e.place}" if e.place < depth else f"i{e.place - depth}"
    return FORMS[kind].format(*(text(part, inner) for part in e.parts)) if kind in FORMS else str(e)


#: How what has no rule of its own is written, by the name of its kind. A network has lines of its own.
FORMS: dict[str, str] = {
    "Variable": "{}", "Size": "{}({})", "Quantity": "{}[{}]", "Derivative": "D({}, {})", "Partial": "dd({}, {}, {})",
    "Applied": "{}<{}>({})", "Bracket": "[{} >= 0]", "Value": "{}", "Group": "({})", "InRange": "{} >= 0",
    "NonZero": "{} != 0", "Positive": "{} > 0", "Equal": "{} = {}", "Hypothesis": "{2}", "Read": "{2}",
    "Family": "{}", "Equation": "{}", "Function": "{}", "Network": "a network of {}", "Put": "{}, {}, {}",
}  # fmt: skip

shown.register(Node, text)
