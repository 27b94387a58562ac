import json

from backproof.networks import dense
from backproof.oracle import brute_force, exact
from backproof.oracle.asked import exactly, exactly_where_all_exists
from backproof.oracle.evidence import answers, gather, unjudged
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import C, D, a, b, delta, j, l

HERE = where_all_exists(b[l, j])


def test_what_is_said_of_a_true_statement():
    found = gather(dense(), D(C, b[l, j]), delta[l, j], HERE)
    exactly_, brutely, numeric = (item.as_dict() for item in found)
    assert exactly_ == {"kind": "exact", "holds": True, "models": 23, "error_bound_log2": -120}
    assert brutely == {"kind": "bruteforce", "holds": True, "networks": ["2,3,2", "2,1,3,2"], "partials": 11}
    assert (numeric["kind"], numeric["holds"]) == ("numeric", True)
    assert numeric["max_relative_error"] < 1e-13


def test_what_is_said_of_a_false_one():
    found = gather(dense(), D(C, b[l, j]), -delta[l, j], HERE)
    assert [item.holds for item in found] == [False, False, False]
    counterexample = found[0].as_dict()["counterexample"]
    assert counterexample["indices"] == {"l": 2, "j": 1}
    assert int(counterexample["lhs"]) == -int(counterexample["rhs"]) != 0
    json.dumps([item.as_dict() for item in found], allow_nan=False)


def test_a_judge_that_cannot_say_is_left_out():
    second = dense(), D(D(C, b[l, j]), b[l, j]), delta[l, j]
    assert gather(*second) == ()
    assert unjudged(answers(*second)) == "a second derivative"
    assert unjudged(answers(dense(), delta[l, j], delta[l, j])) == ""


def break_down(*_):
    raise ZeroDivisionError("of this\njudge")


BROKEN = "the judge broke down, which is a bug of backproof: ZeroDivisionError: of this judge"


def test_a_judge_that_breaks_down_cannot_say_and_does_not_hold(monkeypatch):
    monkeypatch.setattr(brute_force, "judge", break_down)
    first, broken, last = gather(dense(), D(C, b[l, j]), delta[l, j], HERE)
    assert (first.holds, broken.holds, last.holds) == (True, None, True)
    assert (broken.answer.kind, broken.answer.reason) == ("unsupported", BROKEN)
    assert broken.as_dict() == {"kind": "unjudged", "holds": False, "reason": f"bruteforce: {BROKEN}"}


def test_also_where_a_wrong_line_is_answered(monkeypatch):
    monkeypatch.setattr(exact, "judge", break_down)
    assert exactly(dense(), delta[l, j], delta[l, j]).reason == BROKEN
    assert exactly_where_all_exists(dense(), delta[l, j], delta[l, j]).reason == BROKEN


def test_what_is_malformed_says_why():
    [found, *_] = gather(dense(), delta[l], a[l - 1])
    reason = "delta[l] has n(l) entries, a[l - 1] has n(l - 1) entries"
    assert (found.as_dict()["holds"], found.as_dict()["reason"]) == (False, reason)


def test_the_same_on_every_run():
    assert gather(dense(), D(C, b[l, j]), -delta[l, j], HERE) == gather(dense(), D(C, b[l, j]), -delta[l, j], HERE)
