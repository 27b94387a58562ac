"""Other letters for what the network has: ``S ≡ HW_2 + b_2`` are its last preactivations, ``P`` their softmax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sympy import Integer

from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..notation.row import Spelling
from ..surface.terms import L, Member, Refused, l
from .claims import taken_readings
from .letters import letter_of
from .quantities import member
from .refusals import Refusal, Unknown
from .relation import Reading, equated, is_right
from .spelling import flat, letter
from .when import When

DEEPEST: Final = 6  # of networks whose layers are tried, one by one
COSTS: Final = ("C", "Cx")


def with_alias(text: str, statement: tree.Statement, about: Reading) -> Reading | None:
    """What claims are read in behind a definition of such a letter; None where it is none."""
    says = statement.says
    if not isinstance(says, tree.Relation) or statement.when or about.setting is None:
        return None
    head, body = says.sides[:2]
    assert head is not None
    assert body is not None
    display = tree.Display(statement.span, ((statement,),))
    for _, reading in taken_readings(display, about):
        found = _found(text, head, body, reading)
        if found is not None:
            return replace(about, notation=replace(about.notation, also=(found, *about.notation.also)))
    return None


def _found(text: str, head: Part, body: Part, reading: Reading) -> Spelling | None:
    low = reading.lowering(text)
    try:
        made = low.value(body)
        layered, units = _marks(head, low)
    except Refusal:
        return None
    if not made.dims and not isinstance(made.entry(), Member) and not units:
        return None
    for family, layer in _candidates(reading, layered=layered):
        if not layered and reading.setting is not None and layer not in (None, reading.net.depth) and layer == l:
            continue
        try:
            kinds = reading.net.kinds[family]
            slots: list[Any] = [*units] if units else [None] * kinds.count("u")
            if len(slots) != kinds.count("u"):
                continue
            slots += [low.example] if kinds.endswith("e") else []
            other = member(reading.lowering(text), family, head.span, () if layer is None else (layer,), slots)
            equation = equated(made, other, (text, text), low.conditions, When(), reading)
            if is_right(equation):
                return Spelling(family, letter_of(head), _where(reading, layer))
        except (Refusal, Refused, ValueError):
            continue
    return None


def _marks(head: Part, low: Any) -> tuple[bool, list[Any]]:
    """Whether a layer stands above it, and its indices."""
    if not isinstance(head, tree.Scripted):
        return False, []
    if head.primes or head.behind or len(head.upper) > 1 or (head.upper and low.layer(head.upper[0]) != l):
        raise Unknown(head.span, "marks that are not read")
    below = [one for part in flat(head.lower) for one in _split(part)]
    return bool(head.upper), [low.index(one) for one in below]


def _split(part: Part) -> Iterator[Part]:
    text = letter(part)
    if isinstance(part, tree.Name) and len(text) == 2 and text.isalpha():
        yield from (tree.Name(part.span, sign) for sign in text)
    else:
        yield part


def _candidates(reading: Reading, *, layered: bool) -> Iterator[tuple[str, Any]]:
    depth = reading.net.depth
    known = isinstance(depth, Integer) and depth <= DEEPEST
    layers = [l] if layered else [*map(Integer, range(int(depth), 1, -1))] if known else [L]
    yield from ((family, layer) for layer in layers for family in ("z", "a"))


def _where(reading: Reading, layer: Any) -> int | str | None:
    """The layer that a letter has without one being written."""
    if layer == l:
        return None
    return "L" if layer == reading.net.depth else int(layer)


__all__ = ["with_alias"]
