"""The report as data, which all forms share: formulas are LaTeX, prose is ``Words``. Forms only arrange it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .tex import Tex
from .words import EMPTY, Words

EDITIONS: Final = ("full", "handout")


@dataclass(frozen=True)
class Step:
    """One line of a proof; ``more`` continues a formula that is too wide for a line."""

    relation: Tex
    formula: Tex
    more: tuple[Tex, ...]
    reason: Words

    @property
    def line(self) -> Tex:
        """The relation and the whole right-hand side, for forms whose lines have no width."""
        return Tex(" ".join((self.relation, self.formula, *(part.removeprefix("{}") for part in self.more))))


@dataclass(frozen=True)
class Entry:
    """A symbol, and what it means; ``anchor`` is where steps that use its definition lead."""

    symbol: Words
    meaning: Words


@dataclass(frozen=True)
class Context:
    """The network that the statements from here on are about, in words and equations; the letters of one's own."""

    words: Words
    equations: tuple[Tex, ...]
    legend: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Convention:
    """The notation from here on; the legend of one that is not that of the report."""

    title: Words
    legend: tuple[Entry, ...]


@dataclass(frozen=True)
class Statement:
    """A theorem, its proof, and the evidence for it. ``failing``: evidence that does not hold, said beside it."""

    kind: str
    number: str
    label: Tex
    title: Words
    prose: Words
    notation: Convention | None
    network: Context | None
    hypotheses: Words
    formula: Tex
    in_full: Tex
    beside: Tex
    opening: Words
    left: Tex
    left_more: tuple[Tex, ...]
    steps: tuple[Step, ...]
    evidence: Words = EMPTY
    failing: Words = EMPTY
    cells: tuple[Words, ...] = ()

    @property
    def count(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class Figure:
    """A drawing as TikZ and as SVG; ``said``: what is on it, for those who do not see it."""

    name: Tex
    caption: Words
    tikz: Tex
    svg: str
    said: str


@dataclass(frozen=True)
class Exercise:
    """A question about statements of a chapter, and its answer, which the derivations give."""

    label: Tex
    number: str
    question: Words
    shown: tuple[Tex, ...]
    answer: Words
    right: tuple[Tex, ...]


@dataclass(frozen=True)
class Section:
    """A chapter."""

    label: Tex
    number: str
    title: Words
    prose: Words
    source: Words
    figure: Figure | None
    statements: tuple[Statement, ...]
    exercises: tuple[Exercise, ...] = ()


@dataclass(frozen=True)
class Boxed:
    """One of the equations on the first page: its name, the formula, and what it says."""

    name: str
    formula: Tex
    words: Words


@dataclass(frozen=True)
class Stage:
    """One step of the algorithm."""

    words: Words
    formulas: tuple[Tex, ...]


@dataclass(frozen=True)
class Opening:
    """The page that can be handed out alone."""

    words: Words
    equations: tuple[Boxed, ...]
    reading: Words
    stages: tuple[Stage, ...]
    figure: Figure


@dataclass(frozen=True)
class Sample:
    """The setting by an example: a small net, written out."""

    words: Words
    equations: tuple[Tex, ...]


@dataclass(frozen=True)
class Dictionary:
    """Two notations beside one another: what they are called, and how each writes the same."""

    first: Words
    second: Words
    rows: tuple[tuple[Tex, Tex], ...]


@dataclass(frozen=True)
class Given:
    """A quantity that an example starts from, with its numbers, and the line of code that says so."""

    formula: Tex
    code: str


@dataclass(frozen=True)
class Worked:
    """A line of an example: its formula, the code that computes ``target``, what comes out, and its shape."""

    name: str
    target: str
    code: str
    formula: Tex
    value: Tex
    shape: str

    @property
    def display(self) -> Tex:
        """The formula, and its numbers."""
        return Tex(f"{self.formula} = {self.value}")

    @property
    def shaped(self) -> Tex:
        """The same, with the shape behind it."""
        return Tex(rf"{self.display} \qquad \text{{{self.shape}}}")


@dataclass(frozen=True)
class Example:
    """A net in numbers."""

    title: str
    seed: int
    given: tuple[Given, ...]
    lines: tuple[Worked, ...]


@dataclass(frozen=True)
class Work:
    """A row of the bibliography."""

    label: Tex
    number: str
    words: Words


@dataclass(frozen=True)
class Report:
    """All of it, printed and ready to be arranged."""

    title: Words
    authors: Words
    date: Words
    edition: str
    abstract: Words
    opening: Opening | None
    sample: Sample | None
    notation: Words
    setting: tuple[Tex, ...]
    defines: tuple[str, ...]
    legend: tuple[Entry, ...]
    columns: tuple[str, ...]
    sections: tuple[Section, ...]
    errata: tuple[Any, ...]
    refused: tuple[Any, ...]
    works: tuple[Work, ...]
    example: Example | None = None
    dictionary: Dictionary | None = None
    figures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def statements(self) -> Iterator[Statement]:
        for section in self.sections:
            yield from section.statements

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(exercise for section in self.sections for exercise in section.exercises)

    @property
    def definitions(self) -> tuple[tuple[Tex, str], ...]:
        """The equations of the setting, and the family that each defines; "" where a later one is of the same."""
        last = {family: place for place, family in enumerate(self.defines)}
        families = (family if last[family] == place else "" for place, family in enumerate(self.defines))
        return tuple(zip(self.setting, families, strict=True))

    @property
    def is_full(self) -> bool:
        return self.edition == "full"


__all__ = [
    "EDITIONS",
    "Boxed",
    "Context",
    "Convention",
    "Dictionary",
    "Entry",
    "Example",
    "Exercise",
    "Figure",
    "Given",
    "Opening",
    "Report",
    "Sample",
    "Section",
    "Stage",
    "Statement",
    "Step",
    "Work",
    "Worked",
]
