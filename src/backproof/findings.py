"""What ``backproof check`` prints of a program: the verdict, what was assumed, what is wrong and where."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final

from rich.console import Console
from rich.text import Text

from .console import printer

SIGNS: Final = {
    "ok": ("✓ all gradients are right", "bold green"),
    "wrong": ("✗ wrong", "bold red"),
    "scale": ("✗ right but for a constant", "bold red"),
    "order": ("✗ right formulas, in the wrong order", "bold red"),
    "raises": ("✗ it raises", "bold red"),
    "unknown": ("? not established", "bold yellow"),
}  # fmt: skip
MARKS: Final = {kind: (sign[0], style) for kind, (sign, style) in SIGNS.items()}
COUNTED: Final = {
    "ok": "right", "wrong": "wrong", "scale": "right but for a constant", "order": "in the wrong order",
    "raises": "that raise", "unknown": "not established",
}  # fmt: skip
VERDICTS: Final = {"ok": ("✓", "green"), **dict.fromkeys(("shape", "missing", "wrong", "scale"), ("✗", "red"))}
HUGE: Final = 1e6  # relative errors above say that a right value is 0, or next to it
NAME: Final = 14  # width of the column of parameters
UNSAID: Final = ("a guess", "fit")  # sources that are to be told with a warning
Says = Mapping[str, Any]  # as ``check --json`` prints it


def show(reports: Sequence[Says], file: IO[str]) -> None:
    """Print what was found in a program; of several a line each, and how many are right."""
    with printer(file) as console:
        if len(reports) == 1:
            for line, margin in _lines(reports[0]):
                _print(console, line, margin)
        else:
            console.print(Text("\n").join(_table(reports)), soft_wrap=True)


def _table(reports: Sequence[Says]) -> Iterator[Text]:
    width = max((len(says["target"]) for says in reports), default=0)
    for says in reports:
        mark, colour = MARKS[says["overall"]]
        what = f"{mark} {says['overall']:<7}"
        yield Text.assemble((f"{says['target']:<{width}}  ", "bold"), (what, colour), f"  {_short(says)}")
    kinds = Counter(says["overall"] for says in reports)
    counts = ", ".join(f"{kinds[kind]} {COUNTED[kind]}" for kind in COUNTED if kinds[kind])
    yield Text(f"{len(reports)} programs: {counts}", "bold")


def _short(says: Says) -> str:
    """The defects in a few words; where there are none, why nothing could be said, or the grade."""
    defects = [_named(defect) for defect in says["defects"]]
    return "; ".join(defects) or says["reason"] or ("exact" if says["grade"] == "exact" else "floating point")


def _named(defect: Any) -> str:
    layers = ",".join(map(str, defect["layers"]))
    line = f" line {defect['where'].rpartition(':')[2]}" if defect["where"] else ""
    return f"{defect['equation']}{f' layer {layers}' * bool(layers)}{line} {defect['mistake'] or 'unexplained'}"


def text(says: Says) -> str:
    """The same of one program, as plain text."""
    found = io.StringIO()
    show([says], found)
    return found.getvalue().rstrip()


def _print(console: Console, line: Text, margin: int) -> None:
    """A line, its continuations set in."""
    first, *rest = line.wrap(console, max(console.width - margin, 20)) or [Text()]
    console.print(first)
    for part in rest:
        console.print(Text(" " * margin) + part)


def _lines(says: Says) -> Iterator[tuple[Text, int]]:
    """The lines, and how far what does not fit is set in."""
    overall = says["overall"]
    sign, style = SIGNS[overall]
    yield Text.assemble((f"{says['target']}: ", "bold"), (sign, style)), 2
    for line in assumptions(says["assumed"]):
        yield Text(f"  {line}", "dim"), 4
    for row in says["findings"]:
        mark, colour = VERDICTS[row["verdict"]]
        yield Text.assemble("  ", (f"{row['parameter']:<{NAME}} {mark} {row['verdict']:<8}", colour), _row(row)), 6
    for defect in says["defects"]:
        yield _defect(defect), 4
    if says["reason"]:
        yield Text(f"  {_why(says)}{says['reason']}", "" if overall in ("raises", "unknown") else "dim"), 4
    yield from ((Text(f"  right if {reading}", "yellow"), 4) for reading in says["right_if"])
    if overall == "ok":
        yield Text(f"  {_grade(says)}", "dim"), 4


def _why(says: Says) -> str:
    inexact = says["grade"] == "float64" and says["overall"] not in ("raises", "unknown")
    return "in floating point, not exactly: " if inexact else ""


def _grade(says: Says) -> str:
    if says["grade"] == "exact":
        return f"exactly: a wrong entry would pass with a chance of at most 2^{says['error_bound_log2']}"
    errors = [e for row in says["findings"] if (e := row["max_relative_error"]) is not None]
    if errors:
        return f"in floating point: no entry is off by more than {max(errors):.1g} of its value"
    return "in floating point: each entry to 1e-8 of itself, and 1e-13 of the sum of its terms"


def assumptions(assumed: Mapping[str, Any]) -> Iterator[str]:
    """What was assumed, in words: what was run, and what it was held against."""
    given = {key: "-".join(map(str, e)) if isinstance(e, list) else str(e) for key, e in assumed.items()}
    if "cost" not in given:
        if given:
            yield "; ".join(f"{key} {_words(value)}" for key, value in assumed.items())
        return
    run = [f"{given['made by']}, {given['function']}", f"weights {given['weights']}", given["examples"]]
    if "gradient" in given:
        run.append(f"gradient {given['gradient']}")
    yield "; ".join(run)
    layers = f"{given['hidden']}, last {given['output']} ({_from(given['activations from'])})"
    yield f"against {given['sizes']}, {layers}; cost {given['cost']} ({_from(given['cost from'])})"


def _words(value: Any) -> str:
    return ", ".join(f"{key} {e}" for key, e in value.items()) if isinstance(value, dict) else str(value)


def _from(source: str) -> str:
    return f"undeclared: {source}" if source in UNSAID else source


def _row(row: Any) -> str:
    if row["verdict"] == "ok":
        return ""
    entries = f"{row['wrong_entries']} entries" if row["wrong_entries"] != 1 else "1 entry"
    gap = row["max_relative_error"]
    size = f", by up to {gap:.2g} of the right value" if gap is not None and gap < HUGE else ""
    factor = f", {row['factor']:g} times the right one" if row["factor"] is not None else ""
    cause = "" if row["equation"] else " (from above)"
    return f"{entries}{factor or size}{cause}"


def _defect(defect: Any) -> Text:
    numbers = ", ".join(map(str, defect["layers"]))
    layers = f", layer{'s' * (len(defect['layers']) > 1)} {numbers}" if numbers else ""
    where = f", {defect['where']}" if defect["where"] else ""
    named = f"  [{defect['mistake']}]" if defect["mistake"] else ""
    return Text.assemble("  ", (f"{defect['equation']}{layers}{where}: ", "bold red"), f"{defect['reason']}{named}")


__all__ = ["show", "text"]
