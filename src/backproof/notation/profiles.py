"""Conventions, one row each: letters, where the layer is written, which layers a weight connects, what stands first.

Internally ``w[l, j, k]`` leads from unit k of layer l - 1 to unit j of layer l. A notation in which the matrix w^(l)
leads from layer l to layer l + 1 has ``weight_shift`` 1: ``w[l + 1, j, k]`` is written w^(l)_jk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final

from ..surface.network import Network
from . import safe

#: What the letters are called by users, and the family (or function, or size) that each one is.
ROLES: Final = {
    "weight": "w", "bias": "b", "preactivation": "z", "activation": "a", "error": "delta", "cost": "C",
    "sigma": "sigma", "input": "x", "target": "y", "width": "n", "computed error": "d", "path sum": "S",
    "number of paths": "P", "hypothesis": "h", "output cost": "E", "example cost": "Cx", "examples": "M", "depth": "L",
    "normal distribution": "Phi", "normal density": "phi",
}  # fmt: skip

COSTS: Final = ("C", "Cx", "E")

#: The kinds of the indices of a family: l(ayer) goes up; u(nit) down; e(xample) down, last.
KINDS: Final = {
    "w": "luu", "b": "lue", "z": "lue", "a": "lue", "delta": "lue", "d": "lue", "S": "luu",
    "P": "lu", "h": "ue", "x": "ue", "y": "ue", "E": "ue", "C": "", "Cx": "e",
}  # fmt: skip

#: The order of factors: kinds of factors as ``ordering.kind`` names them.
WEIGHT_FIRST: Final = (
    "size", "cost partial", "cost", "weight", "bias", "value", "activation", "sum", "target", "preactivation",
    "error", "errors", "partial", "other", "slope", "array", "bracket", "log", "total",
)  # fmt: skip
ERROR_FIRST: Final = (
    "size", "cost partial", "cost", "error", "errors", "weight", "bias", "value", "target", "preactivation", "partial",
    "slope", "activation", "sum", "other", "array", "bracket", "log", "total",
)  # fmt: skip

LETTERS: Final = {
    "w": "w", "b": "b", "z": "z", "a": "a", "delta": r"\delta", "sigma": r"\sigma", "x": "x", "y": "y", "C": "C",
    "E": "E", "Cx": "C", "d": "d", "S": "S", "P": "P", "h": "h", "n": "n", "M": "M", "L": "L",
    "Phi": r"\Phi", "phi": r"\varphi",
}  # fmt: skip


@dataclass(frozen=True)
class Notation:
    """A convention. ``letters`` and the other tables are keyed by the names of ``ROLES``' right column."""

    name: str
    title: str
    letters: Mapping[str, str] = field(default_factory=lambda: LETTERS, hash=False)
    layer: str = "{}"  #: the layer index: "{}" for w^{l}, "({})" for w^{(l)}, "[{}]" for W^{[l]}
    weight_shift: int = 0
    hadamard: str = r"\odot"
    prime: str = "'"
    order: tuple[str, ...] = WEIGHT_FIRST
    example: Mapping[str, str] = field(default_factory=dict, hash=False)  #: index of the one example, written first
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS, hash=False)
    #: members with a name of their own
    special: Mapping[tuple[Any, ...], str] = field(default_factory=dict, hash=False)
    #: what the families of a network of one's own are, in words
    legend: Mapping[str, str] = field(default_factory=dict, hash=False)


NIELSEN: Final = Notation("nielsen", "Nielsen, Neural Networks and Deep Learning")
COLUMN: Final = Notation("column", "columns, layers in parentheses", {**LETTERS, "w": "W"}, layer="({})")
NG: Final = Notation(
    "ng",
    "Ng, Machine Learning",
    {**LETTERS, "sigma": "g", "C": "J", "E": "J", "Cx": "J", "n": "S"},
    layer="({})",
    weight_shift=1,
    hadamard=r"\mathbin{{\cdot}{\ast}}",
    order=ERROR_FIRST,
    example={"C": "i", "E": "i", "y": "i"},
    special={("a", 1, 0): "x_{0}"},
)

NOTATIONS: Final = {row.name: row for row in (NIELSEN, COLUMN, NG)}


def notation(name: str) -> Notation:
    """The notation called ``name``; ValueError with the names there are."""
    if name not in NOTATIONS:
        raise ValueError(f"no notation {name!r}: there are {', '.join(NOTATIONS)}")
    return NOTATIONS[name]


def with_letters(row: Notation, letters: Mapping[str, str]) -> Notation:
    r"""``row`` with other letters: ``with_letters(NIELSEN, {"weight": r"\Theta"})``; keys are roles or families.

    Raises ValueError for a key that is no role, for what is no letter, and for a letter that means something else.
    """
    families = {ROLES.get(key, key): safe.letter(value) for key, value in letters.items()}
    if unknown := sorted(set(families) - set(LETTERS)):
        raise ValueError(f"no letter is called {unknown[0]!r}: there are {', '.join(ROLES)}")
    if "C" in families:
        families.setdefault("Cx", families["C"])
    result = {**row.letters, **families}
    names = {family: role for role, family in ROLES.items()}
    for family, other in product(families, result):
        if _confused(result, family, other) and not _confused(row.letters, family, other):
            raise ValueError(
                f"{result[family]} is the letter of {names[other]!r} already: give {names[family]!r} another"
            )
    return replace(row, letters=result)


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
        return replace(row, letters={**row.letters, **_own_letters(net)}, example={},
                       kinds=net.kinds, special={}, legend={**dict.fromkeys(net.kinds, ""), **net.legend})  # fmt: skip
    own = {family: kinds for family, kinds in net.kinds.items() if family not in KINDS}
    return replace(
        row, example={} if "Cx" in net.kinds else row.example, kinds={**KINDS, **own},
        letters={**row.letters, **net.letters}, legend={**row.legend, **net.legend},
    )  # fmt: skip
