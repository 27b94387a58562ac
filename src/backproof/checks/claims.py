"""A claim, judged relation by relation, each against the side before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..notation.reader import NotKnown, Unreadable, read, tree
from ..notation.reader.tree import Part
from ..oracle.answer import NOTHING
from . import counted
from .refusals import Refusal, Uneven
from .relation import Claim, Reading, judged, shown
from .senses import Said, Taken, about_net, senses
from .shapes import with_numbers_in_names
from .spelling import parts_of
from .verdict import HOLD, Verdict
from .when import grouped, index_of

WRONG = ("refuted", "malformed")
NO_RELATION = "it says nothing: there is no relation"


SPACE = "it says how many entries there are"


def is_space(side: Part) -> bool:
    r"""Whether it is ``\mathbb{R}^{n \times m}``."""
    base = side.base if isinstance(side, tree.Scripted) else side
    return isinstance(base, tree.Name) and base.text in (r"\mathbb{R}", r"\mathbf{R}", "R", "ℝ")


def with_own_letters(display: tree.Display, about: Reading) -> tree.Display:
    """With W_1 as a letter, where the network has such letters."""
    if about.net.depth is not None or not any("^" in one for one in about.net.letters.values()):
        return display
    made = with_numbers_in_names(display)
    assert isinstance(made, tree.Display)
    return made


class Sized(NamedTuple):
    """A reading in which layers have as many units as are written; ``meant``: all of them are."""

    reading: Reading
    meant: bool


def judge(text: str, about: Reading) -> list[Verdict]:
    """A verdict for each relation that is written; one that is malformed or unknown says where reading stopped."""
    return _judge(text, about, explain=True)


def answers(text: str, about: Reading) -> list[Verdict]:
    """The same, without a look at how what is wrong could be mended: that takes time."""
    return _judge(text, about, explain=False)


def _judge(text: str, about: Reading, *, explain: bool) -> list[Verdict]:
    try:
        display = read(text)
    except Unreadable as why:
        if isinstance(why, NotKnown):
            return [Verdict("unknown", text, "", str(why), "")]
        return [Verdict("malformed", text, "", str(why), "", mistake="malformed")]
    display = with_own_letters(display, about)
    taken = taken_as(display, about)
    readings = [_read_as(about, one) for one in taken]
    sized = [_as_many_as_written(text, display, reading) for reading in readings]
    now = explain and not taken[1:] and sized[0] is None
    found = [_in_sense(text, display, reading, explain=now) for reading in readings]
    place = chosen(found, [one.rank for one in taken])
    verdicts = found[place]
    if any(v.kind in WRONG for v in verdicts):
        if with_units := _with_units(text, display, sized[place], explain=explain):
            verdicts = with_units
        elif taken[place].counted:
            verdicts = [_uncounted(v) for v in verdicts]
        elif explain and not now:
            verdicts = _in_sense(text, display, readings[place], explain=True)
    return [replace(v, assumed=(*v.assumed, *taken[place].words)) for v in verdicts]


def _with_units(text: str, display: tree.Display, sized: Sized | None, *, explain: bool) -> list[Verdict]:
    """The verdicts where there are as many units as are written; none where that is not surely meant."""
    if sized is None:
        return []
    found = _in_sense(text, display, sized.reading, explain=explain and sized.meant)
    if {v.kind for v in found} <= {*HOLD, "definition"}:
        return found
    if any(v.reason == NOTHING for v in found):  # other entries say that there are other units
        return []
    return [_other_sizes(v) for v in found] if explain and sized.meant else []


def _as_many_as_written(text: str, display: tree.Display, about: Reading) -> Sized | None:
    """The reading in which layers have as many units as are written out one by one; None where none are."""
    if about.net.depth is None or about.net.widths is not None:
        return None
    parts = [part for line in display.lines for statement in line for part in parts_of(statement.says)]
    out = [part for part in parts if isinstance(part, tree.Sum | tree.Matrix)]
    given = counted.sizes_written(about.lowering(text), out) if out else frozenset()
    is_array = any(isinstance(part, tree.Matrix) for part in parts)
    reading = replace(about, assumed=about.assumed | given)
    return Sized(reading, is_array or Said(tuple(parts), about.notation).counted) if given else None


def _other_sizes(found: Verdict) -> Verdict:
    """Of what is right for one unit, or without a bias, nothing is said: examples by numbers leave such things out."""
    if found.cause is Uneven:
        return _unknown(found, "it is right if that layer has one unit, and how many there are is not said")
    if found.kind == "refuted" and any("bias" in reading for reading in found.right_if):
        return _unknown(found, "with units by numbers, what there is of a bias may be left out")
    return found


def _uncounted(found: Verdict) -> Verdict:
    """Of what is wrong where units are written out one by one, nothing is said: there may be no others."""
    why = "it is wrong where there are more units than are written, and how many there are is not said"
    return _unknown(found, why) if found.kind == "refuted" or found.cause is Uneven else found


def _unknown(found: Verdict, why: str) -> Verdict:
    return replace(found, kind="unknown", reason=why, counterexample=None, mistake=None, correction=None, also=())


def _in_sense(text: str, display: tree.Display, about: Reading, *, explain: bool) -> list[Verdict]:
    chain = _Chain(text, about, explain=explain)
    lines = (grouped(line, chain.is_index) for line in display.lines)
    return [verdict for line in lines for statement in line for verdict in chain.judged(statement)]


def taken_as(display: tree.Display, about: Reading) -> list[Taken]:
    """The senses in which a display can be taken, the likely one first."""
    if about.setting is None:
        return about_net(display, about.notation, about.net, about.sense)
    return senses(display, about.notation, about.setting, about.sense, about.meanings)


def taken_readings(display: tree.Display, about: Reading) -> list[tuple[int, Reading]]:
    """The same as readings, each with its rank."""
    return [(one.rank, _read_as(about, one)) for one in taken_as(display, about)]


def _read_as(about: Reading, taken: Taken) -> Reading:
    setting = taken.setting or about.setting
    return replace(about, net=taken.net, notation=taken.row, sense=taken.sense, setting=setting)


def chosen(found: list[list[Verdict]], ranks: list[int]) -> int:
    """Which sense is meant: of the first rank in which what is said has a meaning, one in which it is right.

    Where it has a meaning there and is wrong, it is wrong, whatever it says in another rank.
    """
    best: dict[int, tuple[int, int]] = {}
    for place, (verdicts, rank) in enumerate(zip(found, ranks, strict=True)):
        kinds = {v.kind for v in verdicts}
        worth = 0 if kinds <= {*HOLD, "definition"} else 2 if kinds & {"malformed", "unknown"} else 1
        best[rank] = min(best.get(rank, (3, place)), (worth, place))
    meant = [place for _, (worth, place) in sorted(best.items()) if worth < 2]
    return next(iter([*meant, best[min(best)][1]]))


class _Chain:
    """Where the reading of a display is: ``before`` is the last side that is understood, ``right`` the last right one.

    A side that is not understood is passed over: what comes behind it is judged against what stood before it.
    """

    def __init__(self, text: str, about: Reading, *, explain: bool) -> None:
        self.text, self.about, self.explain = text, about, explain
        self.before: Part | None = None
        self.right: Part | None = None

    def judged(self, statement: tree.Statement) -> Iterator[Verdict]:
        """The verdicts on a statement's relations."""
        says = statement.says
        if not isinstance(says, tree.Relation):
            yield Verdict("malformed", shown(self.text, says), "", NO_RELATION, "")
            return
        if says.sides[0] is not None:
            self.before = self.right = says.sides[0]
        for relation, side in zip(says.relations, says.sides[1:], strict=True):
            assert side is not None
            if relation == "∈" and is_space(side):
                yield Verdict("definition", shown(self.text, self.before), shown(self.text, side), SPACE, relation)
                continue
            first = side is says.sides[1] and (relation == ":=" or bool(says.sides[2:]))
            yield self._step(relation, side, statement.when, first=first)

    def _introduces(self, claim: Claim) -> bool:
        """Whether the left side is a letter that has no meaning yet, and the right side has one."""
        base = claim.left.base if isinstance(claim.left, tree.Scripted) else claim.left
        return isinstance(base, tree.Name) and not self.is_read(claim.left) and self.is_read(claim.right)

    def _step(self, relation: str, side: Part, when: tuple[Part, ...], *, first: bool) -> Verdict:
        if self.before is None:
            self.before = self.right = side
            return Verdict("malformed", "", shown(self.text, side), "nothing stands before it", relation)
        claim = Claim(self.text, self.before, relation, side, when)
        found = judged(claim, self.about)
        if found.kind == "unknown" and first and self._introduces(claim):
            found = replace(found, kind="definition", reason=f"{shown(self.text, claim.left)} is a symbol for it")
        if found.kind in WRONG and self.explain:
            found = self._explained(claim, found)
        if found.kind in HOLD and self.right is self.before:
            self.right = side
        if found.kind in HOLD or self.is_read(side) or not self.is_read(self.before):
            self.before = side
        return found

    def _explained(self, claim: Claim, found: Verdict) -> Verdict:
        """What is wrong, with the likely slip; where the side before was wrong and this one is not, just that."""
        if self.right is not None and self.right is not claim.left:
            again = judged(replace(claim, left=self.right), self.about)
            if again.kind in HOLD:
                self.right = claim.right
                return replace(found, reason=f"{found.reason}: the side before is wrong, and this one is right again")
        from .readings import right_if  # only what is wrong needs them
        from .slips import mended

        return right_if(claim, mended(claim, found, self.about), self.about)

    def is_read(self, side: Part) -> bool:
        """Whether a side has a meaning."""
        try:
            self.about.lowering(self.text).value(side)
        except Refusal:
            return False
        return True

    def is_index(self, part: Part) -> bool:
        """Whether a part is an index, such as l and L - 1, and no quantity."""
        lowering = self.about.lowering(self.text)
        try:
            index = index_of(lowering.index, self.about.notation.letters["n"])(part)
        except Refusal:
            return False
        letters = {self.about.notation.letters.get(family, family) for family in self.about.net.kinds}
        return not any(s.name in letters for s in index.free_symbols)


__all__ = ["HOLD", "Claim", "Reading", "Verdict", "answers", "judge", "taken_readings"]
