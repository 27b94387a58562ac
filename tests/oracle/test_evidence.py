import json

from backproof.networks import dense
from backproof.oracle.evidence import answers, gather, unjudged
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import C, D, a, b, delta, j, l

HERE = where_all_exists(b[l, j])


def test_what_is_said_of_a_true_statement():
    found = gather(dense(), D(C, b[l, j]), delta[l, j], HERE)
    exact, brute_force, numeric = (item.as_dict() for item in found)
    assert exact == {"kind": "exact", "holds": True, "models": 23, "error_bound_log2": -120}
    assert brute_force == {"kind": "bruteforce", "holds": True, "networks": ["2,3,2", "2,1,3,2"], "partials": 11}
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


def test_what_is_malformed_says_why():
    [exact, *_] = gather(dense(), delta[l], a[l - 1])
    reason = "delta[l] has n(l) entries, a[l - 1] has n(l - 1) entries"
    assert (exact.as_dict()["holds"], exact.as_dict()["reason"]) == (False, reason)


def test_the_same_on_every_run():
    assert gather(dense(), D(C, b[l, j]), -delta[l, j], HERE) == gather(dense(), D(C, b[l, j]), -delta[l, j], HERE)
