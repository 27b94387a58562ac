"""What a backend is: it writes a program in one language, runs what it wrote, and may have checks of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from .program import Program
from .sample import Result, Sample


class Failed(Exception):  # noqa: N818 - a verdict
    """What was written is not what was proved; the message says where."""


@dataclass(frozen=True)
class Backend:
    """``write`` makes the text, with what was verified in its header; ``run`` evaluates it on samples.

    ``checks`` are further ones, in the target's own means: each line it returns is said in the header, and it raises
    ``Failed`` where one fails. ``sizes`` are those of batches that are tried in turn. ``run`` is None where the text is
    not a program that a computer runs.
    """

    name: str
    suffix: str
    write: Callable[[Program, Iterable[str]], str]
    run: Callable[[Program, str, Sequence[Sample]], list[Result]] | None
    checks: Callable[[Program, str, Sequence[Sample]], list[str]] | None = None
    sizes: tuple[int, ...] = (2, 4, 5, 6, 7, 9, 10, 70, 130, 3, 1)


NAMES: Final = ("numpy", "jax", "torch", "c", "latex")


def backend(name: str) -> Backend:
    """The backend of that name; its module is imported now."""
    found: Any = import_module(f".backends.{name}", __package__)
    return found.BACKEND  # type: ignore[no-any-return]


def unrolled(name: str) -> Backend | None:
    """The same for small nets, written out in scalars; None where there is none."""
    return getattr(import_module(f".backends.{name}", __package__), "UNROLLED", None)
