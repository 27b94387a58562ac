"""What ``backproof prove`` prints: a table of statements, steps and evidence, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from rich.console import Console, Group, RenderableType
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
    ("bruteforce", "brute", lambda e: str(e["partials"] or "")),
    ("numeric", "numeric", lambda e: f"{e['max_relative_error']:.0e}" if e["max_relative_error"] else "0"),
)
WIDTHS: Final = (5, 6, 8, 6, 7)  # of the columns after the title
LEGEND: Final = (
    "kernel: rules replayed. exact: at most this probability that a false statement passes. "
    "brute: partial derivatives that SymPy took of small nets. numeric: largest relative error in floating point."
)


class Printer(Console):
    """A console that leaves it to the caller what to do where the reader has gone."""

    def on_broken_pipe(self) -> None:
        """Say so, instead of ending the program with exit code 1."""
        raise BrokenPipeError


def show(result: ProveResult, file: IO[str]) -> None:
    """Print the table of ``result``, its refusals, and one line that sums up."""
    console = Printer(file=file, highlight=False)
    if result.derivations:
        console.print(*_table(result), "", Text(LEGEND, style="dim"), "", sep="\n")
    for line in dict.fromkeys(_at_scale(result)):
        console.print(line, "", sep="\n")
    for refusal in result.refused:
        console.print(_refusal(refusal), "", sep="\n")
    console.print(Text(_summary(result), style="bold green" if result.ok else "bold red"))
    if result.files:
        console.print(Text("written: " + ", ".join(result.files)), soft_wrap=True)


def _table(result: ProveResult) -> Iterator[RenderableType]:
    """A row for each derivation, its statement below in full width; a blank line between chapters."""
    yield _row(Text("derivation"), "steps", *(heading for _, heading, _ in EVIDENCE), style="dim")
    chapter = None
    for proved in result.derivations:
        if proved.derivation.chapter != chapter:
            yield ""
        chapter = proved.derivation.chapter
        title = text.plain(text.words((proved.derivation.title,)))
        yield _row(
            Text(title, "bold" if proved.holds else "bold red"), str(len(proved.derivation.lines)), *_evidence(proved)
        )
        yield Padding(Text(proved.text, "cyan"), (0, 0, 0, 4))


def _at_scale(result: ProveResult) -> Iterator[str]:
    """What the exact check of the whole network found."""
    for found in (item for proved in result.derivations for item in proved.evidence if item["kind"] == "scale"):
        verdict = "are right" if found["holds"] else "are not all right"
        bound = f"error below 2^{found['error_bound_log2']}"
        yield f"all {found['partials']:,} partial derivatives at once, exactly: they {verdict} ({bound})"


def _row(title: Text, *cells: str | Text, style: str = "") -> Table:
    row = Table.grid(padding=(0, 1, 0, 0), expand=True)
    row.add_column(ratio=1)
    for width in WIDTHS:
        row.add_column(justify="right", width=width, no_wrap=True)
    row.add_row(title, *cells, style=style)
    return row


def _evidence(proved: Proved) -> Iterator[Text]:
    found = {item["kind"]: item for item in proved.evidence}
    for kind, _, write in EVIDENCE:
        if kind not in found:
            yield Text("–", style="dim")
        elif found[kind]["holds"]:
            yield Text(f"✓ {write(found[kind])}".rstrip(), style="green")
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
    judged = sum(len(proved.evidence) > 1 for proved in result.derivations)
    if result.ok and judged == count:
        return f"{_counted(count, 'derivation')} proved, replayed and judged: everything holds"
    if result.ok:
        return f"{_counted(count, 'derivation')} proved and replayed, {judged} of them judged as well: everything holds"
    parts = [f"{_counted(count - failed, 'derivation')} proved"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{_counted(len(result.refused), 'place')} refused"] if result.refused else []
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


__all__ = ["show"]
