"""The report as a notebook: mathematics in cells of text, and the lines of the example in cells that run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import markdown

if TYPE_CHECKING:
    from .model import Report


def document(report: Report) -> str:
    """The notebook as JSON, which nbformat 4.5 reads; it needs NumPy alone to run from top to bottom."""
    cells = [{**cell, "id": f"cell-{place}"} for place, cell in enumerate(_cells(report))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}, "title": report.title.plain},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _cells(report: Report) -> Iterator[dict[str, Any]]:
    parts: Any = markdown.environment().get_template("parts.md.j2").module
    yield _text(parts.heading(report))
    yield _text(parts.setting(report))
    for section in report.sections:
        yield _text(parts.chapter(section))
    yield from _example(report, parts)
    yield _text(parts.ending(report))


def _example(report: Report, parts: Any) -> Iterator[dict[str, Any]]:
    """Each formula with its numbers, and below it the line that computes them."""
    if report.example is None:
        return
    yield _text(parts.example(report))
    yield _text("\n\n".join(markdown.display(given.formula) for given in report.example.given))
    yield _code("import numpy as np\n\nm = 1\n" + "\n".join(given.code for given in report.example.given))
    for line in report.example.lines:
        yield _text(markdown.display(line.display))
        yield _code(f"{line.code}\nprint({line.target}, np.shape({line.target}))")


def _text(source: str) -> dict[str, Any]:
    tidy = re.sub(r"\n{3,}", "\n\n", source).strip()
    return {"cell_type": "markdown", "metadata": {}, "source": tidy.splitlines(keepends=True)}


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


__all__ = ["document"]
