import os
import subprocess
import sys
from operator import truediv
from time import sleep

import pytest

from backproof import beside
from backproof.beside import Beside, Here
from backproof.networks import dense
from backproof.oracle import asked
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import C, D, L, a, b, delta, j, k, l, w, y

STATEMENTS = [
    (D(C, b[l, j]), delta[l, j]),
    (D(C, b[l, j]), -delta[l, j]),
    (delta[l], a[l - 1]),
    (D(C, w[l, j, k]), a[l - 1, k] * delta[l, j]),
    (D(D(C, b[l, j]), b[l, j]), delta[l, j]),
    (delta[L, j], a[L, j] - y[j]),
]


def test_the_judges_say_the_same_in_another_process():
    statements = [(dense(), lhs, rhs, where_all_exists(b[l, j])) for lhs, rhs in STATEMENTS]
    with Beside("backproof.oracle.evidence") as calls:
        there = [calls.call(asked.told, *statement) for statement in statements]
        assert all(call.sent is not None for call in there)
        assert all(
            call.sent.result() == asked.told(*statement) for call, statement in zip(there, statements, strict=True)
        )


def test_calls_are_made_there_in_their_order():
    with Beside("operator") as calls:
        pids = [calls.call(os.getpid) for _ in range(3)]
        assert {call.result for call in pids} == {calls._process.pid} != {os.getpid()}
        assert [calls.call(pow, 2, n).result for n in range(5)] == [1, 2, 4, 8, 16]


def test_what_has_not_been_sent_is_called_here():
    with Beside("operator") as calls:
        there = calls._process.pid
        made = [calls.call(sleep, 1), *(calls.call(os.getpid) for _ in range(20)), calls.call(truediv, 1, 0)]
        calls.share()
        pids = [call.result for call in made[1:-1]]
        sent = pids.index(os.getpid())  # the last ones are called here, once the threads have sent the first
        assert pids == [there] * sent + [os.getpid()] * (20 - sent)
        with pytest.raises(ZeroDivisionError):
            _ = made[-1].result


def test_of_few_calls_none_is_called_here():
    with Beside("operator") as calls:
        made = [calls.call(sleep, 0.5), *(calls.call(os.getpid) for _ in range(6))]
        calls.share()
        assert {call.result for call in made[1:]} == {calls._process.pid}


def test_what_raises_there_raises_here():
    with Beside("operator") as calls:
        failing, after = calls.call(truediv, 1, 0), calls.call(truediv, 1, 2)
        with pytest.raises(ZeroDivisionError):
            _ = failing.result
        assert after.result == 0.5


def test_what_cannot_be_sent_is_called_here():
    with Beside("operator") as calls:
        assert calls.call(pow, 2, 3).result == 8
        assert calls.call(lambda: (os.getpid(), 1)).result == (os.getpid(), 1)
        assert calls.call(pow, 2, 4).result == 16


def test_without_the_process_it_is_called_here():
    with Beside("operator") as calls:
        calls._process.kill()
        calls._process.wait()
        assert [calls.call(os.getpid).result for _ in range(3)] == [os.getpid()] * 3


def test_a_process_that_does_not_start_is_none(monkeypatch):
    monkeypatch.setattr(beside, "_processors", lambda: 2)
    for executable in (None, "", "/nowhere/python"):
        monkeypatch.setattr(sys, "executable", executable)
        assert isinstance(beside.beside("operator"), Here)


def test_a_module_that_is_not_there_is_no_matter():
    with Beside("there.is.none") as calls:
        assert calls.call(os.getpid).result == os.getpid()


def test_with_one_processor_there_is_no_second_process(monkeypatch):
    monkeypatch.setattr(beside, "_processors", lambda: 1)
    assert isinstance(beside.beside("operator"), Here)


def test_nothing_is_left_behind():
    with Beside("operator") as calls:
        process = calls._process
        calls.call(os.getpid)
    assert process.returncode is not None
    assert process.stdin.closed
    assert process.stdout.closed
    with Beside("operator") as calls, pytest.raises(RuntimeError, match="in the middle"):
        _broken(calls)
    assert calls._process.returncode is not None


def _broken(calls):
    calls.call(os.getpid)
    raise RuntimeError("in the middle")


def test_it_ends_when_this_process_does():
    """Also where it is killed, and cannot end it."""
    code = (
        "import os, signal\nfrom backproof.beside import Beside\ncalls = Beside('operator')\n"
        "print(calls.call(os.getpid).result, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert not _runs_on(int(done.stdout))


COPIED = """
import os
from operator import truediv
from backproof.beside import Beside, Copy, beside

here = [1]
with beside("operator") as calls:
    assert isinstance(calls._process, Copy)
    assert {calls.call(os.getpid).result for _ in range(3)} == {calls._process.pid} != {os.getpid()}
    failing, after = calls.call(truediv, 1, 0), calls.call(pow, 2, 5)
    assert after.sent.result() == 32
    try:
        failing.result
        raise AssertionError
    except ZeroDivisionError:
        pass
    assert calls.call(os.write, 1, b"not shown").sent.result() == 9
    assert calls.call(lambda: 7).result == 7 and calls.call(pow, 2, 4).result == 16
assert calls._process.returncode == -9 and calls._process.stdin.closed and calls._process.stdout.closed
with Beside("operator") as calls:
    calls._process.kill()
    calls._process.wait()
    assert calls.call(os.getpid).result == os.getpid()
with Beside("there.is.none") as calls:
    assert calls.call(os.getpid).result == os.getpid()
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("nothing is left")
"""


def test_a_process_without_threads_is_copied():
    done = subprocess.run([sys.executable, "-c", COPIED], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("nothing is left\n", "")


def test_a_process_that_may_have_threads_is_not_copied():
    assert "numpy" in sys.modules
    with Beside("operator") as calls:
        assert isinstance(calls._process, subprocess.Popen)


def _runs_on(pid, patience=200):
    for _ in range(patience):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        subprocess.run(["sleep", "0.05"], check=True)
    return True


def test_a_result_is_made_once():
    made = []
    call = Here().call(made.append, 1)
    assert not made
    assert call.result is call.result is None
    assert made == [1]
