"""What is wrong with a derivation file, for its author: line, claim, what follows instead, a counterexample."""

from __future__ import annotations

import ast
import linecache
import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import advice
from .derive import calc
from .derive.calc import WrongLine
from .derive.derivation import Words
from .derive.registry import DERIVATION
from .notation import latex, safe, text
from .notation.profiles import NIELSEN, Notation
from .oracle.asked import exactly_where_all_exists, in_numbers_where_all_exists
from .surface.arrays import shape
from .surface.terms import Member, Refused, free

FIRST_LINE: Final = {"calc": 2, "entrywise": 4}  # the place of line 1 among the arguments
PLACE: Final = re.compile(r" \(\S+\.py\)")  # where Python found a module: no business of the author's
TRUE: Final = "the judges find the line true of every network that they tried: only its reason does not give it"
SORTS: Final = ("a number", "a vector", "a matrix")  # by the number of indices that are left out


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong. ``line`` counts the lines of a calculation from 1; ``at`` those of the file."""

    file: str
    reason: str
    at: int | None = None
    name: str | None = None
    line: int | None = None
    because: Words = ()
    before: Any = None
    claim: Any = None
    instead: Any = None
    counterexample: dict[str, Any] | None = None
    note: str | None = None
    also: tuple[str, ...] = ()  #: derivations that rest on this one

    @property
    def kind(self) -> str:
        """``wrong line``: a line of a calculation does not follow; ``malformed``: anything else."""
        return "malformed" if self.line is None else "wrong line"

    @property
    def where(self) -> str:
        """The place as editors and compilers write it: file:line."""
        return self.file if self.at is None else f"{self.file}:{self.at}"

    @property
    def headline(self) -> str:
        """What is wrong, in a line."""
        if self.line is None:
            return f"{self.where} cannot be read as a derivation"
        return f"{self.where}: line {self.line} of {self.name or 'the calculation'} does not follow"

    def to_json(self, notation: Notation = NIELSEN) -> dict[str, Any]:
        """The entry of ``refused`` in ``prove --json``."""
        return {
            "kind": self.kind,
            "file": self.file,
            "at": self.at,
            "name": self.name,
            "line": self.line,
            "because": in_words(self.because, notation) or None,
            "before": _written(self.before, notation),
            "claim": _written(self.claim, notation),
            "instead": _written(self.instead, notation),
            "reason": self.reason,
            "counterexample": self.counterexample,
            "note": self.note,
            "also": list(self.also),
        }


def _written(e: Any, notation: Notation) -> dict[str, str] | None:
    return None if e is None else {"text": readable(e, notation), "latex": _latex(e, notation)}


def readable(e: Any, notation: Notation = NIELSEN) -> str:
    """A term as plain text; what no printer knows, as Python writes it: an answer is never lost to its printing."""
    try:
        return text.text(e, notation)
    except Exception:  # noqa: BLE001 - the term is somebody's, and may be anything
        return str(e)


def _latex(e: Any, notation: Notation) -> str:
    try:
        return latex.latex(e, notation)
    except Exception:  # noqa: BLE001 - as above
        return rf"\text{{{safe.escape(str(e))}}}"


def in_words(because: Words, notation: Notation = NIELSEN) -> str:
    """The reason of a line, as plain text."""
    return text.words([part if isinstance(part, str) else readable(part, notation) for part in because], notation)


def wrong_line(error: WrongLine) -> Refusal:
    """The answer to a line that does not follow, in the file that the calculation stands in."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != calc.__file__]
    counterexample, note = _judge(error)
    return Refusal(
        file=frames[-1].filename,
        reason=_in_words(error.refusal),
        at=_line_of(frames[-1], error.number) or frames[-1].lineno,
        name=getattr(error, DERIVATION, None),
        line=error.number,
        because=error.reason.words,
        before=error.before,
        claim=error.claim,
        instead=error.instead,
        counterexample=counterexample,
        note=note,
    )


def _in_words(refusal: Refused) -> str:
    """Which rule refuses and why; of what is not equal, shown beside it, the reason alone."""
    return refusal.reason if refusal.rule == "algebra" else str(refusal)


def malformed(error: BaseException, file: str, name: str | None = None) -> Refusal:
    """The answer to a file that Python, or a rule of the kernel outside a calculation, cannot make sense of."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return Refusal(file, f"{type(error).__name__}: {error.msg}", error.lineno)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    said = PLACE.sub("", " ".join(str(error).split()))
    what = "the kernel refuses" if isinstance(error, Refused) else type(error).__name__
    instead = advice.instead(error, _source(frames[-1]) if frames else "")
    note = f"{instead}{'?' if instead.startswith('Is ') else '.'}" if instead else None
    name = getattr(error, DERIVATION, name)
    at = frames[-1].lineno if frames else None
    return Refusal(file, f"{what}: {said}" if said else what, at, name, note=note)


def _source(frame: traceback.FrameSummary) -> str:
    """The author's text that is at fault, all of its lines."""
    first, last = frame.lineno or 1, frame.end_lineno or frame.lineno or 1
    return "".join(linecache.getlines(frame.filename)[first - 1 : last])


# Where in the file.


def _tree(file: str | Path) -> ast.Module:
    linecache.checkcache(str(file))
    return ast.parse("".join(linecache.getlines(str(file))))


def _line_of(frame: traceback.FrameSummary, number: int) -> int | None:
    """Where line ``number`` of the calculation that ``frame`` calls begins, None where that cannot be seen."""
    for node in ast.walk(_tree(frame.filename)):
        if isinstance(node, ast.Call) and (node.lineno, node.col_offset) == (frame.lineno, frame.colno):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = FIRST_LINE.get(function, len(node.args)) + number - 1
            if place < len(node.args) and not any(isinstance(arg, ast.Starred) for arg in node.args[: place + 1]):
                return node.args[place].lineno
    return None


def lines_of(file: str | Path, name: str) -> list[int]:
    """The lines where the functions with an ``@derivation("name", ...)`` of this name begin."""
    calls = (
        call for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef) for call in node.decorator_list
    )
    return [call.lineno for call in calls if isinstance(call, ast.Call) and _first(call) == name]


def _first(call: ast.Call) -> Any:
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None


# Is the claim false, or only the reason wrong?


def _judge(error: WrongLine) -> tuple[dict[str, Any] | None, str | None]:
    """What the judges say of ``before = claim``: a counterexample, or a note."""
    if error.refusal.rule == "range":
        return None, None  # it speaks of what there is not: no more is to be said
    statement = error.net, error.before, error.claim
    answer = exactly_where_all_exists(*statement)
    if answer.kind == "malformed":
        return None, _misshapen(error) or answer.reason
    if answer.counterexample is not None:
        return answer.counterexample.as_dict(), _free(error)
    if answer.holds:
        return None, TRUE
    others = in_numbers_where_all_exists(*statement)
    found = next((other.counterexample for other in others if other.counterexample is not None), None)
    if found is not None:
        return found.as_dict(), _free(error)
    if any(other.holds for other in others):
        return None, TRUE
    return None, f"no judge can say whether the line is true: {answer.reason}"


def _free(error: WrongLine) -> str | None:
    """An index that the claim has, and the line before has not: it may be of a sum that is missing."""
    ours = {*map(str, error.net.symbols), *error.net.kinds}
    new = {s for s in free(error.claim) - free(error.before) if str(s) not in ours and not s.is_positive}
    if not new:
        return None
    first = min(new, key=str)
    if any(first in free(m) for m in error.claim.atoms(Member)):
        return f"{first} is free in the claim, and not in the line before: is it to be summed over?"
    return f"{first} is no quantity of the network, and no index of one in the claim"


def _misshapen(error: WrongLine) -> str | None:
    """What the two lines are, where they are things of different sorts."""
    try:
        before, claim = (len(shape(error.net, e)) for e in (error.before, error.claim))
    except Refused:
        return None
    if before == claim:
        return None
    missing = "an index is missing" if abs(before - claim) == 1 else "indices are missing"
    return f"the line above is {_sort(before)}, the claim {_sort(claim)}: {missing}"


def _sort(rank: int) -> str:
    return SORTS[rank] if rank < len(SORTS) else f"an array with {rank} indices"


__all__ = ["Refusal", "in_words", "lines_of", "malformed", "readable", "wrong_line"]
