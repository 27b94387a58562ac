"""The report as data: chapters, evidence and a notation in, printed formulas out. Templates only arrange them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple

from ..derive.derivation import Chapter, Derivation, Line
from ..derive.slip import Slip
from ..networks import dense
from ..notation import latex, legend, profiles, safe
from ..notation.mathematics import is_math
from ..notation.printer import mentions
from ..notation.profiles import Notation
from ..surface.arrays import shape
from ..surface.network import Network
from ..surface.terms import Refused
from . import evidence, measure, setting
from .figures import FIGURES
from .tex import Tex, environment, heading, prose

MOST_WRITTEN_OUT: Final = 4  #: units of a layer whose vectors and matrices are written out entry by entry
BY_ENTRIES: Final = "It is enough to compare the entries of both sides."  #: the first sentence of such a proof


@dataclass(frozen=True)
class Step:
    """One line of a proof; ``more`` continues a formula that is too wide for a line."""

    relation: Tex
    formula: Tex
    more: tuple[Tex, ...]
    reason: Tex


@dataclass(frozen=True)
class Context:
    """The network that the statements from here on are about, in words and equations; the letters of one's own."""

    words: Tex
    equations: tuple[Tex, ...]
    legend: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Convention:
    """The notation from here on; the legend of one that is not that of the report."""

    title: str
    legend: tuple[Any, ...]


@dataclass(frozen=True)
class Statement:
    """A theorem, its proof, and the evidence for it."""

    label: Tex
    title: Tex
    prose: Tex
    notation: Convention | None
    network: Context | None
    hypotheses: Tex
    formula: Tex
    in_full: Tex
    opening: Tex
    left: Tex
    left_more: tuple[Tex, ...]
    steps: tuple[Step, ...]
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
    """A chapter."""

    label: Tex
    title: Tex
    prose: Tex
    source: Tex
    figure: Figure | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Erratum:
    """A formula that a source prints, and what is right, both LaTeX; the rest is plain text with $mathematics$.

    ``erratum`` makes one of a ``Slip``, so that both formulas are printed from terms.
    """

    source: str
    printed: str
    right: str
    counterexample: str
    note: str = ""
    title: str = ""


class Claim(NamedTuple):
    """An equation that somebody prints."""

    lhs: Any
    rhs: Any


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
    refused: tuple[Any, ...]
    figures: Mapping[str, bytes]


Evidence = Mapping[str, Sequence[evidence.Found]]


@dataclass(frozen=True)
class Draft:
    """Chapters, and their sections without the evidence: all that can be printed while judges are at work."""

    chapters: tuple[Chapter, ...]
    notation: Notation
    sections: tuple[Section, ...]


def draft(chapters: Iterable[Chapter], notation: Notation = profiles.NIELSEN) -> Draft:
    """The formulas of a report on ``chapters``. Raises ValueError where the lines of a derivation do not compose."""
    given = tuple(chapters)
    return Draft(given, notation, tuple(_section(chapter, notation) for chapter in given))


def build(
    chapters: Sequence[Chapter],
    evidence_for: Evidence,
    notation: Notation = profiles.NIELSEN,
    title: str = "Backpropagation, proved",
    errata: Sequence[Erratum] = (),
    refused: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """The report on ``chapters``; ``evidence_for`` has a list of findings for each derivation's name.

    ``refused``: what is wrong, as in ``prove --json``.

    Raises ValueError where the lines of a derivation do not compose.
    """
    return finished(draft(chapters, notation), evidence_for, title, errata, refused)


def finished(
    drafted: Draft,
    evidence_for: Evidence,
    title: str = "Backpropagation, proved",
    errata: Sequence[Erratum] = (),
    refused: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """The report that ``build`` makes, of a draft."""
    chapters, notation = drafted.chapters, drafted.notation
    columns = evidence.columns(evidence_for.get(d.name, ()) for chapter in chapters for d in chapter.derivations)
    sections = tuple(
        _judged(section, chapter, evidence_for, columns)
        for section, chapter in zip(drafted.sections, chapters, strict=True)
    )
    layered = [d for chapter in chapters for d in chapter.derivations if d.net.depth is not None]
    usual = [d for d in layered if _notation(d, notation).name == notation.name]
    drawings = [FIGURES[chapter.name] for chapter in chapters if chapter.name in FIGURES]
    return Report(
        title=prose(title),
        abstract=_abstract(sections),
        notation=notation.title,
        setting=_rows(setting.equations(dense(), notation)) if layered else (),
        legend=_legend(notation, _explained(usual) | {name for d in dense().definitions for name in mentions(d.head)})
        if layered
        else (),
        columns=tuple(evidence.head(column) for column in columns),
        sections=sections,
        errata=tuple(map(_erratum, errata)),
        refused=tuple(map(_refused, refused)),
        figures={f"{drawing.name}.svg": drawing.svg() for drawing in drawings},
    )


def to_latex(report: Report) -> str:
    """The LaTeX document: article, amsmath, amsthm."""
    return environment().get_template("report.tex.j2").render(report=report)


def _abstract(sections: Sequence[Section]) -> Tex:
    statements = [statement for section in sections for statement in section.statements]
    steps = sum(statement.count for statement in statements)
    return Tex(
        f"{_counted(len(statements), 'statement')} about backpropagation, derived from the chain rule and the "
        f"equations of the network, in {_counted(steps, 'step')}. Every step was checked by a small kernel, and the "
        "statements were held "
        "against judges that share no code with it."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _section(chapter: Chapter, notation: Notation) -> Section:
    contexts = _contexts(chapter.derivations, notation)
    conventions = _conventions(chapter.derivations, notation)
    statements = [
        replace(_statement(d, _notation(d, notation)), network=context, notation=convention)
        for d, context, convention in zip(chapter.derivations, contexts, conventions, strict=True)
    ]
    return Section(
        label=Tex(f"sec:{_slug(chapter.name)}"),
        title=heading(chapter.title),
        prose=prose(chapter.prose),
        source=prose(chapter.source),
        figure=_figure(chapter.name),
        statements=tuple(statements),
    )


def _judged(section: Section, chapter: Chapter, evidence_for: Evidence, columns: Sequence[str]) -> Section:
    """A section with the evidence for its statements."""
    found = [evidence_for.get(d.name, ()) for d in chapter.derivations]
    statements = tuple(
        replace(statement, evidence=evidence.evidence_line(items), cells=evidence.cells(items, columns))
        for statement, items in zip(section.statements, found, strict=True)
    )
    return replace(section, statements=statements)


def _notation(d: Derivation, chosen: Notation) -> Notation:
    """A derivation's own notation if it has one that is not the usual one, else the chosen one."""
    row = chosen if d.notation == profiles.NIELSEN.name else profiles.notation(d.notation)
    return profiles.for_network(row, d.net)


def _used(derivations: Sequence[Derivation]) -> set[str]:
    """The families, functions and heads that derivations are written with."""
    theorems = [t for d in derivations for t in (d.theorem, *(line.theorem for line in d.lines))]
    sides = [side for t in theorems for side in (t.lhs, t.rhs)]
    terms = [part for d in derivations for line in d.lines for part in line.because if not isinstance(part, str)]
    return {name for e in (*sides, *terms) for name in mentions(e)}


def _explained(derivations: Sequence[Derivation]) -> set[str]:
    """These, and what the equations of their networks are written with."""
    used = _used(derivations)
    own = [definition for d in derivations for definition in setting.own_definitions(d.net, used)]
    return used | {name for d in own for e in (d.head, d.body) if e is not None for name in mentions(e)}


def _legend(notation: Notation, used: set[str]) -> tuple[Any, ...]:
    return tuple(legend.Row(Tex(row.symbol), Tex(row.meaning)) for row in legend.rows(notation, used))


def _figure(chapter: str) -> Figure | None:
    if chapter not in FIGURES:
        return None
    drawing = FIGURES[chapter]
    return Figure(Tex(drawing.name), Tex(drawing.caption), Tex(drawing.tikz()))


def _statement(d: Derivation, notation: Notation) -> Statement:
    """A theorem and its proof, without the evidence."""
    theorem, given = d.theorem, latex.hypotheses(d.theorem.hypotheses, notation)
    start = d.lines[0].theorem.lhs if d.lines else theorem.lhs
    left, *more = measure.broken(latex.terms(start, notation), measure.TEXT_WIDTH - measure.MARGIN)
    return Statement(
        label=label(d),
        title=prose(d.title),
        prose=prose(d.prose),
        notation=None,
        network=None,
        hypotheses=Tex(f"For {given}," if given else ""),
        formula=_displayed(theorem, notation),
        in_full=_in_full(theorem, notation),
        opening=Tex(BY_ENTRIES if d.by_entries else ""),
        left=Tex(left),
        left_more=_rows(more),
        steps=tuple(_steps(d.lines, notation, measure.width(left))),
        evidence=Tex(""),
        cells=(),
    )


def label(d: Derivation) -> Tex:
    """The label of a derivation's theorem."""
    return Tex(f"thm:{_slug(f'{d.chapter}-{d.name}')}")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"


def _conventions(derivations: Sequence[Derivation], notation: Notation) -> Iterator[Convention | None]:
    """For each derivation the notation, where it is another one than before."""
    before = notation.name
    for name, group in groupby(derivations, key=lambda d: _notation(d, notation).name):
        first, *rest = group
        row = profiles.notation(name)
        shown = _legend(row, _explained([first, *rest])) if name != notation.name else ()
        yield from (Convention(row.title, shown) if name != before else None, *(None for _ in rest))
        before = name


def _contexts(derivations: Sequence[Derivation], notation: Notation) -> Iterator[Context | None]:
    """For each derivation the network, where it is another one than before."""
    before = dense()
    for net, group in groupby(derivations, key=lambda d: d.net):
        first, *rest = group
        context = None if net == before else _context(net, [first, *rest], _notation(first, notation))
        yield from (context, *(None for _ in rest))
        before = net


def _context(net: Network, derivations: Sequence[Derivation], notation: Notation) -> Context:
    if setting.is_standard(net):
        return Context(Tex(r"\emph{The network} is again any one as in Section~\ref{sec:setting}."), ())
    used = _used(derivations)
    rows = _rows(setting.assumptions(net, used, notation))
    if net.depth is None:
        data = setting.given(net, used, notation)
        of = f" with {data} given," if data else ""
        words = Tex(rf"\emph{{The network}}, {safe.escape(net.title)}, is, for {setting.ranges(net, notation)},{of}")
        return Context(words, rows, _legend(notation, _explained(derivations)))
    what = r"is that of Section~\ref{sec:setting}, but with" if rows else r"is that of Section~\ref{sec:setting}."
    named = f", {safe.escape(net.title)}," if net.title != Network.title else ""
    return Context(Tex(rf"\emph{{The network}}{named} {what}"), rows)


def _rows(equations: Sequence[str]) -> tuple[Tex, ...]:
    return tuple(map(Tex, equations))


def _displayed(theorem: Any, notation: Notation) -> Tex:
    """The equation of a theorem, on as many lines as it takes."""
    left, terms = latex.latex(theorem.lhs, notation), latex.terms(theorem.rhs, notation)
    room = measure.TEXT_WIDTH - 3
    beside = measure.broken(terms, room - measure.width(left))
    if max(measure.width(part) for part in beside) <= room - measure.width(left):
        rows = [f"{left} &= {beside[0]}", *(rf"&\quad {part}" for part in beside[1:])]
        return _aligned(rows) if len(rows) > 1 else Tex(f"  {left} = {beside[0]}.")
    first, *more = measure.broken(latex.terms(theorem.lhs, notation), room)
    right, *rest = measure.broken(terms, room - 1)
    lines = [first, *(rf"\quad {part}" for part in more), rf"\quad = {right}", *(rf"\qquad {part}" for part in rest)]
    return _aligned([f"& {_fitted(line)}" for line in lines])


def _aligned(rows: Sequence[str]) -> Tex:
    return Tex("\\begin{aligned}\n" + " \\\\\n".join(rows) + ".\n\\end{aligned}")


def _fitted(line: str) -> str:
    """A line that nothing can be broken off; the engines shrink it where it is wider than the page."""
    return rf"\fit{{{line}}}" if measure.width(line) > measure.TEXT_WIDTH - 4 else line


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
        if not is_math(formula):
            raise ValueError(f"not a formula that can be printed: {formula}")
    return {
        "source": prose(erratum.source), "printed": Tex(f"  {erratum.printed}"), "right": Tex(f"  {erratum.right}"),
        "counterexample": prose(erratum.counterexample), "note": prose(erratum.note), "title": prose(erratum.title),
    }  # fmt: skip


def _refused(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of something that was refused: where, why, and the lines that do not follow from one another."""
    at = f"{found['file']}:{found['at']}" if found["at"] else found["file"]
    name = found["name"] or ""
    what = f": line {found['line']} of {name or 'the calculation'} does not follow"
    lines = [(name, found[name]) for name in ("before", "claim", "instead") if found[name]]
    failure = found["counterexample"]
    return {
        "headline": at + (what if found["line"] else " cannot be read as a derivation"),
        "derivation": "" if found["line"] else name,
        "lines": [(name, Tex(_fitted(said["latex"]))) for name, said in lines],
        "because": found["because"] or "",
        "reason": found["reason"].rstrip("."),
        "counterexample": Tex(evidence.counterexample(failure)) if failure else "",
        "note": found["note"] or "",
    }


def erratum(slip: Slip, found: Mapping[str, Any] | None, notation: Notation = profiles.NIELSEN) -> Erratum:
    """A slip as an erratum, printed in the notation of its derivation; ``found`` is the oracle's counterexample."""
    theorem, row = slip.right.theorem, _notation(slip.right, notation)
    claim = Claim(slip.lhs, slip.rhs)
    full = bool(_in_full(theorem, row))
    printed, right = (
        latex.latex_in_full(theorem.net, equation, row) if full else latex.equation(equation.lhs, equation.rhs, row)
        for equation in (claim, theorem)
    )
    words = "" if found is None else evidence.counterexample(found)
    return Erratum(slip.source, printed, right, words, slip.note, slip.title)


__all__ = [
    "Draft",
    "Erratum",
    "Report",
    "Section",
    "Statement",
    "Step",
    "build",
    "draft",
    "erratum",
    "finished",
    "label",
    "reason",
    "to_latex",
]
