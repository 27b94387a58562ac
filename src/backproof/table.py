"""What ``backproof prove`` prints: a table of statements, steps and evidence, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .notation import text
from .proving import Proved, ProveResult
from .refusals import Refusal

#: The columns of evidence: kind, heading, and what stands behind the tick.
EVIDENCE: Final[tuple[tuple[str, str, Callable[[dict[str, Any]], str]], ...]] = (
    ("kernel", "kernel", lambda e: str(e["rules"])),
    ("exact", "exact", lambda e: f"2^{e['error_bound_log2']}"),
    ("bruteforce", "brute", lambda e: str(e["partials"])),
    ("numeric", "numeric", lambda e: f"{e['max_relative_error']:.0e}"),
)
LEGEND: Final = (
    "kernel: rules replayed. exact: at most this probability that a false statement passes. "
    "brute: partial derivatives that SymPy took of small nets. numeric: largest relative error in floating point."
)


def show(result: ProveResult, file: IO[str]) -> None:
    """Print the table of ``result``, its refusals, and one line that sums up."""
    console = Console(file=file, highlight=False, soft_wrap=False)
    if result.derivations:
        console.print(_table(result))
        console.print(Text(LEGEND, style="dim"))
    for refusal in result.refused:
        console.print()
        console.print(_refusal(refusal))
    console.print()
    console.print(Text(_summary(result), style="bold green" if result.ok else "bold red"))
    if result.files:
        console.print(Text("written: " + ", ".join(result.files)), soft_wrap=True)


def _table(result: ProveResult) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), expand=True, header_style="dim")
    table.add_column("statement", ratio=1)
    table.add_column("steps", justify="right", no_wrap=True)
    for _, heading, _ in EVIDENCE:
        table.add_column(heading, justify="right", no_wrap=True)
    chapter = None
    for proved in result.derivations:
        if chapter not in (None, proved.derivation.chapter):
            table.add_row()
        chapter = proved.derivation.chapter
        table.add_row(_statement(proved), str(len(proved.derivation.lines)), *_evidence(proved))
    return table


def _statement(proved: Proved) -> Group:
    title = Text(proved.derivation.title, style="bold" if proved.holds else "bold red")
    return Group(title, Padding(Text(proved.text, style="cyan"), (0, 0, 0, 2)))


def _evidence(proved: Proved) -> Iterator[Text]:
    found = {item["kind"]: item for item in proved.evidence}
    for kind, _, write in EVIDENCE:
        if kind not in found:
            yield Text("–", style="dim")
        elif found[kind]["holds"]:
            yield Text(f"✓ {write(found[kind])}", style="green")
        else:
            yield Text("✗ fails", style="bold red")


def _refusal(refusal: Refusal) -> Group:
    calculation = refusal.name or "the calculation"
    what = "is malformed" if refusal.line is None else f"line {refusal.line} of {calculation} does not follow"
    head = Text(f"✗ {refusal.where}: {what}", style="bold red")
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for name, said in _answer(refusal):
        rows.add_row(name, Text(said))
    return Group(head, Padding(rows, (0, 0, 0, 4)))


def _answer(refusal: Refusal) -> Iterator[tuple[str, str]]:
    for name, e in (("before", refusal.before), ("claim", refusal.claim), ("instead", refusal.instead)):
        if e is not None:
            yield name, text.text(e)
    if refusal.because:
        yield "reason", text.words(refusal.because)
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
    return f"in a net of {net} units{', ' if where else ''}{where}: before = {found['lhs']}, claim = {found['rhs']}"


def _summary(result: ProveResult) -> str:
    count, failed = len(result.derivations), sum(not proved.holds for proved in result.derivations)
    if result.ok:
        return f"{_counted(count, 'derivation')} proved, replayed and judged: everything holds"
    parts = [f"{_counted(count - failed, 'derivation')} proved"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{_counted(len(result.refused), 'place')} refused"] if result.refused else []
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


__all__ = ["show"]
