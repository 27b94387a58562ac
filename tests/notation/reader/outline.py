"""A tree in one line, for tests: products in parentheses, sums as ``(+ a b)``, scripts in braces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from backproof.notation.reader import tree

ENDS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def outline(part: tree.Part | None) -> str:
    """The part without its places."""
    return "..." if part is None else FORMS[type(part)](part)


def listed(parts: Iterable[tree.Part], between: str = ",") -> str:
    return between.join(map(outline, parts))


def scripts(*marks: tuple[str, tuple[tree.Part, ...]]) -> str:
    return "".join(f"{sign}{{{listed(says)}}}" for sign, says in marks if says)


def joined(parts: Iterable[tree.Part | None], signs: Iterable[str]) -> str:
    between = (f" {sign} " if sign else " " for sign in signs)
    return "".join(part + sign for part, sign in zip(map(outline, parts), [*between, ""], strict=True))


FORMS: dict[type[tree.Part], Callable[[Any], str]] = {
    **dict.fromkeys((tree.Name, tree.Number, tree.Mark, tree.Words), lambda e: e.text),
    tree.Display: lambda e: " // ".join(listed(line, "; ") for line in e.lines),
    tree.Statement: lambda e: listed((e.says, *e.when), " "),
    tree.Scripted: lambda e: (
        outline(e.base) + "'" * e.primes + scripts(("_", e.lower), ("^", e.upper), ("@", e.behind))
    ),
    tree.Group: lambda e: f"{e.kind}{listed(e.parts)}{ENDS.get(e.kind, e.kind)}",
    tree.Signed: lambda e: f"{e.sign}{outline(e.of)}",
    tree.Sum: lambda e: f"(+ {listed(e.terms, ' ')})",
    tree.Product: lambda e: f"({joined(e.factors, e.between)})",
    tree.Fraction: lambda e: f"frac({outline(e.over)}, {outline(e.under)})",
    tree.Big: lambda e: f"{e.operator}{scripts(('_', e.lower), ('^', e.upper))}: {outline(e.of)}",
    tree.Root: lambda e: f"sqrt({outline(e.of)})",
    tree.Matrix: lambda e: f"[{'; '.join(listed(row, ', ') for row in e.rows)}]",
    tree.Relation: lambda e: joined(e.sides, e.relations),
}
