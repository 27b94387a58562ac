"""What the judges say about one statement, in the words of ``prove --json``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..surface.network import Network
from . import brute_force, exact, numeric
from .answer import Answer, asked


@dataclass(frozen=True)
class Evidence:
    """The answer of one judge, and the name of its kind in ``prove --json``."""

    kind: str
    answer: Answer

    @property
    def holds(self) -> bool | None:
        """None where the judge cannot say."""
        return self.answer.holds

    def as_dict(self) -> dict[str, Any]:
        """One entry of ``evidence`` in ``prove --json``; a counterexample only where the exact judge has one."""
        if self.answer.broke:
            return {"kind": "unjudged", "holds": False, "reason": f"{self.kind}: {self.answer.reason}"}
        found = {"kind": self.kind, "holds": self.holds, **TOLD[self.kind](self.answer)}
        if self.answer.kind == "malformed":
            found["reason"] = self.answer.reason
        if self.kind == "exact" and self.answer.counterexample is not None:
            found["counterexample"] = self.answer.counterexample.as_dict()
        return found


#: What each judge has to tell.
TOLD: dict[str, Callable[[Answer], dict[str, Any]]] = {
    "exact": lambda answer: {"models": answer.models, "error_bound_log2": answer.error_bound_log2},
    "bruteforce": lambda answer: {"networks": list(answer.tried), "partials": answer.partials},
    "numeric": lambda answer: {"max_relative_error": answer.max_relative_error},
}


def answers(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> tuple[Evidence, ...]:
    """What each judge says of ``lhs = rhs`` under the hypotheses, also that it cannot say, and why."""
    judges = (("exact", exact.judge), ("bruteforce", brute_force.judge), ("numeric", numeric.judge))
    return tuple(Evidence(kind, asked(judge, net, lhs, rhs, hypotheses)) for kind, judge in judges)


def gather(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> tuple[Evidence, ...]:
    """The evidence for ``lhs = rhs`` under the hypotheses; a judge that cannot say is left out.

    One that broke down is not: it does not hold.
    """
    return tuple(found for found in answers(net, lhs, rhs, hypotheses) if found.holds is not None or found.answer.broke)


def unjudged(found: tuple[Evidence, ...]) -> str:
    """Why no judge could speak of a statement; "" if one could."""
    if any(one.holds is not None for one in found):
        return ""
    return "; ".join(dict.fromkeys(one.answer.reason for one in found))
