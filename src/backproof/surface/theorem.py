"""What is printed and what was proved, in one object that cannot say two different things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core import kernel
from ..core import term as core
from ..core.index import Index, minus, node, require, variable
from ..core.kernel import Hypothesis, follows
from ..core.network import known_sizes
from .elaborate import dimensions, elaborate, form
from .terms import Equal, ForAll, NonNegative, NonZero, Positive

CLAIMS: dict[Any, Any] = {
    NonNegative: kernel.InRange,
    NonZero: core.NonZero,
    Positive: core.Positive,
    Equal: kernel.Equal,
}


@dataclass(frozen=True, eq=False, repr=False)
class Theorem:
    """``hypotheses`` |- ``lhs`` = ``rhs``: SymPy terms, whose elaboration is what ``proof`` proves.

    Where they are arrays, ``proof`` is about their entries at ``indices``, for all values of these in their ranges.
    Refused, when it is made, if the proof is of anything else: also if it needs a hypothesis that is not said.
    """

    net: Any
    hypotheses: frozenset[Any]
    lhs: Any
    rhs: Any
    proof: kernel.Theorem
    indices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        net, put, at = self.net.core, known_sizes(self.net.core), tuple(map(variable, self.indices))
        left, right = (elaborate(net, side, *at) for side in (self.lhs, self.rhs))
        stated = tuple(core.put(side.term, put) for side in (left, right))
        require(
            self.proof.net is net and stated == (self.proof.lhs, self.proof.rhs),
            "theorem",
            "{} is not what was proved",
            self,
        )
        ranges = dimensions(net, self.lhs)
        require(ranges == dimensions(net, self.rhs), "theorem", "the sides of {} have different dimensions", self)
        given = frozenset(core.put(hypothesis(net, h), put) for h in self.hypotheses)
        new = not any(h.names & set(self.indices) for h in given) and len(set(self.indices)) == len(self.indices)
        free = {s.name for side in (self.lhs, self.rhs) if self.indices for s in side.free_symbols}
        require(new and free.isdisjoint(self.indices), "theorem", "the indices {} are not new", self.indices)
        within = kernel.within(
            *(core.put(d, put) for i, (lo, hi) in zip(at, ranges, strict=True) for d in (minus(i, lo), minus(hi, i)))
        )
        known = frozenset(self.net.sums.values())
        require(
            self.proof.hypotheses <= given | within | known,
            "theorem",
            "{} needs a hypothesis that it does not say",
            self,
        )
        needed = (core.put(h, put) for h in left.needs | right.needs)
        missing = [h for h in needed if not follows(net, h, given | within)]
        require(not missing, "theorem", "{} does not say what its derivatives need", self)

    def __str__(self) -> str:
        given = ", ".join(sorted(map(str, self.hypotheses)))
        return f"{given} |- {self.lhs} = {self.rhs}" if given else f"|- {self.lhs} = {self.rhs}"

    __repr__ = __str__


def hypothesis(net: Any, h: Any) -> Hypothesis:
    """A hypothesis as the core has it."""
    if isinstance(h, ForAll):
        inner, k, lo, hi = h.args
        ends = tuple(
            core.named((k.name,), d) for d in (minus(variable(k.name), form(lo)), minus(form(hi), variable(k.name)))
        )
        return node(Hypothesis, *_closed(ends, core.named((k.name,), hypothesis(net, inner))))
    parts = (form(arg) if isinstance(h, NonNegative) else elaborate(net, arg).term for arg in h.args)
    return kernel.simple(node(CLAIMS[type(h)], *parts))


def _closed(ends: tuple[Index, ...], h: Hypothesis) -> tuple[int, frozenset[Index], Any]:
    made = kernel.close(1, ends, h)
    return made.bound, made.conditions, made.claim
