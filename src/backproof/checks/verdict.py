"""What is said of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..oracle.answer import Counterexample
from ..surface.theorem import Theorem
from .refusals import Refusal

Kind = Literal["proved", "verified", "refuted", "malformed", "definition", "unknown"]
HOLD = ("proved", "verified")  #: what is said of a claim that is right


@dataclass(frozen=True)
class Verdict:
    """What is said of one relation: ``left`` and ``right`` are what is written on its sides.

    ``proved``: by the kernel, and ``theorem`` is what came out of it. ``verified``: by the exact judge, with its bound.
    ``assumed``: where all that it speaks of is there, and what else the reading takes for granted. Of what is wrong,
    ``mistake`` names the slip and ``correction`` is the relation without it, in the writer's words; ``also`` are other
    slips that are as near, each with its correction, and ``right_if`` are common readings in which it is right.
    """

    kind: Kind
    left: str
    right: str
    reason: str
    relation: str = "="
    assumed: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    error_bound_log2: int = 0
    theorem: Theorem | None = None
    mistake: str | None = None
    correction: str | None = None
    also: tuple[tuple[str, str], ...] = ()
    right_if: tuple[str, ...] = ()
    cause: type[Refusal] | None = None  #: of what is not judged

    @property
    def holds(self) -> bool:
        """Whether the claim is right."""
        return self.kind in HOLD

    def __str__(self) -> str:
        lines = [f"{self.kind}: {f'{self.left} {self.relation} {self.right}'.strip()}", f"  {self.reason}"]
        lines += [f"  if {', '.join(self.assumed)}"] if self.assumed else []
        if self.counterexample is not None:
            found = self.counterexample
            where = ", ".join(f"{name} = {value}" for name, value in found.indices.items())
            widths = f"layers of {', '.join(map(str, found.widths))}" if found.widths else ""
            lines.append(f"  with {'; '.join(filter(None, [widths, where]))}: {found.lhs} against {found.rhs}")
        if self.mistake is not None and self.correction is not None:
            lines.append(f"  likely slip: {self.mistake}; this is right: {self.correction}")
        elif self.mistake not in (None, self.kind):
            lines.append(f"  likely slip: {self.mistake}")
        lines += [f"  or {mistake}: {correction}" for mistake, correction in self.also]
        lines += [f"  right if {reading}" for reading in self.right_if]
        return "\n".join(lines)
