"""Proofs as plain data: what ``verify.replay`` reads is written here, since nothing rests on who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from ..core.index import Node, require
from ..core.kernel import Theorem as Proof
from ..verify.replay import load
from .theorem import Theorem

SCHEMA: Final = "backproof.proofs/1"


def dump(*proofs: Proof) -> tuple[list[Any], list[int]]:
    """Theorems of the core and all they were made of as entries, and their places among them."""
    entries: list[Any] = []
    places: dict[int, int] = {}

    def put(x: Any) -> Any:
        if isinstance(x, Node) or type(x) is Proof:
            if id(x) not in places:
                name, parts = (x.rule, x.args) if isinstance(x, Proof) else (type(x).__name__, x.parts)
                entries.append([name, *map(put, parts)])
                places[id(x)] = len(entries) - 1
            return ["#", places[id(x)]]
        if type(x) in (tuple, frozenset):
            return ["()" if type(x) is tuple else "{}", *map(put, x)]
        return ["/", x.numerator, x.denominator] if type(x) is Fraction else x

    return entries, [put(p)[1] for p in proofs]


def written(theorems: Mapping[str, Theorem]) -> dict[str, Any]:
    """Theorems by name with their proofs, as ``backproof verify`` reads them; see ``verify.replay`` for the entries."""
    entries, places = dump(*(t.proof for t in theorems.values()))
    return {"schema": SCHEMA, "theorems": dict(zip(theorems, places, strict=True)), "entries": entries}


def replay(*theorems: Theorem) -> tuple[Theorem, ...]:
    """Theorems made anew: their proofs from plain data, and what is printed compared with what comes out.

    Refused if anything comes out differently.
    """
    entries, places = dump(*(t.proof for t in theorems))
    made = load(entries)
    again = tuple(made[place] for place in places)
    for t, p in zip(theorems, again, strict=True):
        require(type(p) is Proof and _said(t.proof) == _said(p), "replay", "{} comes out differently", t)
    return tuple(replace(t, proof=p) for t, p in zip(theorems, again, strict=True))


def _said(p: Proof) -> list[int]:
    """What a theorem says, by identity: what is equal is one, and what is not of the core may call itself equal."""
    return [*map(id, (p.net, p.lhs, p.rhs)), *sorted(map(id, p.hypotheses))]


def steps(*theorems: Theorem, quoted: Iterable[Theorem] = ()) -> list[Proof]:
    """Every application of a rule that theorems rest on, each once, premises first; those ``quoted`` are left out."""
    found: dict[int, Proof] = {}
    done = {id(t.proof) for t in quoted}
    queue = [(t.proof, False) for t in reversed(theorems)]
    while queue:
        p, ready = queue.pop()
        if ready:
            found[id(p)] = p
        elif id(p) not in done:
            done.add(id(p))
            inner = (x for arg in p.args for x in (arg if type(arg) is tuple else (arg,)))
            queue += [(p, True), *((x, False) for x in inner if type(x) is Proof)]
    return list(found.values())
