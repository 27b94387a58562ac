"""What the judges say about one statement, in the words of ``prove --json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..core.network import Network
from . import brute_force, exact, numeric
from .counterexample import Counterexample


@dataclass(frozen=True)
class Evidence:
    """The verdict of one judge. ``detail``: the fields that the schema gives to its kind."""

    kind: str
    holds: bool
    detail: dict[str, Any] = field(default_factory=dict)
    counterexample: Counterexample | None = None

    def as_dict(self) -> dict[str, Any]:
        """One entry of ``evidence`` in ``prove --json``; a counterexample only where there is one."""
        found = {"kind": self.kind, "holds": self.holds, **self.detail}
        if self.counterexample is not None:
            found["counterexample"] = self.counterexample.as_dict()
        return found


def gather(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> tuple[Evidence, ...]:
    """The evidence for ``lhs = rhs`` under the hypotheses; a judge that cannot say is left out."""
    one = exact.judge(net, lhs, rhs, hypotheses)
    two = brute_force.judge(net, lhs, rhs, hypotheses)
    three = numeric.judge(net, lhs, rhs, hypotheses)
    every = (
        ("exact", one.holds, {"models": one.models, "error_bound_log2": one.error_bound_log2}, one.counterexample),
        ("bruteforce", two.holds, {"networks": list(two.networks), "partials": two.partials}, None),
        ("numeric", three.holds, {"max_relative_error": three.max_relative_error}, None),
    )
    return tuple(Evidence(kind, holds, detail, failure) for kind, holds, detail, failure in every if holds is not None)
