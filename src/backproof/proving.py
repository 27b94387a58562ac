"""``prove``: replay derivations, let the oracles judge them, and write the report.

Nothing is proved here. A derivation comes with its theorem; this replays it, gathers evidence, and says what is wrong
with a file that does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from .beside import Calls, Here, Later
from .derive.derivation import Chapter, Derivation, Line
from .derive.registry import library_module
from .derive.slip import Slip
from .errors import CannotRun
from .instances import AT_SCALE, check_sizes, equations, instance
from .networks import dense, recursive
from .notation import latex, profiles, text
from .notation.printer import mentions
from .notation.profiles import Notation
from .oracle import asked as oracles
from .refusals import Refusal
from .report import write
from .report.setting import own_definitions
from .surface.proofs import replay, steps, written
from .surface.terms import Equal, Member, Positive, Refused, Total
from .surface.theorem import Theorem
from .targets import load

SCHEMA: Final = "backproof.prove/1"
LIST_SCHEMA: Final = "backproof.list/1"
SIZES: Final = (2, 3, 1), (3, 4, 2), (2, 3, 4, 2)  # of the networks beside the NumPy reference
EXAMPLE: Final = (2, 3, 1)  # the net that a notebook has in numbers where no other is asked for
UNJUDGED: Final = "unjudged"  # the kind of evidence that says that there is none
Evidence = dict[str, Any]
#: What is known of a datum, as a condition; the names are those of ``networks.own.given``.
FACTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "positive": lambda d: Positive(d.head),
    "sums to 1": lambda d: Equal(Total(d.head, *d.bounds[-1]), 1),
}
Progress = Callable[[str, int, int], None]  # what is looked at, how many are done, how many there are


@dataclass(frozen=True, repr=False)
class Proved:
    """A derivation, the notation it is written in, and the evidence for it: dicts as in ``prove --json``."""

    derivation: Derivation
    notation: Notation
    evidence: tuple[Evidence, ...]

    @property
    def holds(self) -> bool:
        """Whether all of the evidence holds."""
        return all(item["holds"] for item in self.evidence)

    @property
    def judged(self) -> bool:
        """Whether any judge beside the kernel could speak of the statement."""
        return any(item["kind"] not in ("kernel", UNJUDGED) for item in self.evidence)

    @property
    def text(self) -> str:
        """The statement, as one line of plain text."""
        return text.equation(self.derivation.theorem.lhs, self.derivation.theorem.rhs, self.notation)

    @property
    def facts(self) -> list[str]:
        """What is known of the data that the statement rests on, each as plain text: "ε > 0"."""
        theorem = self.derivation.theorem
        parts = (theorem.lhs, theorem.rhs, *theorem.hypotheses)
        used = {member.family for part in parts for member in part.atoms(Member)}
        own = own_definitions(theorem.net, used)
        return text.conditions([said(d) for d in own for said in map(FACTS.__getitem__, d.facts)], self.notation)

    def __repr__(self) -> str:
        return f"<{self.derivation.name}: {self.text}; {'holds' if self.holds else 'fails'}>"

    def to_json(self) -> dict[str, Any]:
        """The entry of ``derivations`` in ``prove --json``."""
        made = self.derivation
        return {
            "name": made.name,
            "title": made.title,
            "source": " ".join(made.source.split()),
            "statement": self._equation(made.theorem),
            "hypotheses": text.conditions(made.theorem.hypotheses, self.notation),
            "lines": [
                {
                    **self._equation(line.theorem),
                    "because": text.words(line.because, self.notation),
                    "rules": rules(line),
                }
                for line in made.lines
            ],
            "evidence": list(self.evidence),
        }

    def _equation(self, theorem: Theorem) -> dict[str, str]:
        sides = theorem.lhs, theorem.rhs, self.notation
        return {"text": text.equation(*sides), "latex": latex.equation(*sides)}


@dataclass(frozen=True, repr=False)
class ProveResult:
    """What ``prove`` found: ``derivations`` in the order of the report, what was ``refused``, the ``files`` written."""

    derivations: tuple[Proved, ...]
    refused: tuple[Refusal, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every derivation replays, every piece of evidence holds, and nothing was refused."""
        return not self.refused and all(proved.holds for proved in self.derivations)

    def __repr__(self) -> str:
        failed = sum(not proved.holds for proved in self.derivations)
        return f"<{len(self.derivations)} derivations, {failed} failed; {len(self.refused)} refused>"

    def to_json(self) -> dict[str, Any]:
        """The object that ``prove --json`` prints; its schema is shipped, as ``schemas/prove.schema.json``."""
        from importlib import metadata

        return {
            "schema": SCHEMA,
            "version": metadata.version("backproof"),
            "derivations": [proved.to_json() for proved in self.derivations],
            "refused": [refusal.to_json() for refusal in self.refused],
            "files": list(self.files),
        }


def prove(
    targets: Sequence[str | Path] | str | Path | None = (),
    notation: str | None = None,
    formats: Sequence[str] = write.FORMATS,
    out: str | Path | None = None,
    engine: str = "typst",
    sizes: Sequence[int] | None = None,
    title: str | None = None,
    letters: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    author: str = "",
    date: str = "",
    edition: str = "full",
    fragment: bool = False,  # noqa: FBT001, FBT002 - a flag of the command
    example: Sequence[int] | None = None,
    beside: str | None = None,
) -> ProveResult:
    """Prove, judge and report derivations: all of the library, or the ``targets``.

    A target is the name of a chapter or of a derivation (``bp2``, ``bp2-vector``), or a file of your own, or a folder
    of them. With ``sizes``, such as (3, 4, 2): what the theorems say of the dense net that has these layers.
    ``notation`` and ``letters`` say how formulas are written where a derivation has no notation of its own. Files go to
    ``out``, ``build/`` by default; with no ``formats`` none is written. ``edition``: full, or a handout, which leaves
    the evidence out. ``fragment``: the LaTeX goes into a document of your own. ``example``, such as
    (2, 3, 1): a net with these layers in numbers, line by line. ``beside``: a
    notation in which statements are printed, too. CannotRun where any of that cannot be done.
    """
    front = write.Front(write.TITLE if title is None else title, author, date, edition, fragment)
    return prove_by(Here(), targets, notation, formats, out, engine, sizes, letters, progress, front, example, beside)


def prove_by(
    calls: Calls,
    targets: Sequence[str | Path] | str | Path | None,
    notation: str | None,
    formats: Sequence[str],
    out: str | Path | None,
    engine: str,
    sizes: Sequence[int] | None,
    letters: Mapping[str, str] | None,
    progress: Progress | None,
    front: write.Front,
    example: Sequence[int] | None = None,
    beside: str | None = None,
) -> ProveResult:
    """``prove``, with the judges called by ``calls``: each as soon as what they judge is proved."""
    write.check(formats, engine, front)
    row, judges = _row(notation), Judges(calls)
    other = None if beside is None else _row(beside)
    given = [targets] if isinstance(targets, str | Path) else targets or ()
    chapters, refused = _chapters(given, sizes, judges.ask)
    row = _lettered(row, letters, chapters)
    slips = [] if given or sizes or refused else _slips(calls)
    made = [d for found in chapters for d in found.derivations]
    more = {**_at_scale(sizes), **_against_the_reference(made, calls)}
    replayed = _all_replay(made)
    if example is None and "ipynb" in formats:
        example = EXAMPLE  # a notebook has something to run
    if example is not None:
        front = replace(front, example=_worked(example, row))
    order = write.Order(Path("build" if out is None else out), tuple(formats), engine, row, front, other)
    drafted = write.draft(order, chapters)  # while the judges are at work
    calls.share()
    checked = list(_judged(made, judges, progress, more, replayed=replayed))
    errata = _errata(refused, slips)
    result = ProveResult(tuple(Proved(d, written_in(d, row), found) for d, found in checked), tuple(refused))
    return _reported(result, drafted, errata, order)


def listed(targets: Sequence[str | Path] = ()) -> tuple[dict[str, Any], list[Refusal]]:
    """What ``prove --list --json`` prints, of the library or of the ``targets``; and what was refused in them."""
    chapters, refused = load(targets)
    entries = [
        {**_heading(one.name, one.title), "derivations": [_heading(made.name, made.title) for made in one.derivations]}
        for one in chapters
    ]
    return {"schema": LIST_SCHEMA, "chapters": entries}, refused


def _heading(name: str, title: str) -> dict[str, Any]:
    return {"name": name, "title": text.title(title)}


def _chapters(
    targets: Sequence[str | Path], sizes: Sequence[int] | None, made: Callable[[Chapter], None]
) -> tuple[list[Chapter], list[Refusal]]:
    if sizes is None:
        return load(targets, made)
    try:
        concrete = instance(check_sizes(sizes))
    except ValueError as error:
        raise CannotRun(str(error)) from None
    chapters, refused = load(targets) if targets else ([], [])
    return [*chapters, concrete], refused


def _worked(sizes: Sequence[int], row: Notation) -> Any:
    from . import worked

    try:
        return worked.example(sizes, row)
    except ValueError as error:
        raise CannotRun(str(error)) from None


def _row(name: str | None) -> Notation:
    try:
        return profiles.notation(name or profiles.NIELSEN.name)
    except ValueError as error:
        raise CannotRun(str(error)) from None


def _lettered(row: Notation, letters: Mapping[str, str] | None, chapters: Sequence[Chapter]) -> Notation:
    """The notation with the user's letters; what the chapters do not print forbids none."""
    if not letters:
        return row
    made = [d for found in chapters for d in found.derivations]
    parts = {part for d in made for part in d.parts()}
    used = {name for part in parts for name in mentions(part)}
    used |= {name for d in made for one in own_definitions(d.net, used) for name in mentions(one.head)}
    used |= {"w", "b", "z", "a", "x", "C", "sigma", "L", "n"} if any(d.net.depth is not None for d in made) else set()
    own = {family for d in made if d.net.depth is None for family in d.net.kinds}
    try:
        lettered = profiles.with_letters(row, letters, used, own)
        for net in {d.net for d in made}:
            profiles.for_network(lettered, net)
    except ValueError as error:
        raise CannotRun(str(error)) from None
    return lettered


def written_in(made: Derivation, chosen: Notation) -> Notation:
    """The derivation's own notation, if it asks for one that is not the usual one; else the chosen one."""
    row = chosen if made.notation == profiles.NIELSEN.name else profiles.notation(made.notation)
    return profiles.for_network(row, made.net)


# Evidence.


class Judges:
    """What is asked of the judges: of each theorem once."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._asked = calls, dict[Theorem, Later]()

    def ask(self, chapter: Chapter) -> None:
        """Ask for the evidence of all theorems of a chapter, which will be needed."""
        for made in chapter.derivations:
            self.evidence(made.theorem)

    def evidence(self, theorem: Theorem) -> Later:
        """The evidence for a theorem."""
        if theorem not in self._asked:
            statement = theorem.net, theorem.lhs, theorem.rhs, theorem.hypotheses
            self._asked[theorem] = self._calls.call(oracles.told, *statement)
        return self._asked[theorem]


def _at_scale(sizes: Sequence[int] | None) -> dict[str, Later]:
    """The exact check of all partials of the net at its real sizes, for the derivations that it is about."""
    if sizes is None:
        return {}
    evidence = Later(_scale, (sizes,))
    return {f"{name}-at-{layer}": evidence for name in AT_SCALE for layer in range(2, len(sizes) + 1)}


def _scale(sizes: Sequence[int]) -> Evidence:
    from .oracle.scale import at_scale

    try:
        found = at_scale.check(sizes, at_scale.Equations(*equations().values()))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
        return oracles.broken("scale", error)
    detail = {"partials": found.partials, "error_bound_log2": found.error_bound_log2}
    return {"kind": "scale", "holds": found.holds, **detail}


def _against_the_reference(made: Sequence[Derivation], calls: Calls) -> dict[str, Later]:
    """The backward pass beside the NumPy reference, on the same weights, and beside the complex step of its cost."""
    every = {d.name: d.theorem.rhs for d in made if d.chapter == "backward"}
    if not {"every-bias", "every-weight"} <= set(every):
        return {}
    nets = tuple(recursive(dense(widths=widths, activation="sigmoid", cost="quadratic")) for widths in SIZES)
    evidence = calls.call(oracles.beside_the_reference, every["every-bias"], every["every-weight"], nets)
    return dict.fromkeys(("every-bias", "every-weight"), evidence)


def _judged(
    made: Sequence[Derivation], judges: Judges, progress: Progress | None, more: Mapping[str, Later], *, replayed: bool
) -> Iterator[tuple[Derivation, tuple[Evidence, ...]]]:
    for done, derivation in enumerate(made):
        if progress:
            progress(derivation.title, done, len(made))
        said = judges.evidence(derivation.theorem).result
        said += (more[derivation.name].result,) if derivation.name in more else ()
        yield derivation, (_replayed(derivation, replayed), *(said or _silence(derivation)))
    if progress:
        progress("writing the report", len(made), len(made))


def _silence(made: Derivation) -> Iterator[Evidence]:
    """That no judge could speak is no evidence, unless the derivation says what vouches for it."""
    if not made.judged_by:
        theorem = made.theorem
        why = oracles.exactly(theorem.net, theorem.lhs, theorem.rhs, theorem.hypotheses).reason
        yield {"kind": UNJUDGED, "holds": False, "reason": f"no judge can speak of it{f': {why}' if why else ''}"}


def _all_replay(made: Sequence[Derivation]) -> bool:
    """Whether all theorems, those of the printed lines included, can be made again from nothing, at once."""
    try:
        replay(*(t for d in made for t in _theorems(d)))
    except Refused:
        return False
    return True


def _theorems(made: Derivation) -> list[Theorem]:
    return [made.theorem, *(line.theorem for line in made.lines)]


def _replayed(made: Derivation, done: bool) -> Evidence:  # noqa: FBT001
    """The kernel's word on one derivation."""
    try:
        if not done:
            replay(*_theorems(made))
    except Refused as error:
        return {"kind": "kernel", "holds": False, "rules": 0, "reason": str(error)}
    return {"kind": "kernel", "holds": True, "rules": len(steps(*_theorems(made)))}


def rules(line: Line) -> list[str]:
    """The rules that made a line, in order of first use, those of the theorems that it quotes left out."""
    return list(dict.fromkeys(p.rule for p in steps(line.theorem, quoted=line.quotes)))


def _slips(calls: Calls) -> list[tuple[Slip, Later]]:
    """What sources print wrongly, each with what the exact judge says of it."""
    every = [(slip, slip.right.theorem) for slip in library_module("errata").slips()]
    return [(slip, calls.call(oracles.exactly, of.net, slip.lhs, slip.rhs, of.hypotheses)) for slip, of in every]


def _errata(refused: list[Refusal], slips: Sequence[tuple[Slip, Later]] | None = None) -> list[tuple[Slip, Evidence]]:
    """The slips, all of them if none are given, each with a counterexample; without one it is ``refused``."""
    found = []
    for slip, asked in _slips(Here()) if slips is None else slips:
        verdict = asked.result
        if verdict.holds is False and verdict.counterexample is not None:
            found.append((slip, verdict.counterexample.as_dict()))
        else:
            refused.append(Refusal("derivations/errata.py", f"no counterexample was found: {slip.title}"))
    return found


# Files.


def _reported(
    result: ProveResult, drafted: Any, slips: Sequence[tuple[Slip, Evidence]], order: write.Order
) -> ProveResult:
    if not order.formats or not result.derivations:
        return result
    result = replace(result, files=tuple(str(path) for path in order.paths()))
    evidence = {proved.derivation.name: list(proved.evidence) for proved in result.derivations}
    refused = [refusal.to_json(order.notation) for refusal in result.refused]
    theorems = {proved.derivation.name: proved.derivation.theorem for proved in result.derivations}
    contents = write.Contents(drafted, evidence, slips, refused, result.to_json, lambda: written(theorems))
    write.report(order, contents)
    return result


__all__ = ["CannotRun", "ProveResult", "Proved", "prove", "rules", "written_in"]
