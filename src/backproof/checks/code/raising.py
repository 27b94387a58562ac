"""What is said of a program that raises, or that cannot be called."""

from __future__ import annotations

import ast
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from . import roles
from .answer import Answer, Finding
from .asking import Tried
from .calls import CannotCallError
from .words import Said as Talk

LONGEST = 300  # characters of a message


def raised(error: BaseException, file: str) -> str:
    """The kind of exception, the last line of the program that is on the way to it, and its words."""
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    where = f" at line {lines[-1].lineno}: {lines[-1].line}" if lines else ""
    return f"{type(error).__name__}{where}: {' '.join(str(error).split())[:LONGEST]}"


def line_of(error: BaseException, file: str) -> int | None:
    """The line of the program that raised it."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return lines[-1] if lines else None


def none_worked(results: list[Tried], file: str, talk: Talk) -> Answer:
    """No way gave a gradient: the program raises where it is called as it says, or it is not known how to call it."""
    failed = [one for one in results if not isinstance(one.error, CannotCallError)]
    if not failed:
        why = str(results[0].error) if results else "no function of it takes inputs and targets"
        return Answer("unknown", reason=f"{why}; declare it with an adapter")
    told, found = next(((one, made) for one in failed if (made := _spread(one, file))), (failed[0], None))
    assert told.error is not None
    text = raised(told.error, file)
    if not (talk.layouts or told.way.subject.data or found):
        return Answer("unknown", reason=f"it could not be called in any of the usual ways; the first one raised {text}")
    assumed = {"function": told.way.callee.name, "examples": told.way.layout.words, "targets": told.way.targets.words}
    return Answer("raises", assumed, defects=[found] if found else [], reason=text)


def _spread(told: Tried, file: str) -> Finding | None:
    """An array with an axis of examples twice: broadcasting has made a table of what should have been a column."""
    count, sizes = told.way.made.examples, told.way.made.layers.sizes
    frame = _frame(told.error, file)
    if frame is None or count in sizes:
        return None
    for name, value in frame.f_locals.items():
        if isinstance(value, np.ndarray) and value.shape == (count, count):
            line, text = _assigned(frame.f_code.co_name, name, file)
            last = len(sizes) - 1
            of_targets = any(roles.role(word) == "targets" for word in text)
            layer, equation = (last, "BP1") if of_targets or not text else (last, "BP2")
            words = (
                f"{name} has shape {value.shape}: arrays of one axis and of two are combined, and each example meets "
                "every other"
            )
            return Finding(equation, (layer,), "broadcast", words, f"{Path(file).name}:{line}" if line else None)
    return None


def _frame(error: Any, file: str) -> Any:
    found, at = None, error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == file:
            found = at.tb_frame
        at = at.tb_next
    return found


def _assigned(function: str, name: str, file: str) -> tuple[int | None, list[str]]:
    """The line where a name gets its value in a function, and the names that it is made of."""
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        return None, []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Assign) and any(
                    isinstance(t, ast.Name) and t.id == name for t in inner.targets
                ):
                    return inner.lineno, [e.id for e in ast.walk(inner.value) if isinstance(e, ast.Name)]
    return None, []


__all__ = ["line_of", "none_worked", "raised"]
