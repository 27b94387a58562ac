"""The notation that a user names, with letters of the user's own, for formulas about one network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Final

from ..surface.network import Network
from . import safe
from .row import ERROR_FIRST, KINDS, LETTERS, WEIGHT_FIRST, Notation, Spelling
from .table import COLUMN, NG, NIELSEN, NOTATIONS

#: What the letters are called by users, and the family (or function, or size) that each one is.
ROLES: Final = {
    "weight": "w", "bias": "b", "preactivation": "z", "activation": "a", "error": "delta", "cost": "C",
    "sigma": "sigma", "input": "x", "target": "y", "width": "n", "computed error": "d", "path sum": "S",
    "number of paths": "P", "hypothesis": "h", "output cost": "E", "example cost": "Cx", "examples": "M", "depth": "L",
    "normal distribution": "Phi", "normal density": "phi",
}  # fmt: skip

COSTS: Final = ("C", "Cx", "E")


def notation(name: str) -> Notation:
    """The notation called ``name``; ValueError with the names there are."""
    if name not in NOTATIONS:
        raise ValueError(f"no notation {name!r}: there are {', '.join(NOTATIONS)}")
    return NOTATIONS[name]


def family_of(role: str) -> str:
    """The family that a role, or the family itself, is called by; ValueError with the roles there are."""
    family = ROLES.get(role, role)
    if family not in LETTERS:
        raise ValueError(f"no letter is called {role!r}: there are {', '.join(ROLES)}")
    return family


def with_letters(row: Notation, letters: Mapping[str, str]) -> Notation:
    r"""``row`` with other letters: ``with_letters(NIELSEN, {"weight": r"\Theta"})``; keys are roles or families.

    Raises ValueError for a key that is no role, for what is no letter, and for a letter that means something else.
    """
    families = {family_of(key): safe.letter(value) for key, value in letters.items()}
    if "C" in families:
        families.setdefault("Cx", families["C"])
    result = {**row.letters, **families}
    names = {family: role for role, family in ROLES.items()}
    for family, other in product(families, result):
        if _confused(result, family, other) and not _confused(row.letters, family, other):
            raise ValueError(
                f"{result[family]} is the letter of {names[other]!r} already: give {names[family]!r} another"
            )
    return replace(row, letters=result, whole={f: text for f, text in row.whole.items() if f not in families})


def _confused(letters: Mapping[str, str], family: str, other: str) -> bool:
    """Whether one letter is used for two things; costs of different sorts may share theirs."""
    return family != other and letters[family] == letters[other] and not {family, other} <= set(COSTS)


def _own_letters(net: Network) -> dict[str, str]:
    """The letters of a network of one's own. ValueError where one is no letter, or stands for two families."""
    given = {**{f: safe.name(f) for f in net.kinds}, **{f: safe.letter(letter) for f, letter in net.letters.items()}}
    first: dict[str, str] = {}
    for family in net.kinds:
        other = first.setdefault(given[family], family)
        if other != family:
            raise ValueError(f"{given[family]} is the letter of {other} and of {family}: give one of them another")
    return given


def for_network(row: Notation, net: Network) -> Notation:
    """``row`` for formulas about ``net``: its own families, and no one example where the examples are numbered."""
    if net.depth is None:  # a network of one's own: its letters are its own, also those that another network has
        return replace(row, letters={**row.letters, **_own_letters(net)}, example={}, also=(), whole={},
                       layers="marker", first=1, shifts={}, from_first=False, vectors="columns", negative=(),
                       kinds=net.kinds, special={}, legend={**dict.fromkeys(net.kinds, ""), **net.legend})  # fmt: skip
    return replace(
        row, example={} if "Cx" in net.kinds else row.example, kinds={**KINDS, **net.kinds},
        letters={**row.letters, **net.letters}, legend={**row.legend, **net.legend},
    )  # fmt: skip


__all__ = [
    "COLUMN",
    "COSTS",
    "ERROR_FIRST",
    "KINDS",
    "LETTERS",
    "NG",
    "NIELSEN",
    "NOTATIONS",
    "ROLES",
    "WEIGHT_FIRST",
    "Notation",
    "Spelling",
    "family_of",
    "for_network",
    "notation",
    "with_letters",
]
