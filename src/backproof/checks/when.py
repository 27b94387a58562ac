"""When a claim is made: ``for l < L``, ``if j = k``, ``for all j``, ``l = 2, …, L``; the rest is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from sympy import Symbol

from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..surface.terms import NonNegative, n
from .refusals import Unknown
from .spelling import indicated

#: Words that say no more than that a condition comes; others may say anything.
_WORDS: Final = re.compile(
    r"(?:for|if|when|whenever|where|with|and|all|any|every|each|as|in|the|case|holds|that|such|provided|layers?|units?"
    r"|neurons?|indices|index|hidden|[\s,.;:()]|\\\\)*",
    re.IGNORECASE,
)

_AND: Final = re.compile(r"[\s,;]*(?:and|so|hence|thus|therefore|then|also)[\s,;]*", re.IGNORECASE)

#: What is at least 0 where a relation between two indices holds.
_FORMS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": lambda x, y: y - x - 1, "≤": lambda x, y: y - x, ">": lambda x, y: x - y - 1, "≥": lambda x, y: x - y,
}  # fmt: skip


@dataclass
class When:
    """Conditions on indices: ``forms`` are at least 0, ``equal`` has values for letters, ``apart`` are not equal."""

    forms: list[Any] = field(default_factory=list)
    equal: dict[Any, Any] = field(default_factory=dict)
    apart: list[tuple[Any, Any]] = field(default_factory=list)

    @property
    def cases(self) -> list[frozenset[Any]]:
        """The conditions as hypotheses; where letters are not equal, one is larger or the other."""
        made = [frozenset(map(NonNegative, self.forms))]
        for one, other in self.apart:
            made = [case | {NonNegative(gap - 1)} for case in made for gap in (one - other, other - one)]
        return made


def grouped(line: tuple[tree.Statement, ...], is_index: Callable[[Part], bool]) -> Iterator[tree.Statement]:
    """The statements of a line, each with what is said behind it of its indices; commas have parted these."""
    kept: list[tree.Statement] = []
    for statement in (one for written in line for one in _apart(written, is_index)):
        says = statement.says
        if kept and not statement.when and _is_about_indices(says, is_index):
            last = kept[-1]
            kept[-1] = tree.Statement((last.span[0], statement.span[1]), last.says, (*last.when, says))
        else:
            kept.append(statement)
    yield from (_without_group(statement, is_index) for statement in kept)


def _apart(statement: tree.Statement, is_index: Callable[[Part], bool]) -> Iterator[tree.Statement]:
    """``a = b and c = d`` as two statements, where the second one is about no indices."""
    words, *rest = statement.when or (None,)
    says = rest[0] if rest else None
    joined = isinstance(words, tree.Words) and _AND.fullmatch(words.text) is not None
    if not joined or not isinstance(says, tree.Relation) or _is_about_indices(says, is_index):
        yield statement
        return
    yield replace(statement, span=(statement.span[0], statement.says.span[1]), when=())
    yield from _apart(tree.Statement((says.span[0], statement.span[1]), says, tuple(rest[1:])), is_index)


def _is_about_indices(part: Part, is_index: Callable[[Part], bool]) -> bool:
    if isinstance(part, tree.Relation):
        return all(side is not None and is_index(side) for side in part.sides) and part.relations != ("←",)
    return isinstance(part, tree.Mark) or is_index(part)


def _without_group(statement: tree.Statement, is_index: Callable[[Part], bool]) -> tree.Statement:
    """``a = b  (l < L)`` as a statement and its condition."""
    says = statement.says
    last = says.sides[-1] if isinstance(says, tree.Relation) else None
    if not isinstance(says, tree.Relation) or last is None:
        return statement
    kept, group = _parted(last)
    first = group.parts[0] if group is not None and group.parts else None
    if group is None or not isinstance(first, tree.Relation):
        return statement
    if not all(_is_about_indices(part, is_index) for part in group.parts):
        return statement
    claimed = replace(says, span=(says.span[0], kept.span[1]), sides=(*says.sides[:-1], kept))
    return tree.Statement(statement.span, claimed, (*statement.when, *group.parts))


def _parted(part: Part) -> tuple[Part, tree.Group | None]:
    """A side without the parentheses at its end, and these."""
    if isinstance(part, tree.Product):
        last = part.factors[-1]
        if isinstance(last, tree.Group):
            before = part.factors[:-1]
            if isinstance(before[-1], tree.Name) and indicated(before[-1], last) is not None:
                return part, None
            end = before[-1].span[1]
            rest = replace(part, span=(part.span[0], end), factors=before, between=part.between[:-1])
            return (rest if before[1:] else before[0]), last
        kept, group = _parted(last)
        return replace(part, span=(part.span[0], kept.span[1]), factors=(*part.factors[:-1], kept)), group
    if isinstance(part, tree.Big | tree.Signed):
        kept, group = _parted(part.of)
        return replace(part, span=(part.span[0], kept.span[1]), of=kept), group
    if isinstance(part, tree.Sum):
        last = part.terms[-1].of if isinstance(part.terms[-1], tree.Signed) else part.terms[-1]
        if isinstance(last, tree.Product) and len(last.factors) == 2 and indicated(*last.factors) is not None:
            return part, None
        kept, group = _parted(part.terms[-1])
        return replace(part, span=(part.span[0], kept.span[1]), terms=(*part.terms[:-1], kept)), group
    return part, None


def understood(parts: tuple[Part, ...], index: Callable[[Part], Any], text: str) -> When:
    """What the conditions say, where ``index`` reads an index expression. Unknown where one is not understood."""
    found = When()
    place = 0
    while place < len(parts):
        part = parts[place]
        listed = _listed(parts, place)
        if isinstance(part, tree.Words):
            if not _WORDS.fullmatch(part.text):
                raise Unknown(part.span, f"the condition {part.text!r} is not understood")
        elif listed > 1:
            _range(found, parts[place : place + listed], index)
        elif isinstance(part, tree.Relation):
            _related(found, part, index, text)
        else:
            index(part)  # for all of them, wherever they are
        place += max(listed, 1)
    return found


def _listed(parts: tuple[Part, ...], place: int) -> int:
    """How many parts a list ``l = 2, …, L`` takes, 0 where none begins here."""
    part = parts[place]
    if not isinstance(part, tree.Relation) or part.relations[-1] != "=":
        return 0
    marks = [at for at in range(place + 1, min(place + 4, len(parts) - 1)) if isinstance(parts[at], tree.Mark)]
    return marks[0] + 2 - place if marks and not any(isinstance(p, tree.Words) for p in parts[place : marks[0]]) else 0


def _range(found: When, parts: tuple[Part, ...], index: Callable[[Part], Any]) -> None:
    head, *between, _, end = parts
    if not isinstance(head, tree.Relation) or head.sides[0] is None or head.sides[1] is None:
        raise Unknown(head.span, "this list is not understood")
    at, first, last = index(head.sides[0]), index(head.sides[1]), index(end)
    steps = [b - a for a, b in pairwise([first, *map(index, between)])]
    gap = last - first
    down = any(step == -1 for step in steps) or (not steps and gap.is_Integer and gap < 0)
    if any(abs(step) != 1 for step in steps) or not isinstance(at, Symbol):
        raise Unknown(head.span, "a list with gaps")
    low, high = (last, first) if down else (first, last)
    found.forms += [at - low, high - at]


def _related(found: When, part: tree.Relation, index: Callable[[Part], Any], text: str) -> None:
    sides = [None if side is None else index(side) for side in part.sides]
    for relation, one, other in zip(part.relations, sides, sides[1:], strict=False):
        if relation in _FORMS:
            found.forms.append(_FORMS[relation](one, other))
        elif relation == "≠":
            found.apart.append((one, other))
        elif relation in ("=", ":=") and isinstance(one, Symbol) and not one.is_positive:
            found.equal[one] = other
        else:
            raise Unknown(part.span, f"the condition {' '.join(text[slice(*part.span)].split())} is not understood")


def index_of(index: Callable[[Part], Any], size: str) -> Callable[[Part], Any]:
    """A reader of index expressions that knows the sizes, n_l, too."""

    def read(part: Part) -> Any:
        base = part.base if isinstance(part, tree.Scripted) else None
        if isinstance(part, tree.Scripted) and isinstance(base, tree.Name) and base.text == size:
            marks = (*part.lower, *part.upper)
            if len(marks) == 1:
                return n(read(marks[0]))
        return index(part)

    return read
