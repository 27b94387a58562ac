"""The report as data: chapters, evidence and a notation in, printed formulas out. Templates only arrange them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple

from sympy import Symbol

from ..derive.derivation import Chapter, Derivation, Line
from ..derive.slip import Slip
from ..networks import dense
from ..notation import latex, legend, profiles
from ..notation.mathematics import is_math
from ..notation.printer import mentions
from ..notation.profiles import Notation
from ..surface.arrays import shape
from ..surface.network import Network
from ..surface.terms import (
    C,
    D,
    Hadamard,
    M,
    Member,
    Refused,
    a,
    b,
    delta,
    j,
    k,
    l,
    n,
    sigma_prime,
    w,
    x,
    y,
    z,
)
from . import bibliography, evidence, exercises, measure, opening, setting, translated
from .figures import FIGURES, Drawing
from .model import Context, Convention, Dictionary, Entry, Figure, Report, Section, Statement, Step
from .plots import PLOTS, Plot
from .tex import Tex
from .words import EMPTY, Emphasis, Link, Math, Number, Words, line, printed, prose, spans
from .write import Front

MOST_WRITTEN_OUT: Final = 4  #: units of a layer whose vectors and matrices are written out entry by entry
BY_ENTRIES: Final = "It is enough to compare the entries of both sides."  #: the first sentence of such a proof
SETTING: Final = Number("sec:setting", "Section", "1")
FIRST: Final = 2  #: the number of the first chapter's section: the setting comes before it


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


Evidence = Mapping[str, Sequence[evidence.Found]]
Numbers = Mapping[Any, Number]  # what each theorem of the report is called


@dataclass(frozen=True)
class Links:
    """Where reasons lead: what theorems are called, and where the network of this one is, if it is one's own."""

    numbers: Numbers
    network: str = ""

    def definition(self, family: str) -> str:
        """Where a family is defined."""
        return f"#{self.network or f'def:{family}'}"


@dataclass(frozen=True)
class Draft:
    """Chapters, and their sections without the evidence: all that can be printed while judges are at work."""

    chapters: tuple[Chapter, ...]
    notation: Notation
    sections: tuple[Section, ...]
    beside: Notation | None = None


def draft(chapters: Iterable[Chapter], notation: Notation = profiles.NIELSEN, beside: Notation | None = None) -> Draft:
    """The formulas of a report on ``chapters``; statements in another notation, too, if there is one ``beside``.

    Raises ValueError where the lines of a derivation do not compose.
    """
    given = tuple(chapters)
    numbers = _numbers(given)
    sections = (_section(chapter, place, notation, numbers, beside) for place, chapter in enumerate(given, FIRST))
    return Draft(given, notation, tuple(sections), beside)


def build(
    chapters: Sequence[Chapter],
    evidence_for: Evidence,
    notation: Notation = profiles.NIELSEN,
    front: Front = Front(),  # noqa: B008 - it is frozen
    errata: Sequence[Erratum] = (),
    refused: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """The report on ``chapters``; ``evidence_for`` has a list of findings for each derivation's name.

    ``refused``: what is wrong, as in ``prove --json``.

    Raises ValueError where the lines of a derivation do not compose.
    """
    return finished(draft(chapters, notation), evidence_for, front, errata, refused)


def finished(
    drafted: Draft,
    evidence_for: Evidence,
    front: Front = Front(),  # noqa: B008 - it is frozen
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
    made, named = {d.name: d for chapter in chapters for d in chapter.derivations}, _numbers(chapters)
    layered = [d for d in made.values() if d.net.depth is not None]
    usual = [d for d in layered if _notation(d, notation).name == notation.name]
    first = opening.page(made, notation, {d.name: named[said(d.theorem)] for d in made.values()})
    drawings = [*([first.figure] if first else []), *(s.figure for s in sections if s.figure)]
    works = bibliography.cited([chapter.source for chapter in chapters])
    return Report(
        title=line(front.title),
        authors=line(front.authors),
        date=line(front.date),
        edition=front.edition,
        abstract=_abstract(sections),
        opening=first,
        sample=opening.sample(made, notation),
        notation=line(notation.title),
        setting=_rows(setting.equations(dense(), notation)) if layered else (),
        defines=tuple(d.head.family for d in dense().definitions if d.body is not None) if layered else (),
        legend=_legend(notation, _explained(usual) | {name for d in dense().definitions for name in mentions(d.head)})
        if layered
        else (),
        columns=tuple(evidence.head(column) for column in columns),
        sections=sections,
        errata=tuple(map(_erratum, errata)) if front.edition == "full" else (),
        refused=tuple(map(_refused, refused)),
        works=works,
        example=front.example,
        dictionary=_dictionary(drafted, _explained(usual)) if layered else None,
        figures={f"{drawing.name}.svg": drawing.svg.encode() for drawing in drawings},
    )


def _abstract(sections: Sequence[Section]) -> Words:
    statements = [statement for section in sections for statement in section.statements]
    steps = sum(statement.count for statement in statements)
    said = (
        f"{_counted(len(statements), 'statement')} about backpropagation, derived from the chain rule and the "
        f"equations of the network, in {_counted(steps, 'step')}. Every step was checked by a small kernel, and the "
        "statements were held against judges that share no code with it."
    )
    return Words([said])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


# What statements are called.


def kind(d: Derivation) -> str:
    """What a statement is called: as its author says, else a corollary where it takes no more than a theorem.

    That is: the entries of an array are those of a theorem, or the numbers of one net are put into it.
    """
    rests = len(d.lines) == 1 and d.lines[0].quotes
    return d.kind.capitalize() or ("Corollary" if rests and (d.by_entries or d.chapter == "instance") else "Theorem")


def _numbers(chapters: Sequence[Chapter]) -> Numbers:
    """For each theorem its first statement in the report."""
    found: dict[Any, Number] = {}
    for section, chapter in enumerate(chapters, FIRST):
        for place, d in enumerate(chapter.derivations, 1):
            found.setdefault(said(d.theorem), Number(label(d), kind(d), f"{section}.{place}"))
    return found


def said(theorem: Any) -> Any:
    """What a theorem says: the same for all of its proofs."""
    return theorem.net, theorem.lhs, theorem.rhs, frozenset(theorem.hypotheses)


def label(d: Derivation) -> Tex:
    """The label of a derivation's theorem."""
    return Tex(f"thm:{_slug(f'{_stem(d.chapter)}-{d.name}')}")


def _stem(chapter: str) -> str:
    """A chapter's name; of a file of the user's without what tells it from another of that name."""
    found = re.fullmatch(r"backproof_user_(.*)_[0-9a-f]{8}", chapter)
    return found[1] if found else chapter


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "x"


# Chapters.


def _section(chapter: Chapter, place: int, notation: Notation, numbers: Numbers, beside: Notation | None) -> Section:
    contexts = _contexts(chapter.derivations, notation)
    conventions = _conventions(chapter.derivations, notation)
    statements: list[Statement] = []
    at = ""
    for number, (d, context, convention) in enumerate(zip(chapter.derivations, contexts, conventions, strict=True), 1):
        at = label(d) if context else at  # where the network is described
        links = Links(numbers, "" if d.net.depth is not None else f"net:{at}")
        made = _statement(d, _notation(d, notation), links, f"{place}.{number}")
        other = beside_it(d, beside)
        statements.append(replace(made, network=context, notation=convention, beside=other))
    words = _in_letters(chapter.derivations, notation)
    return Section(
        label=Tex(f"sec:{_slug(_stem(chapter.name))}"),
        number=str(place),
        title=words(line(chapter.title)),
        prose=words(prose(chapter.prose)),
        source=_source(chapter.source),
        figure=_picture(chapter, notation),
        statements=tuple(statements),
        exercises=exercises.of(statements, str(place)),
    )


def _source(text: str) -> Words:
    """What a chapter's docstring names; works that the bibliography has are linked."""
    return line(text) + bibliography.marks(text)


def _in_letters(derivations: Sequence[Derivation], notation: Notation) -> Any:
    """What turns prose about ``derivations``, in Nielsen's letters, into prose in the letters that are printed."""
    rows = {_notation(d, notation) for d in derivations if d.net.depth is not None and d.notation == "nielsen"}
    if not rows or len(rows) > 1 or next(iter(rows)).name == "nielsen" == notation.name:
        return lambda given: given
    row = rows.pop()
    return lambda given: translated.words(given, row)


def _judged(section: Section, chapter: Chapter, evidence_for: Evidence, columns: Sequence[str]) -> Section:
    """A section with the evidence for its statements."""
    found = [evidence_for.get(d.name, ()) for d in chapter.derivations]
    statements = tuple(
        replace(
            statement,
            evidence=evidence.evidence_line(items),
            failing=evidence.evidence_line([item for item in items if not item["holds"]]),
            cells=evidence.cells(items, columns),
        )
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


def _legend(notation: Notation, used: Collection[str]) -> tuple[Entry, ...]:
    return tuple(Entry(printed(row.symbol), printed(row.meaning)) for row in legend.rows(notation, used))


#: The picture of a chapter, by the chapter's name.
DRAWN: Final[Mapping[str, Drawing | Plot]] = {**FIGURES, **PLOTS}


def _picture(chapter: Chapter, notation: Notation) -> Figure | None:
    drawn = DRAWN.get(chapter.name)
    if isinstance(drawn, Plot) and notation.name != "nielsen":
        drawn = drawn.lettered(lambda formula: translated.formula(formula, notation))
    return _figure(drawn) if drawn else None


def _figure(drawing: Drawing | Plot) -> Figure:
    return Figure(Tex(drawing.name), printed(drawing.caption), Tex(drawing.tikz()), drawing.svg(), drawing.said)


def _statement(d: Derivation, notation: Notation, links: Links, number: str) -> Statement:
    """A theorem and its proof, without the evidence."""
    theorem, given = d.theorem, latex.hypotheses(d.theorem.hypotheses, notation)
    start = d.lines[0].theorem.lhs if d.lines else theorem.lhs
    left, *more = measure.broken(latex.terms(start, notation), measure.TEXT_WIDTH - measure.MARGIN)
    words = _in_letters([d], notation)
    return Statement(
        kind=kind(d),
        number=number,
        label=label(d),
        title=words(line(d.title)),
        prose=words(prose(d.prose)),
        notation=None,
        network=None,
        hypotheses=printed(f"For {given}," if given else ""),
        formula=_displayed(theorem, notation),
        in_full=_in_full(theorem, notation),
        beside=Tex(""),
        opening=line(BY_ENTRIES if d.by_entries else ""),
        left=Tex(left),
        left_more=_rows(more),
        steps=tuple(_steps(d.lines, notation, measure.width(left), links)),
    )


def _conventions(derivations: Sequence[Derivation], notation: Notation) -> Iterator[Convention | None]:
    """For each derivation the notation, where it is another one than before."""
    before = notation.name
    for name, group in groupby(derivations, key=lambda d: _notation(d, notation).name):
        first, *rest = group
        row = profiles.notation(name)
        shown = _legend(row, _explained([first, *rest])) if name != notation.name else ()
        yield from (Convention(line(row.title), shown) if name != before else None, *(None for _ in rest))
        before = name


def _contexts(derivations: Sequence[Derivation], notation: Notation) -> Iterator[Context | None]:
    """For each derivation the network, where it is another one than before."""
    before = dense()
    for net, group in groupby(derivations, key=lambda d: d.net):
        first, *rest = group
        context = None if net == before else _context(net, [first, *rest], _notation(first, notation))
        yield from (context, *(None for _ in rest))
        before = net


NETWORK: Final = Emphasis(Words(["The network"]))


def _context(net: Network, derivations: Sequence[Derivation], notation: Notation) -> Context:
    if setting.is_standard(net):
        return Context(Words([NETWORK, " is again any one as in ", SETTING, "."]), ())
    used = _used(derivations)
    rows = _rows(setting.assumptions(net, used, notation))
    if net.depth is None:
        data = setting.given(net, used, notation)
        of = f" with {data} given," if data else ""
        words = Words([NETWORK, ", ", net.title, *printed(f", is, for {setting.ranges(net, notation)},{of}")])
        return Context(words, rows, _legend(notation, _explained(derivations)))
    named = f", {net.title}," if net.title != Network.title else ""
    return Context(Words([NETWORK, f"{named} is that of ", SETTING, ", but with" if rows else "."]), rows)


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
    return rf"\bpfit{{{line}}}" if measure.width(line) > measure.TEXT_WIDTH - 4 else line


def _in_full(theorem: Any, notation: Notation) -> Tex:
    widths = theorem.net.widths
    try:
        if widths is None or max(widths) > MOST_WRITTEN_OUT or not shape(theorem.net, theorem.lhs):
            return Tex("")
    except Refused:
        return Tex("")
    return Tex(f"  {latex.latex_in_full(theorem.net, theorem, notation)}.")


def beside_it(d: Derivation, other: Notation | None) -> Tex:
    """The same statement in another notation; "" where there is none, or where its letters are its own."""
    if other is None or d.net.depth is None or d.notation != profiles.NIELSEN.name:
        return Tex("")
    row = profiles.for_network(other, d.net)
    return Tex(latex.equation(d.theorem.lhs, d.theorem.rhs, row))


#: What a dictionary of two notations has, by the families that it is about.
WRITTEN: Final = (
    ("w", w[l, j, k]), ("w", w[l]), ("b", b[l, j]), ("z", z[l, j]), ("a", a[l, j]), ("sigma", sigma_prime(z[l, j])),
    ("delta", delta[l, j]), ("delta", delta[l]), ("x", x[j]), ("y", y[j]), ("C", C), ("w", D(C, w[l, j, k])),
    ("Hadamard", Hadamard(Symbol("u"), Symbol("v"))), ("n", n(l)), ("M", M),
)  # fmt: skip


def _dictionary(drafted: Draft, used: Collection[str]) -> Dictionary | None:
    if drafted.beside is None:
        return None
    rows = [profiles.for_network(row, dense()) for row in (drafted.notation, drafted.beside)]
    pairs = [tuple(Tex(latex.latex(e, row)) for row in rows) for family, e in WRITTEN if family in used]
    return Dictionary(line(rows[0].title), line(rows[1].title), tuple((one, other) for one, other in pairs))


def _steps(lines: Sequence[Line], notation: Notation, left: float, links: Links) -> list[Step]:
    room = measure.TEXT_WIDTH - measure.MARGIN - (left if left <= measure.ALONE * measure.TEXT_WIDTH else 0.0)
    result = []
    for before, one in zip((None, *lines), lines, strict=False):
        if before is not None and before.theorem.rhs != one.theorem.lhs:
            raise ValueError(f"{one.theorem.lhs} is not what the line before ends with: {before.theorem.rhs}")
        first, *more = measure.broken(latex.terms(one.theorem.rhs, notation), room)
        result.append(Step(Tex("="), Tex(first), tuple(map(Tex, more)), reason(one, notation, links)))
    return result


def reason(of: Line, notation: Notation, links: Links) -> Words:
    """The words beside a line, its terms printed; theorems that it quotes by their numbers, as links."""
    parts: list[Any] = []
    for part in of.because:
        if isinstance(part, str):
            parts += spans(part)
        else:
            formula = Math(latex.latex(part, notation))
            parts.append(Link(links.definition(part.family), Words([formula])) if isinstance(part, Member) else formula)
    quoted = list(dict.fromkeys(links.numbers[said(t)] for t in of.quotes if said(t) in links.numbers))
    for place, number in enumerate(quoted):
        parts += [", " if place else " (", number]
    return Words([*parts, ")"] if quoted else parts)


def _erratum(erratum: Erratum) -> Any:
    for formula in (erratum.printed, erratum.right):
        if not is_math(formula):
            raise ValueError(f"not a formula that can be printed: {formula}")
    return {
        "source": line(erratum.source), "printed": Tex(f"  {erratum.printed}"), "right": Tex(f"  {erratum.right}"),
        "counterexample": prose(erratum.counterexample), "note": prose(erratum.note), "title": line(erratum.title),
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
        "counterexample": printed(evidence.counterexample(failure)) if failure else EMPTY,
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


__all__ = ["Draft", "Erratum", "build", "draft", "erratum", "finished", "kind", "label", "reason"]
