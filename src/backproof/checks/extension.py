"""A dense network with what a document defines besides: a letter of its own for some term.

A Greek letter that stands there alone and is no quantity of the network is a number: a rate, a factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sympy import Expr, Integer, Symbol

from ..notation.profiles import LETTERS, for_network
from ..notation.reader import tree
from ..notation.reader.tree import Part, below
from ..surface.network import Definition, Network
from ..surface.terms import Family, Member, difference, free, l
from .arrays import SINGLE, Array
from .inference import NotDefined, Source
from .letters import letter, letter_of, named
from .lower import Lowering
from .refusals import Refusal
from .relation import Reading

NUMBERS: Final = tuple(rf"\{name}" for name in ("alpha", "beta", "gamma", "epsilon", "eta", "kappa", "lambda", "mu"))
ENTRIES: Final = (Symbol("r_"), Symbol("c_"))  # indices of entries that no letter is written for


class Head(NamedTuple):
    """What is defined: its letter, whether it has a layer, and its indices."""

    letter: str
    layer: bool
    units: tuple[Symbol, ...]


def extended(reading: Reading, source: Source) -> Reading:
    """What claims are read in behind a definition. NotDefined where it is none that is understood."""
    if reading.net.depth is None or any(kinds.endswith("e") for kinds in reading.net.kinds.values()):
        raise NotDefined("a letter of its own is for dense networks, run on one example")
    try:
        return _extended(with_numbers(reading, source.body), source)
    except Refusal as why:
        raise NotDefined(why.reason) from None
    except ValueError as why:
        raise NotDefined(str(why)) from None


def with_numbers(reading: Reading, body: Part) -> Reading:
    """With the Greek letters that stand in a term as numbers."""
    known = {reading.notation.letters.get(family, "") for family in (*reading.net.kinds, "sigma", "Phi", "phi")}
    bare = dict.fromkeys(one for one in _bare(body) if one in NUMBERS and one not in known)
    for one in bare:
        name = _name(reading.net, one)
        reading = _grown(reading, one, Family(name, ""), Definition(Member(name)))
    return reading


def _bare(part: Part) -> Iterator[str]:
    if isinstance(part, tree.Name):
        yield letter(part)
    for inner in below(part):
        if not (isinstance(part, tree.Scripted) and inner is part.base and part.lower):
            yield from _bare(inner)


def _name(net: Network, one: str) -> str:
    return named(one, {*net.kinds, *LETTERS, *(f.name for f in net.functions)})


def _grown(reading: Reading, one: str, family: Family, definition: Definition) -> Reading:
    net = replace(
        reading.net,
        families=(*reading.net.families, family),
        definitions=(*reading.net.definitions, definition),
        letters={**reading.net.letters, family.name: one},
    )
    return replace(reading, net=net, notation=for_network(reading.notation, net), setting=None)


def _extended(reading: Reading, source: Source) -> Reading:
    lowering = Lowering(source.text, reading.net, reading.notation)
    made = lowering.value(source.body)
    head = _head(source.head, lowering)
    entries = _entries(made)
    if entries and head.units:
        raise NotDefined("the left side is an entry, and the right side is none")
    units = {i: _one({*lowering.ranges.get(i, ())}, i) for i in head.units} | entries
    layer = {l: layers([c.args[0] for c in lowering.conditions])} if head.layer else {}
    bounds = tuple((index, *ends) for index, ends in (layer | units).items())
    at = iter(entries)
    body = made.entry(*(Integer(1) if ends == SINGLE else next(at) for ends in made.dims))
    if extra := sorted(str(s) for s in free(body) - {*layer, *units} - reading.net.symbols):
        raise NotDefined(f"{extra[0]} stands on the right alone")
    name = _name(reading.net, head.letter)
    family = Family(name, "l" * head.layer + "u" * len(units))
    return _grown(reading, head.letter, family, Definition(Member(name, *layer, *units), bounds, body))


def _head(part: Part, lowering: Lowering) -> Head:
    upper = part.upper if isinstance(part, tree.Scripted) else ()
    lower = part.lower if isinstance(part, tree.Scripted) else ()
    if len(upper) > 1 or (upper and lowering.layer(upper[0]) != l):
        raise NotDefined("what stands above it is no layer")
    if isinstance(part, tree.Scripted) and (part.primes or part.behind):
        raise NotDefined("what stands behind it is not read")
    parts = [one for p in lower for one in (p.factors if isinstance(p, tree.Product) else (p,))]
    units = tuple(lowering.index(one) for one in parts)
    if len(set(units)) < len(units) or not all(isinstance(i, Symbol) and i != l for i in units):
        raise NotDefined("the indices on the left are letters, each once")
    return Head(letter_of(part), bool(upper), units)


def _entries(made: Array) -> dict[Symbol, Any]:
    """The indices of a column or a matrix."""
    if made.is_number:
        return {}
    if made.dims[1] == SINGLE:
        return {ENTRIES[0]: made.dims[0]}
    if made.dims[0] == SINGLE:
        raise NotDefined("a row has no letter of its own")
    return dict(zip(ENTRIES, made.dims, strict=True))


def _one(ends: set[Any], index: Any) -> Any:
    if len(ends) != 1:
        raise NotDefined(f"{index} goes {'up to more than one end' if ends else 'nowhere'}")
    return next(iter(ends))


def layers(forms: Iterable[Expr]) -> tuple[Any, Any]:
    """From which layer to which one all that is read is there: forms of l are at least 0."""
    low, high = list[Any](), list[Any]()
    for form in (f for f in forms if l in free(f)):
        if form.coeff(l) == 1:
            low.append(l - form)
        elif form.coeff(l) == -1:
            high.append(form + l)
    first, last = _largest(low, 1), _largest(high, -1)
    if l in free(first) | free(last):
        raise NotDefined("its layers are not known")
    return first, last


def _largest(ends: list[Any], sign: int) -> Any:
    """The largest, or the smallest, of some that differ by numbers."""
    if not ends:
        raise NotDefined("its layers are not known")
    gaps = [difference(end, ends[0]) for end in ends]
    if None in gaps:
        raise NotDefined("its layers are not known")
    return max(zip(gaps, ends, strict=True), key=lambda pair: sign * (pair[0] or 0))[1]


__all__ = ["extended", "layers", "with_numbers"]
