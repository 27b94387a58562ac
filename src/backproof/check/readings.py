"""Other readings of a wrong claim in which it is right: a network that differs in one respect, another notation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..networks.dense import dense, dense_network
from ..networks.setting import Setting, readings
from ..notation.profiles import NOTATIONS, for_network
from .refusals import Refusal
from .relation import Claim, Reading, is_right, lowered
from .verdict import Verdict

MOST: Final = 4  # readings that are said


def right_if(claim: Claim, found: Verdict, about: Reading) -> Verdict:
    """The verdict on a wrong claim, with the readings in which it is right."""
    said = [words for words, other in neighbours(about) if _is_right(claim, other)]
    return replace(found, right_if=tuple(said[:MOST]))


def neighbours(about: Reading) -> Iterator[tuple[str, Reading]]:
    """Readings that differ in one respect, and in what."""
    setting = about.setting or (Setting() if about.net is dense() else None)
    if setting is not None:
        for other in readings(setting):
            net = dense_network(other.setting)
            yield other.words, replace(about, net=net, notation=for_network(about.notation, net), setting=other.setting)
    for row in NOTATIONS.values():
        if row.name != about.notation.name:
            letters = replace(row, letters=about.notation.letters)
            yield f"the notation is {row.name}", replace(about, notation=for_network(letters, about.net))


def _is_right(claim: Claim, about: Reading) -> bool:
    try:
        return is_right(lowered(claim, about))
    except Refusal:
        return False
