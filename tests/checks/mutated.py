"""What is said of true statements with one slip in each: ``python -m tests.checks.mutated N [SEED]``.

The statements are the theorems of the library about dense nets. One right side at a time is edited, as terms, printed
in a notation, and judged as what somebody has written. Whether the edit has made it false is decided by floating-point
numbers (``tests.mutations.truth``), which share no code with what is tested.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from backproof.checks.claims import Reading, judge
from backproof.checks.verdict import HOLD, Verdict
from backproof.derive.registry import chapter, library_module
from backproof.notation import latex
from backproof.notation.profiles import NOTATIONS, Notation, for_network
from backproof.oracle.worlds import own
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import Equal, ForAll, NonZero, Positive
from backproof.surface.theorem import Theorem
from tests.mutations.edits import edits
from tests.mutations.mutate import indices
from tests.mutations.truth import is_false

CHAPTERS = ("forward", "bp1", "bp2", "bp3", "bp4", "five_layers", "activations", "costs", "examples")
ROWS = tuple(row for name, row in NOTATIONS.items() if name != "ng")  # whose bias unit has no reading yet
ASSUMED = (Equal, NonZero, Positive, ForAll)

#: The names that fit an edit; what is edited in the argument of a derivative of the activation has another one, too.
NAMES = {
    "sign flipped": {"sign"},
    "factor 2": {"scale"},
    "factor 1/2": {"scale"},
    "layer shifted": {"wrong-layer", "sigma-prime-argument"},
    "another layer": {"wrong-layer", "sigma-prime-argument"},
    "size of another layer": {"wrong-layer"},
    "index swapped": {"wrong-index", "sigma-prime-argument", "transpose"},
    "index shifted": {"wrong-index", "sigma-prime-argument"},
    "index fixed": {"wrong-index", "sigma-prime-argument"},
    "transpose added": {"transpose", "wrong-index", "outer-product-order"},
    "transpose dropped": {"transpose", "outer-product-order"},
    "σ′ dropped": {"missing-sigma-prime"},
    "σ for σ′": {"missing-sigma-prime"},
    "factor dropped": {"missing-term", "softmax-diagonal", "scale", "sign"},  # such as -1
    "term dropped": {"missing-term", "sign", "softmax-diagonal"},
    "sum dropped": {"missing-sum"},
    "z for a": {"operand", "sigma-prime-argument"},
    "a for z": {"operand", "sigma-prime-argument"},
}


@dataclass(frozen=True)
class Mutated:
    """A statement with a slip, as it is written, what is said of it, and whether it is false."""

    kind: str
    text: str
    is_false: bool
    verdict: Verdict

    @property
    def surprises(self) -> str:
        """What must not be; empty if all is well."""
        if self.is_false and self.verdict.kind in HOLD:
            return "a false one passes"
        return "a true one is refuted" if not self.is_false and self.verdict.kind == "refuted" else ""

    @property
    def is_named(self) -> bool:
        """Whether the slip is the one that was made."""
        named = {self.verdict.mistake, *(mistake for mistake, _ in self.verdict.also)}
        return bool(named & NAMES.get(self.kind, set()))


@cache
def theorems() -> tuple[Theorem, ...]:
    """What is edited."""
    found = (made.theorem for name in CHAPTERS for made in chapter(library_module(name)).derivations)
    return tuple(t for t in found if not any(h.has(Equal) and h.has(ForAll) for h in t.hypotheses))


def mutated(count: int, seed: int = 0) -> Iterator[Mutated]:
    """So many of them, the same for a seed."""
    random = Random(seed)
    while count:
        theorem, row = random.choice(theorems()), random.choice(ROWS)
        _, units = indices(theorem.net, theorem.lhs, theorem.rhs)
        made = [
            (kind, rhs) for kind, rhs in edits(theorem.net, theorem.rhs, units) if kind in NAMES and rhs != theorem.rhs
        ]
        if not made:
            continue
        kind = random.choice(sorted({kind for kind, _ in made}))
        rhs = random.choice([rhs for other, rhs in made if other == kind])
        found = _judged(theorem, row, kind, rhs)
        if found is not None:
            count -= 1
            yield found


def _judged(theorem: Theorem, row: Notation, kind: str, rhs: Any) -> Mutated | None:
    net, lhs = theorem.net, theorem.lhs
    notation = for_network(row, net)
    assumed = frozenset(h for h in theorem.hypotheses if isinstance(h, ASSUMED))
    try:
        text = latex.equation(lhs, rhs, notation)
    except (TypeError, ValueError):  # it cannot be written
        return None
    verdicts = judge(text, Reading(net, notation, assumed))
    if len(verdicts) != 1:
        return None
    facts = frozenset(h for h in assumed if isinstance(h, Equal))
    false = is_false(own.assumed(net, facts), lhs, rhs, (assumed - facts) | where_all_exists(lhs, rhs))
    return Mutated(kind, text, false, verdicts[0])


def figures(found: list[Mutated]) -> Iterator[str]:
    """A line for each kind of edit, and what is said of all of them."""
    columns = ("proved", "verified", "refuted", "malformed", "unknown")
    kinds = Counter((m.kind, m.verdict.kind) for m in found)
    yield f"{'edit':<24}" + "".join(f"{column:>11}" for column in columns) + "  named"
    for kind in sorted({m.kind for m in found}):
        counts = "".join(f"{kinds[kind, column]:>11}" for column in columns)
        yield f"{kind:<24}{counts}  {_named([m for m in found if m.kind == kind])}"
    yield f"{len(found)} edits, {sum(not m.is_false for m in found)} of them still true; named rightly: {_named(found)}"
    yield from (f"{m.surprises}: ({m.kind}) {m.text}" for m in found if m.surprises)


def _named(found: list[Mutated]) -> str:
    wrong = [m for m in found if m.verdict.kind in ("refuted", "malformed")]
    return f"{sum(m.is_named for m in wrong)} of {len(wrong)}"


def main(count: int, seed: int = 0) -> int:
    """Print the figures; 1 where something must not be."""
    found = list(mutated(count, seed))
    print("\n".join(figures(found)))  # noqa: T201 - what the program is for
    return int(any(m.surprises for m in found))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
