"""What is wrong with a derivation file, said to the one who wrote it: line, claim, what follows instead, counterexample."""

from __future__ import annotations

import ast
import linecache
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .core.kernel import close
from .core.terms import Member, NonNegative, Refused, free, n
from .derive import calc as calc_module
from .derive.calc import WrongLine

PACKAGE = Path(__file__).parent
CALC = calc_module.__file__
FIRST_LINE = {"calc": 2, "entrywise": 4}  # the place of line 1 among the arguments

Written = dict[str, str]  # {"text": ..., "latex": ...}
Write = Callable[[Any], Written]


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong with a file. ``line`` counts the lines of a calculation from 1; ``at`` those of the file."""

    file: str
    reason: str
    at: int | None = None
    name: str | None = None
    line: int | None = None
    because: str | None = None
    before: Written | None = None
    claim: Written | None = None
    instead: Written | None = None
    counterexample: dict[str, Any] | None = None
    note: str | None = None

    @property
    def kind(self) -> str:
        return "malformed" if self.line is None else "wrong line"

    @property
    def where(self) -> str:
        return self.file if self.at is None else f"{self.file}:{self.at}"

    def to_json(self) -> dict[str, Any]:
        """The entry of ``refused`` in ``prove --json``."""
        parts = ("file", "at", "name", "line", "because", "before", "claim", "instead", "reason", "counterexample", "note")
        return {"kind": self.kind} | {part: getattr(self, part) for part in parts}


def wrong_line(error: WrongLine, file: str, name: str | None, write: Write) -> Refusal:
    """The answer to a line that does not follow."""
    counterexample, note = _judge(error)
    instead = error.instead
    return Refusal(
        file, str(error.refusal), _source_line(error), name, error.number, "".join(map(_word, error.reason.words)),
        write(error.before), write(error.claim), None if instead is None else write(instead), counterexample, note,
    )  # fmt: skip


def _word(part: Any) -> str:
    return part if isinstance(part, str) else str(part)


def malformed(error: BaseException, file: str, name: str | None = None) -> Refusal:
    """The answer to a file that Python, or a rule of the kernel, cannot make sense of."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return Refusal(file, f"{type(error).__name__}: {error.msg}", error.lineno, name)
    said = " ".join(str(error).split())
    if isinstance(error, Refused):
        return Refusal(file, f"a rule of the kernel refuses: {said}", _frame_line(error), name)
    return Refusal(file, f"{type(error).__name__}: {said}" if said else type(error).__name__, _frame_line(error), name)


# Where in the file.


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the author's code, the last one called last: outside the package, or in its derivations."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f for f in frames if not _is_ours(Path(f.filename)) and not f.filename.startswith("<")]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(PACKAGE) and not path.is_relative_to(PACKAGE / "derivations") or "sympy" in path.parts


def _frame_line(error: BaseException) -> int | None:
    frames = _frames(error)
    return frames[-1].lineno if frames else None


def _source_line(error: WrongLine) -> int | None:
    """The line of the file where the calculation's line ``error.number`` begins, else where the calculation does."""
    frames = _frames(error)
    if not frames:
        return None
    source = "".join(linecache.getlines(frames[-1].filename))
    return _line_of(source, frames[-1].lineno, error.number) or frames[-1].lineno


def _line_of(source: str, call_line: int | None, number: int) -> int | None:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.lineno == call_line and isinstance(node.func, ast.Name):
            place = FIRST_LINE.get(node.func.id, len(node.args)) + number - 1
            if place < len(node.args) and not any(isinstance(arg, ast.Starred) for arg in node.args[: place + 1]):
                return node.args[place].lineno
    return None


# Is the claim false, or only the reason wrong?


def _judge(error: WrongLine) -> tuple[dict[str, Any] | None, str | None]:
    """What the exact oracle says of ``before = claim``: a counterexample, or a note."""
    from .oracle.exact import judge

    try:
        verdict = judge(error.net, error.before, error.claim, ranges(error.net, error.before, error.claim))
    except Refused as refusal:
        return None, f"no counterexample was looked for: {refusal.reason}"
    if verdict is None or verdict.holds is None:
        return None, "no counterexample was found, and no proof"
    if verdict.holds:
        return None, "the line is true of every network tried: it is the reason that does not give it"
    return as_json(verdict.counterexample), None


def as_json(found: Any) -> dict[str, Any] | None:
    """A counterexample of the exact oracle, as the JSON has it."""
    if found is None:
        return None
    indices = {str(name): int(value) for name, value in dict(found.indices).items()}
    return {"widths": list(map(int, found.widths)), "indices": indices, "lhs": str(found.lhs), "rhs": str(found.rhs)}


def ranges(net: Any, *terms: Any) -> frozenset[Any]:
    """The hypotheses that put the free indices of ``terms`` in range, as the network's equations have it."""
    found: set[Any] = set()
    for member in (part for e in terms for part in _members(e)):
        try:
            definition, values = net.definition(member)
        except Refused:
            continue
        found |= {h for h in definition.where(values)}
    return frozenset(h for h in found if not h.args[0].is_Integer)


__all__ = ["Refusal", "malformed", "ranges", "wrong_line"]
