"""Where the verbs print: a console of rich, without SymPy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from rich.console import Console


@contextmanager
def printer(file: IO[str]) -> Iterator[Console]:
    """A console whose lines get to ``file`` at the end, without the spaces at their ends."""
    console = Console(file=file, highlight=False)
    with console.capture() as captured:
        yield console
    file.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))


__all__ = ["printer"]
