"""Notebooks: the formulas of their Markdown cells, with their lines in the file."""

from __future__ import annotations

import json
import json.scanner
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from ...errors import CannotRun
from .document import Document, Formula
from .front import front_matter
from .macros import Macros
from .markdown import formulas_of
from .scan import MOST, Scan, numbered


class Placed(str):
    """A text, and where it stands in the file."""

    __slots__ = ("at",)
    at: int


def _placed(text: str, end: int, strict: bool = True) -> tuple[Placed, int]:  # noqa: FBT001, FBT002 - json calls it so
    says, after = scanstring(text, end, strict)
    made = Placed(says)
    made.at = end
    return made, after


def _read(text: str) -> Any:
    decoder = json.JSONDecoder()
    decoder.parse_string = _placed  # type: ignore[attr-defined]
    decoder.scan_once = json.scanner.py_make_scanner(decoder)  # type: ignore[attr-defined]
    return decoder.decode(text)


def document(target: str, text: str) -> Document:
    """The document that a notebook is: its Markdown cells, one after the other."""
    try:
        cells = [cell for cell in _read(text)["cells"] if cell.get("cell_type") == "markdown"]
        sources = [_lines(cell["source"]) for cell in cells]
    except RecursionError:
        raise CannotRun(f"{target}: it is no notebook: too much stands within one another") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise CannotRun(f"{target}: it is no notebook{why}") from None
    file, offset = Scan(text), 0
    shown, formulas, front = list[str](), list[Formula](), dict[str, Any]()
    for place, lines in enumerate(sources):
        source = "".join(lines)
        said, start = front_matter(target, source) if place == 0 else ({}, 0)
        front |= said
        origin = [file.line(line.at) for line in lines for _ in range(max(line.count("\n"), 1))]
        formulas += islice(_moved(formulas_of(source, start), offset, origin), MOST + 1)
        shown.append(source)
        offset += len(source) + 2
    joined = "\n\n".join(shown)
    return Document(target, joined, numbered(target, Macros.of(joined).expanded(formulas)), front)


def _lines(source: Any) -> list[Placed]:
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, Placed) for line in lines):
        raise TypeError
    return [line for line in lines if line]


def _moved(formulas: Iterator[Formula], offset: int, origin: list[int]) -> Iterator[Formula]:
    for f in formulas:
        line = origin[min(f.line, len(origin)) - 1]
        yield replace(f, line=line, span=(f.span[0] + offset, f.span[1] + offset))


__all__ = ["document"]
