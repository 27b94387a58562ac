"""The verb ``check``, for documents: which of their claims are right, and what is wrong with the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from .checks import workers
from .checks.documents import Document, Formula, load
from .checks.inferred import inferred
from .checks.limits import processors
from .checks.prose import before, sum_to_1
from .checks.subject import subject
from .errors import CannotRun

SECONDS: Final = 30.0  # of computing for one formula, if nothing else is said
WRONG: Final = ("refuted", "malformed")
KINDS: Final = ("proved", "verified", "refuted", "malformed", "definition", "unknown")

#: What is assumed where neither the document nor the caller says anything.
DEFAULTS: Final = {
    "network": "dense", "notation": "nielsen", "cost": "generic", "hidden": "generic", "output": "generic",
    "batch": "none", "reduction": "none",
}  # fmt: skip
LONGEST: Final = 20_000  # characters of a formula that is read
#: What claims have, and mathematics within a line that only names something has not.
_CLAIM: Final = re.compile(
    r"[=<>≡≈≠≤≥←→∈]"
    r"|\\(?:equiv|coloneqq|triangleq|approx|simeq|neq?|leq?|geq?|lt|gt|to|(?:long)?(?:left|right)arrow|gets|mapsto)"
    r"(?![A-Za-z])"
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Claim:
    """What is said of a relation, or of a formula as a whole: ``says`` is as in ``check --json``."""

    formula: Formula
    says: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        return str(self.says["verdict"])


@dataclass(frozen=True)
class Checked:
    """A document, what is assumed, and its claims in the order in which they stand."""

    document: Document
    assumed: Mapping[str, Any]
    claims: tuple[Claim, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong. What is unknown is not."""
        return not any(claim.verdict in WRONG for claim in self.claims)

    @property
    def summary(self) -> dict[str, int]:
        """How many there are of each verdict."""
        counts = Counter(claim.verdict for claim in self.claims)
        return {kind: counts[kind] for kind in KINDS if counts[kind]}

    def to_json(self) -> dict[str, Any]:
        """As ``check --json`` prints it."""
        return {
            "schema": "backproof.check/1", "version": version("backproof"), "target": self.document.target,
            "assumed": dict(self.assumed), "claims": [dict(claim.says) for claim in self.claims],
            "summary": self.summary,
        }  # fmt: skip


def check(
    targets: Sequence[str],
    *,
    inline: bool = False,
    jobs: int | None = None,
    seconds: float = SECONDS,
    progress: Progress = lambda *_: None,
    **said: Any,
) -> list[Checked]:
    """What is right in these documents, which are all read before any is judged.

    ``said``: what is assumed in place of what a document says in front: ``notation``, ``letters``, ``cost``,
    ``hidden``, ``output``, ``batch``, ``reduction``, ``network``. ``inline``: whether mathematics within lines is
    judged as well. ``jobs``: how many processes judge; ``seconds``: how long each formula may take. CannotRun where a
    document cannot be read.
    """
    documents = [load(target) for target in targets]
    given = {key: value for key, value in said.items() if value}
    fronts = [{**document.front, **given} for document in documents]
    for document, front in zip(documents, fronts, strict=True):
        _check_front(document, front)
    return [
        _checked(document, front, inline=inline, jobs=jobs or processors(), seconds=seconds, progress=progress)
        for document, front in zip(documents, fronts, strict=True)
    ]


def _check_front(document: Document, front: Mapping[str, Any]) -> None:
    try:
        subject(front)
    except (ValueError, TypeError) as why:
        raise CannotRun(f"{document.target}: {why}") from None


def _checked(
    document: Document, front: Mapping[str, Any], *, inline: bool, jobs: int, seconds: float, progress: Progress
) -> Checked:
    formulas = document.formulas
    guessed = inferred(front, map(_readable, formulas))
    front = {**front, **guessed}
    shown = [place for place, f in enumerate(formulas) if f.displayed or (inline and _CLAIM.search(f.text))]
    asked = [place for place in shown if not _flaw(formulas[place])]
    inline_ = tuple(place for place, f in enumerate(formulas) if not f.displayed)
    words, sums = before(document.text, formulas), sum_to_1(document.text)
    work = workers.Work(front, tuple(map(_readable, formulas)), seconds, words, inline_, sums)
    found = dict[int, workers.Rows]()
    rows = workers.judged(work, asked, jobs, lambda done: progress(document.target, done, len(asked)))
    for place, answer in zip(asked, rows, strict=True):
        found[place] = answer
    claims = [claim for place in shown for f in [formulas[place]] for claim in _claims(f, found.get(place, _flaw(f)))]
    said = {**({} if "network" in front else DEFAULTS), **front} | ({"inferred": [*guessed]} if guessed else {})
    return Checked(document, said, tuple(claims))


def _flaw(f: Formula) -> str:
    return f.flaw or (f"a formula of more than {LONGEST:,} characters" if len(f.text) > LONGEST else "")


def _readable(f: Formula) -> str:
    return "" if _flaw(f) else f.text


def _claims(f: Formula, answer: workers.Rows) -> list[Claim]:
    if isinstance(answer, str):
        unclosed = answer.endswith("is not closed")
        kind = "malformed" if unclosed else "unknown"
        return [Claim(f, _row(f, None, f.text, {"verdict": kind, "reason": answer}))]
    many = len(answer) > 1
    return [
        Claim(f, _row(f, step if many else None, _latex(row) or f.text, row))
        for step, row in enumerate(answer, start=1)
    ]


def _latex(row: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (row["left"], row["relation"], row["right"])))


def _row(f: Formula, step: int | None, latex: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A claim as in the schema."""
    empty = dict.fromkeys(("equation", "mistake", "suggestion", "counterexample", "error_bound_log2"))
    kept = {key: row[key] for key in ("verdict", "reason", "assumed", "right_if", *empty) if key in row}
    shown = latex if len(latex) <= LONGEST else f"{latex[:LONGEST]}…"
    return {
        "id": f.label, "line": f.line + row.get("line", 0), "step": step, "latex": shown,
        "verdict": "", "reason": "", "assumed": [], "right_if": [], **empty, **kept,
    }  # fmt: skip


__all__ = ["Checked", "Claim", "check"]
