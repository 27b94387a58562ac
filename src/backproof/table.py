"""What ``backproof prove`` prints: a table of statements, steps and evidence, and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .console import printer
from .notation import text
from .proving import Proved, ProveResult
from .refusals import Refusal, in_words, readable

if TYPE_CHECKING:
    from .exporting import Exported


class Column(NamedTuple):
    """Evidence of these kinds: the first that there is, with what stands behind the tick."""

    kinds: tuple[str, ...]
    heading: str
    unit: str
    write: Callable[[dict[str, Any]], str]
    width: int


COLUMNS: Final = (
    Column(("kernel",), "kernel", "rules", lambda e: str(e["rules"]), 6),
    Column(("exact", "scale"), "exact", "error", lambda e: f"2^{e['error_bound_log2']}", 8),
    Column(("bruteforce",), "brute", "partials", lambda e: str(e["partials"] or ""), 8),
    Column(
        ("numeric",),
        "numeric",
        "rel. error",
        lambda e: f"{e['max_relative_error']:.0e}" if e["max_relative_error"] else "0",
        10,
    ),
)
WIDTHS: Final = (5, *(column.width for column in COLUMNS))  # of the columns after the title
NARROWEST: Final = 8  # of titles
NARROW: Final = 60  # columns of a terminal: on fewer a table has no room
NAMES: Final = ("steps", *(column.heading for column in COLUMNS))
NOTHING: Final = {"", "–", *NAMES, *(column.unit for column in COLUMNS)}  # cells that say nothing below a title
LEGEND: Final = (
    "kernel: rules replayed. exact: at most this probability that a false statement passes. "
    "brute: partial derivatives of small nets composed whole. numeric: largest relative error in floating point."
)
UNJUDGED: Final = "unjudged"
SILENT: Final = "–: this judge cannot say (the statement rests on an assumption, is out of its reach, or is too large)."


def show(result: ProveResult, file: IO[str], *, unwritten: str | None = None) -> None:
    """Print the table of ``result``, its refusals, and a line that sums up; ``unwritten``: a folder left as it was."""
    with printer(file) as console:
        if result.derivations:
            console.print(Text("\n").join(_table(result, console)))
            console.print("", Text(_legend(result), style="dim"), "", sep="\n")
        for line in dict.fromkeys(_at_scale(result)):
            console.print(line, "", sep="\n")
        _print_refused(console, result.refused)
        console.print(Text(_summary(result), style="bold green" if result.ok else "bold red"))
        if result.files:
            console.print(Text("written: " + ", ".join(result.files)), soft_wrap=True)
        elif unwritten is not None:
            console.print(Text(f"nothing written: {unwritten} is left as it was"), soft_wrap=True)


def show_refused(refused: Iterable[Refusal], file: IO[str]) -> None:
    """Print what was refused."""
    with printer(file) as console:
        _print_refused(console, refused)


def show_exported(made: Exported, file: IO[str]) -> None:
    """Print the equations of an exported program, and what was verified."""
    spec = made.program.spec
    with printer(file) as console:
        console.print(Text(f"{spec.title}: {spec.parameters:,} parameters\n", style="bold"))
        lines = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
        for f in dict.fromkeys(f for f in spec.activations if f.own):
            lines.add_row("own", f"{f.name}(z) = {f.text}")
        for line in made.equations:
            if line["label"] != "forward":
                lines.add_row(line["label"], line["text"])
        console.print(lines)
        console.print()
        for check in made.checks:
            row = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
            row.add_row("✓", f"{check.kind:<8}", check.words)
            console.print(row)
        if made.file is not None:
            console.print(Text(f"\nwritten: {made.file}", style="bold green"), soft_wrap=True)


def _print_refused(console: Console, refused: Iterable[Refusal]) -> None:
    for refusal in refused:
        console.print(_refusal(refusal), "", sep="\n")


def _legend(result: ProveResult) -> str:
    silent = any(_found(proved, column) is None for proved in result.derivations for column in COLUMNS)
    by = dict.fromkeys(p.derivation.judged_by for p in result.derivations if not p.judged and p.holds)
    return "\n".join((LEGEND, *([SILENT] if silent else []), *(f"{UNJUDGED}: vouched for by {why}." for why in by)))


def _table(result: ProveResult, console: Console) -> Iterator[Text]:
    """The lines of a row for each derivation, its statement below in full width; a blank line between chapters."""
    yield from _row(console, Text("derivation", "dim"), "steps", *(column.heading for column in COLUMNS))
    yield from _row(console, Text("", "dim"), "", *(column.unit for column in COLUMNS))
    chapter = None
    for proved in result.derivations:
        if proved.derivation.chapter != chapter:
            yield Text()
        chapter = proved.derivation.chapter
        title = Text(text.title(proved.derivation.title), "bold" if proved.holds else "bold red")
        yield from _row(console, title, Text(str(len(proved.derivation.lines))), *_evidence(proved))
        for line in Text(proved.text, "cyan").wrap(console, max(console.width - 4, 1)):
            yield Text("    ") + line
        for line in Text(_given(proved), "dim").wrap(console, max(console.width - 6, 1)):
            yield Text("      ") + line
        for why in (item["reason"] for item in proved.evidence if not item["holds"] and item.get("reason")):
            for line in Text(f"✗ {why}", "red").wrap(console, max(console.width - 4, 1)):
                yield Text("    ") + line


def _given(proved: Proved) -> str:
    """The hypotheses of a theorem, and what is known of its data; "" if there are none."""
    given = text.conditions(proved.derivation.theorem.hypotheses, proved.notation)
    known = [f"for data with {', '.join(proved.facts)}"] if proved.facts else []
    return "; ".join(([f"if {', '.join(given)}"] if given else []) + known)


def _at_scale(result: ProveResult) -> Iterator[str]:
    """What the exact check of the whole network found."""
    for found in (item for proved in result.derivations for item in proved.evidence if item["kind"] == "scale"):
        verdict = "are right" if found["holds"] else "are not all right"
        bound = f"error below 2^{found['error_bound_log2']}"
        yield f"all {found['partials']:,} partial derivatives at once, exactly: they {verdict} ({bound})"


def _row(console: Console, title: Text, *cells: str | Text) -> Iterator[Text]:
    """A title, on as many lines as it takes, and cells to the right of the first; rich's own tables are slow.

    On a narrow terminal the cells stand below the title, each with its name.
    """
    if console.width < NARROW:
        yield from title.wrap(console, console.width) if title.plain != "derivation" else []
        named = [(name, Text(str(cell))) for name, cell in zip(NAMES, cells, strict=True) if str(cell) not in NOTHING]
        below = Text(", ").join(Text(f"{name} ") + cell for name, cell in named)
        for line in below.wrap(console, console.width - 2) if named else []:
            yield Text("  ") + line
        return
    room = max(console.width - sum(WIDTHS) - len(WIDTHS), NARROWEST)
    first, *rest = title.wrap(console, room, overflow="ellipsis") or [Text()]
    first.truncate(room, pad=True)
    yield Text(" ").join((first, *(_cell(cell, width) for cell, width in zip(cells, WIDTHS, strict=True))))
    yield from rest


def _cell(written: str | Text, width: int) -> Text:
    shown = written.copy() if isinstance(written, Text) else Text(written, "dim")
    shown.truncate(width, overflow="ellipsis")
    shown.align("right", width)
    return shown


def _evidence(proved: Proved) -> Iterator[Text]:
    for column in COLUMNS:
        found = _found(proved, column)
        if found is None and column.heading == "exact" and not proved.judged:
            yield Text(UNJUDGED, style="dim" if proved.derivation.judged_by else "bold red")
        elif found is None:
            yield Text("–", style="dim")
        elif found["holds"]:
            yield Text(f"✓ {column.write(found)}".rstrip(), style="green")
        else:
            yield Text("✗ fails", style="bold red")


def _found(proved: Proved, column: Column) -> dict[str, Any] | None:
    """The evidence that a column shows."""
    by_kind = {item["kind"]: item for item in proved.evidence}
    return next((by_kind[kind] for kind in column.kinds if kind in by_kind), None)


def _refusal(refusal: Refusal) -> Group:
    head = Text(f"✗ {refusal.headline}", style="bold red")
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for name, said in _answer(refusal):
        rows.add_row(name, Text(said))
    return Group(head, Padding(rows, (0, 0, 0, 4)))


def _answer(refusal: Refusal) -> Iterator[tuple[str, str]]:
    if refusal.line is None and refusal.name:
        yield "derivation", refusal.name
    for name, e in (("before", refusal.before), ("claim", refusal.claim), ("instead", refusal.instead)):
        if e is not None:
            yield name, readable(e)
    if refusal.because:
        yield "reason", in_words(refusal.because)
    yield "refused", refusal.reason
    if refusal.counterexample:
        yield "counterexample", _counterexample(refusal.counterexample)
    if refusal.note:
        yield "note", refusal.note
    if refusal.also:
        yield "rest on it", ", ".join(refusal.also)


def _counterexample(found: dict[str, Any]) -> str:
    where = ", ".join(f"{name} = {value}" for name, value in found["indices"].items())
    net = "-".join(map(str, found["widths"]))
    units = [f"in a net of {net} units"] if net else []
    return f"{', '.join([*units, *([where] if where else [])])}: before = {found['lhs']}, claim = {found['rhs']}"


def _summary(result: ProveResult) -> str:
    count, failed = len(result.derivations), sum(not proved.holds for proved in result.derivations)
    judged = sum(proved.judged for proved in result.derivations)
    if result.ok and judged == count:
        return f"{_counted(count, 'derivation')} proved, replayed and judged: everything holds"
    if result.ok:
        return f"{_counted(count, 'derivation')} proved and replayed, {judged} of them judged as well: everything holds"
    parts = [f"{_counted(count - failed, 'derivation')} proved"]
    unjudged = sum(not proved.holds and not proved.judged for proved in result.derivations)
    parts += [f"{failed - unjudged} failed"] if failed > unjudged else []
    parts += [f"{unjudged} unjudged"] if unjudged else []
    kinds = Counter(_verdict(refusal) for refusal in result.refused)
    parts += [f"{_counted(number, noun)} {one if number == 1 else many}" for (noun, one, many), number in kinds.items()]
    return ", ".join(parts)


def _verdict(refusal: Refusal) -> tuple[str, str, str]:
    """What is counted, and what is said of one and of many."""
    if refusal.line is not None:
        return "line", "is wrong", "are wrong"
    return "derivation" if refusal.name else "file", "cannot be read", "cannot be read"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


__all__ = ["printer", "show", "show_refused"]
