"""The report as data: chapters, evidence and a notation in, printed formulas out. Templates only arrange them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..core.arrays import shape
from ..core.network import Network
from ..core.terms import Refused
from ..derive.derivation import Chapter, Derivation, Line
from ..networks import dense
from ..notation import latex, legend, profiles, safe
from ..notation.printer import mentions
from ..notation.profiles import Notation
from . import evidence, measure, setting
from .figures import FIGURES
from .tex import Tex, environment, heading, prose

MOST_WRITTEN_OUT: Final = 4  #: units of a layer whose vectors and matrices are written out entry by entry
CLOSINGS: Final = {"components": "These are the entries of both sides."}


@dataclass(frozen=True)
class Step:
    """One line of a proof; ``more`` continues a formula that is too wide for a line."""

    relation: Tex
    formula: Tex
    more: tuple[Tex, ...]
    reason: Tex


@dataclass(frozen=True)
class Context:
    """The network that the statements from here on are about, in words and equations."""

    words: Tex
    equations: tuple[Tex, ...]


@dataclass(frozen=True)
class Statement:
    """A theorem, its proof, and the evidence for it."""

    label: Tex
    title: Tex
    prose: Tex
    network: Context | None
    hypotheses: Tex
    formula: Tex
    in_full: Tex
    opening: Tex
    left: Tex
    steps: tuple[Step, ...]
    closing: Tex
    evidence: Tex
    cells: tuple[Tex, ...]

    @property
    def count(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class Figure:
    """A drawing as TikZ; its SVG goes beside the document."""

    name: Tex
    caption: Tex
    tikz: Tex


@dataclass(frozen=True)
class Section:
    """A chapter. With a notation of its own it has a legend of its own."""

    label: Tex
    title: Tex
    prose: Tex
    source: Tex
    notation: str
    legend: tuple[tuple[str, str], ...] | tuple[Any, ...]
    figure: Figure | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Erratum:
    """A formula that a source prints, and what is right; both LaTeX. The other fields are plain text with $mathematics$."""

    source: str
    printed: str
    right: str
    counterexample: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All of it, printed and ready to be arranged."""

    title: Tex
    abstract: Tex
    notation: str
    setting: tuple[Tex, ...]
    legend: tuple[Any, ...]
    columns: tuple[str, ...]
    sections: tuple[Section, ...]
    errata: tuple[Any, ...]
    figures: Mapping[str, bytes]


Evidence = Mapping[str, Sequence[evidence.Found]]


def build(
    chapters: Sequence[Chapter],
    evidence_for: Evidence,
    notation: Notation = profiles.NIELSEN,
    title: str = "Backpropagation, proved",
    errata: Sequence[Erratum] = (),
) -> Report:
    """The report on ``chapters``; ``evidence_for`` has a list of findings for each derivation's name.

    Raises ValueError where the lines of a derivation do not compose.
    """
    columns = evidence.columns(evidence_for.get(d.name, ()) for chapter in chapters for d in chapter.derivations)
    sections = tuple(_section(chapter, evidence_for, notation, columns) for chapter in chapters)
    drawings = [FIGURES[chapter.name] for chapter in chapters if chapter.name in FIGURES]
    return Report(
        title=prose(title),
        abstract=_abstract(sections),
        notation=notation.title,
        setting=_rows(setting.equations(dense(), notation)),
        legend=_legend(notation, _used(notation, [d for chapter in chapters for d in chapter.derivations])),
        columns=tuple(evidence.head(column) for column in columns),
        sections=sections,
        errata=tuple(map(_erratum, errata)),
        figures={f"{drawing.name}.svg": drawing.svg() for drawing in drawings},
    )


def to_latex(report: Report) -> str:
    """The LaTeX document: article, amsmath, amsthm."""
    return environment().get_template("report.tex.j2").render(report=report, tex=Tex)


def _abstract(sections: Sequence[Section]) -> Tex:
    statements = [statement for section in sections for statement in section.statements]
    steps = sum(statement.count for statement in statements)
    return Tex(
        f"{len(statements)} statements about backpropagation, each derived from the chain rule and the equations of the network, "
        f"in {steps} steps. Every step was checked by a small kernel, and every statement was held against judges that share "
        "no code with it."
    )


def _section(chapter: Chapter, evidence_for: Evidence, notation: Notation, columns: Sequence[str]) -> Section:
    own = sorted({d.notation for d in chapter.derivations} - {profiles.NIELSEN.name, notation.name})
    statements, net = [], dense()
    for d in chapter.derivations:
        statements.append(_statement(d, evidence_for.get(d.name, ()), _notation(d, notation), columns, net))
        net = d.net
    row = profiles.notation(own[0]) if own else notation
    return Section(
        label=Tex(f"sec:{_slug(chapter.name)}"),
        title=heading(chapter.title),
        prose=prose(chapter.prose),
        source=prose(chapter.source),
        notation=row.title,
        legend=_legend(row, _used(row, [d for d in chapter.derivations if d.notation in own])) if own else (),
        figure=_figure(chapter.name),
        statements=tuple(statements),
    )


def _notation(d: Derivation, chosen: Notation) -> Notation:
    """A derivation's own notation if it has one that is not the usual one, else the chosen one."""
    row = chosen if d.notation == profiles.NIELSEN.name else profiles.notation(d.notation)
    return profiles.for_network(row, d.net)


def _used(notation: Notation, derivations: Sequence[Derivation]) -> set[str]:
    sides = [side for d in derivations for t in (d.theorem, *(line.theorem for line in d.lines)) for side in (t.lhs, t.rhs)]
    terms = [part for d in derivations for line in d.lines for part in line.because if not isinstance(part, str)]
    return {name for e in (*sides, *terms) for name in mentions(e)}


def _legend(notation: Notation, used: set[str]) -> tuple[Any, ...]:
    return tuple(legend.Row(Tex(row.symbol), Tex(row.meaning)) for row in legend.rows(notation, used))


def _figure(chapter: str) -> Figure | None:
    if chapter not in FIGURES:
        return None
    drawing = FIGURES[chapter]
    return Figure(Tex(drawing.name), Tex(drawing.caption), Tex(drawing.tikz()))


def _statement(
    d: Derivation, found: Sequence[evidence.Found], notation: Notation, columns: Sequence[str], before: Network
) -> Statement:
    theorem, given = d.theorem, latex.hypotheses(d.theorem.hypotheses, notation)
    left = latex.latex(d.lines[0].theorem.lhs if d.lines else theorem.lhs, notation)
    return Statement(
        label=label(d),
        title=prose(d.title),
        prose=prose(d.prose),
        network=None if d.net == before else _context(d.net, notation),
        hypotheses=Tex(f"For {given}," if given else ""),
        formula=_displayed(theorem, notation),
        in_full=_in_full(theorem, notation),
        opening=Tex(""),
        left=Tex(left),
        steps=tuple(_steps(d.lines, notation, measure.width(left))),
        closing=Tex(CLOSINGS.get(theorem.rule, "")),
        evidence=evidence.evidence_line(found),
        cells=evidence.cells(found, columns),
    )


def label(d: Derivation) -> Tex:
    """The label of a derivation's theorem."""
    return Tex(f"thm:{_slug(f'{d.chapter}-{d.name}')}")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"


def _context(net: Network, notation: Notation) -> Context:
    if setting.is_standard(net):
        return Context(Tex(r"\emph{The network} is again any one as in Section~\ref{sec:setting}."), ())
    rows = _rows(setting.assumptions(net, notation))
    what = "is as in Section~\\ref{sec:setting}, with" if rows else "is as in Section~\\ref{sec:setting}."
    named = f", {safe.escape(net.title)}," if net.title != Network.title else ""
    return Context(Tex(rf"\emph{{The network}}{named} {what}"), rows)


def _rows(equations: Sequence[str]) -> tuple[Tex, ...]:
    return tuple(map(Tex, equations))


def _displayed(theorem: Any, notation: Notation) -> Tex:
    left = latex.latex(theorem.lhs, notation)
    parts = measure.broken(latex.terms(theorem.rhs, notation), measure.TEXT_WIDTH - 3 - measure.width(left))
    if len(parts) == 1:
        return Tex(f"  {left} = {parts[0]}.")
    rows = [f"  {left} &= {parts[0]}", *(rf"  &\quad {part}" for part in parts[1:])]
    return Tex("\\begin{aligned}\n" + " \\\\\n".join(rows) + ".\n\\end{aligned}")


def _in_full(theorem: Any, notation: Notation) -> Tex:
    widths = theorem.net.widths
    try:
        if widths is None or max(widths) > MOST_WRITTEN_OUT or not shape(theorem.net, theorem.lhs):
            return Tex("")
    except Refused:
        return Tex("")
    return Tex(f"  {latex.latex_in_full(theorem.net, theorem, notation)}.")


def _steps(lines: Sequence[Line], notation: Notation, left: float) -> list[Step]:
    room = measure.TEXT_WIDTH - measure.MARGIN - (left if left <= measure.ALONE * measure.TEXT_WIDTH else 0.0)
    result = []
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None and before.theorem.rhs != line.theorem.lhs:
            raise ValueError(f"{line.theorem.lhs} is not what the line before ends with: {before.theorem.rhs}")
        first, *more = measure.broken(latex.terms(line.theorem.rhs, notation), room)
        result.append(Step(Tex("="), Tex(first), tuple(map(Tex, more)), reason(line, notation)))
    return result


def reason(line: Line, notation: Notation) -> Tex:
    """The words beside a line, its terms printed."""
    parts = (safe.prose(part) if isinstance(part, str) else f"${latex.latex(part, notation)}$" for part in line.because)
    return Tex("".join(parts))


def _erratum(erratum: Erratum) -> Any:
    for formula in (erratum.printed, erratum.right):
        if not safe.is_math(formula):
            raise ValueError(f"not a formula that can be printed: {formula}")
    return {
        "source": prose(erratum.source), "printed": Tex(f"  {erratum.printed}"), "right": Tex(f"  {erratum.right}"),
        "counterexample": prose(erratum.counterexample), "note": prose(erratum.note),
    }  # fmt: skip


__all__ = ["Erratum", "Report", "Section", "Statement", "Step", "build", "label", "reason", "to_latex"]
