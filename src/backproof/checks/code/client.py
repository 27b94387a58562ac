"""Processes that check programs: one for each, started anew, or forked from one that has all loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, Any, Final

from .worker import PATIENCE

LIMITS: Final = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu",
}  # fmt: skip
GRACE: Final = 60  # seconds of waiting, above the patience with what computes


@dataclass(frozen=True)
class Ended:
    """What a process wrote, and how it ended: its exit code, and whether it was ended since it took too long."""

    out: str
    err: str
    code: int
    over: bool = False


Run = Callable[[Mapping[str, Any]], Ended]


def anew(asked: Mapping[str, Any]) -> Ended:
    """In a process that is started for it."""
    command, most = _command("worker"), _most(asked)
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=json.dumps(asked).encode() + b"\n", capture_output=True, check=False, timeout=most,
            env=_environment(),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ended("", "", -1, over=True)
    return Ended(done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode)


def _command(name: str) -> list[str]:
    return [sys.executable, "-P", "-m", f"{__package__}.{name}"]


def _most(asked: Mapping[str, Any]) -> float:
    return float(2 * PATIENCE * asked["seconds"] + GRACE)


def _environment() -> dict[str, str]:
    path = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
    return {**os.environ, **LIMITS, "PYTHONPATH": path}


@contextmanager
def forking() -> Iterator[Run]:
    """In processes that are forked from one, from any number of threads; where there is no such thing, anew."""
    if not hasattr(os, "fork"):
        yield anew
        return
    process = subprocess.Popen(  # noqa: S603 - ourselves
        _command("server"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=_environment(),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield _Client(process.stdin, process.stdout).run
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


class _Client:
    def __init__(self, asks: IO[bytes], answers: IO[bytes]) -> None:
        self._asks, self._answers, self._lock, self._numbers = asks, answers, Lock(), count()
        self._waiting: dict[int, SimpleQueue[Ended | None]] = {}
        self._open = True
        Thread(target=self._read, daemon=True).start()

    def run(self, asked: Mapping[str, Any]) -> Ended:
        """Of one program; where the server is no more, in a process of its own."""
        answer: SimpleQueue[Ended | None] = SimpleQueue()
        with self._lock:
            if self._open:
                number = next(self._numbers)
                self._waiting[number] = answer
                self._send({"number": number, "says": dict(asked), "wait": _most(asked)})
            else:
                answer.put(None)
        found = answer.get()
        return anew(asked) if found is None else found

    def _send(self, asked: Mapping[str, Any]) -> None:
        try:
            self._asks.write(json.dumps(asked).encode() + b"\n")
            self._asks.flush()
        except OSError:  # it has ended: the thread that reads says so to all that wait
            pass

    def _read(self) -> None:
        for line in self._answers:
            found = json.loads(line)
            with self._lock:
                waiting = self._waiting.pop(found.pop("number"))
            waiting.put(Ended(**found))
        with self._lock:
            self._open = False
            for waiting in self._waiting.values():
                waiting.put(None)


__all__ = ["Ended", "Run", "anew", "forking"]
