"""What is printed and where: standard output, standard error, and what becomes of a closed pipe."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..proving import Progress

SIGPIPE = 141  # what shells make of this signal


class CannotRunError(click.ClickException):
    """Exit code 2, and one line that says what to do."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message."""
        click.echo(f"backproof: {self.message}", file=file, err=True)


def print_json(data: dict[str, Any]) -> None:
    import json

    print_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def print_text(text: str) -> None:
    """In UTF-8, whatever the terminal's encoding is: programs and JSON are read in it."""
    binary = hasattr(sys.stdout, "buffer")
    click.echo(text.encode(errors="replace") if binary else text, nl=False)


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """Report on standard error once a second has gone by: in place on a terminal, else a line now and then."""
    terminal, due, pause = sys.stderr.isatty(), time.monotonic() + 1, 0.1 if sys.stderr.isatty() else 5
    shown = False

    def report(what: str, done: int, of: int) -> None:
        nonlocal due, shown
        if time.monotonic() >= due:
            from ..notation.text import title

            text = f"{done}/{of} {title(what)}"[:78]
            due, shown = time.monotonic() + pause, True
            with contextlib.suppress(OSError):  # that nobody can be told is no reason to stop
                click.echo(f"\r\x1b[2K{text}" if terminal else text, err=True, nl=not terminal)

    try:
        yield report
    finally:
        if shown and terminal:
            click.echo("\r\x1b[2K", err=True, nl=False)


@contextlib.contextmanager
def bar() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done)

        yield report


@contextlib.contextmanager
def written() -> Iterator[None]:
    """See that what is printed gets out. Where its reader has gone, as with ``| head -1``, end without a word."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        drop(sys.stdout)
        sys.exit(SIGPIPE)
    except OSError as error:
        if error.filename is not None:  # some other file
            raise
        drop(sys.stdout)
        raise CannotRunError(f"cannot write to standard output: {(error.strerror or str(error)).lower()}") from None


def drop(stream: Any) -> None:
    """What is left in the buffer cannot be written: let Python not try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


#: What is written where an encoding has no mathematical signs.
SIGNS = {
    "✓": "[ok]", "✗": "[x]", "–": "-", "—": "-", "−": "-", "…": "...", "∂": "d", "Σ": "sum", "∇": "grad ", "⊙": "(*)",
    "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt", "·": "*", "×": "x", "→": "->", "ᵀ": "^T", "′": "'", "″": "''",
    "‴": "'''", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Φ": "Phi", "Δ": "Delta", "Ω": "Omega", "\u0302": "^", "\u0303": "~",
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", (f"^{digit}" for digit in "0123456789"), strict=True)),
}  # fmt: skip
STAND_INS = "backproof"  # what Python calls this way of going on


def _in_others(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(SIGNS.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def usable() -> None:
    """A closed standard error is silent, and a sign that an encoding lacks is written in others: delta, [ok]."""
    codecs.register_error(STAND_INS, _in_others)
    if sys.stdout is None:
        raise CannotRunError("cannot write to standard output: it is closed")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=STAND_INS)


__all__ = ["CannotRunError", "bar", "drop", "print_json", "print_text", "progress", "usable", "written"]
