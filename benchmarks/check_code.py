"""How long it takes to check backward passes in programs, and what a gradient check by central differences takes.

    python benchmarks/check_code.py [COUNT]

A small net and 784-30-10, in a process that is started for it; and COUNT submissions (by default 200: programs of the
tests as they are, with the corpus where it is there, and with one slip each), with two workers. Beside the wall clock
stands the time of the processor: on a busy machine that is what counts. Central differences are of the same nets: two
costs for each parameter, by the network's own feedforward, in one process that has NumPy alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
TESTS = ROOT / "tests" / "checks" / "code"
CORPUS = ROOT.parent / "shared" / "corpus" / "code"
COUNT, WORKERS = 200, 2
FIXED = ("def __init__(self, sizes):", "def __init__(self):\n        sizes = [784, 30, 10]")
CALLED = "\n\nnet = Network([784, 30, 10])\n"
DIFFERENCES = """
import runpy, sys
import numpy as np

sizes = [int(size) for size in sys.argv[2].split("-")]
np.random.seed(0)
net = runpy.run_path(sys.argv[1])["Network"](sizes)
x, y, h = np.random.rand(sizes[0], 1), np.random.rand(sizes[-1], 1), 1e-5
cost = lambda: float(((net.feedforward(x) - y) ** 2).sum() / 2)
worst = 0.0
for own, arrays in zip(net.backprop(x, y), (net.biases, net.weights)):
    for found, array in zip(own, arrays):
        for at in np.ndindex(array.shape):
            before = array[at]
            array[at] = before + h
            above = cost()
            array[at] = before - h
            slope = (above - cost()) / (2 * h)
            array[at] = before
            worst = max(worst, abs(slope - found[at]) / (abs(slope) + abs(found[at]) + 1e-12))
print(f"{sum(e.size for e in (*net.biases, *net.weights))} parameters, relative error at most {worst:.0e}")
"""


def timed(what: str, run: Callable[[], str]) -> None:
    """Print what it says, with the wall clock and the time of the processor, of all processes that it starts."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = run()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:<34}{wall:>7.2f} s, of the processor {busy:>6.2f} s: {said}")


def checked(*files: Path) -> str:
    """What ``backproof check`` says of files, in counts."""
    command = [sys.executable, "-m", "backproof", "check", "--json", "--jobs", str(WORKERS), *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [json.loads(ran.stdout)] if len(files) == 1 else [json.loads(line) for line in ran.stdout.splitlines()]
    kinds = Counter(f"{one['overall']} ({one['grade'] or 'not run'})" for one in said)
    return f"{len(said)} programs: {', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}"


def differences(file: Path, sizes: str) -> str:
    """What central differences say of one example."""
    command = [sys.executable, "-c", DIFFERENCES, str(file), sizes]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def submissions() -> Iterator[str]:
    """Texts of programs: half of them as people write them, half of them with a slip."""
    from tests.checks.code.families import wrong

    own = [p.read_text(encoding="utf-8") for place in (CORPUS, TESTS / "programs") for p in sorted(place.glob("*.py"))]
    slipped = [one.family.text(one.slip, one.layer) for one in wrong()]
    step = 7  # so that all families, layers and slips come early
    for place in range(len(slipped)):
        yield own[place % len(own)]
        yield slipped[place * step % len(slipped)]


def main(count: int = COUNT) -> None:
    """Print the times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        digits = (TESTS / "seeds" / "digits.py").read_text(encoding="utf-8")
        texts = {"small": digits, "fixed": digits.replace(*FIXED), "called": digits + CALLED}
        files = {key: folder / f"{key}.py" for key in texts}
        for key, text in texts.items():
            files[key].write_text(text, encoding="utf-8")
        timed("a small net", lambda: checked(files["small"]))
        timed("784-30-10, its own sizes", lambda: checked(files["fixed"]))
        timed("784-30-10, called with them", lambda: checked(files["called"]))
        timed("central differences, 4-9-6-3", lambda: differences(files["small"], "4-9-6-3"))
        timed("central differences, 784-30-10", lambda: differences(files["small"], "784-30-10"))
        many = [folder / f"submission{place}.py" for place, _ in zip(range(count), submissions(), strict=False)]
        for file, text in zip(many, submissions(), strict=False):
            file.write_text(text, encoding="utf-8")
        timed(f"{count} submissions, {WORKERS} workers", lambda: checked(*many))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
