"""A network is a set of defining equations over indexed families, with its depth, widths and activations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Dummy, Integer, Symbol

from .definition import ANY, Definition, Function, inputs_of, mentions_derivative
from .terms import Family, L, Member, Refused, difference, free, known, substitute
from .wellfounded import check, ends_of

Bounds = tuple[Any, Any]


@dataclass(frozen=True)
class Network:
    """Families, their defining equations, and what is known of depth, widths and activation.

    Raises ValueError where the equations are not those of a layered net, or might contradict one another: see
    ``wellfounded``.
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
        return free(self.depth).union(*(definition.symbols for definition in self.definitions))

    def __post_init__(self) -> None:
        check(self)

    def gap(self, source: Member, target: Member) -> int | None:
        """How many layers an edge goes up, None where that is no number."""
        lower, upper = self.layer(source), self.layer(target)
        return None if lower is None or upper is None else difference(upper, lower)

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

    def definition(self, member: Member) -> tuple[Definition, dict[Any, Any]]:
        """The first definition whose head is ``member`` and whose bounds are not known to fail, with the matching."""
        for candidate in self.definitions:
            values = candidate.match(member)
            if values is not None and all(known(h.args[0]) is not False for h in candidate.where(values)):
                return candidate, values
        raise Refused("define", f"the network has no equation for {member}")

    def shape(self, array: Member) -> tuple[Bounds, ...]:
        """The bounds of the indices that ``array`` leaves open."""
        left_open = [Dummy() for _ in range(len(self.kind(array)) - len(array.indices))]
        for candidate in self.definitions:
            values = candidate.match(Member(*array.args, *left_open)) or {}
            ends = {
                values[v]: (substitute(lo, values), substitute(hi, values)) for v, lo, hi in candidate.bounds if values
            }
            if all(index in ends for index in left_open):
                return tuple(ends[index] for index in left_open)
        raise Refused("components", f"the network does not say what {array} is")

    def width(self, layer: Any) -> int:
        """The number of units of a layer, where it is given."""
        if self.widths is None or not isinstance(layer, Integer) or not 1 <= layer <= len(self.widths):
            raise Refused("define", f"the width of layer {layer} is not given")
        return self.widths[int(layer) - 1]

    def is_instance_of(self, general: Network) -> bool:
        """Whether each equation of ``general`` holds here, at this depth; an open function may have got a body."""
        if general.depth != self.depth and not isinstance(general.depth, Symbol):
            return False
        same = general.widths in (None, self.widths) and set(general.functions) <= set(self.functions)
        wanted = [d.at_depth(general.depth, self.depth) for d in general.definitions]
        heads = {d.head for d in self.definitions if d.head.family in general.kinds}
        kept = general.kinds.items() <= self.kinds.items() and heads == {d.head for d in wanted}
        looks_back = self.opaque & general.kinds.keys() == general.opaque
        return same and kept and looks_back and all(self._has(d, general) for d in wanted)

    def _has(self, wanted: Definition, general: Network) -> bool:
        if wanted in self.definitions:
            return True
        allowed = {(o.family, self.layer(o)) for o in inputs_of(wanted, self.depth)}
        found = [d for d in self.definitions if (d.head, d.bounds) == (wanted.head, wanted.bounds)]
        queue = [o for d in found for o in inputs_of(d, self.depth)]
        for occurrence in queue:  # families that ``general`` does not have are looked through
            if occurrence.family in general.kinds and (occurrence.family, self.layer(occurrence)) not in allowed:
                return False
            if occurrence.family not in general.kinds:
                if self.layer(occurrence) is not None:
                    return False
                feeding = (source for source, target in self.all_edges if target.family == occurrence.family)
                queue += [source for source in feeding if source not in queue]
        return bool(found) and wanted.body is None

    def is_given(self, family: str) -> bool:
        """Whether it is a parameter or a datum: nothing feeds it."""
        return all(target.family != family for _, target in self.all_edges)

    @cached_property
    def all_edges(self) -> tuple[tuple[Member, Member], ...]:
        """(what is mentioned, what it defines)."""
        return tuple((source, d.head) for d in self.definitions for source in inputs_of(d, self.depth))

    @cached_property
    def edges(self) -> tuple[tuple[Member, Member], ...]:
        """The edges of the forward pass."""
        return tuple((source, target) for source, target in self.all_edges if target.family not in self.opaque)

    @cached_property
    def opaque(self) -> frozenset[str]:
        """Families that only look back: defined through a derivative or a later layer, or through such a family.

        Nothing of the forward pass depends on them, and anything may influence them.
        """
        found = {d.head.family for d in self.definitions if d.body is not None and mentions_derivative(d.body)}
        found |= {target.family for source, target in self.all_edges if (self.gap(source, target) or 0) < 0}
        for source, target in self.all_edges * len(self.families):
            found |= {target.family} if source.family in found else set()
        return frozenset(found)

    def unit_range(self, family: Member, place: int) -> Bounds:
        """The bounds of the unit index of ``family``; Refused where they leave out a unit that something feeds."""
        chosen, values = self.definition(family)
        fed = [d for d in self.definitions if d.head.family == family.family and inputs_of(d, self.depth)]
        if not all(ends_of(d, place) for d in fed):
            raise Refused("chain", f"{family} leaves out units of its layer")
        lo, hi = ends_of(chosen, place)
        return substitute(lo, values), substitute(hi, values)


__all__ = ["ANY", "Bounds", "Definition", "Function", "Network"]
