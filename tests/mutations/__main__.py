"""Print how many edits of each kind there are, as a table for the README."""

from collections import Counter

from tests.mutations.mutate import mutants

found = [m for m in mutants() if not m.is_equivalent]
rows = Counter((mutant.kind, mutant.holds is False) for mutant in found)
print(
    "| edit | refused by the kernel and refuted by the exact oracle | refused by the kernel, not judged by the oracle |"
)
print("|---|---:|---:|")
for kind in sorted({kind for kind, _ in rows}):
    print(f"| {kind} | {rows[kind, True]} | {rows[kind, False]} |")
print(f"| **all** | **{sum(m.counts for m in found)}** | {sum(not m.counts for m in found)} |")
