"""A process that checks one program, within limits of time and memory: see ``examining``.

It reads a line of JSON from standard input, and answers with one on standard output; what the program prints is lost.
These are limits against accidents. They are no sandbox: a program under check may do whatever its user may.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from contextlib import suppress
from typing import Any, Final

MEMORY: Final = 6 * 2**30  # bytes that it may take


def main() -> None:
    """Check what standard input names."""
    says = json.loads(sys.stdin.buffer.readline())
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.environ.setdefault("MPLBACKEND", "Agg")  # no windows
    _limit()
    faulthandler.dump_traceback_later(says["seconds"], exit=True, file=sys.stderr)
    answer = _answer(says)
    faulthandler.cancel_dump_traceback_later()
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()
    os._exit(0)  # threads and exit handlers of the program are none of ours


def _answer(says: dict[str, Any]) -> dict[str, Any]:
    from .flow import check
    from .said import Said

    try:
        said = Said(**says["said"])
        return check(says["target"], said, says.get("adapter")).to_json(says["shown"])
    except MemoryError:
        return {"failed": f"it takes more than {MEMORY // 2**30} GB of memory"}


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # no such limits on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()


__all__ = ["main"]
