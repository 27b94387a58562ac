"""Reasons: words for the reader, and a search for the kernel proof of one line.

A reason knows one thing to do to a term (``convert``). A line ``before = after`` follows from it if both become the
same by algebra once it is done to the one, to the other, or to both: so a definition can be unfolded or folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Mul

from ..core import kernel
from ..core.graph import node_of
from ..core.kernel import Theorem, instantiate, refl, ring, symm, trans
from ..core.network import Network
from ..core.normal import polynomial, term
from ..core.terms import Apply, D, Kron, Member, Mults, Refused, Total, free, n
from .derivation import Derivation, Words
from .rewrite import Conversion, everywhere, match, repeat, why_not


@dataclass(frozen=True)
class Reason:
    """``words`` for the reader; ``convert`` proves e = e' for what it makes of a term."""

    words: Words
    convert: Callable[[Network, Any], Theorem]
    conversion: Conversion | None = None  # what convert does at one place, where it can say why it does not apply

    def prove(self, net: Network, before: Any, after: Any) -> Theorem:
        """``before = after``; Refused where that does not follow."""
        for left, right in self._ways(net, before, after):
            try:
                return trans(trans(left, ring(net, left.rhs, right.rhs)), symm(right))
            except Refused as refusal:
                last = refusal
        raise (self.conversion and why_not(net, before, self.conversion)) or last

    def _ways(self, net: Network, before: Any, after: Any) -> Iterator[tuple[Theorem, Theorem]]:
        left = self.convert(net, before)
        yield left, refl(net, after)
        right = self.convert(net, after)
        yield refl(net, before), right
        yield left, right


def algebra_convert(net: Network, e: Any) -> Theorem:
    return refl(net, e)


algebra = Reason(("algebra",), algebra_convert)


def _once(conversion: Conversion) -> Callable[[Network, Any], Theorem]:
    return lambda net, e: everywhere(net, e, conversion) or refl(net, e)


def _until_done(conversion: Conversion) -> Callable[[Network, Any], Theorem]:
    return lambda net, e: repeat(net, e, conversion)


def _listed(items: tuple[Any, ...]) -> Words:
    separated = [part for item in items for part in (item, ", ")][:-1]
    if len(items) > 1:
        separated[-2] = " and "
    return tuple(separated)


def definition(*heads: Any) -> Reason:
    """The network's own equations of ``heads``, such as ``z[l + 1, k]``: for all units of that layer."""

    def convert(net: Network, e: Any) -> Theorem:
        result = refl(net, e)
        for head in heads:
            if step := everywhere(net, result.rhs, lambda net, x, head=head: _unfold(net, x, head)):  # type: ignore[misc]
                result = trans(result, step)
        return result

    return Reason(("definition of ", *_listed(heads)), convert)


def _unfold(net: Network, x: Any, head: Any) -> Theorem | None:
    if isinstance(head, Member) and isinstance(x, Member) and x.family == head.family:
        same = net.layer(x) == net.layer(head) and len(x.indices) == len(head.indices)
        return kernel.define(net, x) if same else None
    if isinstance(head, Apply) and isinstance(x, Apply) and (head.args[0], head.args[2]) == (x.args[0], x.args[2]):
        return kernel.define(net, x)
    return kernel.define(net, x) if isinstance(head, n) and x == head else None


def chain_rule(through: Member, of: Any = None) -> Reason:
    """The chain rule through the family ``through``, such as ``z[l + 1, k]`` with the unit k summed over.

    ``of`` names the derivative to expand, ``D(y, x)``, where there is more than one.
    """

    def conversion(net: Network, e: Any) -> Theorem | None:
        if not isinstance(e, D) or (of is not None and e != of):
            return None
        y, x = e.args
        if not isinstance(y, Member) or node_of(net, through) in (node_of(net, y), node_of(net, x)):
            return None
        place = net.kinds[through.family].index("u")
        return kernel.chain(net, y, x, through, through.indices[place])

    return Reason(("chain rule through ", through), _once(conversion), conversion)


def _differentiate(net: Network, e: Any) -> Theorem | None:
    return kernel.differentiate(net, *e.args) if isinstance(e, D) else None


differentiation = Reason(("differentiate",), _until_done(_differentiate))


def _sift(net: Network, e: Any) -> Theorem | None:
    if not isinstance(e, Total) or not e.args[0].has(Kron):
        return None
    body = e.args[0]
    if isinstance(body, Mul | Kron) and any(isinstance(f, Kron) and e.args[1] in f.args for f in Mul.make_args(body)):
        return kernel.sift(net, e)
    flat = term(polynomial(e))
    return ring(net, e, flat) if flat != e and (not isinstance(flat, Total) or _siftable(flat)) else None


def _siftable(e: Total) -> bool:
    return any(isinstance(f, Kron) and e.args[1] in free(f) for f in Mul.make_args(e.args[0]))


sifting = Reason(("only one term of the sum is not zero",), _until_done(_sift))


def _unroll(net: Network, e: Any) -> Theorem | None:
    if not isinstance(e, Total):
        return None
    ends = [kernel.define(net, end) if isinstance(end, n) else None for end in e.args[2:]]
    known = kernel.congruence(net, e, None, None, *ends) if any(ends) else refl(net, e)
    return trans(known, kernel.unroll(net, known.rhs))


unrolling = Reason(("write the sum out",), _until_done(_unroll))


def _count(net: Network, e: Any) -> Theorem | None:
    return kernel.count(net, e.args[0]) if isinstance(e, Mults) else None


counting = Reason(("count",), _until_done(_count))


def shifted(sum_: Total, by: int) -> Reason:
    """The sum ``sum_`` with its index counted from ``by`` further on."""
    words = ("shift the index ", sum_.args[1])
    return Reason(words, _once(lambda net, e: kernel.shift(net, e, by) if e == sum_ else None))


def split_off(sum_: Total, end: str) -> Reason:
    """The "first" or "last" term of the sum ``sum_`` on its own."""
    words = (f"split off the {end} term",)
    return Reason(words, _once(lambda net, e: kernel.split(net, e, end) if e == sum_ else None))


def both(*reasons: Reason, words: Words | None = None) -> Reason:
    """One reason after the other, on one line."""

    def convert(net: Network, e: Any) -> Theorem:
        result = refl(net, e)
        for reason in reasons:
            result = trans(result, reason.convert(net, result.rhs))
        return result

    joined: list[Any] = []
    for reason in reasons:
        joined += [*([", "] if joined else []), *reason.words]
    return Reason(words or tuple(joined), convert)


def theorem(known: Theorem | Derivation, words: str | Words = "") -> Reason:
    """Rewrite with a theorem: wherever its left side, for some values of its variables, occurs."""
    return _rewriting(_proved(known), words or _title(known))


def _proved(known: Theorem | Derivation) -> Theorem:
    if callable(known):
        raise TypeError(f"{getattr(known, '__name__', known)} is a function: call it, as in theorem(bp4())")
    if not isinstance(known, Theorem | Derivation):
        raise TypeError(f"neither a theorem nor a derivation: {known!r}")
    return known.theorem if isinstance(known, Derivation) else known


def converse(known: Theorem | Derivation, words: str | Words = "") -> Reason:
    """Rewrite with a theorem read from right to left."""
    return _rewriting(symm(_proved(known)), words or _title(known))


def _title(known: Theorem | Derivation) -> str:
    return known.title if isinstance(known, Derivation) else "a theorem"


def _rewriting(proved: Theorem, words: str | Words) -> Reason:

    def conversion(net: Network, e: Any) -> Theorem | None:
        here = proved if proved.net == net else instantiate(proved, {}, net)
        values = match(here.lhs, e, free(here.lhs) - {net.depth})
        return None if values is None else instantiate(here, values)

    return Reason((words,) if isinstance(words, str) else words, _once(conversion))


def reworded(reason: Reason, *words: Any) -> Reason:
    """The same reason in other words."""
    return Reason(words, reason.convert, reason.conversion)


__all__ = [
    "Reason", "algebra", "both", "chain_rule", "converse", "counting", "definition", "differentiation", "reworded",
    "shifted", "sifting", "split_off", "theorem", "unrolling",
]  # fmt: skip
