"""Layers that index letters say: i, j, k for a layer, the one above and the one above that, as far as nothing else is
written: the weight w_kj leads from j to k, a target is one of the last layer, an input one of the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sympy import Integer

from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..notation.row import Notation
from ..surface.terms import l
from .spelling import flat, letter, parts_of, spellings

_PLACES: Final = {"i": -1, "j": 0, "k": 1, "h": 0}
_ONE_HIDDEN: Final = 3  # layers: then i, j, k are the inputs, the hidden units and the outputs
_FAMILIES: Final = ("w", "b", "z", "a", "delta", "x", "y", "C", "Cx")


def layers(parts: tuple[Part, ...], row: Notation, depth: Any) -> dict[str, Any]:
    """The layer of each index letter."""
    above: dict[tuple[str, str], int] = {}
    fixed: dict[str, Any] = {}
    used: dict[str, None] = {}
    for part in (p for root in parts for p in parts_of(root)):
        if isinstance(part, tree.Scripted):
            _note(part, row, depth, above, fixed, used)
    found: dict[str, Any] = {}
    first = Integer(2) if depth == _ONE_HIDDEN else l
    for group in _joined(list(used), above):
        found |= _placed(group, fixed, found, first)
    return found


def _note(
    part: tree.Scripted, row: Notation, depth: Any, above: dict[tuple[str, str], int], fixed: dict[str, Any],
    used: dict[str, None],
) -> None:  # fmt: skip
    spelled = spellings(letter(part.base), row, _FAMILIES)
    if not spelled or spelled[0].family in ("C", "Cx"):
        return
    indices = [at for at in _letters(part.lower) if at not in row.numbers_examples]
    used |= dict.fromkeys(indices)
    family, number = spelled[0].family, _number(part, row)
    if family == "w" and len(indices) == 2:
        to, source = reversed(indices) if row.from_first else indices
        above[to, source] = 1
        if number is not None:
            fixed[to] = number + row.shifts.get("w", 0)
    elif len(indices) == 1 and (family == "y" or spelled[0].layer == "L"):
        fixed[indices[0]] = depth
    elif len(indices) == 1 and (family == "x" or spelled[0].layer == 1):
        fixed[indices[0]] = Integer(1)
    elif len(indices) == 1 and number is not None:
        fixed[indices[0]] = number + row.shifts.get(family, 0)


def _number(part: tree.Scripted, row: Notation) -> Any:
    """The number of the layer that is written above, as a network counts."""
    groups = [u for u in flat(part.upper) if isinstance(u, tree.Group) and len(u.parts) == 1]
    inner = groups[0].parts[0] if groups else None
    return Integer(inner.text) + 1 - row.first if isinstance(inner, tree.Number) and inner.text.isdigit() else None


def _letters(lower: tuple[Part, ...]) -> Iterator[str]:
    for part in flat(lower):
        text = letter(part)
        if text.isalpha() and text.isascii():
            yield from text


def _joined(used: list[str], above: dict[tuple[str, str], int]) -> Iterator[dict[str, int]]:
    """Groups of letters that weights connect, each with how many layers it is above the first of them."""
    left = sorted(used)
    while left:
        group, queue = {left[0]: 0}, [left[0]]
        while queue:
            at = queue.pop()
            for (to, source), gap in above.items():
                for one, other, by in ((to, source, -gap), (source, to, gap)):
                    if one == at and other not in group:
                        group[other] = group[at] + by
                        queue.append(other)
        left = [name for name in left if name not in group]
        yield group


def _placed(group: dict[str, int], fixed: dict[str, Any], known: dict[str, Any], first: Any) -> dict[str, Any]:
    anchors = [name for name in group if name in fixed]
    if anchors:
        base = fixed[anchors[0]] - group[anchors[0]]
        return {name: base + by for name, by in group.items()}
    named = [name for name in group if name in _PLACES]
    if not named:
        return {}
    at = "j" if "j" in named else named[0]
    others = {name: layer for name, layer in {**known, **fixed}.items() if name in _PLACES}
    near = min(others, key=lambda name: abs(_PLACES[name] - _PLACES[at]), default=None)
    start = (others[near] + _PLACES[at] - _PLACES[near]) if near else first + _PLACES[at]
    return {name: start + by - group[at] for name, by in group.items()}


__all__ = ["layers"]
