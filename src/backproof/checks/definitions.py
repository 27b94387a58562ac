"""What a document defines: equations that introduce a letter. Its own network is made of them; a dense one grows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ..networks.dense import dense_network
from ..networks.tables import COSTS
from ..notation.profiles import for_network
from ..notation.reader import Unreadable, read, tree
from ..notation.reader.tree import Part
from . import extension, inference, own, vectors
from .adopted import adopted, meaning
from .aliases import with_alias
from .claims import Reading, Verdict, answers, judge
from .inference import NotDefined, Source
from .letters import letter, letter_of
from .relation import shown
from .spelling import parts_of, spellings
from .wording import Wording

GENERIC: Final = "generic"  #: the notation of documents that say themselves what their letters are
READ: Final = ("sigma", "n", "M", "L", "C", "Cx")  # families of letters that every notation has
LETTERS: Final = re.compile(r"\\[A-Za-z]+\{\\?[A-Za-z]+\}|\\[A-Za-z]+|[A-Za-z]")
BELOW: Final = re.compile(r"_\s*(?:\{([^{}\\]{1,40})\}|([A-Za-z]))")
RANGES: Final = re.compile(r"([A-Za-z])\s*=\s*1\s*,\s*(?:\\[lc]?dots\w?|\.\.\.|…)\s*,\s*([A-Za-z])(?![A-Za-z])")


@dataclass(frozen=True)
class Known:
    """What is known at a place of a document: what claims are read in, and what it has defined so far.

    ``plain``: the same without what is defined beside a dense network. ``sizes``: how far an index goes where the
    document says so anywhere, i = 1, …, N; ``indices``: all letters that stand below others. ``failed``: letters that
    it says something of which is not understood. ``is_own``: whether the network is the document's;
    ``is_cost_open``: whether neither it nor its reader has said so far what the cost is. ``second``: beside a dense
    network, that of the definitions alone, for claims with letters that the notation does not have. ``strange``:
    letters of the notation that the document says something else of. ``activation``: the body of a function that is
    applied and not defined, in a network of the document's own; None where it is not known which, and empty where it
    may be any.
    """

    reading: Reading
    plain: Reading
    sizes: tuple[tuple[str, str], ...] = ()
    indices: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()
    failed: frozenset[str] = frozenset()
    is_own: bool = False
    is_cost_open: bool = False
    second: Second | None = None
    strange: frozenset[str] = frozenset()
    activation: str | None = ""

    def reading_of(self, text: str) -> Reading:
        """What a claim is read in: with what is defined beside a dense network, if it speaks of that."""
        if self.is_own or not {*self.more}.isdisjoint(LETTERS.findall(text)):
            return self.reading
        return self.plain

    @property
    def more(self) -> tuple[str, ...]:
        """The letters that a dense network has besides, by definitions."""
        return tuple(self.reading.net.letters.values())

    @property
    def gap(self) -> str | None:
        """A letter that the network takes for given, since what the document says of it is not understood."""
        net, heads = self.reading.net, {letter_of(source.head) for source in self.sources}
        missing = (self.failed - heads) & {*net.letters.values()} if self.is_own else frozenset()
        return next(iter(sorted(missing)), None)

    @property
    def given(self) -> tuple[str, ...]:
        """What a document's own network takes for given."""
        if not self.is_own:
            return ()
        heads = {letter_of(source.head) for source in self.sources}
        return tuple(sorted(one for one in self.reading.net.letters.values() if one not in heads))


@dataclass(frozen=True)
class Second:
    """A network of the definitions alone: what is ``known`` in it, and how it is worded."""

    known: Known
    wording: Wording

    def noted(self, text: str) -> Second:
        """Behind a text that defines."""
        text = self.wording.read(text)
        try:
            display = read(text)
        except Unreadable:
            return self
        known = self.known
        for statement in (statement for line in display.lines for statement in line):
            after = defined(statement, text, known)
            known = known if after is None else after[0]
        return replace(self, known=known)

    @property
    def reading(self) -> Reading | None:
        """What claims are read in; None where something is not understood that the network needs."""
        known = self.known
        if not known.sources or known.gap is not None or (known.activation is None and _functions(known)):
            return None
        return known.reading


@dataclass(frozen=True)
class Piece:
    """A part of a formula: what it is read in; ``defines``: what is said of its first relation, which defines."""

    text: str
    line: int
    known: Known
    defines: Verdict | None = field(default=None)


def pieces(text: str, known: Known, *, is_said: bool = False) -> list[Piece]:
    """A formula in pieces, a definition each, and what stands between them; one piece where it defines nothing.

    ``is_said``: whether the words before it say that it defines.
    """
    try:
        display = read(text)
    except Unreadable:
        return [Piece(text, 0, _failed(known, *LETTERS.findall(text.partition("=")[0] if "=" in text else "")))]
    found = list[Piece]()
    open_: tuple[int, int] | None = None  # statements that define nothing, so far
    for statement in (statement for line in display.lines for statement in line):
        start, end = statement.span
        is_first = statement is display.lines[0][0]
        known = _noted(known, statement, text, is_said=is_said)
        after = defined(statement, text, known) or _adopted(statement, text, known, is_said=is_said and is_first)
        if after is None:
            known = _estranged(statement, text, known) if is_said else known
            open_ = (open_[0] if open_ else start, end)
            continue
        if open_:
            found.append(_piece(text, open_, known))
        known, open_ = after[0], None
        found.append(replace(_piece(text, (start, end), known), defines=after[1]))
    if not found:
        return [Piece(text, 0, known)]
    return [*found, *([_piece(text, open_, known)] if open_ else [])]


def _noted(known: Known, statement: tree.Statement, text: str, *, is_said: bool) -> Known:
    """With what is said to be a definition in the second network, too."""
    says = statement.says
    if known.second is None or not isinstance(says, tree.Relation) or not (is_said or says.relations[0] == ":="):
        return known
    return replace(known, second=known.second.noted(_piece(text, statement.span, known).text))


def _failed(known: Known, *letters: str) -> Known:
    return replace(known, failed=known.failed | {*letters})


def _piece(text: str, span: tuple[int, int], known: Known) -> Piece:
    says, line = text[slice(*span)], text.count("\n", 0, span[0])
    return Piece(rf"\,{says}" if "\\" in text and "\\" not in says else says, line, known)  # it is LaTeX as before


def defined(statement: tree.Statement, text: str, known: Known) -> tuple[Known, Verdict] | None:
    """What is known behind a statement, and what is said of it; None where it is a claim like others."""
    says = statement.says
    if not isinstance(says, tree.Relation) or says.relations[0] not in ("=", ":=") or says.sides[0] is None:
        return None
    head, body = says.sides[0], says.sides[1]
    name = letter_of(head)
    assert body is not None
    if not known.is_own and any(letter(p) == name for p in parts_of(body)):
        return None  # it is assigned what it was, and something more
    if known.is_cost_open and name and name == known.plain.notation.letters["C"]:
        return _with_cost(statement, text, known)
    says_number = isinstance(head, tree.Name) and isinstance(body, tree.Number)  # l = 2, 3, ...: of an index
    if (
        not name
        or (says_number and not known.is_own)
        or not _is_new(name, head, known, is_said=says.relations[0] == ":=")
    ):
        return None
    shown = " ".join(text[slice(*head.span)].split()), " ".join(text[slice(*body.span)].split())
    if not known.is_own and (about := with_alias(text, _first_relation(statement, says), known.plain)) is not None:
        after = replace(known, plain=about, reading=known.reading if known.more else about)
        return after, Verdict("definition", *shown, f"it introduces {name}", says.relations[0])
    if known.is_own and isinstance(head, tree.Name) and name in known.indices:
        return known, Verdict("definition", *shown, f"it says what {name} is", says.relations[0])
    is_short = not known.is_own and isinstance(head, tree.Name)
    if is_short and (short := _meant(statement, text, known, shown)) is not None:
        return short
    try:
        after = _with(known, Source(text, head, body))
    except NotDefined as why:
        if not known.is_own:
            return None if is_short else _meant(statement, text, known, shown)
        return _failed(known, name), Verdict("unknown", *shown, f"as a definition of {name}: {why}", says.relations[0])
    return after, Verdict("definition", *shown, f"it introduces {name}", says.relations[0])


def _meant(statement: tree.Statement, text: str, known: Known, shown: tuple[str, str]) -> tuple[Known, Verdict] | None:
    """What is known where a new letter is short for a term about the network."""
    says = statement.says
    assert isinstance(says, tree.Relation)
    about = meaning(text, _first_relation(statement, says), known.plain) if known.plain.setting is not None else None
    if about is None:
        return None
    after = replace(known, plain=about, reading=known.reading if known.more else about)
    return after, Verdict("definition", *shown, f"{shown[0]} is a symbol for it", says.relations[0])


def _first_relation(statement: tree.Statement, says: tree.Relation) -> tree.Statement:
    """The statement without what it goes on with."""
    assert says.sides[1] is not None
    first = tree.Relation((says.span[0], says.sides[1].span[1]), says.sides[:2], says.relations[:1])
    return replace(statement, says=first)


def _with_cost(statement: tree.Statement, text: str, known: Known) -> tuple[Known, Verdict] | None:
    """What is known where an equation says what the cost is: it is none of the claims about every cost."""
    says = _piece(text, statement.span, known).text
    if known.plain.setting is None or known.more or judge(says, known.plain)[0].holds:
        return None
    for name in COSTS:
        try:
            setting = replace(known.plain.setting, cost=name)
            net = dense_network(setting)
        except ValueError:  # it is for another activation
            continue
        about = replace(known.plain, net=net, notation=for_network(known.plain.notation, net), setting=setting)
        found = judge(says, about)[0]
        if found.holds:
            after = replace(known, reading=about, plain=about, is_cost_open=False)
            said = f"it says what the cost is: {name}"
            return after, Verdict("definition", found.left, found.right, said, found.relation)
    return None


def _adopted(statement: tree.Statement, text: str, known: Known, *, is_said: bool) -> tuple[Known, Verdict] | None:
    """What is known where a definition decides how a letter that the notation has is meant."""
    says, part = statement.says, _piece(text, statement.span, known).text
    if not is_said or known.is_own or known.plain.setting is None or not isinstance(says, tree.Relation):
        return None
    about = adopted(part, known.plain)
    if about is known.plain:
        return None
    head, body = says.sides[:2]
    shown_ = shown(text, head), shown(text, body)
    after = replace(known, plain=about, reading=known.reading if known.more else about)
    return after, Verdict("definition", *shown_, f"it says what {shown_[0]} is", says.relations[0])


def _estranged(statement: tree.Statement, text: str, known: Known) -> Known:
    """With a letter that is said to be what it is not in the notation, as far as is known, where that has no letters of
    its own.
    """
    says = statement.says
    if known.is_own or known.plain.setting is None or not isinstance(says, tree.Relation) or statement.when:
        return known
    name = "" if says.sides[0] is None else letter_of(says.sides[0])
    is_named = known.plain.setting.cost is not None and "lambda" not in text  # in front; here it may be worded oddly
    if known.plain.notation.name != GENERIC and (is_named or not _is_cost(says, name, known)):
        return known
    if not name or name in known.more or len(says.relations) > 1 or says.relations[0] not in ("=", ":="):
        return known
    found = answers(_piece(text, statement.span, known).text, known.plain)
    return known if all(v.holds for v in found) else replace(known, strange=known.strange | {name})


def _is_cost(says: tree.Relation, name: str, known: Known) -> bool:
    """Whether it says what the cost is, of the whole network, without a mark on its letter."""
    families = {s.family for s in spellings(name, known.plain.notation, {*known.plain.net.kinds})}
    head = says.sides[0]
    data = {letter(p) for p in parts_of(head)} & {"x", "y", "t"} if head is not None else set()
    return "C" in families and isinstance(head, tree.Name | tree.Product) and not data


def _functions(known: Known) -> set[str]:
    """The functions that are applied and not defined."""
    try:
        found = {*inference.Inference(known.sources, dict(known.sizes)).functions}
    except NotDefined:
        return set()
    return found - {inference.function_head(source) for source in known.sources}


def own_reading(known: Known) -> Reading:
    """What claims are read in, in a document's own network. NotDefined where the definitions make none."""
    if vectors.is_meant(known.sources):
        return vectors.reading(known.sources)
    sources, open_ = known.sources, _functions(known) if known.activation else set()
    for f in open_:
        text = f"{f}(u) = {known.activation}"
        says = read(text, "latex").lines[0][0].says
        assert isinstance(says, tree.Relation)
        assert says.sides[0] is not None
        assert says.sides[1] is not None
        sources = (*sources, Source(text, says.sides[0], says.sides[1]))
    return own.reading(sources, dict(known.sizes))


def _is_new(name: str, head: Part, known: Known, *, is_said: bool) -> bool:
    """Whether nothing in the network has this letter; in a document's own, nothing that it defined at this index.

    ``is_said``: that it is defined; then it may be a letter that sizes have elsewhere.
    """
    if known.is_own:
        before = [source.head for source in known.sources if letter_of(source.head) == name]
        numbers, others = inference.numbers_in(head), [*map(inference.numbers_in, before)]
        first = any(i is not None and i < 1 for i in numbers)  # before all that a letter stands for
        return numbers not in others and (not numbers or () not in others or first)
    families = {*known.reading.net.kinds, *(f for f in READ if not (is_said and f in ("n", "M")))}
    return not spellings(name, known.plain.notation, families) and name not in known.more


def _with(known: Known, source: Source) -> Known:
    if not known.is_own:
        return replace(known, reading=extension.extended(known.reading, source))
    after = replace(known, sources=(*known.sources, source))
    return replace(after, reading=own_reading(after))


def indices(texts: list[str]) -> frozenset[str]:
    """The letters that stand below others in these texts, and the names of sizes."""
    below = (letter for text in texts for found in BELOW.findall(text) for letter in "".join(found) if letter.isalpha())
    return frozenset((*below, *(letter for pair in sizes(texts) for letter in pair)))


def sizes(texts: list[str]) -> tuple[tuple[str, str], ...]:
    """How far indices go, as far as these texts say so."""
    return tuple(dict(found for text in texts for found in RANGES.findall(text)).items())


__all__ = ["GENERIC", "LETTERS", "Known", "Piece", "Second", "indices", "own_reading", "pieces", "sizes"]
