"""What follows from inequalities is the same, be they looked at together or those that share variables alone."""

import random

import pytest

from backproof.core import index as core
from backproof.core.index import index, node, variable
from backproof.derive.apart import contradictory, entails, parts

NAMES = [b for name in "ijkl" for b, _ in variable(name).terms] + [node(core.Size, name, ()) for name in "NM"]
NAMES.append(node(core.Size, "n", (variable("k"),)))


def _forms(rng, count):
    return frozenset(
        index(rng.randint(-3, 3), ((b, rng.choice((-2, -1, 1, 2))) for b in rng.sample(NAMES, rng.randint(0, 2))))
        for _ in range(count)
    )


@pytest.mark.parametrize("seed", range(300))
def test_the_same_follows(seed):
    rng = random.Random(seed)
    known, [d] = _forms(rng, rng.randint(0, 6)), _forms(rng, 1)
    assert contradictory(known) == core.contradictory(known)
    assert entails(known, d) == core.entails(known, d)


def test_both_answers_come_up():
    drawn = [(_forms(rng, 4), *_forms(rng, 1)) for rng in map(random.Random, range(99))]
    assert {contradictory(known) for known, _ in drawn} == {True, False}
    assert {entails(known, d) for known, d in drawn if not contradictory(known)} == {True, False}


def test_forms_are_together_that_share_variables():
    i, j, k, size = variable("i"), variable("j"), variable("k"), core.size("N")
    one, other = core.minus(i, j), core.minus(size, j)
    assert set(parts(frozenset([one, other, k]))) == {frozenset([one, other]), frozenset([k])}
    assert parts(frozenset()) == ()
