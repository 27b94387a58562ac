"""Print how many edits of each kind there are and what is said of them: ``python -m tests.mutations [--all]``."""

import sys
from collections import Counter

from tests.mutations.mutate import EVERY, SAMPLE, judged, mutants

KINDS = "edits", "equivalent", "false", "refused by the kernel", "refuted by the exact judge", "it cannot say"
ALL = "--all" in sys.argv[1:]

counts: dict[str, Counter[str]] = {}
surprises = []
for found in map(judged, mutants(EVERY if ALL else SAMPLE)):
    row = counts.setdefault(found.mutant.kind, Counter())
    row["edits"] += 1
    row["false" if found.is_false else "equivalent"] += 1
    if found.is_false:
        row["refused by the kernel"] += not found.proved
        row["refuted by the exact judge"] += found.holds is False
        row["it cannot say"] += found.holds is None
    if found.surprises:
        surprises.append(f"{found.surprises}: {found}")
total = sum(counts.values(), Counter())
lines = [
    f"| edit | {' | '.join(KINDS)} |",
    "|---|" + "---:|" * len(KINDS),
    *(f"| {kind} | {' | '.join(str(counts[kind][k]) for k in KINDS)} |" for kind in sorted(counts)),
    f"| **all** | {' | '.join(f'**{total[k]}**' for k in KINDS)} |",
    ""
    if ALL
    else f"One slip in {SAMPLE[0]} and one addition in {SAMPLE[1]} of all that there are; --all makes every one.",
    *surprises,
]
print("\n".join(lines))  # noqa: T201 - what the program is for
sys.exit(bool(surprises))
