"""A cost that a document differentiates and never defines: it is any function of what nothing else is made of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..notation.reader import read, tree
from ..surface.network import Network
from ..surface.terms import Member
from .definitions import Known, own_reading
from .inference import NotDefined, Source
from .letters import letter_of

_DIFFERENTIATED: Final = re.compile(
    r"(?:\\partial|∂)\s*\{?\s*(\\mathcal\{\s*[A-Z]\s*\}|\\ell(?![A-Za-z])|[CJEL])(?![A-Za-z_^(])"
)


def with_cost(text: str, known: Known) -> tuple[Known, tuple[str, ...]]:
    """What is known with such a cost, if there is one in a claim; and what is assumed of it, in words."""
    taken = {letter_of(source.head) for source in known.sources} | known.failed
    found = dict.fromkeys("".join(one.split()) for one in _DIFFERENTIATED.findall(text))
    missing = [one for one in found if one not in taken]
    outputs = _last(known.reading.net)
    if len(missing) != 1 or not outputs or not known.sources:
        return known, ()
    says = rf"{missing[0]} = {missing[0]}({', '.join(outputs)})"
    relation = read(says, "latex").lines[0][0].says
    assert isinstance(relation, tree.Relation)
    head, body = relation.sides[:2]
    assert head is not None
    assert body is not None
    after = replace(known, sources=(*known.sources, Source(says, head, body)))
    try:
        after = replace(after, reading=own_reading(after))
    except NotDefined:
        return known, ()
    return after, (f"{missing[0]} is any function of {' and '.join(outputs)}",)


def _last(net: Network) -> tuple[str, ...]:
    """The letters of what is defined and not read."""
    bodies = [d.body for d in net.definitions if d.body is not None]
    read_ = {m.family for body in bodies for m in body.atoms(Member)}
    made = dict.fromkeys(d.head.family for d in net.definitions if d.body is not None)
    own = {d.head.family: {m.family for m in d.body.atoms(Member)} for d in net.definitions if d.body is not None}
    read_ -= {f for f in made if all(f not in reads for other, reads in own.items() if other != f)}  # recurrences
    return tuple(net.letters[f] for f in made if f not in read_ and f in net.letters)


__all__ = ["with_cost"]
