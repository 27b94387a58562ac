"""The chain rule: what is printed beside a line is what was done; a family that cuts no paths is refused."""

from __future__ import annotations

from typing import Any

import pytest

from backproof.derive.calc import WrongLine, calc
from backproof.derive.reasons import Reason, both, chain_rule
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.surface.terms import C, D

(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, u, v, y, z = quantities("x u v y z")
f, g = function("f"), function("g")
NET = network(
    "two ways that meet",
    (t, i),
    x[t, i],
    (y[t, i], f(x[t, i])),
    (z[t, i], g(x[t, i])),
    (u[t, i], f(y[t, i]) * z[t, i]),
    (v[t, i], f(u[t, i])),
    (C, any_function(v[t, i])),
)
START = D(C, x[t, j])


def through(q: Any) -> Any:
    return D(C, q) * D(q, x[t, j])


TWO_WAYS = total(through(y[t, i]) + through(z[t, i]), i)
MEETING = total(through(u[t, i]), i)
LONG = total(D(C, v[t, i]) * D(v[t, i], u[t, i]) * D(u[t, i], x[t, j]), i)


@pytest.mark.parametrize(
    ("claim", "reason", "words"),
    [
        (MEETING, chain_rule(through=u[t, i]), "chain rule through u[t, i]"),
        (through(u[t, j]), chain_rule(through=u[t, j]), "chain rule through u[t, j]"),
        (TWO_WAYS, chain_rule(through=(y[t, i], z[t, i])), "chain rule through y[t, i] and z[t, i]"),
        (
            LONG,
            both(chain_rule(through=u[t, i]), chain_rule(through=v[t, i])),
            "chain rule through u[t, i], chain rule through v[t, i]",
        ),
        (
            LONG,
            both(chain_rule(through=v[t, i]), chain_rule(through=u[t, i])),
            "chain rule through v[t, i], chain rule through u[t, i]",
        ),
    ],
)
def test_through_what_cuts_the_paths(claim: Any, reason: Reason, words: str) -> None:
    for before, after in ((START, claim), (claim, START)):
        [line] = calc(NET, before, (after, reason)).lines
        assert "".join(map(str, line.because)) == words


PAST_Y = r"a path leads past y\[t, i\], by z\[t, j\]: name all that cut the paths, as a tuple"


@pytest.mark.parametrize(
    ("before", "claim", "reason", "words"),
    [
        (START, TWO_WAYS, chain_rule(through=y[t, i]), PAST_Y),
        (START, TWO_WAYS, both(chain_rule(through=y[t, i]), chain_rule(through=z[t, i])), PAST_Y),
        (START, MEETING, chain_rule(through=y[t, i]), PAST_Y),
        (START, MEETING, chain_rule(through=v[t, i]), "not equal by algebra"),
        (START, MEETING, chain_rule(through=(u[t, i], y[t, i])), "not equal by algebra"),
        (START, LONG, chain_rule(through=v[t, i]), "not equal by algebra"),
        (
            D(C, u[t, j]),
            D(C, v[t, j]) * f(u[t, j], 1),
            chain_rule(through=z[t, i]),
            r"z\[t, i\] does not stand between",
        ),
        (
            D(C, u[t, j]),
            D(C, u[t, j]),
            chain_rule(through=z[t, i]),
            r"z\[t, i\] does not stand between u\[t, j\] and C",
        ),
        (x[t, j] + x[t, j], 2 * x[t, j], chain_rule(through=u[t, i]), "does not stand between anything in these lines"),
    ],
)
def test_not_through_what_the_line_does_not_go_through(before: Any, claim: Any, reason: Reason, words: str) -> None:
    """Also where the two lines are equal: the words beside them would be wrong."""
    with pytest.raises(WrongLine, match=words):
        calc(NET, before, (claim, reason))


def test_only_the_derivative_that_is_named() -> None:
    before = D(C, u[t, j]) + D(C, x[t, j])
    one = D(C, v[t, j]) * f(u[t, j], 1) + D(C, x[t, j])
    [line] = calc(NET, before, (one, chain_rule(through=v[t, i], of=D(C, u[t, j])))).lines
    assert line.theorem.rhs == one
    with pytest.raises(WrongLine, match="not equal by algebra"):
        calc(NET, before, (one, chain_rule(through=v[t, i], of=D(C, x[t, j]))))


def test_what_it_goes_through_instead() -> None:
    with pytest.raises(WrongLine) as caught:
        calc(NET, START, (2 * TWO_WAYS, chain_rule(through=(y[t, i], z[t, i]))))
    assert caught.value.instead == total(through(y[t, i]), i) + total(through(z[t, i]), i)


def test_several_families_are_a_tuple() -> None:
    with pytest.raises(TypeError, match=r"a tuple: chain_rule\(through=\(u\[t, i\], y\[t, i\]\)\)"):
        chain_rule(u[t, i], y[t, i])
    with pytest.raises(TypeError, match="not through 3"):
        chain_rule(through=(u[t, i], 3))
