"""Which equation of backpropagation a claim is, by its left side: BP1 to BP4, forward, cost, activation, update."""

from __future__ import annotations

from typing import Any, Final

from ..notation.reader import Unreadable, read
from ..surface.terms import Apply, D, Member
from . import arrays
from .claims import Verdict, taken_readings
from .refusals import Refusal
from .relation import Reading

_OF_FAMILY: Final = {"z": "forward", "a": "forward", "C": "cost", "Cx": "cost", "w": "update", "b": "update"}
_OF_SLOPE: Final = {"b": "BP3", "w": "BP4"}


def equations(text: str, about: Reading, found: list[Verdict]) -> list[str | None]:
    """Of each verdict on a text, what its equation is called, or None; in a chain, that of the first side."""
    named = list[str | None]()
    for place, v in enumerate(found):
        goes_on = place and v.left and v.left == found[place - 1].right
        named.append(named[-1] if goes_on else _equation(text, v, about))
    return named


def _equation(text: str, v: Verdict, about: Reading) -> str | None:
    if not v.relation or about.net.depth is None:
        return None
    try:
        part = read(v.left, "latex").lines[0][0].says
        for _, reading in taken_readings(read(text), about):
            made = reading.lowering(v.left).value(part)
            called = _called(made.entry(*arrays.rows(made)), reading)
            return called if called != "update" or _changes(v) else None
    except (Unreadable, Refusal, IndexError):
        return None
    return None


def _changes(v: Verdict) -> bool:
    """Whether a weight becomes what it was, and something more: a matrix that is written out is none."""
    return v.relation in ("←", "→") or "".join(v.left.split()) in "".join(v.right.split())


def _called(e: Any, about: Reading) -> str | None:
    e = e if isinstance(e, Member | D | Apply) else -e
    if isinstance(e, Apply):
        return "activation"
    if isinstance(e, Member):
        return _error(e, about) if e.family == "delta" else _OF_FAMILY.get(e.family)
    if isinstance(e, D) and isinstance(e.args[0], Member) and isinstance(e.args[1], Member):
        y, x = e.args
        of_cost = y.family in ("C", "Cx")
        return (_error(x, about) if x.family == "z" else _OF_SLOPE.get(x.family)) if of_cost else None
    return None


def _error(e: Member, about: Reading) -> str:
    """Of the last layer, or of one before it."""
    return "BP1" if e.indices[0] == about.net.depth else "BP2"


__all__ = ["equations"]
