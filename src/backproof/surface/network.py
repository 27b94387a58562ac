"""A network as people write it: defining equations over indexed families, with its depth, widths and activations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Dummy, Integer

from ..core.index import Refused
from ..core.kernel import Hypothesis
from ..core.network import Network as CoreNetwork
from .back import index
from .definition import Definition, Function
from .elaborate import dimensions
from .facts import SUMS_TO_1, sums_to_1
from .lower import facts_of, lower
from .terms import Family, L, Member, free, known, substitute

Bounds = tuple[Any, Any]


@dataclass(frozen=True)
class Network:
    """Families, their defining equations, and what is known of depth, widths and activation.

    ``depth`` is None where there are no layers. ``letters`` are the LaTeX of families, ``legend`` says what they are.
    ``core`` is what is proved about. Raises ValueError where the definitions do not give each quantity one value.
    """

    families: tuple[Family, ...]
    definitions: tuple[Definition, ...]
    depth: Any = L
    widths: tuple[int, ...] | None = None
    functions: tuple[Function, ...] = ()
    title: str = field(default="a feed-forward network", compare=False)
    letters: Mapping[str, str] = field(default_factory=dict, compare=False)
    legend: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        try:
            _ = self.core, self.sums
        except (Refused, AttributeError, TypeError, KeyError) as why:
            raise ValueError(f"this is no network: {getattr(why, 'reason', why)}") from why

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: what is remembered of networks is looked up by them, again and again."""
        return hash((self.families, self.definitions, self.depth, self.widths, self.functions))

    @cached_property
    def core(self) -> CoreNetwork:
        """The network of the core that these definitions say."""
        return lower(self.definitions, self.functions, self.depth, self.widths)

    @cached_property
    def sums(self) -> dict[str, Hypothesis]:
        """What is known of data that sum to 1, by family, as the core has it: theorems rest on it without saying so."""
        named = facts_of(self.definitions)
        return sums_to_1(self.core, (name for name, facts in named.items() if SUMS_TO_1 in facts))

    @cached_property
    def kinds(self) -> dict[str, str]:
        return {family.name: family.kinds for family in self.families}

    @cached_property
    def symbols(self) -> frozenset[Any]:
        """The symbols that belong to the network itself: its depth, the number of examples."""
        return (free(self.depth) if self.depth is not None else frozenset()).union(
            *(definition.symbols for definition in self.definitions)
        )

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

    def definition(self, member: Member) -> tuple[Definition, dict[Any, Any]]:
        """The first definition whose head is ``member`` and whose bounds are not known to fail, with the matching."""
        for candidate in self.definitions:
            values = candidate.match(member)
            if values is not None and all(known(h.args[0]) is not False for h in candidate.where(values)):
                return candidate, values
        raise Refused("define", f"the network has no equation for {member}")

    def shape(self, array: Member) -> tuple[Bounds, ...]:
        """The bounds of the indices that ``array`` leaves open."""
        if self.depth is None:  # where several definitions share a family, from the first to the last
            return tuple((index(lo), index(hi)) for lo, hi in dimensions(self.core, array))
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


__all__ = ["Bounds", "Definition", "Function", "Network"]
