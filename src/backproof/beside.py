"""Functions that are called in a second process, while this one goes on.

It is a copy of this process, which has imported what it has, or else a new one of this interpreter. The functions are
called in the order in which they are handed over, one after the other, so that what comes out is the same as here.
Those that have not been sent when this process has time for them are called here, the last one first (``share``).
Whatever goes wrong there (no process can be started, it ends, arguments cannot be sent, a function raises) shows here:
the function is called again, in this process, when its result is asked for.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import TracebackType
from typing import Any, BinaryIO, NoReturn, Self


@dataclass(frozen=True, eq=False)
class Later:
    """A call whose result is asked for later on; ``sent``: what the other process makes of it."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    sent: Future[Any] | None = None

    @cached_property
    def result(self) -> Any:
        """What the function returns. Raises what it raises."""
        if self.sent is not None:
            with suppress(Exception):  # whatever it was, it is tried here
                return self.sent.result()
        return self.function(*self.arguments)


AHEAD, FEW = 2, 8  # so many calls are sent at once; so many that are left are not worth the imports that they need here


class Here:
    """No other process: functions are called when their results are asked for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has to be ended."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Later:
        """A call that is made later."""
        return Later(function, arguments)

    def share(self) -> None:
        """There is nobody to share with."""


class Copy:
    """A copy of this process, as it is now, that serves; with the parts of ``Popen`` that are needed."""

    def __init__(self, module: str) -> None:
        (given, told), (asked, results) = os.pipe(), os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        for end in (given, results) if self.pid else (told, asked):  # else neither would see the other one end
            os.close(end)
        if not self.pid:
            _serve_and_exit(module, given, results)
        self.stdin, self.stdout = os.fdopen(told, "wb"), os.fdopen(asked, "rb")

    def kill(self) -> None:
        """End it, if it has not been seen to end."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until it has ended."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _serve_and_exit(module: str, given: int, results: int) -> NoReturn:
    """In the copy: nothing of what this process was about is gone on with."""
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        serve(module, os.fdopen(given, "rb"), os.fdopen(results, "wb"))
    finally:
        os._exit(0)


def _new(module: str) -> subprocess.Popen[bytes]:
    """A new process of this interpreter that serves."""
    path = os.pathsep.join(place or os.getcwd() for place in sys.path)  # noqa: PTH109 - it finds the same modules
    return subprocess.Popen(  # noqa: S603 - this interpreter
        [sys.executable, "-P", "-m", __spec__.name, module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


def copies() -> bool:
    """Whether this process can be copied: threads are not, and libraries such as NumPy may have some."""
    return hasattr(os, "fork") and threading.active_count() == 1 and "numpy" not in sys.modules


class Beside:
    """Another process, which imports ``module`` first. It ends with the block.

    Threads write and read, so that neither process waits for the other one.
    """

    def __init__(self, module: str) -> None:
        self._process = Copy(module) if copies() else _new(module)
        self._writing, self._reading = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._messages: Any = None
        self._calls: list[tuple[Later, Future[None]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for threads in (self._writing, self._reading):
            threads.shutdown(cancel_futures=True)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not written will not be
                pipe.close()  # type: ignore[union-attr]

    def call(self, function: Callable[..., Any], *arguments: Any) -> Later:
        """A call that is made there, as soon as those before it are."""
        try:
            message = self._message((function, arguments))
        except Exception:  # noqa: BLE001 - there are many ways in which something cannot be sent
            return Later(function, arguments)
        before = self._calls[-AHEAD][0].sent if len(self._calls) >= AHEAD else None
        written = self._writing.submit(self._write, message, before)
        self._calls.append((Later(function, arguments, self._reading.submit(self._read)), written))
        return self._calls[-1][0]

    def share(self) -> None:
        """Make calls here that have not been sent, the last one first, until few are left."""
        while sum(not written.running() and not written.done() for _, written in self._calls[-FEW:]) == FEW:
            later, written = self._calls.pop()
            if written.cancel() and later.sent is not None and later.sent.cancel():
                with suppress(Exception):  # it shows where the result is asked for
                    _ = later.result

    def _message(self, of: Any) -> bytes:
        if self._messages is None:
            from .messages import Messages

            self._messages = Messages()
        return self._messages.dumps(of)  # type: ignore[no-any-return]

    def _write(self, message: bytes, before: Future[Any] | None) -> None:
        if before is not None:
            wait([before])
        self._process.stdin.write(message)  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]

    def _read(self) -> Any:
        returned, value = pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 - it is our own
        if not returned:
            raise ChildProcessError(value)
        return value


Calls = Beside | Here


def beside(module: str) -> Calls:
    """Another process, where there is a second processor for it and it can be started."""
    if _processors() > 1:
        with suppress(OSError, TypeError):  # TypeError: where it is not known what runs Python
            return Beside(module)
    return Here()


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def serve(module: str, given: BinaryIO, results: BinaryIO) -> None:
    """Call what ``given`` says, and write what comes out to ``results``, until there is no more."""
    gc.disable()  # as in the process that this one works for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # that process is interrupted, and ends this one
    import_module(module)
    messages = pickle.Unpickler(given)  # noqa: S301 - from the process that started this one
    with suppress(EOFError, BrokenPipeError):
        while True:
            function, arguments = messages.load()
            pickle.dump(_called(function, arguments), results)
            results.flush()


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except Exception as error:  # noqa: BLE001 - it is called again where it can be seen
        return False, repr(error)


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr
    serve(sys.argv[1], sys.stdin.buffer, answers)


__all__ = ["Beside", "Calls", "Here", "Later", "beside"]
