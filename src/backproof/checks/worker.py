"""A process that judges the claims of a document, one after the other, and can be stopped: see ``workers``.

It reads lines of JSON: the document first, then the places of formulas; and answers each with a line of JSON.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from .limits import of_memory

MEMORY: Final = 4 * 2**30  # bytes that it may take
LATE: Final = int(getattr(signal, "SIGPROF", 0))  # what ends it where a claim takes too long


def main() -> None:
    """Judge what standard input names, until there is no more."""
    gc.disable()  # as in the process that this one works for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # that process is interrupted, and ends this one
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr
    of_memory(MEMORY)
    page: Any = None
    seconds = 0.0
    for line in given:
        says = json.loads(line)
        if page is None:
            from .page import Page

            page = Page(says["front"], says["formulas"], says["words"], frozenset(says["inline"]), says["sums"])
            seconds = says["seconds"]
            continue
        with _within(seconds):
            answer = _answer(page, says)
        answers.write(json.dumps(answer).encode() + b"\n")
        with suppress(BrokenPipeError):
            answers.flush()


def _answer(page: Any, place: int) -> dict[str, Any]:
    try:
        return {"verdicts": page.verdicts(place)}
    except MemoryError:
        return {"failed": f"it takes more than {MEMORY // 2**30} GB of memory"}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no verdict on the claim
        said = " ".join(str(error).split())[:200]
        return {"failed": f"judging it broke down, which is a bug of backproof: {type(error).__name__}: {said}"}


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """End this process if it computes for longer, whatever other programs do meanwhile."""
    timed = hasattr(signal, "setitimer")  # the process that this one works for ends it elsewhere, if later
    if timed:
        signal.setitimer(signal.ITIMER_PROF, seconds)
    yield
    if timed:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()


__all__ = ["main"]
