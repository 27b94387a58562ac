"""Targets that sum to 1, in a network of definitions: there what is wrong of any targets may be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..surface.facts import SUMS_TO_1
from ..surface.network import Network
from ..surface.terms import Member
from .claims import judge
from .relation import Reading
from .verdict import HOLD, Verdict

LETTERS: Final = ("y", "t")  # of targets


def where_they_sum_to_1(text: str, about: Reading, found: list[Verdict], *, is_said: bool) -> list[Verdict]:
    """The verdicts with targets that sum to 1, where that is said; else what is right so is not refuted."""
    letters = dict(_targets(about.net)) if any(v.kind == "refuted" for v in found) else {}
    if not letters:
        return found
    definitions = (
        replace(d, facts=(*d.facts, SUMS_TO_1)) if d.head.family in letters else d for d in about.net.definitions
    )
    again = judge(text, replace(about, net=replace(about.net, definitions=tuple(definitions))))
    if len(again) != len(found):
        return found
    names = " and ".join(letters.values())
    if is_said:
        said = f"the sum of all {names} is 1"
        return [v if v.kind == "unknown" else replace(v, assumed=(*v.assumed, said)) for v in again]
    return [
        Verdict("unknown", v.left, v.right, f"it is right where the {names} sum to 1, which is not said", v.relation)
        if v.kind == "refuted" and other.kind in HOLD else v
        for v, other in zip(found, again, strict=True)
    ]  # fmt: skip


def _targets(net: Network) -> Iterator[tuple[str, str]]:
    """The data with indices that have the letter of targets: their families, and the letters."""
    for d in net.definitions:
        name = net.letters.get(d.head.family, "")
        alone = sum(other.head.family == d.head.family for other in net.definitions) == 1
        if isinstance(d.head, Member) and d.head.indices and d.body is None and not d.inputs and alone:
            bare = name.removeprefix(r"\mathbf{").removesuffix("}")
            if bare in LETTERS:
                yield d.head.family, name


__all__ = ["where_they_sum_to_1"]
