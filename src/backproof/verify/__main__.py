"""``python -P -m backproof.verify proofs.json``: make a file's theorems anew, with the core alone, and print them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core.index import FAULTS, require
from ..core.kernel import Theorem
from ..core.network import Network, head
from .replay import load
from .text import Refused, text

FORM, LABEL = "backproof.proofs/1", re.compile(r"\w[\w.-]*", re.ASCII)
USAGE = "usage: python -P -m backproof.verify FILE, where FILE is JSON that `backproof prove --format proof` wrote"


def main(*files: str) -> int | str:
    """0 if all theorems are made again; words if one is not, or is no theorem; 2 if there is no such file."""
    try:
        [file] = files
        given = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or USAGE
        print(f"{' '.join(files) or 'no file'} cannot be read: {reason}", file=sys.stderr)
        return 2
    try:
        require(type(given) is dict and given.get("schema") == FORM, "verify", "it is no {}", FORM)
        tell(load(given["entries"]), given["theorems"])
        sys.stdout.flush()
    except (Refused, OSError, *FAULTS) as error:
        return f"{file} proves nothing: {error}"
    return 0


def tell(made: list[Any], theorems: dict[str, int]) -> None:
    """Print each theorem of the file, and the networks that they are about."""
    require(theorems, "verify", "no theorems")
    numbers: dict[Any, int] = {}
    for name, place in sorted(theorems.items(), key=lambda item: str(item[1])):
        proved = type(place) is int and 0 <= place < len(made) and type(made[place]) is Theorem
        require(proved and LABEL.fullmatch(name), "verify", "{!r} is no name of a theorem", name)
        net = made[place].net
        if net not in numbers:
            numbers[net] = len(numbers) + 1
            print(f"network {numbers[net]}", *lines(net), sep="\n  ")
        print(f"{name} (network {numbers[net]}): {text(made[place])}")


def lines(net: Network) -> Iterator[str]:
    """A network: its families with their ranges, equations, functions, and known sizes. Heads have indices i0, ..."""
    for f in net.families:
        ends = [f"{text(lo)} <= i{place} <= {text(hi)}" for place, (lo, hi) in enumerate(f.ranges)]
        yield f"{text(head(net, f.name))}: {', '.join([*ends, *f.facts]) or 'a number'}"
    for e in net.equations:
        body = "a function of " + ", ".join(map(text, e.reads)) if e.body is None else text(e.body)
        where = " where " * bool(e.conditions) + ", ".join(f"{text(d)} >= 0" for d in e.conditions)
        yield f"{text(head(net, e.family))} = {body}{where}"
    yield from (f"{g.function}<0>(?[]) = {text(g.body)}" for g in net.functions)
    yield from (f"{text(s)} = {c}" for s, c in net.sizes)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
