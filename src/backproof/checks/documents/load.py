"""From a file, or standard input, to a document. Whatever the file is, this takes time and memory in proportion."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ...errors import CannotRun
from . import latex, markdown, notebook, plain
from .document import Document

LARGEST, LARGEST_NOTEBOOK = 4 * 2**20, 32 * 2**20  # bytes of a file; a notebook has pictures in it
KINDS: Final[dict[str, Callable[[str, str], Document]]] = {
    ".md": markdown.document, ".markdown": markdown.document, ".qmd": markdown.document, ".rmd": markdown.document,
    ".tex": latex.document, ".ltx": latex.document, ".ipynb": notebook.document, ".txt": plain.document,
}  # fmt: skip
STANDARD_INPUT: Final = "-"


def load(target: str) -> Document:
    """The document that ``target`` names; ``-`` is standard input. CannotRun where there is none, in words."""
    if target != STANDARD_INPUT and Path(target).suffix.lower() not in KINDS:
        raise CannotRun(f"{target}: its name has to end in {', '.join(KINDS)}, or be - for standard input")
    text = _text(target, _bytes(target))
    kind = _kind(text) if target == STANDARD_INPUT else KINDS[Path(target).suffix.lower()]
    return kind(target, text)


def _bytes(target: str) -> bytes:
    most = LARGEST_NOTEBOOK if target.lower().endswith(".ipynb") else LARGEST
    try:
        if target == STANDARD_INPUT:
            found = sys.stdin.buffer.read(most + 1)
        else:
            if not Path(target).is_file():  # a device or a pipe may have no end
                what = "is a folder" if Path(target).is_dir() else "there is no such file"
                raise CannotRun(f"{target}: {what}")
            with Path(target).open("rb") as file:
                found = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise CannotRun(f"{target}: {(getattr(error, 'strerror', None) or str(error)).lower()}") from None
    if len(found) > most:
        raise CannotRun(f"{target}: it has more than {most // 2**20} MB")
    return found


def _text(target: str, found: bytes) -> str:
    """In UTF-8, with ends of lines as they are here."""
    try:
        text = found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise CannotRun(f"{target}: it is not in UTF-8 (line {line}, byte 0x{found[error.start]:02x})") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CannotRun(f"{target}: it is no text, there is a null character in line {line}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kind(text: str) -> Callable[[str, str], Document]:
    """What standard input seems to be."""
    start = text[:10_000].lstrip()
    if start.startswith("{") and '"cells"' in text:
        return notebook.document
    if r"\documentclass" in start or r"\begin{document}" in text:
        return latex.document
    return markdown.document if start.startswith("---") else plain.document


__all__ = ["KINDS", "LARGEST", "load"]
