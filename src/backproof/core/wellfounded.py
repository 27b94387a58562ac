"""Networks that contradict themselves are refused: each quantity has one equation, and none is defined by itself.

What is checked is what the graph of influences relies on: layers can be compared, what looks back never looks forward,
an example never feeds another, and an index has one range.
"""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any

from sympy import Integer, Symbol

from .definition import Definition, Function, inputs_of
from .exact import is_plain
from .grammar import is_index, is_variable, rank
from .terms import ELEMENTARY, Apply, Family, L, Member, free, known, l, n, substitute


def check(net: Any) -> None:
    """ValueError where ``net`` is no network."""
    for parts, kind in ((net.families, Family), (net.definitions, Definition), (net.functions, Function)):
        if type(parts) is not tuple or any(type(part) is not kind for part in parts):
            raise ValueError(f"not a tuple of {kind.__name__}: {parts}")
    if not is_plain(tuple(vars(net).values())):
        raise ValueError("a network is made of tuples, terms, names and numbers, and of no type made from these")
    if l in net.symbols:
        raise ValueError("l is the layer, and no symbol of a network")
    _sizes(net)
    _functions(net)
    symbolic = isinstance(net.depth, Symbol)  # with the depth L + 1 for L, so that it is known to be at least 2
    deeper = [d.at_depth(net.depth, net.depth + 1) if symbolic else d for d in net.definitions]
    for place, definition in enumerate(deeper):
        _definition(net, definition, net.depth + int(symbolic))
        _overlaps(definition, deeper[:place])
    for family in net.families:
        for place in range(len(family.kinds)):
            _ranges(net, family, place)
    for source, target in net.edges:
        _edge(net, source, target)
    _circles(net)


def _sizes(net: Any) -> None:
    if net.depth != L and not (isinstance(net.depth, Integer) and net.depth >= 2):
        raise ValueError(f"the depth of a network is L, or a number from 2, not {net.depth}")
    widths = net.widths or ()
    if net.widths is not None and (len(widths) != net.depth or any(type(w) is not int or w < 1 for w in widths)):
        raise ValueError(f"not one positive width for each of {net.depth} layers: {net.widths}")


def _functions(net: Any) -> None:
    """Each is a term in its one variable, over elementary functions."""
    if len({f.name for f in net.functions}) < len(net.functions) or len(net.kinds) < len(net.families):
        raise ValueError("a function or a family is named twice")
    for f in net.functions:
        elementary = {apply.args[0].name for apply in f.body.atoms(Apply)} <= ELEMENTARY.keys()
        plain = rank((), frozenset(), f.body) == 0 and free(f.body) <= {f.variable} and is_variable(f.variable)
        if f.name in ELEMENTARY or not plain or not elementary:
            raise ValueError(f"{f.name}: not a function of {f.variable} alone, or a name that is taken")


def _definition(net: Any, definition: Definition, depth: Any) -> None:
    """A number for a number, with indices that have ranges, none past the last layer; only l varies over layers."""
    head, layer = definition.head, net.layer(definition.head)
    variables = {variable for variable, *_ in definition.bounds}
    mentioned = [net.layer(o) for o in inputs_of(definition, net.depth)]
    own = {l} & free(layer) if layer is not None else set()
    stray = [e for e in (layer, *mentioned) if e is not None and free(e) & variables - own]
    if not net.is_number(head) or stray or any(not isinstance(o, Member) for o in definition.inputs):
        raise ValueError(f"{head}: its indices are incomplete, or a layer is not called l")
    parts = [head, *definition.inputs, *([] if definition.body is None else [definition.body])]
    if any(rank(net.families, frozenset(), part) != 0 for part in parts):
        raise ValueError(f"{head} is not defined as a number, by a term over the families of the network")
    for variable, *ends in definition.bounds:
        if not is_variable(variable) or not all(map(is_index, ends)) or variable not in head.indices:
            raise ValueError(f"{head}: {variable} is not an index with a range")
    highest = {variable: hi for variable, _, hi in definition.bounds}.get(layer, layer)
    if layer is not None and known(depth - highest) is not True:
        raise ValueError(f"{head} goes past layer {depth}")


def _overlaps(definition: Definition, others: Sequence[Definition]) -> None:
    for other in others:
        if definition.overlaps(other):
            raise ValueError(f"{definition.head} and {other.head} define the same")


def _ranges(net: Any, family: Family, place: int) -> None:
    """The definitions of a family give an index the same range, each at its own layer."""
    pieces = [d for d in net.definitions if d.head.family == family.name and ends_of(d, place)]
    if family.kinds[place] != "l" and any(not _agree(net, d, pieces[0], place) for d in pieces):
        raise ValueError(f"the index {place + 1} of {family.name} has more than one range")


def ends_of(definition: Definition, place: int) -> Any:
    """The ends of an index of the head; () where it is not a variable."""
    index = definition.head.indices[place]
    return next(((lo, hi) for variable, lo, hi in definition.bounds if variable == index), ())


def _agree(net: Any, one: Definition, other: Definition, place: int) -> bool:
    first, second = ends_of(one, place), ends_of(other, place)
    here, there = net.layer(one.head), net.layer(other.head)
    if first == second or here is None:
        return bool(first == second)
    if (first[1], second[1]) == (n(here), n(there)):
        return bool(first[0] == second[0])
    moved = [tuple(substitute(end, {l: to}) for end in ends) for ends, to in ((first, there), (second, here))]
    return bool(moved[0] == second or moved[1] == first)


def _edge(net: Any, source: Member, target: Member) -> None:
    """Layers can be compared, and no example feeds another."""
    given = net.is_given(source.family)
    datum = given and net.layer(source) is None
    if net.layer(target) is not None and not datum and net.gap(source, target) is None:
        raise ValueError(f"cannot compare the layers of {target} and {source}")
    if net.example(target) not in (None, net.example(source)) and not (given and net.example(source) is None):
        raise ValueError(f"{target} would mix examples: {source}")


def _circles(net: Any) -> None:
    """Nothing is defined by itself, neither within a layer nor there and back."""
    for source, target in net.all_edges:
        if {source.family, target.family} <= net.opaque and (net.gap(source, target) or 0) > 0:
            raise ValueError(f"{target} looks back, and {source} forward: they might define each other")
    beside = [(s.family, t.family) for s, t in net.all_edges if net.gap(s, t) in (None, 0)]
    before = {family: {source for source, target in beside if target == family} for family in net.kinds}
    TopologicalSorter(before).prepare()  # CycleError is a ValueError
