"""``prove``: replay derivations, let the oracles judge them, and write the report.

Nothing is proved here. A derivation comes with its theorem; this replays it, gathers evidence, and says what is wrong
with a file that does not hold.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .core.kernel import Theorem
    from .derive.derivation import Chapter, Derivation
    from .notation.profiles import Notation
    from .refusals import Refusal, Written

SCHEMA: Final = "backproof.prove/1"
FORMATS: Final = ("tex", "pdf", "json")
ENGINES: Final = {"typst": ("pypandoc", "typst"), "latexmk": (), "tectonic": ()}  # and the packages that each needs
Evidence = dict[str, Any]
Progress = Callable[[str, int, int], None]  # what is looked at, how many are done, how many there are


class CannotRun(Exception):  # noqa: N818 - a verdict: the exit code is 2 and not 1
    """Nothing was judged: a wrong option, an unreadable file, a missing package. The message says what mends it."""


@dataclass(frozen=True)
class Proved:
    """A derivation, how it is written, and the evidence for it: dicts as in ``prove --json``."""

    derivation: Derivation
    notation: Notation
    evidence: tuple[Evidence, ...]

    @property
    def holds(self) -> bool:
        return all(item["holds"] for item in self.evidence)

    def statement(self) -> Written:
        return _equation(self.derivation.theorem, self.notation)

    def to_json(self) -> dict[str, Any]:
        made = self.derivation
        return {
            "name": made.name,
            "title": made.title,
            "source": " ".join(made.source.split()),
            "statement": self.statement(),
            "hypotheses": _hypotheses(made.theorem, self.notation),
            "lines": [
                {
                    **_equation(line.theorem, self.notation),
                    "because": _words(line.because, self.notation),
                    "rules": _rules(line.theorem),
                }
                for line in made.lines
            ],
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True)
class ProveResult:
    """What ``prove`` found: ``derivations`` in the order of the report, what was ``refused``, the ``files`` written."""

    derivations: tuple[Proved, ...]
    refused: tuple[Refusal, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every derivation replays, every piece of evidence holds, and nothing was refused."""
        return not self.refused and all(proved.holds for proved in self.derivations)

    def to_json(self) -> dict[str, Any]:
        """The object that ``prove --json`` prints."""
        return {
            "schema": SCHEMA,
            "version": metadata.version("backproof"),
            "derivations": [proved.to_json() for proved in self.derivations],
            "refused": [refusal.to_json() for refusal in self.refused],
            "files": list(self.files),
        }


def prove(
    targets: Sequence[str | Path] = (),
    notation: str | None = None,
    formats: Sequence[str] = FORMATS,
    out: str | Path | None = None,
    engine: str = "typst",
    sizes: Sequence[int] | None = None,
    title: str | None = None,
    letters: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ProveResult:
    """Prove, judge and report derivations: all of the library, or the ``targets``.

    A target is the name of a chapter or of a derivation (``bp2``, ``bp2-vector``), or a file of your own. With
    ``sizes``, such as (3, 4, 2), and no targets: what the theorems say of the dense net that has these layers.
    ``notation`` and ``letters`` say how formulas are written; each derivation has a notation of its own otherwise.
    Files go to ``out``, ``build/`` by default; with no ``formats`` nothing is written. CannotRun where that cannot
    be done.
    """
    _check(formats, engine, title)
    chapters, refused = _chapters(targets, sizes)
    write = _writer(notation, letters)
    checked = _evidence([d for chapter in chapters for d in chapter.derivations], progress)
    proved = tuple(Proved(d, write(d), found) for d, found in checked)
    result = ProveResult(proved, tuple(refused))
    return _written(result, chapters, formats, Path("build" if out is None else out), engine, notation, letters, title)
