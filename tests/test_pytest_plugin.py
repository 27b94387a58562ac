"""The fixture that pytest finds where backproof is installed."""

import os
import subprocess
import sys
from importlib import metadata

import pytest

from .checks.code.test_examining import RIGHT as NET

TEST = """
import net


def test_the_class(assert_gradient):
    assert assert_gradient(net.Net, cost="quadratic").ok


def test_the_file(assert_gradient):
    assert_gradient("net.py:Net")
"""


def run_in(folder, net):
    """What pytest says of a test file beside a program; it is run from another folder."""
    (folder / "net.py").write_text(net, encoding="utf-8")
    (folder / "test_net.py").write_text(TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-rN", str(folder)]
    bare = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd="/", env=bare)


def test_pytest_finds_it():
    names = {point.value for point in metadata.entry_points(group="pytest11")}
    assert "backproof.pytest_plugin" in names


def test_a_right_program_passes(tmp_path):
    result = run_in(tmp_path, NET)
    assert result.returncode == 0, result.stdout
    assert "2 passed" in result.stdout


def test_a_wrong_one_fails_with_the_report_and_no_traceback(tmp_path):
    result = run_in(tmp_path, NET.replace("* a[l] * (1 - a[l])\n        return", "\n        return"))
    assert result.returncode == pytest.ExitCode.TESTS_FAILED
    assert result.stdout.count("net.py:21: σ'(z^2) is left out") == 2
    assert "Traceback" not in result.stdout
    assert "pytest_plugin.py" not in result.stdout
