"""Claims that are wrong in general, and right where the words before them say: with x = 1 and y = 0, when k ≠ j."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sympy import Integer

from ..notation.reader import Unreadable, read, tree
from ..surface.terms import D, Member
from . import prose
from .claims import Verdict, judge, taken_readings
from .refusals import Refusal
from .relation import Claim, Reading, answered, lowered
from .updates import ASSIGNED
from .verdict import HOLD

_OF_LAYER: Final = re.compile(r"\\?[A-Za-z]+\^[({\[]{0,3}l[)}\]]{0,3}")


def where_given(text: str, about: Reading, words: str, found: list[Verdict]) -> list[Verdict]:
    """The verdicts, where those on what is refuted take account of what the words before it give."""
    if _leaves_out(about, words) and any(map(_is_update, found)):
        return [_incomplete(v) if _is_update(v) else v for v in found]
    if not any(v.kind == "refuted" for v in found):
        return found
    if condition := prose.condition(words):
        again = judge(f"{text.rstrip(' .,;')}, {condition}", about)
        if len(again) == len(found):
            found = [_better(v, other, f"{condition} is said before") for v, other in zip(found, again, strict=True)]
    if numbers := prose.numbers(words):
        said = ", ".join(f"{name} = {value}" for name, value in numbers.items())
        found = [_with_numbers(text, about, numbers, place, v, said) for place, v in enumerate(found)]
    return found


def _leaves_out(about: Reading, words: str) -> bool:
    """Whether it is said to be done for layers up to L - 1, and the last one has weights, too."""
    ends = prose.layers(words)
    return "L-1" in ends and "L" not in ends and not about.notation.shifts.get("w", 0)


def _is_update(v: Verdict) -> bool:
    bare = "".join(v.left.split())
    return v.relation in ASSIGNED and bool(_OF_LAYER.fullmatch(bare)) and "".join(v.right.split()).startswith(bare)


def _incomplete(v: Verdict) -> Verdict:
    """It is right for the layers that are named; whether the last one is said elsewhere nobody can tell from here."""
    why = "layer L is left out, whose weights are to change, too"
    if v.kind in HOLD:
        return replace(v, kind="unknown", reason=f"{why}, if that is not said elsewhere", theorem=None)
    return replace(v, reason=f"{why}; {v.reason}")


def _better(found: Verdict, other: Verdict, said: str) -> Verdict:
    rescued = found.kind == "refuted" and other.kind in HOLD
    return replace(other, assumed=(*other.assumed, said)) if rescued else found


def _with_numbers(
    text: str, about: Reading, numbers: Mapping[str, int], place: int, found: Verdict, said: str
) -> Verdict:
    claim = _claim(text, place)
    if found.kind != "refuted" or claim is None:
        return found
    for _, reading in taken_readings(read(text), about):
        letters = {reading.notation.letters.get(one, one): one for one in ("x", "y")}
        given = {letters[name]: Integer(value) for name, value in numbers.items() if name in letters}
        try:
            equation = lowered(claim, reading)
        except Refusal:
            continue
        sides = (equation.lhs, equation.rhs)
        if not any(m.family in given for side in sides for m in side.atoms(Member)) and not any(
            side.has(D) for side in sides
        ):
            continue
        if given and any(side.has(D) for side in sides):
            why = f"it is said before that {said}, and it may be right there"
            return replace(found, kind="unknown", reason=why, counterexample=None, mistake=None, correction=None)
        lhs, rhs = (_put(side, given) for side in sides)
        other = answered(equation._replace(lhs=lhs, rhs=rhs), claim.shown)
        if other.kind in HOLD:
            return replace(other, relation=found.relation, assumed=(*found.assumed, f"{said} is said before"))
    return found


def _put(e: Any, given: Mapping[str, Any]) -> Any:
    return e.xreplace({m: given[m.family] for m in e.atoms(Member) if m.family in given})


def _claim(text: str, place: int) -> Claim | None:
    """The relation at a place of a text, if each side of it is written."""
    try:
        display = read(text)
    except Unreadable:
        return None
    claims = list[Claim | None]()
    for statement in (statement for line in display.lines for statement in line):
        says = statement.says
        if not isinstance(says, tree.Relation):
            claims.append(None)
            continue
        sides = [side for side in says.sides if side is not None]
        if len(sides) != len(says.sides):
            return None
        pairs = zip(sides, says.relations, sides[1:], strict=False)
        claims += [Claim(text, left, sign, right, statement.when) for left, sign, right in pairs]
    return claims[place] if place < len(claims) else None


__all__ = ["where_given"]
