"""How long it takes to judge 200 equations from a cold start, and what is said of them.

    python benchmarks/check.py [SHARE]

The equations are theorems about dense nets as they are printed in two notations; one in SHARE (by default, one in ten)
has a slip, which is to be named. Beside the wall clock stands the time of the processor: on a busy machine that is
what counts.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter

COUNT = 200
ONE = "import backproof; backproof.assert_holds('∂C/∂b^l_j = δ^l_j')"
JUDGED = """
import sys
from backproof import dense
from backproof.checks.claims import Reading, judge
from backproof.networks import batch
from backproof.notation.profiles import NOTATIONS, for_network

nets = {"any": dense(), "quadratic": dense(cost="quadratic"), "sigmoid": dense(activation="sigmoid"), "mean": batch()}
lines = [line.split("\\t") for line in sys.stdin.read().splitlines()]
for net, row, text in lines:
    about = Reading(nets[net], for_network(NOTATIONS[row], nets[net]))
    for verdict in judge(text, about):
        print(verdict.kind, verdict.mistake or "-")
"""
RIGHT = (
    ("any", r"\delta^{L}_{j} = \frac{\partial C}{\partial a^{L}_{j}} \sigma'(z^{L}_{j})"),
    ("any", r"\delta^{l} = ((w^{l+1})^{T} \delta^{l+1}) \odot \sigma'(z^{l})"),
    ("any", r"\delta^{l}_{j} = \sum_{k} w^{l+1}_{kj} \delta^{l+1}_{k} \sigma'(z^{l}_{j})"),
    ("any", r"\frac{\partial C}{\partial b^{l}_{j}} = \delta^{l}_{j}"),
    ("any", r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l-1}_{k} \delta^{l}_{j}"),
    ("any", r"\frac{\partial C}{\partial w^{l}} = \delta^{l} (a^{l-1})^{T}"),
    ("any", r"\frac{\partial a^{l}}{\partial a^{l-1}} = \mathrm{diag}(\sigma'(z^{l})) w^{l}"),
    ("any", r"\frac{\partial z^{l+1}_{k}}{\partial z^{l}_{j}} = w^{l+1}_{kj} \sigma'(z^{l}_{j})"),
    ("any", r"z^{l} = w^{l} a^{l-1} + b^{l}"),
    ("quadratic", r"\delta^{L} = (a^{L} - y) \odot \sigma'(z^{L})"),
    ("quadratic", r"\frac{\partial C}{\partial a^{L}_{j}} = a^{L}_{j} - y_{j}"),
    ("sigmoid", r"\sigma'(z^{l}) = a^{l} \odot (1 - a^{l})"),
    ("mean", r"\frac{\partial C}{\partial w^{l}_{jk}} = \frac{1}{M} \sum_{i} a^{l-1}_{ki} \delta^{l}_{ji}"),
    ("mean", r"\frac{\partial C}{\partial b^{l}_{j}} = \frac{1}{M} \sum_{i} \delta^{l}_{ji}"),
)
WRONG = (
    ("any", r"\delta^{l} = (w^{l+1} \delta^{l+1}) \odot \sigma'(z^{l})"),
    ("any", r"\delta^{l}_{j} = \sum_{k} w^{l+1}_{kj} \delta^{l+1}_{k}"),
    ("any", r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l}_{k} \delta^{l}_{j}"),
    ("quadratic", r"\delta^{L} = (y - a^{L}) \odot \sigma'(z^{L})"),
    ("mean", r"\frac{\partial C}{\partial b^{l}_{j}} = \sum_{i} \delta^{l}_{ji}"),
)


def equations(share: int) -> list[str]:
    """Lines of a network, a notation, and an equation with indices of its own, so that none is the same."""
    made = []
    for place in range(COUNT):
        net, text = WRONG[place // share % len(WRONG)] if place % share == 0 else RIGHT[place % len(RIGHT)]
        row = ("nielsen", "column")[place % 2]
        letter = "jpqrst"[place // len(RIGHT) % 6]
        text = text.replace("w^", "W^") if row == "column" else text
        made.append("\t".join((net, row, text.replace("_{j", f"_{{{letter}").replace("kj}", f"k{letter}}}"))))
    return made


def main(share: int = 10) -> None:
    """Print the times and the counts."""
    import resource

    given = "\n".join(equations(share))
    for name, code, text in (("import sympy", "import sympy", ""), ("one equation", ONE, ""), ("all", JUDGED, given)):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run((sys.executable, "-c", code), input=text, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{name:<16}{time.perf_counter() - start:>7.2f} s, of the processor {busy:.2f} s")
    said = Counter(line.split()[0] for line in ran.stdout.splitlines())
    named = Counter(line.split()[1] for line in ran.stdout.splitlines() if line.split()[1] != "-")
    print(f"{sum(said.values())} equations: {', '.join(f'{count} {kind}' for kind, count in said.most_common())}")
    print(f"slips: {', '.join(f'{count} {mistake}' for mistake, count in named.most_common())}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
