"""A process that has all loaded and proved that checks of programs need, and forks one of its own for each program.

It reads lines of JSON from standard input, each with a number, and answers each with a line that has that number: what
the forked process wrote, and how it ended. Networks that a program needed are proved here as well once there is
nothing else to do, so that the next one finds them.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Final

from . import running
from .worker import run

IDLE: Final = 0.01  # seconds between looks at what has ended
LARGEST: Final = 2**20  # bytes that are read at once, and of the end of what a program writes that are passed on


@dataclass(frozen=True)
class Forked:
    """A process with a program under check: its number, what it writes, and when it is ended."""

    number: int
    out: IO[bytes]
    err: IO[bytes]
    until: float


class Server:
    """What runs, and the networks that are still to be proved."""

    def __init__(self) -> None:
        self.forked: dict[int, Forked] = {}
        self.wanted: list[running.Kind] = []

    def serve(self) -> None:
        """Until standard input ends."""
        for line in self._lines():
            self._start(json.loads(line))
        for pid in self.forked:
            os.kill(pid, signal.SIGKILL)

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        while True:
            self._ended()
            wait = IDLE if self.forked else 0 if self.wanted else None
            if not select.select([0], [], [], wait)[0]:
                self._prove()
                continue
            found = os.read(0, LARGEST)
            if not found:
                return
            *lines, rest = (rest + found).split(b"\n")
            yield from lines

    def _start(self, asked: dict[str, Any]) -> None:
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed where it has ended
        pid = os.fork()
        if pid == 0:
            _become(asked["says"], out, err)
        self.forked[pid] = Forked(asked["number"], out, err, time.monotonic() + asked["wait"])

    def _ended(self) -> None:
        """Answer for those that have ended, and end those that take too long."""
        for pid, one in list(self.forked.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            over = not done and time.monotonic() > one.until
            if over:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if done or over:
                del self.forked[pid]
                self._answer(one, os.waitstatus_to_exitcode(status), over=over)

    def _answer(self, one: Forked, code: int, *, over: bool) -> None:
        texts = []
        for file in (one.out, one.err):
            file.seek(max(0, file.seek(0, os.SEEK_END) - LARGEST))
            texts.append(file.read().decode(errors="replace"))
            file.close()
        said = {"number": one.number, "out": texts[0], "err": texts[1], "code": code, "over": over}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        self.wanted += [kind for kind in _proved(texts[0]) if kind not in running.PROVED]

    def _prove(self) -> None:
        """One of the networks that programs have needed."""
        if self.wanted:
            with suppress(Exception):  # whoever needs it will say what is wrong with it
                running.program(*self.wanted.pop(0))
            gc.freeze()


def _proved(out: str) -> list[running.Kind]:
    """What a process says that it had to prove; whoever it is, only names of the tables count."""
    try:
        found = json.loads(out.splitlines()[-1])["proved"]
        return [kind for sizes, *names in found if running.is_kind(kind := (tuple(sizes), *names))]
    except (ValueError, LookupError, TypeError):
        return []


def _become(says: dict[str, Any], out: IO[bytes], err: IO[bytes]) -> None:
    """The process of a program: it ends in ``run``."""
    try:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        run(says)
    finally:
        os._exit(1)


def main() -> None:
    """Load what is needed, and serve."""
    from . import flow  # noqa: F401 - for those that are forked

    gc.collect()
    gc.freeze()
    Server().serve()
    os._exit(0)


if __name__ == "__main__":
    main()


__all__ = ["main"]
