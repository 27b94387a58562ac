"""``python -P -m backproof.core proofs.json``: make a file's theorems anew, with the core alone, and print them."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from .index import FAULTS, Refused, require
from .kernel import Theorem
from .replay import load
from .text import lines, text


FORM = "backproof.proofs/1"


def main(*files: str) -> int:
    """0 if all theorems are made again; 1 if one is not, or is no theorem; 2 if there is no such file."""
    if len(files) != 1:
        print("usage: python -P -m backproof.core proofs.json", file=sys.stderr)
        return 2
    [file] = files
    try:
        given = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or "it is no JSON: `backproof prove --format proof` writes such files"
        print(f"{file} cannot be read: {why}", file=sys.stderr)
        return 2
    try:
        formed = type(given) is dict and given.get("schema") == FORM and type(given.get("entries")) is list
        require(formed and type(given.get("theorems")) is dict and given["theorems"], "verify", "it is no {}", FORM)
        made, numbers = load(given["entries"]), dict[Any, int]()
        for name, place in sorted(given["theorems"].items(), key=lambda item: str(item[1])):
            proved = type(place) is int and 0 <= place < len(made) and type(made[place]) is Theorem
            require(proved and re.fullmatch(r"\w[\w.-]*", name), "verify", "{!r} is no name of a theorem", name)
            net = made[place].net
            if net not in numbers:
                numbers[net] = len(numbers) + 1
                print(f"network {numbers[net]}", *lines(net), sep="\n  ")
            print(f"{name} (network {numbers[net]}): {text(made[place])}")
    except (Refused, *FAULTS) as error:
        print(f"{file} proves nothing: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
