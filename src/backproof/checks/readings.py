"""Other readings of a wrong claim in which it is right: a network that differs in one respect, another notation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from ..networks.dense import dense, dense_network
from ..networks.setting import Setting, readings
from ..notation.profiles import NOTATIONS, for_network
from ..surface.terms import Member, free
from .refusals import Refusal
from .relation import Claim, Reading, is_right, lowered
from .verdict import Verdict

MOST: Final = 4  # readings that are said


#: What a claim has to speak of for a field of the setting to matter.
SPEAKS_OF: Final = {
    field: {"C", "Cx", "E", "delta"} for field in ("cost", "examples", "reduction", "penalty", "targets")
}  # fmt: skip


def right_if(claim: Claim, found: Verdict, about: Reading) -> Verdict:
    """The verdict on a wrong claim, with the readings in which it is right."""
    said = (words for words, other in neighbours(claim, about) if _is_right(claim, other))
    return replace(found, right_if=tuple(islice(said, MOST)))


def neighbours(claim: Claim, about: Reading) -> Iterator[tuple[str, Reading]]:
    """Readings that differ in one respect that the claim depends on, and in what."""
    setting = about.setting or (Setting() if about.net is dense() else None)
    families, is_about_last = _spoken_of(claim, about)
    for field, words, other in readings(setting) if setting is not None else ():
        matters = not families or families & SPEAKS_OF.get(field, families)
        if matters and (is_about_last or not words.startswith("the last")):
            net = dense_network(other)
            yield words, replace(about, net=net, notation=for_network(about.notation, net), setting=other)
    for row in NOTATIONS.values() if about.net.depth is not None else ():
        if row.name != about.notation.name:
            letters = replace(row, letters=about.notation.letters)
            yield f"the notation is {row.name}", replace(about, notation=for_network(letters, about.net))


def _spoken_of(claim: Claim, about: Reading) -> tuple[set[str], bool]:
    """The families that a claim speaks of, and whether it is about the last layer; none where it is malformed."""
    try:
        equation = lowered(claim, about)
    except Refusal:
        return set(), True
    sides = (equation.lhs, equation.rhs)
    families = {member.family for side in sides for member in side.atoms(Member)}
    depth = about.net.depth
    return families, depth is not None and (depth.is_Integer or any(depth in free(side) for side in sides))


def _is_right(claim: Claim, about: Reading) -> bool:
    try:
        return is_right(lowered(claim, about))
    except Refusal:
        return False
