"""Claims judged in processes of their own, several at a time, each within a limit of time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final

from . import worker

START: Final = 60  # seconds that a process may take to begin
PATIENCE: Final = 6  # times as long as it may compute for a claim: other programs compute, too


@dataclass(frozen=True)
class Work:
    """A document for the judges: what it says in front, its formulas, and the words before each of them."""

    front: Mapping[str, Any]
    formulas: tuple[str, ...]
    seconds: float  #: of computing, for each of them
    words: tuple[str, ...] = ()
    inline: tuple[int, ...] = ()  #: which formulas stand within lines
    sums: bool = False  #: whether the document says that something sums to 1

    def line(self) -> bytes:
        """For the process that judges."""
        return json.dumps({**vars(self), "front": dict(self.front)}).encode() + b"\n"


class Worker:
    """A process that judges formulas of one document."""

    def __init__(self, work: Work) -> None:
        path = os.pathsep.join(place or os.getcwd() for place in sys.path)  # noqa: PTH109 - it finds the same modules
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter
            [sys.executable, "-P", "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._reading = ThreadPoolExecutor(1)
        self._message, self._seconds = work.line(), work.seconds

    def judge(self, place: int) -> list[dict[str, Any]] | str:
        """The verdicts on a formula, or why there are none; then this process has ended."""
        answer = self._reading.submit(self._asked, place)
        try:
            found = answer.result(PATIENCE * self._seconds + START * bool(self._message))
        except (TooLong, OSError, ValueError) as why:
            self.end()
            late = isinstance(why, TooLong) or -self._process.returncode == worker.LATE
            return f"took longer than {self._seconds:g} s" if late else "the process that judged it ended"
        return found.get("failed") or found["verdicts"]  # type: ignore[no-any-return]

    def _asked(self, place: int) -> Any:
        pipe: Any = self._process.stdin
        pipe.write(self._message + f"{place}\n".encode())
        pipe.flush()
        self._message = b""
        return json.loads(self._process.stdout.readline())  # type: ignore[union-attr]

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        """Let the process end now: who waits for its answer gets none."""
        self._process.kill()

    def end(self) -> None:
        """End the process, if it has not ended, and all that belongs to it."""
        self.kill()
        self._process.wait()
        self._reading.shutdown()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not written will not be
                pipe.close()  # type: ignore[union-attr]


Rows = list[dict[str, Any]] | str


def judged(work: Work, places: list[int], jobs: int, done: Callable[[int], None]) -> Iterator[Rows]:
    """What is said of the formulas at ``places``, in this order; ``done`` is called with how many there are so far."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for order in range(len(places)):
        waiting.put(order)
    results: list[Future[Rows]] = [Future() for _ in places]
    count = max(1, min(jobs, len(places)))
    threads, stopped, workers = ThreadPoolExecutor(count), list[bool](), list[Worker]()
    try:
        for _ in range(count):
            threads.submit(_serve, work, places, waiting, results, stopped, workers)
        for ready, result in enumerate(results, start=1):
            yield result.result()
            done(ready)
    finally:
        stopped.append(True)
        for process in workers:
            process.kill()
        threads.shutdown()


def _serve(
    work: Work, places: list[int], waiting: SimpleQueue[int], results: list[Future[Rows]],
    stopped: list[bool], workers: list[Worker],
) -> None:  # fmt: skip
    """Judge what is waiting, in a process; in a new one where that one had to be ended."""
    process: Worker | None = None
    try:
        while not stopped:
            order = waiting.get_nowait()
            try:
                if process is None or process.ended:
                    process = Worker(work)
                    workers.append(process)
                results[order].set_result(process.judge(places[order]))
            except Exception as error:  # noqa: BLE001 - it shows where the result is asked for
                results[order].set_exception(error)
    except Empty:
        return
    finally:
        if process is not None:
            process.end()


__all__ = ["Work", "judged"]
