"""What is edited: the statements and the lines of every derivation of the library, with the reasons that made them."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from backproof.derive.derivation import Derivation
from backproof.derive.reasons import Reason
from backproof.derive.registry import LIBRARY, REGISTRY, chapter, library_module
from backproof.derive.search import Context
from backproof.surface.network import Network
from backproof.surface.theorem import Theorem

WIDEST = 50  # of the networks whose statements are edited: judging thousands of edits of the 784-30-10 net takes long


class Original(NamedTuple):
    """A true equation, and the reasons that may be brought forward for what it is edited into."""

    where: str
    theorem: Theorem
    reasons: tuple[Reason, ...]
    derivation: Derivation | None = None
    """The derivation whose statement it is; None for a line."""


@cache
def originals() -> tuple[Original, ...]:
    """All statements, then all lines: each once."""
    derivations, reasons = _recorded()
    found: list[Original] = []
    for made in derivations:
        used = tuple(filter(None, (reasons.get(_key(line.theorem)) for line in made.lines)))
        found.append(Original(f"statement {made.name}", made.theorem, used, made))
    for made in derivations:
        for number, line in enumerate(made.lines, 1):
            reason = reasons.get(_key(line.theorem))
            found.append(Original(f"line {number} of {made.name}", line.theorem, (reason,) if reason else ()))
    return tuple({_said(o.theorem): o for o in reversed(found) if _is_small(o.theorem.net)}.values())[::-1]


def _said(t: Theorem) -> tuple[Any, ...]:
    return t.net, t.lhs, t.rhs, t.hypotheses


def _key(t: Theorem) -> tuple[Any, ...]:
    return t.proof.net, t.proof.lhs, t.proof.rhs


def _recorded() -> tuple[list[Derivation], dict[Any, Reason]]:
    """The derivations, built anew, and what reason proved which line (in terms of the core)."""
    modules = [library_module(name) for name in LIBRARY]
    for build in (build for builds in REGISTRY.values() for build in builds):
        build.cache_clear()  # type: ignore[attr-defined]
    reasons: dict[Any, Reason] = {}
    prove = Reason.prove

    def recording(self: Reason, cx: Context, before: Any, after: Any) -> Any:
        proved = prove(self, cx, before, after)
        reasons.setdefault((cx.net, before, after), _remembering(self))
        return proved

    try:
        Reason.prove = recording  # type: ignore[method-assign]
        derivations = [made for module in modules for made in chapter(module).derivations]
    finally:
        Reason.prove = prove  # type: ignore[method-assign]
    return derivations, reasons


def _remembering(reason: Reason) -> Reason:
    """The same reason, which converts the same term under the same assumptions but once. It explains nothing."""
    done: dict[Any, Any] = {}

    def convert(cx: Context, e: Any) -> Any:
        key = cx.net, cx.known, e
        if key not in done:
            done[key] = reason.convert(cx, e)
        return done[key]

    return Reason(reason.words, convert, reason.both_sides, reason.uses)


def _is_small(net: Network) -> bool:
    """Networks without layers are left out: of their edits, those that are true are not listed yet."""
    return net.depth is not None and (net.widths is None or max(net.widths) <= WIDEST)
