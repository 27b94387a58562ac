"""A theorem of one network moves to another where the rules of the core allow each step there: what arrives is true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, Size, bound, found, index, minus, shift, size, variable
from backproof.derive.brackets import brackets
from backproof.derive.move import moved, proof_about
from backproof.derive.registry import library_module
from backproof.derive.search import instantiate, length
from backproof.networks import dense, recursive

from .evaluate import Model
from .making import K0, ONE, L, N, at, equation, family, function, network, read, size_of, subtract, total

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
E = equation("e", (), t.power(subtract(at("z", K0), at("y", K0)), 2))
COST = equation("C", (), total(at("e", K0), ONE, N))
SPECIAL = network((*FAMILIES, E_FAMILY), (Z, E, COST))

#: |- D(C, x[j]) = the sum over i of D(C, z[i]) w[i, j]
P = k.chain(GENERAL, t.quantity("C"), t.quantity("x", variable("j")))
#: The same where j is in its range: a step that says what it starts from.
RANGED = k.trans(P, brackets(GENERAL, P.rhs, frozenset([shift(variable("j"), -1), minus(N, variable("j"))])))


def specials(*equations, families=FAMILIES, functions=(), sizes=()):
    return network(families, equations, functions, sizes)


def holds(p, **names):
    """Whether what a theorem says is so, in models of its network."""
    for seed in range(3):
        model = Model(p.net, {"N": lambda seed=seed: seed + 1}, seed)
        for j in range(4):
            values = dict.fromkeys(names or ("j",), j)
            if all(model.holds(h, values) for h in p.hypotheses) and not model.agrees(p, values):
                return False
    return True


def true_or_refused(net, p=P):
    """What the theorem becomes; None where it is refused. False it is never."""
    try:
        made = moved(p, net)
    except Refused:
        return None
    assert made.net is net
    assert holds(made), made
    return made


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
    "a body": specials(Z, body(over(t.power(subtract(z, y), 2)))),
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
@pytest.mark.parametrize("p", [P, RANGED], ids=["chain", "in range"])
def test_accepted(name, p):
    made = true_or_refused(ACCEPTED[name], p)
    assert made
    assert made.lhs is p.lhs


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("p", [P, RANGED], ids=["chain", "in range"])
def test_refused_or_true(name, p):
    """What the first network says of all that are like it, this one need not obey; what comes out says what it does."""
    assert type(k.refl(REFUSED[name], t.ONE)) is k.Theorem  # it is a network
    made = true_or_refused(REFUSED[name], p)
    assert (made and (made.lhs, made.rhs)) != (p.lhs, p.rhs) or holds(made)


def test_sizes_are_put_everywhere():
    made = true_or_refused(ACCEPTED["numbers for sizes"])
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
    for inputs in ways.values():
        general = network(families, (equation("z", (), None, inputs), cost))
        for p in bodies.values():
            special = network(families, (equation("z", (), p), cost))
            for make in (
                lambda net: k.chain(net, t.quantity("C"), t.quantity("x", variable("j"))),
                lambda net: k.tangent(net, 0, (variable("j"),), t.quantity("x", ONE)),
            ):
                true_or_refused(special, make(general))


def test_a_body_is_no_derivative():
    """q = x + r s and t = dq/dr: that is s, and no function of q and r, though it reads nothing else."""
    p = k.chain(GENERAL_T, t.quantity("T"), t.quantity("X"))
    assert true_or_refused(HOLE_9, p) is None
    with pytest.raises(Refused, match="looks back"):
        k.chain(HOLE_9, t.quantity("T"), t.quantity("X"))
    through = network(
        (*R_FAMILIES[:4], ranked("V", (), 2), ranked("T", (), 3)),
        (Q, equation("V", (), t.derivative(t.quantity("Q"), t.quantity("R"))), equation("T", (), at("V"))),
    )
    assert true_or_refused(through, p) is None


def test_a_body_is_no_derivative_where_the_function_looks_back_anyway():
    families = (*R_FAMILIES[:4], ranked("V", (), 2), ranked("T", (), 3))
    inputs = tuple(read(0, (), t.quantity(name)) for name in "QRV")
    looks_back = equation("V", (), t.derivative(t.quantity("Q"), t.quantity("S")))
    general = network(families, (Q, looks_back, equation("T", (), None, inputs)))
    p = k.refl(general, at("T"))
    for body_ in (t.product(at("V"), at("R")), t.add(at("V"), t.derivative(t.quantity("Q"), t.quantity("R")))):
        assert true_or_refused(network(families, (Q, looks_back, equation("T", (), body_))), p)
    for net in (general, network(families, (Q, looks_back, equation("T", (), at("V"))))):
        with pytest.raises(Refused, match="looks back"):
            k.chain(net, t.quantity("T"), t.quantity("X"))


def test_a_recurrence_in_between():
    recurrent = family("s", UNIT, (index(2), K0))
    families = tuple(family(f.name, f.ranges, (*f.rank, index())) for f in FAMILIES)
    back = equation("s", (shift(K0, -2),), t.add(at("s", shift(K0, -1)), at("z", K0)))
    net = network((*families, recurrent), (Z, back, body(at("s", N))))
    assert true_or_refused(net).rhs is P.rhs
    assert true_or_refused(net, k.chain(GENERAL, t.quantity("C"), t.quantity("z", ONE)))


def test_families_that_begin_or_cease_to_look_back():
    late = (*FAMILIES, ranked("g", UNIT, 5))
    g, x = t.quantity("g", variable("j")), t.quantity("x", ONE)
    plain = network(late, (Z, OPEN, equation("g", (), at("z", K0))))
    looks_back = network(
        late, (Z, OPEN, equation("g", (), t.atom(t.node(t.Derivative, t.quantity("C"), t.quantity("z", K0)))))
    )
    for make in (k.chain, lambda *at_: k.tangent(at_[0], 2, (variable("j"),), x)):
        assert true_or_refused(looks_back, make(plain, g, x)) is None
    assert true_or_refused(plain, k.define(looks_back, 2, (variable("j"),))) is None
    assert true_or_refused(plain, P)
    assert true_or_refused(looks_back, P)


def test_what_is_about_an_open_function_becomes_what_is_about_its_body():
    about = k.chain(GENERAL, t.quantity("C"), t.quantity("z", variable("j")))
    assert found(about.rhs, t.Partial)
    assert not found(true_or_refused(SPECIAL, about).rhs, t.Partial)
    assert true_or_refused(SPECIAL, k.refl(GENERAL, at("z", ONE)))


def test_facts_are_not_lost():
    with_facts = network((*FAMILIES[:1], ranked("y", UNIT, 0, ("positive",)), *FAMILIES[2:]), (Z, OPEN))
    divided = k.inverse(with_facts, at("y", ONE))
    assert not k.weaken(divided, frozenset()).hypotheses
    assert true_or_refused(GENERAL, k.weaken(divided, frozenset())) is None
    with pytest.raises(Refused, match="not defined by a term of the network alone"):
        network(with_facts.families, (Z, OPEN, equation("y", (), t.ONE)))


def test_functions_and_sizes_are_not_lost():
    s = function("s", t.power(t.atom(t.quantity("?")), 2))
    other = function("s", t.power(t.atom(t.quantity("?")), 3))
    n = size_of(N)
    with_s, with_n = specials(Z, OPEN, functions=(s,)), specials(Z, OPEN, sizes=((n, 2),))
    squared = k.unfold(with_s, "s", 0, t.value(N))
    assert true_or_refused(GENERAL, squared) is None
    cubed = true_or_refused(specials(Z, OPEN, functions=(other,), sizes=((n, 3),)), squared)
    assert cubed.rhs is t.number(27)
    assert true_or_refused(GENERAL, k.refl(with_n, t.value(N))).rhs is t.value(N)
    two = k.trans(k.refl(with_n, t.value(N)), k.refl(with_n, t.number(2)))
    assert true_or_refused(GENERAL, two) is None
    assert true_or_refused(specials(Z, OPEN, functions=(other,), sizes=((n, 3),)), two) is None


def test_equations_that_never_hold_match_nothing_else():
    """F = 7 here; a network where F is a datum, with an equation that never holds, twice: 7 = F = 8."""
    f, never = ranked("F", (), 0), equation("F", (index(-1),), t.ZERO)
    special = network((f,), (never, never))
    for number in (7, 8):
        general = network((f,), (never, equation("F", (), t.number(number))))
        assert true_or_refused(special, k.define(general, 1, ())) is None
    zero = k.define(network((f,), (equation("F", (), t.ZERO),)), 0, ())
    assert true_or_refused(network((f,), (never,)), zero) is None  # its condition contradicts itself


def test_ranks_may_differ():
    families = tuple(family(f.name, f.ranges, (index(0), *f.rank), f.facts) for f in FAMILIES)
    assert true_or_refused(network(families, (Z, OPEN))).rhs is P.rhs
    still = k.still(GENERAL, t.quantity("z", ONE), t.quantity("C"), frozenset())
    assert true_or_refused(network(families, (Z, OPEN)), still)


def test_sizes_with_indices():
    n = size("n", index(2))
    family_ = ranked("a", ((ONE, n),), 0)
    general = network((family_,), ())
    special = network((family_,), (), (), ((size_of(n), 4),))
    ends = {"lo": ONE, "hi": n}
    p = instantiate(length(general), ends)
    assert true_or_refused(special, p).rhs is t.number(4)
    assert true_or_refused(general, instantiate(length(special), ends)).rhs is p.rhs


def test_a_size_that_comes_to_light_is_put():
    """The sum over the layers 2 to L of n(l - 1) is n(1), where L is 2: and that is 3."""
    layers = t.value(size("n", shift(K0, -1)))
    one, general = size_of(size("n", ONE)), network()
    special = network((), (), (), ((next(iter(L.terms))[0], 2), (one, 3)))
    assert true_or_refused(special, k.refl(general, total(layers, index(2), L))).lhs is t.number(3)


def test_what_does_not_move_is_derived_again():
    """BP1 where z is read by one family more: a step of its proof says what the chain rule gave without it."""
    net, bp1 = recursive(dense()), library_module("bp1").bp1()
    made = proof_about(net, bp1)
    assert (made.net, made.lhs, made.rhs) == (net.core, bp1.theorem.proof.lhs, bp1.theorem.proof.rhs)
    with pytest.raises(Refused):
        proof_about(net, bp1.theorem)


def test_a_derivation_that_fails_elsewhere_is_refused():
    def fails(_):
        raise ZeroDivisionError

    bp1 = library_module("bp1").bp1()
    with pytest.raises(Refused, match="trans"):
        proof_about(recursive(dense()), replace(bp1, again=fails))
