"""What a judge found, in words and in a cell of the summary: one row a kind of evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from ..notation import safe
from .words import Emphasis, Words, joined, printed, prose

Found = Mapping[str, Any]  # as in ``prove --json``: {"kind": "exact", "holds": True, "models": 12, ...}


class Kind(NamedTuple):
    """How a kind of evidence is told: the head of its column, a cell, and words."""

    head: str
    cell: Callable[[Found], str]
    words: Callable[[Found], str]


def power_of_ten(number: float) -> str:
    """3e-16 as 3 x 10^-16."""
    if number == 0:
        return "$0$"
    exponent = math.floor(math.log10(abs(number)))
    mantissa = f"{number / 10**exponent:.0f}"
    return rf"${mantissa}\times 10^{{{exponent}}}$" if mantissa != "10" else rf"$10^{{{exponent + 1}}}$"


def _bound(found: Found) -> str:
    return f"$2^{{{math.floor(found['error_bound_log2'])}}}$"


KINDS: Final = {
    "kernel": Kind("Rules", lambda f: f"{f['rules']}", lambda f: f"kernel: {f['rules']} rules applied, replayed"),
    "exact": Kind(
        "Exact",
        _bound,
        lambda f: f"exact: holds in {f['models']} random networks modulo a prime, error below {_bound(f)}",
    ),
    "bruteforce": Kind(
        "Brute force",
        lambda f: str(f["partials"] or "yes"),
        lambda f: f"brute force: {_partials(f['partials'])} of {_number(f['networks'])} compared",
    ),
    "numeric": Kind(
        "Numeric",
        lambda f: power_of_ten(f["max_relative_error"]),
        lambda f: f"complex step: relative error at most {power_of_ten(f['max_relative_error'])}",
    ),
    "scale": Kind(
        "At scale",
        lambda f: f"{f['partials']}",
        lambda f: f"at scale: all {f['partials']} partial derivatives at once, error below {_bound(f)}",
    ),
    "reference": Kind(
        "Reference",
        lambda f: power_of_ten(f["max_relative_error"]),
        lambda f: f"beside the NumPy reference and its complex step: {power_of_ten(f['max_relative_error'])}",
    ),
}


def _partials(count: int) -> str:
    return f"{count} partial derivative{'' if count == 1 else 's'}" if count else "the values"


def _number(networks: Any) -> str:
    count = len(networks)
    return f"{count} network{'' if count == 1 else 's'}"


def evidence_line(found: Iterable[Found]) -> Words:
    """All evidence for a statement, in words."""
    return joined(map(_words, found), "; ")


def counterexample(found: Mapping[str, Any]) -> str:
    """Where the two sides of a claim differ, as prose: ``{"widths": [2, 3], "indices": {"j": 1}, "lhs": "7", ...}``."""
    widths = [f"widths {', '.join(map(str, found['widths']))}"] if found["widths"] else []
    where = ", ".join([*widths, *(_index(name, value) for name, value in found.get("indices", {}).items())])
    return f"{where}: the left-hand side is ${found['lhs']}$, the right-hand side ${found['rhs']}$."


def _index(name: str, value: int) -> str:
    return f"{name} {value}" if name in ("row", "column") else f"${safe.name(name)}={value}$"


def _words(found: Found) -> Words:
    name = str(found["kind"])
    if found["holds"]:
        return printed(KINDS[name].words(found) if name in KINDS else f"{name}: holds")
    why = [prose(str(found[key])) for key in ("words", "reason") if found.get(key)]
    why += [printed(counterexample(found["counterexample"]))] if found.get("counterexample") else []
    head = Emphasis(Words([name if name == "unjudged" else f"{name} fails"]), strong=True)
    return joined([[head], *why], ": ")


def cells(found: Iterable[Found], columns: Iterable[str]) -> tuple[Words, ...]:
    """One cell of the summary for each column."""
    by_kind = {item["kind"]: item for item in found}
    return tuple(_cell(by_kind.get(column)) for column in columns)


def _cell(found: Found | None) -> Words:
    if found is None:
        return Words(["–"])
    if not found["holds"]:
        return Words([Emphasis(Words(["fails"]), strong=True)])
    return printed(KINDS[found["kind"]].cell(found) if found["kind"] in KINDS else "yes")


def columns(evidence: Iterable[Iterable[Found]]) -> tuple[str, ...]:
    """The kinds that occur, the known ones first and in their order."""
    found = {str(item["kind"]) for items in evidence for item in items}
    return (*(kind for kind in KINDS if kind in found), *sorted(found - set(KINDS) - {"unjudged"}))


def head(column: str) -> str:
    """The head of a column."""
    return KINDS[column].head if column in KINDS else column
