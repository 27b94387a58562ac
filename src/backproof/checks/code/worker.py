"""A process that checks one program, within limits of time and memory: see ``examining``.

It reads a line of JSON from standard input, and answers with one on standard output; what the program prints is lost.
These are limits against accidents. They are no sandbox: a program under check may do whatever its user may.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

from ..limits import of_memory

MEMORY: Final = 6 * 2**30  # bytes that it may take
PATIENCE: Final = 5  # times as long as it may compute: other programs compute, too, and some only wait
RARELY: Final = 100_000  # objects from one look for cycles to the next: the process lives for seconds


class TooLongError(BaseException):
    """The time is over; no ``except Exception`` of a program stops it."""


def main() -> None:
    """Check what standard input names."""
    run(json.loads(sys.stdin.buffer.readline()))


def run(says: dict[str, Any]) -> None:
    """Check a program, and end this process."""
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.environ.setdefault("MPLBACKEND", "Agg")  # no windows
    of_memory(MEMORY)
    gc.set_threshold(RARELY)
    faulthandler.dump_traceback_later(PATIENCE * says["seconds"], exit=True, file=sys.stderr)
    answer = _answer(says)
    faulthandler.cancel_dump_traceback_later()
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()
    os._exit(0)  # threads and exit handlers of the program are none of ours


def _answer(says: dict[str, Any]) -> dict[str, Any]:
    from .answer import Answer
    from .flow import check
    from .raising import line_of
    from .running import PROVED
    from .said import Said

    known, timed = set(PROVED), hasattr(signal, "setitimer")
    if timed:
        signal.signal(signal.SIGPROF, _over)
        signal.setitimer(signal.ITIMER_PROF, says["seconds"])
    try:
        if says["network"]:
            from .layers.asked import asked

            return asked(says["shown"], says["network"], says["seconds"])
        answer = check(says["target"], Said(**says["said"]), says.get("adapter"))
    except MemoryError:
        answer = Answer("unknown", reason=f"it takes more than {MEMORY // 2**30} GB of memory")
    except TooLongError as error:
        line = line_of(error, str(Path(says["target"]).resolve()))
        where = f"it did not end within {says['seconds']:g} s of computing, at line {line}"
        why = f"what is wrong was not explained within {says['seconds']:g} s of computing"
        answer = Answer("raises", reason=where) if line else Answer("unknown", reason=why)
    if timed:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return answer.to_json(says["shown"]) | {"proved": [kind for kind in PROVED if kind not in known]}


def _over(*_: Any) -> None:
    raise TooLongError


if __name__ == "__main__":
    main()


__all__ = ["main"]
