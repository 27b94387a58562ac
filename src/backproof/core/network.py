"""A network is a set of defining equations over indexed families; what influences what is read off them.

A node of the graph is a family at a layer, ``("z", l + 1)``; units are left out. An edge runs from what a defining
equation mentions to what it defines. The graph may have more edges than the network: that only makes it more cautious.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

from sympy import Expr, Integer, S, Symbol, sympify

from .terms import Binder, D, Family, L, Member, NonNegative, Refused, difference, free, known, l, n, substitute

ANY = S.NaN  # an index that can be any: not comparable with one
Node = tuple[str, Any]  # family, layer (None: the family has no layer)
Bounds = tuple[Any, Any]


@dataclass(frozen=True)
class Definition:
    """``head = body``, for every value of the head's index variables within ``bounds``.

    Without a body it declares a parameter or a datum; ``inputs`` then lists all that an unspecified differentiable
    function, such as the cost, may depend on.
    """

    head: Member
    bounds: tuple[tuple[Symbol, Any, Any], ...] = ()
    body: Any = None
    inputs: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "bounds", tuple((v, sympify(lo), sympify(hi)) for v, lo, hi in self.bounds))

    def match(self, member: Member) -> dict[Any, Any] | None:
        """The values of the index variables that make the head ``member``, or None."""
        if member.family != self.head.family or len(member.indices) != len(self.head.indices):
            return None
        variables, values = {variable for variable, *_ in self.bounds}, {}
        for pattern, index in zip(self.head.indices, member.indices, strict=True):
            if (values.setdefault(pattern, index) if pattern in variables else pattern) != index:
                return None
        return values

    @property
    def symbols(self) -> frozenset[Any]:
        """What is free in it: neither an index of the head nor bound in the body."""
        ends = [end for _, *pair in self.bounds for end in pair]
        parts = [self.head, *ends] if self.body is None else [self.head, *ends, self.body]
        return frozenset().union(*map(free, parts)) - {variable for variable, *_ in self.bounds}

    def overlaps(self, other: Definition) -> bool:
        """Whether both heads can be the same quantity, as far as can be told."""
        if (self.head.family, len(self.head.indices)) != (other.head.family, len(other.head.indices)):
            return False
        mine, its = ({v: (lo, hi) for v, lo, hi in d.bounds} for d in (self, other))
        for one, two in zip(self.head.indices, other.head.indices, strict=True):
            bounds, value = (mine.get(one), two) if one in mine else (its.get(two), one)
            if one in mine and two in its:
                continue
            if bounds is None and True in (known(one - two - 1), known(two - one - 1)):
                return False
            if bounds is not None and False in (known(value - bounds[0]), known(bounds[1] - value)):
                return False
        return True

    def at_depth(self, old: Any, new: Any) -> Definition:
        """The definition with the depth ``new`` for ``old``."""
        return Definition(*(_replaced(part, {old: new}) for part in (self.head, self.bounds, self.body, self.inputs)))

    def where(self, values: dict[Any, Any]) -> list[NonNegative]:
        """The hypotheses that put these values within the bounds."""
        ends = ((values[v], substitute(lo, values), substitute(hi, values)) for v, lo, hi in self.bounds)
        return [NonNegative(gap) for value, lo, hi in ends for gap in (value - lo, hi - value)]


@dataclass(frozen=True)
class Function:
    """An activation with a body: ``name(variable) = body``."""

    name: str
    variable: Symbol
    body: Any


def members(e: Any) -> Iterator[Member]:
    """Every quantity that ``e`` mentions, with ``ANY`` for the indices that are summed over."""
    if isinstance(e, Member):
        yield e
    for arg in e.args if not isinstance(e, Binder) else (substitute(e.args[0], {e.args[1]: ANY}), *e.args[2:]):
        yield from members(arg)


@dataclass(frozen=True)
class Network:
    """Families, their defining equations, and what is known of depth, widths and activation.

    Raises ValueError where the equations are not those of a layered net: an edge that leads to an earlier layer, or
    one example that feeds another.
    """

    families: tuple[Family, ...]
    definitions: tuple[Definition, ...]
    depth: Any = L
    widths: tuple[int, ...] | None = None
    functions: tuple[Function, ...] = ()
    title: str = field(default="a feed-forward network", compare=False)

    @cached_property
    def kinds(self) -> dict[str, str]:
        return {family.name: family.kinds for family in self.families}

    @cached_property
    def symbols(self) -> frozenset[Any]:
        """The symbols that belong to the network itself: its depth, the number of examples. Nothing may bind them."""
        return frozenset().union(*(definition.symbols for definition in self.definitions))

    def __post_init__(self) -> None:
        if self.widths is not None and (len(self.widths) != self.depth or any(width < 1 for width in self.widths)):
            raise ValueError(f"not one positive width for each of {self.depth} layers: {self.widths}")
        if known(self.depth - 1) is not True or self.depth == 1:
            raise ValueError(f"a network has at least two layers, not {self.depth}")
        if len({f.name for f in self.functions}) < len(self.functions) or len(self.kinds) < len(self.families):
            raise ValueError("a function or a family is named twice")
        for f in self.functions:
            if f.name in ("exp", "log", "step") or free(f.body) - {f.variable} or any(members(f.body)):
                raise ValueError(f"{f.name}: not a function of {f.variable} alone, or a name that is taken")
        deeper = [d.at_depth(self.depth, self.depth + 1) if isinstance(self.depth, Symbol) else d for d in self.definitions]
        for place, definition in enumerate(deeper):  # with the depth L + 1 for L, so that it is known to be at least 2
            self._check(definition, deeper[:place])
        for source, target in self.edges:
            self._check_edge(source, target)
        before = {f.name: {s.family for s, t in self._all_edges if t.family == f.name and self._beside(s, t)} for f in self.families}
        TopologicalSorter(before).prepare()  # CycleError, a ValueError, where something would be defined by itself

    def _check(self, definition: Definition, others: list[Definition]) -> None:
        """ValueError where two definitions speak of the same quantity, or one of a layer past the last."""
        layer = self.layer(definition.head)
        highest = {variable: hi for variable, _, hi in definition.bounds}.get(layer, layer)
        if layer is not None and known(self.depth + int(isinstance(self.depth, Symbol)) - highest) is not True:
            raise ValueError(f"{definition.head} goes past layer {self.depth}")
        for other in others:
            if definition.overlaps(other):
                raise ValueError(f"{definition.head} and {other.head} define the same")

    def _check_edge(self, source: Member, target: Member) -> None:
        """ValueError where layers cannot be compared, or one example feeds another."""
        lower, upper = self.layer(source), self.layer(target)
        given = self._is_parameter(source.family)
        if upper is not None and not (lower is None and given) and (lower is None or difference(upper, lower) is None):
            raise ValueError(f"cannot compare the layers of {target} and {source}")
        if self.example(target) not in (None, self.example(source)) and not (self.example(source) is None and given):
            raise ValueError(f"{target} would mix examples: {source}")

    def _beside(self, source: Member, target: Member) -> bool:
        """Whether an edge may stay in a layer."""
        lower, upper = self.layer(source), self.layer(target)
        return lower is None or upper is None or difference(upper, lower) in (None, 0)

    def kind(self, member: Member) -> str:
        """The kinds of the indices of ``member``; Refused where the network has no such family or it has fewer."""
        kinds = self.kinds.get(member.family)
        if kinds is None or not Family(member.family, kinds).admits(len(member.indices)):
            raise Refused("network", f"{member} is not a quantity of {self.title}")
        return kinds

    def is_number(self, member: Any) -> bool:
        """Whether ``member`` is a single quantity, with all its indices."""
        return isinstance(member, Member) and len(member.indices) == len(self.kind(member))

    def layer(self, member: Member) -> Any:
        """The layer of a quantity, None if its family has none."""
        return member.indices[0] if self.kind(member).startswith("l") else None

    def example(self, member: Member) -> Any:
        """The example that a quantity belongs to, None if it belongs to none."""
        return member.indices[-1] if self.kind(member).endswith("e") and self.is_number(member) else None

    def node(self, member: Member) -> Node:
        return member.family, self.layer(member)

    def definition(self, member: Member) -> tuple[Definition, dict[Any, Any]]:
        """The first definition whose head is ``member`` and whose bounds are not known to fail, with the matching."""
        for candidate in self.definitions:
            values = candidate.match(member)
            if values is not None and all(known(h.args[0]) is not False for h in candidate.where(values)):
                return candidate, values
        raise Refused("define", f"the network has no equation for {member}")

    def shape(self, array: Member) -> tuple[Bounds, ...]:
        """The bounds of the indices that ``array`` leaves open."""
        left_open = [Symbol(f"open {place}") for place in range(len(self.kind(array)) - len(array.indices))]
        for candidate in self.definitions:
            values = candidate.match(Member(*array.args, *left_open)) or {}
            ends = {values[v]: (substitute(lo, values), substitute(hi, values)) for v, lo, hi in candidate.bounds if values}
            if all(index in ends for index in left_open):
                return tuple(ends[index] for index in left_open)
        raise Refused("components", f"the network does not say what {array} is")

    def width(self, layer: Any) -> int:
        """The number of units of a layer, where it is given."""
        if self.widths is None or not isinstance(layer, Integer) or not 1 <= layer <= len(self.widths):
            raise Refused("define", f"the width of layer {layer} is not given")
        return self.widths[int(layer) - 1]

    def is_instance_of(self, general: Network) -> bool:
        """Whether each equation of ``general`` holds here, at this depth; an unspecified function may have got a body."""
        if general.depth != self.depth and not isinstance(general.depth, Symbol):
            return False
        same = general.widths in (None, self.widths) and set(general.functions) <= set(self.functions)
        wanted = [d.at_depth(general.depth, self.depth) for d in general.definitions]
        heads = {d.head for d in self.definitions if d.head.family in general.kinds}
        kept = general.kinds.items() <= self.kinds.items() and heads == {d.head for d in wanted}
        return same and kept and all(self._has(d, general) for d in wanted)

    def _has(self, wanted: Definition, general: Network) -> bool:
        if wanted in self.definitions:
            return True
        allowed = {self.node(o) for o in _inputs(wanted, self.depth)}
        found = [d for d in self.definitions if (d.head, d.bounds) == (wanted.head, wanted.bounds)]
        todo = [o for d in found for o in _inputs(d, self.depth)]
        for occurrence in todo:  # families that ``general`` does not have are looked through
            if occurrence.family in general.kinds and self.node(occurrence) not in allowed:
                return False
            if occurrence.family not in general.kinds:
                todo += [o for d in self.definitions if d.head.family == occurrence.family for o in _inputs(d, self.depth) if o not in todo]
        return bool(found) and wanted.body is None

    def unit_range(self, family: Member, place: int) -> Bounds:
        """The bounds of the unit index of ``family``; Refused where they leave out a unit that something feeds."""
        chosen, values = self.definition(family)
        if len({self._units(d, place) for d in self.definitions if d.head.family == family.family and _inputs(d)}) > 1:
            raise Refused("chain", f"{family} leaves out units of its layer")
        [(lo, hi)] = [(lo, hi) for variable, lo, hi in chosen.bounds if variable == chosen.head.indices[place]]
        return substitute(lo, values), substitute(hi, values)

    def _units(self, definition: Definition, place: int) -> Any:
        """The bounds of a unit index, written so that they do not depend on the layer; None where it is one unit."""
        full = n(self.layer(definition.head) or 0)
        found = [(lo, hi) for variable, lo, hi in definition.bounds if variable == definition.head.indices[place]]
        return (found[0][0], "all" if found[0][1] == full else found[0][1]) if found else None

    # What influences what.

    def _is_parameter(self, family: str) -> bool:
        return not any(_inputs(d) for d in self.definitions if d.head.family == family)

    @cached_property
    def opaque(self) -> frozenset[str]:
        """Families that only look back: defined through a derivative or a later layer, or through such a family.

        Nothing of the forward pass depends on them, and anything may influence them.
        """
        found = {d.head.family for d in self.definitions if d.body is not None and _mentions_derivative(d.body)}
        for source, target in self._all_edges * len(self.families):
            back = None not in (self.layer(source), self.layer(target)) and (difference(self.layer(target), self.layer(source)) or 0) < 0
            if back or source.family in found:
                found.add(target.family)
        return frozenset(found)

    @cached_property
    def edges(self) -> tuple[tuple[Member, Member], ...]:
        """(what is mentioned, what it defines), for the forward pass."""
        return tuple((o, head) for o, head in self._all_edges if head.family not in self.opaque)

    @cached_property
    def _all_edges(self) -> tuple[tuple[Member, Member], ...]:
        return tuple((o, d.head) for d in self.definitions for o in _inputs(d, self.depth))

    def successors(self, node: Node, beyond: Any = None) -> Iterator[Node]:
        """The nodes that ``node`` directly feeds.

        ``beyond`` is a layer that is known to be at most the depth: a lower layer is not the last one.
        """
        family, layer = node
        for occurrence, head in self.edges:
            if occurrence.family != family:
                continue
            source, target = self.layer(occurrence), self.layer(head)
            if source is None or l not in free(source):  # the equation speaks of one layer only, such as L
                if source is None or self._may_be(layer, source, beyond):
                    yield head.family, ANY if target is not None and l in free(target) else target
            elif target is None or known(self.depth - (target - source + layer)) is not False:
                yield head.family, None if target is None else target - source + layer

    def _may_be(self, layer: Any, source: Any, beyond: Any) -> bool:
        gap = difference(source, layer)
        if gap is None and beyond is not None and source == self.depth:
            return (difference(beyond, layer) or 0) <= 0
        return gap in (None, 0)

    def influences(self, x: Member, y: Member) -> bool:
        """Whether a change of ``x`` may reach ``y`` along at least one edge (True also where it cannot be told)."""
        goal = self.node(y)
        if y.family in self.opaque or self._is_parameter(y.family):
            return y.family in self.opaque
        todo = [self.node(x)]
        for reached in todo:
            for node in self.successors(reached):
                if node[0] == goal[0] and _same_layer(node[1], goal[1]) or len(todo) > LIMIT:
                    return True
                if node not in todo and not _is_past(node[1], goal[1]):
                    todo.append(node)
        return False

    def separates(self, family: Member, x: Member, y: Member) -> str | None:
        """None if every path from ``x`` to ``y`` meets ``family`` and no member of it feeds another; else why not.

        The idea that makes this backpropagation: cut all paths from x to y by a family t. To first order y feels x
        only through t, once per member, so the partials of y by t and of t by x, multiplied and summed, are the
        partial of y by x. Leave one path out and a term is lost; let t feed itself and a path is counted twice.
        An example index is carried along by every equation, so the cut may be made within one example.
        """
        cut, start, goal = self.node(family), self.node(x), self.node(y)
        slices = {self.example(member) for member in (family, x, y)} - {None}
        if len(slices) > 1:
            return "more than one example is involved"
        if self.example(family) is not None and {self.example(x), self.example(y)} == {None}:
            return "it covers one example only"
        if {start, goal} & {cut}:
            return "it must not be one of its own members"
        if start[0] == goal[0] and _same_layer(start[1], goal[1]) or {y.family, family.family} & self.opaque:
            return f"a path leads from {x} to {y} without it"
        if self.influences(family, family):
            return "its members feed one another"
        todo = [start]
        for reached in todo:
            for node in self.successors(reached, beyond=cut[1]):
                if node == cut or node in todo:
                    continue
                if node[0] == goal[0] and _same_layer(node[1], goal[1]):
                    return f"a path leads from {x} to {y} without it"
                ahead = 0 if None in (node[1], cut[1]) else difference(node[1], cut[1])
                if ahead is None or len(todo) > LIMIT:
                    return f"layers {node[1]} and {cut[1]} cannot be compared"
                if ahead > 0:
                    return f"a path leads from {x} past it, by {node[0]} of layer {node[1]}"
                todo.append(node)
        return None


LIMIT = 200  # nodes to look at before an influence is taken for granted


def _replaced(part: Any, values: dict[Any, Any]) -> Any:
    if isinstance(part, tuple):
        return tuple(_replaced(inner, values) for inner in part)
    return None if part is None else substitute(part, values)


def _inputs(definition: Definition, depth: Any = None) -> tuple[Member, ...]:
    """What a definition mentions; in ``inputs``, an index that is neither the head's nor the depth stands for all."""
    parts = definition.inputs if definition.body is None else (definition.body,)
    if definition.body is None:
        kept = free(definition.head) | {depth}
        parts = tuple(substitute(part, {s: ANY for s in free(part) - kept}) for part in parts)
    return tuple(dict.fromkeys(occurrence for part in parts for occurrence in members(part)))


def _mentions_derivative(e: Expr) -> bool:
    return isinstance(e, D) or any(map(_mentions_derivative, e.args))


def _same_layer(first: Any, second: Any) -> bool:
    """Whether two layers may be one."""
    if first is None or second is None:
        return first is second
    return difference(first, second) in (None, 0)


def _is_past(layer: Any, goal: Any) -> bool:
    gap = None if layer is None or goal is None else difference(layer, goal)
    return gap is not None and gap > 0
