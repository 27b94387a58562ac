"""Single edits of everything that the library proves: what is true is edited into what is not, and must not pass.

``python -m tests.mutations`` prints how many there are of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from backproof.core.grammar import rank
from backproof.core.normal import polynomial
from sympy import Add, Integer, Mul

from backproof.core.kernel import Theorem, components
from backproof.derive.reasons import Reason
from backproof.derive.registry import LIBRARY, REGISTRY, chapter, library_module
from backproof.oracle.exact import judge
from backproof.surface.arrays import entry
from backproof.surface.network import Network
from backproof.surface.terms import Apply, D, Dot, Hadamard, Kron, Member, Mults, Refused, Total, Transposed, free, n

WIDEST = 50  # of the networks whose statements are edited: judging thousands of edits of the 784-30-10 net takes long

#: Edits after which an equation is as true as before; the file says why.
EQUIVALENT = frozenset(
    line for line in Path(__file__).with_name("equivalent.txt").read_text().splitlines() if not line.startswith("#")
)

Edit = tuple[str, Any]  # the kind of edit, and what the term has become


Pairs = set[frozenset[Any]] | frozenset[frozenset[Any]]


def edits(net: Network, e: Any, indices: tuple[Any, ...] = ()) -> Iterator[Edit]:
    """Every single edit of ``e``; ``indices`` are the unit indices that somebody could write by mistake."""
    yield "sign flipped", -e
    yield "factor 2", 2 * e
    yield "factor 1/2", e / 2
    yield from _inside(net, e, indices, frozenset())


def _inside(net: Network, e: Any, indices: tuple[Any, ...], equal: Pairs) -> Iterator[Edit]:
    if isinstance(e, Member):
        yield from _of_a_quantity(net, e, indices, equal)
    if isinstance(e, n):
        yield "layer shifted", n(e.args[0] + 1)
    if isinstance(e, Kron):
        yield from (("index swapped", Kron(e.args[0], other)) for other in indices if other not in e.args)
        yield "factor dropped", Integer(1)
    if _is_slope(e):
        yield "σ′ dropped", Integer(1)
        yield "σ for σ′", Apply(e.args[0], e.args[1])
    if isinstance(e, Transposed):
        yield "transpose dropped", e.args[0]
    if isinstance(e, Dot) and not isinstance(e.args[0], Transposed):
        yield "transpose added", Dot(Transposed(e.args[0]), e.args[1])
    if isinstance(e, Hadamard):
        yield "σ′ dropped" if _is_slope(e.args[1]) else "factor dropped", e.args[0]
        yield "factor dropped", e.args[1]
    if isinstance(e, Mul):
        names = ["σ′ dropped" if _is_slope(factor) else "factor dropped" for factor in e.args]
        yield from ((name, Mul(*_but(e, place))) for place, name in enumerate(names))
    if isinstance(e, Add):
        yield from (("sign flipped", Add(*_but(e, place, -arg))) for place, arg in enumerate(e.args))
        yield from (("term dropped", Add(*_but(e, place))) for place in range(len(e.args)))
    if isinstance(e, Total):
        yield "sum dropped", e.args[0]  # its variable is then free
        indices = (*indices, e.args[1])
    for place in _places(e):
        inside = equal | _tied(net, Mul(*_but(e, place))) if isinstance(e, Mul) else equal
        for kind, edited in _inside(net, e.args[place], indices, inside):
            yield kind, e.func(*_but(e, place, edited))


def _is_slope(e: Any) -> bool:
    return isinstance(e, Apply) and e.args[2] == 1


def _places(e: Any) -> Iterator[int]:
    """The arguments that are edited. Not: what is counted, and terms below a derivative, much of which is constant."""
    if not isinstance(e, Member | Kron | n | Mults):
        yield from (place for place, arg in enumerate(e.args) if not isinstance(e, D) or isinstance(arg, Member))


def _tied(net: Network, factors: Any) -> set[frozenset[Any]]:
    """The pairs j, k for which these factors are 0 unless j = k: then j may be written for k in the others.

    Such are [j = k], and the derivatives of a quantity by one of its own layer.
    """
    found = {frozenset(kron.args) for kron in factors.atoms(Kron)}
    for e, x in (d.args for d in factors.atoms(D)):
        beside = [y for y in e.atoms(Member) if net.layer(y) is not None and net.layer(y) == net.layer(x)]
        found |= {frozenset((y.indices[1], x.indices[1])) for y in beside}
    return found


def _of_a_quantity(net: Network, e: Member, indices: tuple[Any, ...], equal: Pairs) -> Iterator[Edit]:
    kinds = net.kind(e)[: len(e.indices)]
    for place, kind in enumerate(kinds):
        if kind == "l":
            yield from (("layer shifted", Member(*_but(e, place + 1, e.indices[place] + by))) for by in (1, -1))
        if kind == "u":
            others = [other for other in indices if frozenset((other, e.indices[place])) not in equal]
            yield from (("index swapped", Member(*_but(e, place + 1, other))) for other in others)
    if kinds == "luu":
        layer, row, column = e.indices
        yield "transpose added", Member(e.family, layer, column, row)
    other = {"a": "z", "z": "a"}.get(e.family)
    if other in net.kinds:
        yield f"{other} for {e.family}", Member(other, *e.indices)


def _but(e: Any, place: int, *instead: Any) -> tuple[Any, ...]:
    return *e.args[:place], *instead, *e.args[place + 1 :]


class Recorded(NamedTuple):
    """A line ``before = after`` of some derivation, and the reason that proved it."""

    theorem: Theorem
    reason: Reason


def _remembering(reason: Reason) -> Reason:
    """The same reason, which converts the same line before but once."""
    return Reason(reason.words, cache(reason.convert))


@cache
def lines() -> tuple[Recorded, ...]:
    """All lines of the library, each once, recorded while it is built anew."""
    for name in LIBRARY:
        library_module(name)
    for build in (build for builds in REGISTRY.values() for build in builds):
        build.cache_clear()  # type: ignore[attr-defined]
    found: dict[Any, Recorded] = {}
    prove = Reason.prove

    def recording(self: Reason, net: Network, before: Any, after: Any) -> Theorem:
        proved = prove(self, net, before, after)
        found.setdefault((net, before, after), Recorded(proved, _remembering(self)))
        return proved

    try:
        Reason.prove = recording  # type: ignore[method-assign]
        for name in LIBRARY:
            chapter(library_module(name))
    finally:
        Reason.prove = prove  # type: ignore[method-assign]
    return tuple(line for line in found.values() if _is_small(line.theorem.net))


def _is_small(net: Network) -> bool:
    return net.widths is None or max(net.widths) <= WIDEST


class Statement(NamedTuple):
    """What a derivation proves, and the reasons of its lines."""

    name: str
    theorem: Theorem
    reasons: tuple[Reason, ...]


def statements() -> Iterator[Statement]:
    """The theorem of every derivation of the library."""
    reasons = {(r.theorem.net, r.theorem.lhs, r.theorem.rhs): r.reason for r in lines()}
    for made in (made for name in LIBRARY for made in chapter(library_module(name)).derivations):
        if _is_small(made.net):
            used = [reasons.get((line.theorem.net, line.theorem.lhs, line.theorem.rhs)) for line in made.lines]
            yield Statement(f"statement {made.name}", made.theorem, tuple(filter(None, used)))


@dataclass(frozen=True)
class Mutant:
    """An edited line or statement, and what the two judges say: the kernel, and the exact oracle (None: cannot say)."""

    where: str
    kind: str
    lhs: Any
    rhs: Any
    proved: bool
    holds: bool | None

    @property
    def equation(self) -> str:
        return f"{self.lhs} = {self.rhs}"

    @property
    def is_equivalent(self) -> bool:
        """Whether it is true after all, and the table says why."""
        return self.equation in EQUIVALENT

    @property
    def counts(self) -> bool:
        """Whether both judges say that it is wrong."""
        return not self.proved and self.holds is False

    def __str__(self) -> str:
        return f"{self.where} ({self.kind}): {self.equation}"


def mutants() -> Iterator[Mutant]:
    """Every edit that changes something, judged; each equation about a network once."""
    made = [
        *statements(),
        *(Statement(f"line {place}", line.theorem, (line.reason,)) for place, line in enumerate(lines())),
    ]
    seen = set()
    for where, theorem, reasons in made:
        for kind, rhs in _different(theorem):
            equation = theorem.net, theorem.lhs, rhs
            if equation not in seen:
                seen.add(equation)
                yield _judged(where, kind, theorem, rhs, reasons)


def _different(theorem: Theorem) -> Iterator[Edit]:
    """The edits of the right-hand side that algebra alone does not undo, each once."""
    units = tuple(sorted(free(theorem.rhs) & free(theorem.lhs) - theorem.net.symbols - _layers(theorem), key=str))
    seen = [polynomial(theorem.rhs)]
    for kind, rhs in edits(theorem.net, theorem.rhs, units):
        if rank(theorem.net.families, theorem.net.symbols, rhs) is None:
            continue
        value = polynomial(rhs)
        if value not in seen:
            seen.append(value)
            yield kind, rhs


def _layers(theorem: Theorem) -> frozenset[Any]:
    """The symbols that stand for layers or examples."""
    both = theorem.lhs + theorem.rhs
    found = [
        index
        for quantity in both.atoms(Member)
        for index, kind in zip(quantity.indices, theorem.net.kind(quantity), strict=False)
        if kind != "u"
    ]
    return frozenset().union(*map(free, found)) if found else frozenset()


def _judged(where: str, kind: str, true: Theorem, rhs: Any, reasons: tuple[Reason, ...]) -> Mutant:
    verdict = judge(true.net, true.lhs, rhs, true.hypotheses)
    return Mutant(where, kind, true.lhs, rhs, _can_be_proved(true, rhs, reasons), verdict.holds)


def _can_be_proved(true: Theorem, rhs: Any, reasons: tuple[Reason, ...]) -> bool:
    """Whether the kernel can be brought to accept it by one of the reasons that were there for what is true."""
    lhs = true.lhs
    try:
        if true.rule == "components":
            proved, _, _, indices = true.args
            if _gives(true, components, proved, lhs, rhs, indices):
                return True
            lhs, rhs = entry(true.net, lhs, indices), entry(true.net, rhs, indices)
    except Refused:
        return False
    return any(_gives(true, reason.prove, true.net, lhs, rhs) for reason in reasons)


def _gives(true: Theorem, by: Callable[..., Theorem], *args: Any) -> bool:
    """Whether there is a theorem; one that needs more than the true one did is another theorem."""
    try:
        return by(*args).hypotheses <= true.hypotheses
    except Refused:
        return False
