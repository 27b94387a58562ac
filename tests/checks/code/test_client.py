"""Many programs, each in a process forked from one: what one of them does is not seen by the next."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import backproof
from backproof.checks.code import running, server
from backproof.checks.code.client import forking
from backproof.examining import examine

from .test_examining import ENDLESS, RIGHT, WRONG, written

ENDS = RIGHT.replace("        a = [x]", "        import os\n        os._exit(3)")
SPOILS = "import builtins\nbuiltins.spoiled = True\n" + RIGHT
LOOKS = "import builtins\nassert not hasattr(builtins, 'spoiled')\n" + RIGHT
KILLS = (
    """
import os

if "code.server" in open(f"/proc/{os.getppid()}/cmdline").read():
    os.kill(os.getppid(), 9)
"""
    + RIGHT
)


def test_each_has_a_process_of_its_own_and_the_answers_are_those_of_single_checks(tmp_path):
    texts = {"right": RIGHT, "wrong": WRONG, "ends": ENDS, "spoils": SPOILS, "looks": LOOKS, "again": RIGHT}
    targets = [written(tmp_path, text, f"{name}.py") for name, text in texts.items()]
    reports = backproof.check_many(targets)
    assert [report.overall for report in reports] == ["ok", "wrong", "raises", "ok", "ok", "ok"]
    assert [report.target for report in reports] == targets
    assert reports[2].says["reason"] == "the process that ran it ended: exit code 3"
    assert reports[1].says == examine(targets[1]).says


def test_one_that_does_not_end_holds_up_no_other(tmp_path):
    targets = [written(tmp_path, text, f"{name}.py") for name, text in (("endless", ENDLESS), ("right", RIGHT))]
    with forking() as run, ThreadPoolExecutor(2) as threads:
        limits = (4, 120)
        endless, right = threads.map(lambda target, most: examine(target, seconds=most, run=run), targets, limits)
    assert (endless.overall, right.overall) == ("raises", "ok")
    assert "it did not end within 4 s" in endless.says["reason"]


def test_where_what_forks_is_killed_each_gets_a_process_that_is_started_for_it(tmp_path):
    targets = [written(tmp_path, text, f"{name}.py") for name, text in (("kills", KILLS), ("right", RIGHT))]
    with forking() as run:
        first, second = (examine(target, run=run) for target in targets)
    assert (first.overall, second.overall) == ("ok", "ok")


def test_what_a_program_needed_is_proved_once_more_where_it_may_be_asked_for():
    kind = ((4, 6, 3), "sigmoid", "sigmoid", "quadratic")
    told = json.dumps({"proved": [kind]})
    assert server._proved(told) == [kind]
    assert running.is_kind(kind)


def test_whatever_else_it_says_is_nothing_to_prove():
    for told in (
        "", "no json", "[]", "{}", json.dumps({"proved": [[[4, 6], "sigmoid", "quadratic"]]}),
        json.dumps({"proved": [[[10**6] * 50, "sigmoid", "sigmoid", "quadratic"]]}),
        json.dumps({"proved": [[[4, 6, 3], "__import__", "sigmoid", "quadratic"]]}),
        json.dumps({"proved": [[["4", 6, 3], "sigmoid", "sigmoid", "quadratic"]]}),
    ):  # fmt: skip
        assert server._proved(told) == []
