"""A theorem of an open network holds of a special one, where the special one is one of those it speaks of."""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, Size, bound, index, minus, shift, size, variable
from backproof.core.network import found
from backproof.core.special import is_special

from .evaluate import Model
from .making import K0, ONE, N, at, equation, family, function, network, read, size_of, total

UNIT = ((ONE, N),)
ENDS = (shift(K0, -1), minus(N, K0))


def ranked(name, ranges, level, facts=()):
    return family(name, ranges, (index(level),), facts)


FAMILIES = (
    ranked("x", UNIT, 0),
    ranked("y", UNIT, 1),
    ranked("w", (*UNIT, *UNIT), 0),
    ranked("z", UNIT, 1),
    ranked("C", (), 4),
)
Z = equation("z", (), total(t.product(at("w", bound(1), K0), at("x", K0)), ONE, N))
OPEN = equation("C", (), None, (read(1, ENDS, t.quantity("z", K0)), read(1, ENDS, t.quantity("y", K0))))
GENERAL = network(FAMILIES, (Z, OPEN))
E_FAMILY, H_FAMILY = ranked("e", UNIT, 2), ranked("h", UNIT, 3)
E = equation("e", (), t.power(t.subtract(at("z", K0), at("y", K0)), 2))
COST = equation("C", (), total(at("e", K0), ONE, N))
SPECIAL = network((*FAMILIES, E_FAMILY), (Z, E, COST))

#: |- D(C, x[j]) = the sum over i of D(C, z[i]) w[i, j]
P = k.chain(GENERAL, t.quantity("C"), t.quantity("x", variable("j")))


def specials(*equations, families=FAMILIES, functions=(), sizes=()):
    return network(families, equations, functions, sizes)


def refused(net, p=P, reason="not every such network"):
    with pytest.raises(Refused, match=reason) as refusal:
        k.specialise(p, net)
    assert refusal.value.rule == "specialise"


def body(p):
    return equation("C", (), p)


z, y, over = at("z", K0), at("y", K0), lambda p: total(p, ONE, N)

TWELVE = tuple(ranked(f"e{i}", (), i + 2) for i in range(12))

ACCEPTED = {
    "itself": GENERAL,
    "through an intermediate family": SPECIAL,
    "through two": specials(
        Z,
        E,
        equation("h", (), t.applied("g", 0, at("e", K0))),
        body(over(at("h", K0))),
        families=(*FAMILIES, E_FAMILY, H_FAMILY),
    ),
    "through twelve": specials(
        Z,
        equation("e0", (), over(z)),
        *(equation(f"e{i}", (), at(f"e{i - 1}")) for i in range(1, 12)),
        body(at("e11")),
        families=(*FAMILIES[:-1], *TWELVE, ranked("C", (), 99)),
    ),
    "a body": specials(Z, body(over(t.power(t.subtract(z, y), 2)))),
    "a body that reads less": specials(Z, body(over(z))),
    "a constant": specials(Z, body(t.ONE)),
    "numbers for sizes": specials(Z, OPEN, sizes=((size_of(N), 2),)),
    "a body and numbers": specials(Z, body(over(t.product(z, y))), sizes=((size_of(N), 3),)),
    "constant data": specials(Z, OPEN, equation("y", (), t.value(K0))),
    "constant data, in part": specials(Z, OPEN, equation("y", (minus(ONE, K0),), t.number(5))),
    "more data": specials(Z, body(over(t.product(z, at("v", K0)))), families=(*FAMILIES, ranked("v", UNIT, 0))),
    "what is told of functions": specials(
        Z, body(over(t.applied("s", 0, z))), functions=(function("s", t.power(t.atom(t.quantity("?")), 2)),)
    ),
    "one term": specials(Z, body(t.product(t.bracket(shift(N, -2)), at("z", index(2))))),
    "facts": specials(Z, OPEN, families=(*FAMILIES[:1], ranked("y", UNIT, 0, ("positive",)), *FAMILIES[2:])),
    "what looks back, besides": specials(
        Z,
        OPEN,
        equation("late", (), t.derivative(t.quantity("C"), t.quantity("x", ONE))),
        families=(*FAMILIES, ranked("late", (), 9)),
    ),
}

R_FAMILIES = (ranked("X", (), 0), ranked("R", (), 0), ranked("S", (), 0), ranked("Q", (), 1), ranked("T", (), 2))
Q = equation("Q", (), t.add(at("X"), t.product(at("R"), at("S"))))
GENERAL_T = network(
    R_FAMILIES, (Q, equation("T", (), None, (read(0, (), t.quantity("Q")), read(0, (), t.quantity("R")))))
)
HOLE_9 = network(R_FAMILIES, (Q, equation("T", (), t.derivative(t.quantity("Q"), t.quantity("R")))))

REFUSED = {
    "reads more": specials(Z, body(over(t.product(z, at("x", K0))))),
    "reads more, through an intermediate family": specials(
        Z, equation("e", (), t.add(z, at("x", K0))), body(over(at("e", K0))), families=(*FAMILIES, E_FAMILY)
    ),
    "another equation": specials(equation("z", (), total(t.product(at("w", K0, bound(1)), at("x", K0)), ONE, N)), OPEN),
    "an equation less": specials(OPEN),
    "an equation for what had none": specials(Z, OPEN, equation("y", (), at("x", K0))),
    "other ranges": specials(Z, OPEN, families=(*FAMILIES[:1], ranked("y", ((index(0), N),), 0), *FAMILIES[2:])),
    "a family less": network(FAMILIES[:1] + FAMILIES[2:], (Z, body(over(z)))),
    "in part": specials(Z, equation("C", (shift(N, -2),), over(z))),
    "in two parts": specials(Z, equation("C", (shift(N, -2),), over(z)), equation("C", (minus(ONE, N),), t.ONE)),
    "an open function of other things": specials(Z, equation("C", (), None, (read(1, ENDS, t.quantity("z", K0)),))),
    "another, that reads data": specials(Z, OPEN, equation("y", (), at("w", K0, K0))),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name):
    net = ACCEPTED[name]
    made = k.specialise(P, net)
    assert made.net is net
    for seed in range(3):
        model = Model(net, {"N": lambda seed=seed: seed + 1}, seed)
        assert all(model.agrees(made, {"j": j}) for j in range(4))


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    assert type(k.refl(REFUSED[name], t.ONE)) is k.Theorem  # it is a network
    refused(REFUSED[name])


def test_sizes_are_put_everywhere():
    made = k.specialise(P, ACCEPTED["numbers for sizes"])
    assert not any(found(e, Size) for e in (made.lhs, made.rhs, *made.hypotheses))


def test_the_indices_of_what_is_read_matter():
    """z[i] is a function of x[i]; a body for it may read x[i] only, and what has a condition only where that holds."""
    families = (ranked("x", UNIT, 0), ranked("z", UNIT, 1), ranked("C", (), 2))
    cost = equation("C", (), over(at("z", K0)))
    ways = {
        "own": (read(0, (), t.quantity("x", K0)),),
        "all": (read(1, ENDS, t.quantity("x", K0)),),
        "below": (read(1, (shift(K0, -1), minus(bound(1), K0)), t.quantity("x", K0)),),
        "first": (read(0, (), t.quantity("x", ONE)),),
        "before": (read(0, (shift(K0, -2),), t.quantity("x", shift(K0, -1))),),
    }
    bodies = {
        "own": at("x", K0),
        "all": over(at("x", K0)),
        "below": total(at("x", K0), ONE, K0),
        "first": at("x", ONE),
        "before": t.product(t.bracket(shift(K0, -2)), at("x", shift(K0, -1))),
        "mirror": at("x", minus(shift(N, 1), K0)),
        "own, later": t.product(t.bracket(shift(K0, -2)), at("x", K0)),
    }
    allowed = {
        "own": {"own", "own, later"},
        "all": set(bodies),
        "below": {"own", "below", "first", "before", "own, later"},
        "first": {"first"},
        "before": {"before"},
    }
    for way, inputs in ways.items():
        general = network(families, (equation("z", (), None, inputs), cost))
        for name, p in bodies.items():
            special = network(families, (equation("z", (), p), cost))
            assert is_special(special, general) is (name in allowed[way]), (way, name)


def test_a_body_is_no_derivative():
    """q = x + r s and t = dq/dr: that is s, and no function of q and r, though it reads nothing else."""
    p = k.chain(GENERAL_T, t.quantity("T"), t.quantity("X"))
    refused(HOLE_9, p)
    with pytest.raises(Refused, match="looks back"):
        k.chain(HOLE_9, t.quantity("T"), t.quantity("X"))
    through = network(
        (*R_FAMILIES[:4], ranked("V", (), 2), ranked("T", (), 3)),
        (Q, equation("V", (), t.derivative(t.quantity("Q"), t.quantity("R"))), equation("T", (), at("V"))),
    )
    refused(through, p)


def test_a_body_is_no_derivative_where_the_function_looks_back_anyway():
    families = (*R_FAMILIES[:4], ranked("V", (), 2), ranked("T", (), 3))
    inputs = tuple(read(0, (), t.quantity(name)) for name in "QRV")
    looks_back = equation("V", (), t.derivative(t.quantity("Q"), t.quantity("S")))
    general = network(families, (Q, looks_back, equation("T", (), None, inputs)))
    for p, fits in (
        (t.product(at("V"), at("R")), True),
        (t.add(at("V"), t.derivative(t.quantity("Q"), t.quantity("R"))), False),
    ):
        assert is_special(network(families, (Q, looks_back, equation("T", (), p))), general) is fits


def test_a_recurrence_is_not_looked_through():
    """Whatever s[i] = s[i - 1] + z[i] reads in the end, looking through it would not end."""
    recurrent = family("s", UNIT, (index(2), K0))
    families = tuple(family(f.name, f.ranges, (*f.rank, index())) for f in FAMILIES)
    back = equation("s", (shift(K0, -2),), t.add(at("s", shift(K0, -1)), at("z", K0)))
    refused(network((*families, recurrent), (Z, back, body(at("s", N)))), reason="not its arguments")


def test_families_that_look_back_are_the_same():
    """Whether there is a derivative of a quantity must not change."""
    late = (*FAMILIES, ranked("g", UNIT, 5))
    plain = network(late, (Z, OPEN))
    looks_back = network(
        late, (Z, OPEN, equation("g", (), t.atom(t.node(t.Derivative, t.quantity("C"), t.quantity("z", K0)))))
    )
    assert not is_special(looks_back, plain)
    assert not is_special(plain, looks_back)
    assert is_special(looks_back, looks_back)


def test_what_is_about_an_open_function_stays_there():
    about = k.chain(GENERAL, t.quantity("C"), t.quantity("z", variable("j")))
    refused(SPECIAL, about, "left open")
    assert k.specialise(k.refl(GENERAL, at("z", ONE)), SPECIAL).net is SPECIAL


def test_facts_are_not_lost():
    with_facts = network((*FAMILIES[:1], ranked("y", UNIT, 0, ("positive",)), *FAMILIES[2:]), (Z, OPEN))
    refused(GENERAL, k.refl(with_facts, t.ONE))
    with pytest.raises(Refused, match="not defined by a term of the network alone"):
        network(with_facts.families, (Z, OPEN, equation("y", (), t.ONE)))


def test_functions_and_sizes_are_not_lost():
    s = function("s", t.power(t.atom(t.quantity("?")), 2))
    other = function("s", t.power(t.atom(t.quantity("?")), 3))
    n = size_of(N)
    for general in (specials(Z, OPEN, functions=(s,)), specials(Z, OPEN, sizes=((n, 2),))):
        refused(GENERAL, k.refl(general, t.ONE))
        refused(specials(Z, OPEN, functions=(other,), sizes=((n, 3),)), k.refl(general, t.ONE))
        assert k.specialise(k.refl(general, t.ONE), specials(Z, OPEN, functions=(s,), sizes=((n, 2),)))


def test_equations_that_never_hold_match_nothing_else():
    """F = 7 for general; a special one where F is a datum, with an equation that never holds, twice: 7 = F = 8."""
    f, never = ranked("F", (), 0), equation("F", (index(-1),), t.ZERO)
    special = network((f,), (never, never))
    for number in (7, 8):
        general = network((f,), (never, equation("F", (), t.number(number))))
        refused(special, k.define(general, 1, ()))
    refused(network((f,), (never,)), k.refl(network((f,), (equation("F", (), t.ZERO),)), t.ONE))
    refused(network((f,), (never, equation("F", (), t.ONE))), k.refl(network((f,), (never, never)), t.ONE))


def test_ranks_may_differ():
    moved = tuple(family(f.name, f.ranges, (index(0), *f.rank), f.facts) for f in FAMILIES)
    assert k.specialise(P, network(moved, (Z, OPEN)))


def test_sizes_with_indices():
    n = size("n", index(2))
    family_ = ranked("a", ((ONE, n),), 0)
    general = network((family_,), ())
    special = network((family_,), (), (), ((size_of(n), 4),))
    p = k.length(general, ONE, n)
    assert k.specialise(p, special).rhs is t.number(4)
    refused(general, k.length(special, ONE, n))
