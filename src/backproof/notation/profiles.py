"""The notation that a user names, with letters of the user's own, for formulas about one network."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import product
from typing import Final

from ..errors import unknown
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
        raise ValueError(unknown("notation", name, NOTATIONS))
    return NOTATIONS[name]


def family_of(role: str, own: Collection[str] = ()) -> str:
    """The family that a role, or the family itself, is called by; ``own``: families of networks of one's own.

    ValueError with the roles there are.
    """
    family = ROLES.get(role, role)
    if family not in LETTERS and family not in own:
        raise ValueError(unknown("letter is called", role, [*ROLES, *own]))
    return family


def with_letters(
    row: Notation, letters: Mapping[str, str], used: Collection[str] | None = None, own: Collection[str] = ()
) -> Notation:
    r"""``row`` with other letters: ``with_letters(NIELSEN, {"weight": r"\Theta"})``; keys are roles or families.

    ``used``: the families that are printed; a letter of another one is free (None: all are printed). ``own``: families
    of networks of one's own, whose letters may be given, too.

    Raises ValueError for a key that is no role, for what is no letter, and for a letter that means something else.
    """
    families = {family_of(key, own): safe.letter(value) for key, value in letters.items()}
    if "C" in families:
        families.setdefault("Cx", families["C"])
    result = {**row.letters, **families}
    names = {family: role for role, family in ROLES.items()}
    printed = result if used is None else {*families, *(family for family in result if family in used)}
    for family, other in product(families, printed):
        if _confused(result, family, other) and not _confused(row.letters, family, other):
            raise ValueError(
                f"{result[family]} is the letter of {names.get(other, other)!r} already: "
                f"give {names.get(family, family)!r} another"
            )
    return replace(
        row,
        letters=result,
        whole={f: text for f, text in row.whole.items() if f not in families},
        given=frozenset(families),
    )


def _confused(letters: Mapping[str, str], family: str, other: str) -> bool:
    """Whether one letter is used for two things; costs of different sorts may share theirs."""
    same = letters.get(family) == letters.get(other) is not None
    return family != other and same and not {family, other} <= set(COSTS)


def _own_letters(net: Network, chosen: Mapping[str, str]) -> dict[str, str]:
    """The letters of a network of one's own. ValueError where one is no letter, or stands for two families."""
    own = {f: safe.letter(letter) for f, letter in net.letters.items()}
    given = {**{f: safe.name(f) for f in net.kinds}, **own, **chosen}
    first: dict[str, str] = {}
    for family in net.kinds:
        other = first.setdefault(given[family], family)
        if other != family:
            raise ValueError(f"{given[family]} is the letter of {other} and of {family}: give one of them another")
    return given


def for_network(row: Notation, net: Network) -> Notation:
    """``row`` for formulas about ``net``: its own families, and no one example where the examples are numbered."""
    if net.depth is None:  # a network of one's own: its letters are its own, also those that another network has
        chosen = {family: row.letters[family] for family in row.given & set(net.kinds)}
        return replace(row, letters={**row.letters, **_own_letters(net, chosen)}, example={}, also=(), whole={},
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
