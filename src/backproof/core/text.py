"""Theorems and networks as text, for those who read what has been proved without anything but the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .index import Bound, Index, Node, Size, Variable, variable
from .kernel import Equal, Hypothesis, InRange, NonZero, Positive, Theorem
from .network import Network, Read
from .term import Applied, Bracket, Derivative, Group, Monomial, Partial, Quantity, Term, Value, at, quantity


def text(e: Any, depth: int = 0) -> str:
    """What a node or a theorem says. Bound variables are #0, #1, ..., the outermost first."""
    if type(e) is Theorem:
        given = ", ".join(sorted(map(text, e.hypotheses)))
        return f"{given}{' ' if given else ''}|- {text(e.lhs)} = {text(e.rhs)}"
    inner = depth + getattr(e, "bound", 0)
    if type(e) in (Index, Term):
        signed = sorted((text(a, depth), c) for a, c in e.terms)
        parts = [f"{c}*{t}" if c != 1 else t for t, c in signed if t != "1"] + [str(c) for t, c in signed if t == "1"]
        whole = " + ".join(parts + ([str(e.constant)] if type(e) is Index and e.constant else [])) or "0"
        return whole.replace(" + -1*", " - ").replace(" + -", " - ")
    if type(e) is Monomial:
        factors = " ".join(sorted(f"{text(a, inner)}{f'^{k}' if k != 1 else ''}" for a, k in e.factors)) or "1"
        return f"sum({', '.join(f'#{i}' for i in range(depth, inner))}: {factors})" if e.bound else factors
    if type(e) in (Hypothesis, Read) and (e.bound or e.conditions):
        where = ", ".join(sorted(f"{text(d, inner)} >= 0" for d in e.conditions))
        return f"for all ({', '.join(f'#{i}' for i in range(depth, inner))} with {where}): {text(e.parts[2], inner)}"
    if type(e) is Bound:
        return f"#{depth - 1 - e.place}"
    return FORMS[type(e)].format(*(p if isinstance(p, str | int) else _inside(p, inner) for p in e.parts))


def lines(net: Network) -> Iterator[str]:
    """A network: its families with their ranges, equations, functions, and known sizes. Heads have indices i0, ..."""
    heads = {f.name: [variable(f"i{place}") for place, _ in enumerate(f.ranges)] for f in net.families}
    for f in net.families:
        own = heads[f.name]
        pairs = zip(own, f.ranges, strict=True)
        ends = [f"{text(at(lo, *own))} <= {text(i)} <= {text(at(hi, *own))}" for i, (lo, hi) in pairs]
        yield f"{text(quantity(f.name, *own))}: {', '.join([*ends, *f.facts]) or 'a number'}"
    for e in (at(e, *heads[e.family]) for e in net.equations):
        body = "a function of " + ", ".join(map(text, e.reads)) if e.body is None else text(e.body)
        where = [f"{text(d)} >= 0" for d in e.conditions]
        yield f"{text(quantity(e.family, *heads[e.family]))} = {body}{' where ' if where else ''}{', '.join(where)}"
    yield from (f"{g.name}<0>(?[]) = {text(g.body)}" for g in net.functions)
    yield from (f"{text(s)} = {c}" for s, c in net.sizes)


def _inside(part: Any, depth: int) -> str:
    return text(part, depth) if isinstance(part, Node) else ", ".join(text(p, depth) for p in part)


FORMS: dict[type[Node], str] = {
    Variable: "{}", Size: "{}({})", Quantity: "{}[{}]", Derivative: "D({}, {})", Partial: "dd({}, {}, {})",
    Applied: "{}<{}>({})", Bracket: "[{} >= 0]", Value: "{}", Group: "({})", InRange: "{} >= 0", NonZero: "{} != 0",
    Positive: "{} > 0", Equal: "{} = {}", Hypothesis: "{2}", Read: "{2}",
}  # fmt: skip
