"""A claim, judged relation by relation, each against the side before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..notation.reader import NotKnown, Unreadable, read, tree
from ..notation.reader.tree import Part
from .readings import right_if
from .refusals import Refusal
from .relation import Claim, Reading, judged, shown
from .senses import about_net, senses
from .slips import mended
from .verdict import HOLD, Verdict
from .when import grouped, index_of

WRONG = ("refuted", "malformed")


def judge(text: str, about: Reading) -> list[Verdict]:
    """A verdict for each relation that is written; one that is malformed or unknown says where reading stopped."""
    try:
        display = read(text)
    except Unreadable as why:
        return [Verdict("unknown" if isinstance(why, NotKnown) else "malformed", text, "", str(why), "")]
    taken = taken_as(display, about)
    found = [_in_sense(text, display, one, explain=not taken[1:]) for one, _ in taken]
    place = chosen(found)
    one, words = taken[place]
    verdicts = _in_sense(text, display, one, explain=True) if taken[1:] else found[place]
    return [replace(v, assumed=(*v.assumed, *words)) for v in verdicts]


def _in_sense(text: str, display: tree.Display, about: Reading, *, explain: bool) -> list[Verdict]:
    chain = _Chain(text, about, explain=explain)
    lines = (grouped(line, chain.is_index) for line in display.lines)
    return [verdict for line in lines for statement in line for verdict in chain.judged(statement)]


def taken_as(display: tree.Display, about: Reading) -> list[tuple[Reading, tuple[str, ...]]]:
    """The senses in which a display can be taken, the likely one first, and what each takes for granted, in words."""
    if about.setting is None:
        found = about_net(display, about.notation, about.net, about.sense)
    else:
        found = senses(display, about.notation, about.setting, about.sense)
    return [
        (replace(about, net=t.net, notation=t.row, sense=t.sense, setting=t.setting or about.setting), t.words)
        for t in found
    ]


def chosen(found: list[list[Verdict]]) -> int:
    """Which sense is meant: the first in which all is right, where what is said in the first has no meaning.

    Where it has a meaning there and is wrong, it is wrong.
    """
    right = [place for place, verdicts in enumerate(found) if all(v.kind in HOLD for v in verdicts)]
    meant = [place for place, verdicts in enumerate(found) if not {v.kind for v in verdicts} & {"malformed", "unknown"}]
    if 0 in meant:
        return 0
    return next(iter([*right, *meant, 0]))


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
            reason = "it says nothing: there is no relation"
            yield Verdict("malformed", shown(self.text, says), "", reason, "")
            return
        if says.sides[0] is not None:
            self.before = self.right = says.sides[0]
        for relation, side in zip(says.relations, says.sides[1:], strict=True):
            assert side is not None
            yield self._step(relation, side, statement.when)

    def _step(self, relation: str, side: Part, when: tuple[Part, ...]) -> Verdict:
        if self.before is None:
            self.before = self.right = side
            return Verdict("malformed", "", shown(self.text, side), "nothing stands before it", relation)
        claim = Claim(self.text, self.before, relation, side, when)
        found = judged(claim, self.about)
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


__all__ = ["Claim", "Reading", "Verdict", "judge"]
