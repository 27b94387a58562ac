"""What ``backproof check`` prints of a program: the verdict, what was assumed, what is wrong and where."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from rich.text import Text

from .examining import Report
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


def show(reports: Iterable[Report], file: IO[str]) -> None:
    """Print the reports."""
    with printer(file) as console:
        for report in reports:
            for line in _lines(report):
                console.print(line)


def text(report: Report) -> str:
    """A report as plain text."""
    found = io.StringIO()
    show([report], found)
    return found.getvalue().rstrip()


def _lines(report: Report) -> Iterator[Text]:
    says = report.says
    sign, style = SIGNS[report.overall]
    yield Text.assemble((f"{report.target}: ", "bold"), (f"{sign} {SAID[report.overall]}", style), _grade(says))
    if says["assumed"]:
        yield Text(f"  assumed: {assumptions(says['assumed'])}", "dim")
    for row in says["findings"]:
        mark, colour = VERDICTS[row["verdict"]]
        yield Text.assemble("  ", (f"{mark} {row['parameter']:<14} {row['verdict']:<8}", colour), _row(row))
    for defect in says["defects"]:
        yield Text.assemble(("  → ", "bold red"), _defect(defect))
    if says["reason"] and (report.overall in ("raises", "unknown") or says["grade"] == "float64" or says["defects"]):
        why = "not exact: " if report.overall not in ("raises", "unknown") and says["grade"] == "float64" else ""
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
