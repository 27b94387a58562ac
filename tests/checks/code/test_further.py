"""What more is looked at in a program that is wrong: its assignments, and its forward pass."""

from __future__ import annotations

from backproof.checks.code import words
from backproof.checks.code.asking import tried
from backproof.checks.code.cases import best
from backproof.checks.code.further import explained_further
from backproof.checks.code.said import Said

from .some import NET, subject, written

SAID = Said(hidden="tanh", output="identity", cost="quadratic")


def case(tmp_path, text, said=SAID):
    own = subject(tmp_path, text)
    talk = words.said(own.text)
    return best(tried(own, said, talk), said, talk), talk, str(own.module.__file__)


def test_what_the_functions_assign_is_seen(tmp_path):
    found, talk, file = case(tmp_path, NET.replace(" * (1 - self.h ** 2)", ""))
    assert found.seen == ()
    names = {one.name for one in explained_further(found, talk, file).seen}
    assert {"d1", "d2", "self.h"} <= names


def test_a_slip_of_the_forward_pass_is_taken_where_it_explains_more(tmp_path):
    found, talk, file = case(tmp_path, NET.replace("X @ self.W1 + self.b1)", "X @ self.W1) + self.b1"))
    more = explained_further(found, talk, file)
    assert more.weight < found.weight
    assert (more.explained.defects[0].equation, more.explained.defects[0].layers) == ("forward", (1,))


def test_what_a_slip_of_the_backward_pass_explains_is_left(tmp_path):
    found, talk, file = case(tmp_path, NET.replace(" * (1 - self.h ** 2)", ""))
    more = explained_further(found, talk, file)
    assert (more.explained, [d.equation for d in more.explained.defects]) == (found.explained, ["BP2"])
    assert written(tmp_path) == file
