"""``python -m backproof.core proofs.json``: make the theorems of a file anew, with the core alone, and print them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .index import FAULTS, Refused, require
from .kernel import Theorem
from .replay import load
from .text import text


def main(file: str) -> int:
    """0 if all theorems are made again; 1 if one is not, or is no theorem; 2 if there is no such file."""
    try:
        given = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        print(f"{file} cannot be read: {error}", file=sys.stderr)
        return 2
    try:
        require(type(given) is dict and type(given.get("entries")) is list, "load", "this is no file of proofs")
        made = load(given["entries"])
        for name, place in sorted(given.get("theorems", {}).items(), key=lambda item: str(item[1])):
            proved = type(place) is int and 0 <= place < len(made) and type(made[place]) is Theorem
            require(proved and name.isprintable() and not {*" :"} & {*name}, "load", "{!r} is no theorem", name)
            print(f"{name}: {text(made[place])}")
    except (Refused, *FAULTS) as error:
        print(f"{file} proves nothing: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
