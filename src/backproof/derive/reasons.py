"""Reasons: words for the reader, and a search for the proof of one line.

A reason knows one thing to do to a term (``convert``). A line ``before = after`` follows from it if both become the
same once it is done to the one, to the other, or to both: so a definition can be unfolded or folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import SympifyError, sympify

from ..core import kernel
from ..core import term as core
from ..core.index import (
    Index,
    Refused,
    bound,
    index,
    lift,
    minus,
    plus,
    put_index,
    require,
)
from ..core.kernel import Theorem as Proof
from ..core.kernel import refl, symm
from ..core.network import opaque
from ..core.term import Applied, Atom, Bracket, Derivative, Known, Quantity, Term, atom
from ..surface.algebra import subtract
from ..surface.elaborate import elaborate, form, quantity
from ..surface.network import Network
from ..surface.terms import Apply, Member, Total
from ..surface.theorem import Theorem
from .brackets import brackets, reindex, split
from .chain import expanded, objection
from .derivation import Derivation, Words
from .instead import chained, rewritten, unfolded
from .move import proof_about
from .search import (
    Context,
    body_for,
    instantiate,
    match,
    meet,
    one_atom,
    rewrite,
    rewrite_sums,
    then,
    tidy,
    turned,
    unroll,
)

Convert = Callable[[Context, Term], Proof]


@dataclass(frozen=True)
class Reason:
    """``words`` for the reader; ``convert`` proves e = e' for what it makes of a term.

    Where it is done to both sides at once (``both_sides``), doing it to one would not do: the sides meet further back.
    ``write`` guesses what it makes of a line, as people write it, and ``explain`` says of two lines why they are not
    what its words say, where that can be seen: also where they are equal.
    """

    words: Words
    convert: Convert
    both_sides: bool = False
    uses: tuple[Theorem, ...] = ()
    write: Callable[[Network, Any], Any] | None = None
    explain: Callable[[Context, Term, Term], Refused | None] | None = None

    def prove(self, cx: Context, before: Term, after: Term) -> Proof:
        """``before = after``; Refused where that does not follow."""
        last, sides = Refused("algebra", "not equal by algebra"), []
        for one, other in self._ways():
            try:
                left, right = (then(p, tidy(cx, p.rhs)) for p in (one(cx, before), other(cx, after)))
                if left.rhs is right.rhs:
                    return then(left, turned(right))
                sides.append((left, right))
            except Refused as refusal:
                last = refusal
        for left, right in sides:  # what takes longer is tried only where nothing else does
            try:
                if (made := meet(cx, left, right)) is not None:
                    return made
            except Refused as refusal:
                last = refusal
        raise last

    def _ways(self) -> Iterator[tuple[Convert, Convert]]:
        if not self.both_sides:
            yield self.convert, tidy
            yield tidy, self.convert
        yield self.convert, self.convert


algebra = Reason(("algebra",), tidy, write=lambda _, e: e)
differentiation = Reason(("differentiate",), tidy)
sifting = Reason(("only one term of the sum is not zero",), tidy)
counting = Reason(("count",), tidy)
unrolling = Reason(("write the sum out",), unroll)

UNDONE = {("exp", "log"): "exp of log", ("log", "exp"): "log of exp"}


def _undone(cx: Context, a: Any, _: Known) -> Proof | None:
    """exp(log u) = u and log(exp u) = u"""
    inner = one_atom(a.argument)
    law = UNDONE.get((a.function, inner.function)) if type(inner) is Applied and not inner.degree else None
    return None if law is None or a.degree else kernel.law(cx.net, law, inner.argument)  # type: ignore[union-attr]


def _all_undone(cx: Context, e: Term) -> Proof:
    return then(refl(cx.net, e), rewrite(e, lambda a, known: _undone(cx, a, known), Applied))


inverse = Reason(("exp and log undo one another",), _all_undone)


def _listed(items: tuple[Any, ...]) -> Words:
    separated = [part for item in items for part in (item, ", ")][:-1]
    if len(items) > 1:
        separated[-2] = " and "
    return tuple(separated)


def definition(*heads: Any) -> Reason:
    """The network's own equations of ``heads``, such as ``z[l + 1, k]``: for all units of that layer."""
    if not heads:
        raise TypeError("definition() does not say of what: write definition(z[l, j])")
    heads = tuple(_defined(head) for head in heads)

    def convert(cx: Context, e: Term) -> Proof:
        p = refl(cx.net, e)
        for head in heads:
            kinds = (Applied,) if isinstance(head, Apply) else (Quantity, Derivative)
            p = then(p, rewrite(p.rhs, lambda a, known, head=head: _unfold(cx, a, known, head), *kinds))  # type: ignore[misc]
            p = then(p, tidy(cx, p.rhs))
        return p

    def write(net: Network, e: Any) -> Any:
        for head in heads:
            e = unfolded(net, e, head)
        return e

    return Reason(("definition of ", *_listed(heads)), convert, write=write)


def _defined(head: Any) -> Any:
    try:
        return sympify(head, strict=True)
    except SympifyError:
        why = f"definitions are of quantities, such as z[l, j], not of {head}: are its indices missing?"
        raise TypeError(why) from None


def _unfold(cx: Context, a: Any, known: Known, head: Any) -> Proof | None:
    if isinstance(head, Apply):
        same = a.function == head.args[0].name and a.degree in {int(head.args[2]), 1}
        own = same and any(f.function == a.function for f in cx.net.functions)
        return kernel.unfold(cx.net, a.function, a.degree, a.argument) if own else None
    if not isinstance(head, Member):
        return None
    if type(a) is Quantity and _fits(cx, head, a):
        place = body_for(cx, a, known)
        return None if place is None else kernel.define(cx.net, place, a.indices)
    if type(a) is Derivative and _fits(cx, head, a.of) and not {a.of.family, a.by.family} & opaque(cx.net):
        place = body_for(cx, a.of, known)
        return None if place is None else kernel.tangent(cx.net, place, a.of.indices, a.by)
    return None


def _fits(cx: Context, head: Member, q: Quantity) -> bool:
    """Whether a quantity is one of those that are meant: of the layer, where the family has layers, for all units."""
    if q.family != head.family:
        return False
    layered = head.family in cx.layered
    return not layered or q.indices[0] is form(head.indices[0])


def chain_rule(through: Any, *more: Any, of: Any = None) -> Reason:
    """The chain rule through a family, ``z[l + 1, k]``, whose new indices are summed over; several cut as a tuple.

    ``of`` names the derivative to expand, ``D(y, x)``; without it all are that ``through`` cuts. TypeError where
    ``through`` is no quantity.
    """
    if more:
        names = ", ".join(map(str, (through, *more)))
        raise TypeError(f"several families that cut the paths together are a tuple: chain_rule(through=({names}))")
    cut = tuple(map(_through, through if isinstance(through, tuple) else (through,)))

    def convert(cx: Context, e: Term) -> Proof:
        return expanded(cx, e, cut, of)

    def explain(cx: Context, before: Term, after: Term) -> Refused | None:
        return objection(cx, before, after, cut, of)

    def write(net: Network, e: Any) -> Any:
        return chained(net, e, cut, of)

    return Reason(("chain rule through ", *_listed(cut)), convert, both_sides=True, write=write, explain=explain)


def _through(q: Any) -> Member:
    q = q._sympy_() if hasattr(q, "_sympy_") else q
    if not isinstance(q, Member):
        raise TypeError(f"the chain rule goes through quantities, such as z[l + 1, k], not through {q!r}")
    return q


def shifted(sum_: Total, by: int) -> Reason:
    """The sum ``sum_`` with its index counted from ``by`` further on."""

    def convert(cx: Context, e: Term) -> Proof:
        alone = elaborate(cx.net, sum_).term
        [(m, _)] = alone.terms
        moved = reindex(cx.net, alone, m.bound - 1, 1, index(-by))
        rest = core.add(subtract(e, alone), atom(core.quantity("?0")))
        return kernel.subst(rest, (moved,), ((),))

    return Reason(("shift the index ", sum_.args[1]), convert)


def split_off(sum_: Total, end: str) -> Reason:
    """The "first" or "last" term of the sum ``sum_`` on its own, and of every other sum with the same ends."""

    def convert(cx: Context, e: Term) -> Proof:
        p = _with_sums(cx, e, sum_, lambda alone, ends, _: split(cx.net, alone, ends[end == "last"]))
        require(p.rhs is not tidy(cx, e).rhs, "split", "there is no such sum")
        lo, hi = _ends(cx, sum_)
        return then(p, brackets(cx.net, p.rhs, frozenset([minus(hi, lo)])))

    return Reason((f"split off the {end} term",), convert)


def mirrored(sum_: Total, about: Any = None) -> Reason:
    """The index k of the sum ``sum_`` is counted down, as ``about`` - k: from the other end, where nothing is said.

    So is that of every other sum with the same ends.
    """

    def convert(cx: Context, e: Term) -> Proof:
        middle = plus(*_ends(cx, sum_)) if about is None else form(sympify(about, strict=True))
        return _with_sums(cx, e, sum_, lambda alone, _, at: reindex(cx.net, alone, at, -1, middle))

    words = ("from the other end",) if about is None else ("down from ", about)
    return Reason(("count ", sum_.args[1], " ", *words), convert)


def _ends(cx: Context, sum_: Total) -> tuple[Index, Index]:
    lo, hi = (put_index(form(d), cx.sizes) for d in sum_.args[2:])
    return lo, hi


def _with_sums(cx: Context, e: Term, sum_: Total, change: Callable[[Term, tuple[Index, Index], int], Proof]) -> Proof:
    """e with ``change`` made of each sum with the ends of ``sum_``: of it, the forms of its ends, and its place."""
    p = tidy(cx, e)
    lo, hi = _ends(cx, sum_)
    parts, premises = [], list[Proof]()
    for m, c in p.rhs.terms:
        alone = core.times(c, core.monomial(m.bound, m.factors))
        ends = [(minus(bound(i), lift(lo, m.bound)), minus(lift(hi, m.bound), bound(i))) for i in range(m.bound)]
        forms = {a.form for a, _ in m.factors if type(a) is Bracket}
        fitting = next((place for place, pair in enumerate(ends) if forms.issuperset(pair)), None)
        if fitting is not None:
            premises.append(change(alone, ends[fitting], fitting))
            alone = atom(core.quantity(f"?{len(premises) - 1}"))
        parts.append(alone)
    return then(p, kernel.subst(core.add(*parts), tuple(premises), ((),) * len(premises)) if premises else None)


def both(*reasons: Reason, words: Words | None = None) -> Reason:
    """One reason after the other, on one line."""

    def convert(cx: Context, e: Term) -> Proof:
        p = refl(cx.net, e)
        for reason in reasons:
            p = then(p, reason.convert(cx, p.rhs))
        return p

    joined: list[Any] = []
    for reason in reasons:
        joined += [*([", "] if joined else []), *reason.words]

    def write(net: Network, e: Any) -> Any:
        for reason in reasons:
            e = e if e is None else reason.write and reason.write(net, e)
        return e

    def explain(cx: Context, before: Term, after: Term) -> Refused | None:
        one, other = before, after
        for reason in reasons:
            said = reason.explain
            if said and (why := said(cx, one, other)) and said(cx, before, after):
                return why
            one, other = (reason.convert(cx, e).rhs for e in (one, other))
        return None

    uses = sum((r.uses for r in reasons), ())
    checks = explain if any(r.explain for r in reasons) else None
    return Reason(words or tuple(joined), convert, any(r.both_sides for r in reasons), uses, write, checks)


def theorem(known: Theorem | Derivation, words: str | Words = "") -> Reason:
    """Rewrite with a theorem: wherever its left side, for some values of its variables, occurs."""
    return _rewriting(known, words or _title(known))


def converse(known: Theorem | Derivation, words: str | Words = "") -> Reason:
    """Rewrite with a theorem read from right to left."""
    return _rewriting(known, words or _title(known))


def _proved(known: Theorem | Derivation) -> Theorem:
    if callable(known):
        raise TypeError(f"{getattr(known, '__name__', known)} is a function: call it, as in theorem(bp4())")
    if not isinstance(known, Theorem | Derivation):
        raise TypeError(f"neither a theorem nor a derivation, such as bp4() of backproof.derivations.bp4: {known!r}")
    return known.theorem if isinstance(known, Derivation) else known


def _title(known: Theorem | Derivation) -> str:
    return known.title if isinstance(known, Derivation) else "a theorem"


def _rewriting(known: Theorem | Derivation, words: str | Words) -> Reason:
    proved = _proved(known)

    def convert(cx: Context, e: Term) -> Proof:
        p = proof_about(cx.of, known)
        whole = match(p.lhs, e, p.lhs.names)
        if whole is not None:
            return instantiate(p, whole)
        p = p if one_atom(p.lhs) is not None or one_atom(p.rhs) is None else symm(p)
        pattern = one_atom(p.lhs)

        def find(a: Atom, _: Known) -> Proof | None:
            values = match(pattern, a, p.lhs.names)
            return None if values is None else instantiate(p, values)

        made = rewrite(e, find, type(pattern)) if pattern is not None else rewrite_sums(e, p)
        return then(refl(cx.net, e), made)

    def write(net: Network, e: Any) -> Any:
        return rewritten(net, e, proved)

    return Reason((words,) if isinstance(words, str) else words, convert, uses=(proved,), write=write)


def sums_to_1(head: Any) -> Reason:
    """What is known of data, ``given(y[t, v], sums_to_1=True)``: the sum of ``y[t, v]`` over v is 1."""
    head = sympify(head, strict=True)

    def convert(cx: Context, e: Term) -> Proof:
        q = quantity(head)
        require(q.family in cx.of.sums, "sums to 1", "{} is not known to", q.family)
        known, p = kernel.assume(cx.net, cx.of.sums[q.family], q.indices[:-1]), tidy(cx, e)
        while (step := rewrite_sums(p.rhs, known)) is not None:
            p = then(p, step)
            p = then(p, tidy(cx, p.rhs))
        return p

    return Reason(("the sum of ", head, " is 1"), convert)


def reworded(reason: Reason, *words: Any) -> Reason:
    """The same reason in other words."""
    return replace(reason, words=words)


__all__ = [
    "Reason", "algebra", "both", "chain_rule", "converse", "counting", "definition", "differentiation", "inverse",
    "mirrored", "reworded", "shifted", "sifting", "split_off", "sums_to_1", "theorem", "unrolling",
]  # fmt: skip
