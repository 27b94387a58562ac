"""What ``backproof check`` prints of a program: the verdict, what was assumed, what is wrong and where."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

from rich.text import Text

from .table import printer

SIGNS: Final = {
    "ok": ("✓", "bold green"), "wrong": ("✗", "bold red"), "scale": ("✗", "bold red"), "order": ("✗", "bold red"),
    "raises": ("✗", "bold red"), "unknown": ("?", "bold yellow"),
}  # fmt: skip
VERDICTS: Final = {"ok": ("✓", "green"), "shape": ("✗", "red"), "missing": ("✗", "red"), "wrong": ("✗", "red"),
                   "scale": ("✗", "red")}  # fmt: skip
SAID: Final = {
    "ok": "all gradients are right", "wrong": "wrong", "order": "right formulas, in the wrong order",
    "scale": "right but for a constant", "raises": "it raises", "unknown": "not established",
}  # fmt: skip


Says = Mapping[str, Any]  # as ``check --json`` prints it


def show(reports: Iterable[Says], file: IO[str]) -> None:
    """Print what was found in programs."""
    with printer(file) as console:
        for says in reports:
            for line in _lines(says):
                console.print(line)


def text(says: Says) -> str:
    """The same of one program, as plain text."""
    found = io.StringIO()
    show([says], found)
    return found.getvalue().rstrip()


def _lines(says: Says) -> Iterator[Text]:
    overall = says["overall"]
    sign, style = SIGNS[overall]
    yield Text.assemble((f"{says['target']}: ", "bold"), (f"{sign} {SAID[overall]}", style), _grade(says))
    if says["assumed"]:
        yield Text(f"  assumed: {assumptions(says['assumed'])}", "dim")
    for row in says["findings"]:
        mark, colour = VERDICTS[row["verdict"]]
        yield Text.assemble("  ", (f"{mark} {row['parameter']:<14} {row['verdict']:<8}", colour), _row(row))
    for defect in says["defects"]:
        yield Text.assemble(("  → ", "bold red"), _defect(defect))
    if says["reason"] and (overall in ("raises", "unknown") or says["grade"] == "float64" or says["defects"]):
        why = "not exact: " if overall not in ("raises", "unknown") and says["grade"] == "float64" else ""
        yield Text(f"  {why}{says['reason']}", "dim" if why else "")
    yield from (Text(f"  right if {reading}", "yellow") for reading in says["right_if"])


def _grade(says: Any) -> str:
    if says["grade"] is None or says["overall"] in ("raises", "unknown"):
        return ""
    if says["grade"] == "exact":
        return f" (exact; a wrong entry passes with a chance of at most 2^{says['error_bound_log2']})"
    return " (in floating point, entry by entry)"


def assumptions(assumed: Any) -> str:
    """What was assumed, in words."""
    words = []
    for key, value in assumed.items():
        shown = "-".join(map(str, value)) if isinstance(value, list) else str(value)
        words.append(f"{key} {shown}")
    return "; ".join(words)


def _row(row: Any) -> str:
    if row["verdict"] == "ok":
        return ""
    gap = row["max_relative_error"]
    size = f", by up to {gap:.2g} of the right value" if gap is not None else ""
    factor = f", {row['factor']:g} times the right one" if row["factor"] is not None else ""
    cause = "" if row["equation"] else f" ({row['reason']})"
    return f"{row['wrong_entries']} entries{factor or size}{cause}"


def _defect(defect: Any) -> Text:
    layers = ", ".join(map(str, defect["layers"]))
    named = f" [{defect['mistake']}]" if defect["mistake"] else ""
    where = f", at {defect['where']}" if defect["where"] else ""
    return Text(f"{defect['equation']}, layer {layers}: {defect['reason']}{named}{where}")


__all__ = ["show", "text"]
