"""Somebody's function, called in a process of its own with limits of time and memory. That is no sandbox.

The process begins as a copy of this one, so what it does to its memory, its modules and itself is of no consequence
here; files and the network are as open to it as to this one.
"""

from __future__ import annotations

import faulthandler
import json
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from ....errors import CannotRun
from ...limits import of_memory

MEMORY: Final = 4 * 2**30  # bytes that it may take
SECONDS: Final = 60.0  # that it may compute
CHUNK: Final = 1 << 16


def called(function: Callable[[], Any], seconds: float = SECONDS) -> dict[str, Any]:
    """What ``function`` returns, which is plain data, as {"returned": ...}; or {"failed": why}."""
    if not hasattr(os, "fork"):
        raise CannotRun("code is called in a copy of this process, which this system has no means to make")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _answer(function, writing)
    os.close(writing)
    try:
        text = _read(reading, seconds)
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if text is None:
        return {"failed": f"it takes longer than {seconds:g} s"}
    with suppress(ValueError):
        found: dict[str, Any] = json.loads(text)
        return found
    return {"failed": _died(status)}


def directly(function: Callable[[], Any], seconds: float) -> dict[str, Any]:
    """The same in this process, which has threads, and cannot be copied; it is one of its own already."""
    timed = threading.current_thread() is threading.main_thread()
    if timed:
        before = signal.signal(signal.SIGALRM, _over)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return _tried(function)
    except _OverError:
        return {"failed": f"it takes longer than {seconds:g} s"}
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


class _OverError(BaseException):
    """The time is over."""


def _over(*_: Any) -> None:
    raise _OverError


def _tried(function: Callable[[], Any]) -> dict[str, Any]:
    try:
        return {"returned": function()}
    except MemoryError:
        return {"failed": f"it takes more than {MEMORY // 2**30} GB of memory"}
    except _OverError:
        raise
    except BaseException as error:  # noqa: BLE001 - it may raise anything, SystemExit as well
        return {"failed": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}


def _answer(function: Callable[[], Any], writing: int) -> None:
    """In the copy: call, write, end."""
    try:
        of_memory(MEMORY)
        faulthandler.disable()  # that it may crash is expected
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        answer = _tried(function)
        with os.fdopen(writing, "wb") as stream_:
            stream_.write(json.dumps(answer).encode())
    finally:
        os._exit(0)


def _read(reading: int, seconds: float) -> bytes | None:
    """All that is written, None where that takes too long."""
    end, parts = time.monotonic() + seconds, list[bytes]()
    while (left := end - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            return None
        chunk = os.read(reading, CHUNK)
        if not chunk:
            return b"".join(parts)
        parts.append(chunk)
    return None


def _died(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        words = {signal.SIGSEGV: "it reads or writes where it has no memory", signal.SIGABRT: "it aborts"}
        return words.get(signal.Signals(number), f"it is ended by signal {number}")
    return "it ends its process"


__all__ = ["called", "directly"]
