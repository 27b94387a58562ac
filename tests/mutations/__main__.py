"""Print how many edits of each kind there are, as a table for the README."""

from collections import Counter

from tests.mutations.mutate import mutants

found = [mutant for mutant in mutants() if not mutant.is_equivalent]
judged = Counter(mutant.kind for mutant in found if mutant.counts)
others = Counter(mutant.kind for mutant in found if not mutant.counts)
rows = [
    "| edit | refused by the kernel, refuted by the exact oracle | refused by the kernel, not judged by the oracle |",
    "|---|---:|---:|",
    *(f"| {kind} | {judged[kind]} | {others[kind]} |" for kind in sorted({*judged, *others})),
    f"| **all** | **{judged.total()}** | {others.total()} |",
]
print("\n".join(rows))  # noqa: T201 - what the program is for
