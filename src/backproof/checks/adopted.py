"""What a document says of letters that its notation has: the reading in which that is so.

"Let delta_k be minus dE/dnet_k" decides a sign, "z_j = sum of w_ij x_i" the order of indices, "C = ..." the cost.
Where a neighbouring reading makes it true, that is the one; a cost or an error may also stand for what was said of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from ..networks.dense import dense_network
from ..networks.setting import readings
from ..notation.profiles import for_network
from ..notation.reader import Unreadable, read, tree
from ..notation.row import Notation
from ..surface.terms import l
from .claims import HOLD, taken_readings
from .meanings import Meaning
from .quantities import spelled
from .refusals import Refusal
from .relation import Claim, Reading, judged
from .spelling import flat

#: Of which families a definition says what, and what may be another way there.
_FORWARD, _ERROR, _COST = ("z", "a"), ("delta",), ("C", "Cx", "E")


def adopted(text: str, about: Reading) -> Reading:
    r"""What claims are read in behind a definition, ``\delta^l \equiv ...``; ``about`` where it decides nothing."""
    try:
        display = read(text)
    except Unreadable:
        return about
    for statement in (statement for line in display.lines for statement in line):
        says = statement.says
        if isinstance(says, tree.Relation) and says.sides[0] is not None and not statement.when:
            about = _with(text, tree.Display(statement.span, ((statement,),)), says, about)
    return about


def _with(text: str, display: tree.Display, says: tree.Relation, about: Reading) -> Reading:
    head, body = says.sides[0], says.sides[1]
    assert head is not None
    assert body is not None
    family = _family(text, head, about)
    if family is None:
        return about
    claim = Claim(text, head, "=", body)
    for other in (about, *_neighbours(family, about)):
        if (taken := _right_in(claim, display, other)) is not None:
            return _numbered(_penalised(other, taken) if family in _COST else other, taken)
    if family in (*_ERROR, *_COST) and _has_a_meaning(text, display, body, about):
        kept = tuple(m for m in about.meanings if m.head != head)
        return replace(about, meanings=(Meaning(text, head, body), *kept))
    return about


def meaning(text: str, statement: tree.Statement, about: Reading) -> Reading | None:
    """What claims are read in where a new letter is short for something; None where that has no meaning here."""
    says = statement.says
    assert isinstance(says, tree.Relation)
    head, body = says.sides[:2]
    assert head is not None
    assert body is not None
    display = tree.Display(statement.span, ((replace(statement, says=body),),))
    if not any(_is_closed(one, text, head, body) for _, one in taken_readings(display, about)):
        return None
    return replace(about, meanings=(Meaning(text, head, body), *about.meanings))


def _is_closed(about: Reading, text: str, head: tree.Part, body: tree.Part) -> bool:
    """Whether a term has a meaning, and no index that its symbol has not, each once."""
    low = about.lowering(text)
    try:
        low.value(body)
        lower = head.lower if isinstance(head, tree.Scripted) else ()
        given = [low.index(one) for part in flat(lower) for one in _letters(part)]
    except Refusal:
        return False
    units = {at for at in low.ranges if at != l}
    return len(set(given)) == len(given) and units <= {*given}


def _letters(part: tree.Part) -> tuple[tree.Part, ...]:
    """``jk`` as j and k."""
    text = part.text if isinstance(part, tree.Name) else ""
    return tuple(tree.Name(part.span, sign) for sign in text) if len(text) > 1 and text.isalpha() else (part,)


def _family(text: str, head: tree.Part, about: Reading) -> str | None:
    if isinstance(head, tree.Product) and len(head.factors) == 2 and isinstance(head.factors[1], tree.Group):
        head = head.factors[0]  # J(W, b)
    try:
        found = spelled(about.lowering(text), head)
    except Refusal:
        return None
    return None if found is None else found.family


def _neighbours(family: str, about: Reading) -> Iterator[Reading]:
    row = about.notation
    if family in _FORWARD:
        yield from _with_row(about, replace(row, from_first=not row.from_first))
        yield from _with_settings(about, ("bias",))
    elif family in _ERROR:
        flipped = () if "delta" in row.negative else ("delta",)
        yield from _with_row(about, replace(row, negative=flipped))
    elif family in _COST:
        yield from _with_settings(about, ("cost", "penalty", "reduction"))


def _with_row(about: Reading, row: Notation) -> Iterator[Reading]:
    yield replace(about, notation=row)
    for other in _with_settings(about, ("bias",)) if row.from_first != about.notation.from_first else ():
        yield replace(other, notation=replace(row, kinds=other.notation.kinds))


def _with_settings(about: Reading, fields: tuple[str, ...]) -> Iterator[Reading]:
    for other in readings(about.setting) if about.setting is not None else ():
        if other.field in fields:
            net = dense_network(other.setting)
            row = for_network(about.notation, net)
            yield replace(about, net=net, notation=row, setting=other.setting)


def _right_in(claim: Claim, display: tree.Display, about: Reading) -> Reading | None:
    """The likely sense if it is so there: the first of those in which it has a meaning."""
    for _, group in groupby(taken_readings(display, about), key=lambda one: one[0]):
        found = [(judged(claim, one).kind, one) for _, one in group]
        if {kind for kind, _ in found} & {*HOLD, "refuted"}:
            return next((one for kind, one in found if kind in HOLD), None)
    return None


def _penalised(about: Reading, taken: Reading) -> Reading:
    """With the penalty that the cost was found to have."""
    one, other = about.setting, taken.setting
    if one is None or other is None or one.many is not other.many or one.penalty == other.penalty:
        return about
    setting = replace(one, penalty=other.penalty)
    net = dense_network(setting)
    return replace(about, net=net, notation=for_network(about.notation, net), setting=setting)


def _numbered(about: Reading, taken: Reading) -> Reading:
    """With the first layer having the number that it has in the definition."""
    first = taken.notation.first
    return about if about.notation.first == first else replace(about, notation=replace(about.notation, first=first))


def _has_a_meaning(text: str, display: tree.Display, body: tree.Part, about: Reading) -> bool:
    for _, one in taken_readings(display, about):
        try:
            one.lowering(text).value(body)
        except Refusal:
            continue
        return True
    return False


__all__ = ["adopted", "meaning"]
