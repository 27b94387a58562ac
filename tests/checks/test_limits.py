"""Limits are those of the process that asks for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

TAKES = "from backproof.checks.limits import of_memory; of_memory({}); x = bytearray(300_000_000); print(len(x))"


@pytest.mark.parametrize(("most", "ends"), [(2**32, True), (2**27, False)])
def test_a_process_takes_no_more_than_it_may(most, ends):
    done = subprocess.run([sys.executable, "-c", TAKES.format(most)], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is ends
    assert ("MemoryError" in done.stderr) is not ends
