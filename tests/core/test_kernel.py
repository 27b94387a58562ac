"""Every rule: what it proves, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import Integer, Rational, Symbol

from backproof.core import kernel as K  # noqa: N812 - so many rules
from backproof.core.kernel import RULES, Theorem, replay
from backproof.core.network import Definition, Network
from backproof.core.terms import (
    Apply,
    C,
    D,
    Dot,
    Equal,
    Kron,
    L,
    Mults,
    NonNegative,
    NonZero,
    Phi,
    Positive,
    Refused,
    Total,
    Transposed,
    a,
    b,
    delta,
    exp,
    i,
    j,
    k,
    l,
    log,
    m,
    n,
    p,
    phi,
    q,
    sigma,
    sigma_prime,
    step,
    total,
    w,
    y,
    z,
)  # fmt: skip
from backproof.derivations import backward
from backproof.networks import C_x, E, batch, bias_unit, d, dense, recursive, residual, z_x
from backproof.oracle.exact import judge

NET = dense()
SMALL = dense(widths=(2, 3, 2))
SIGMOID = dense(activation="sigmoid")
BACKWARD = backward.net
u, v = Symbol("u"), Symbol("v")
HALF = Rational(1, 2)
RATIO = (u * v + u) / u  # = v + 1, where u is not 0
UNIT, HIDDEN = {j - 1, n(l) - j}, {l - 2, L - l}
A = K.define(NET, a[l, j])  # where there is such a unit, a[l, j] = sigma(z[l, j])
SECOND = K.define(SMALL, a[2, 1])
SUM = total(a[l, k], k, l)
BASE, STEP = backward.base().theorem, backward.step().theorem  # d = delta at the last layer, and from layer to layer
Z_IS_A = K.assume(NET, z[l], a[l])
WEIGHT_DECAY = Network(
    NET.families,
    tuple(Definition(C, (), None, (a[L, k], y[k], w[m, j, k])) if e.head == C else e for e in NET.definitions),
)
DEEPLY_SUPERVISED = Network(
    NET.families,
    tuple(Definition(C, (), None, (a[L, k], a[2, k], y[k])) if e.head == C else e for e in NET.definitions),
)
U_IS_EXP = K.assume(NET, u, exp(v))
LOG = K.differentiate(NET, log(u), z[l, j])  # where u > 0
DETOUR = BASE.lhs * RATIO - v * BASE.lhs
THERE_AND_BACK = K.trans(K.ring(BACKWARD, BASE.lhs, DETOUR), K.ring(BACKWARD, DETOUR, BASE.lhs))  # where u is not 0

# rule: (what is proved, left side, right side, hypotheses; a term stands for "it is at least 0")
ACCEPTED: list[tuple[str, Callable[[], Theorem], Any, Any, set[Any]]] = [
    ("refl", lambda: K.refl(NET, z[l, j]), z[l, j], z[l, j], set()),
    ("symm", lambda: K.symm(A), sigma(z[l, j]), a[l, j], UNIT | HIDDEN),
    ("trans", lambda: K.trans(A, K.symm(A)), a[l, j], a[l, j], UNIT | HIDDEN),
    ("congruence", lambda: K.congruence(NET, 2 * a[l, j], None, A), 2 * a[l, j], 2 * sigma(z[l, j]), UNIT | HIDDEN),
    ("congruence", lambda: K.congruence(NET, a[l, j] ** 2, A, None), a[l, j] ** 2, sigma(z[l, j]) ** 2, UNIT | HIDDEN),
    # the unit is bound, and in range; the layer is not
    ("congruence", lambda: K.congruence(NET, SUM, K.instantiate(A, {j: k})), SUM, total(sigma(z[l, k]), k, l), HIDDEN),
    # a[2] is defined by z[2], which is not shifted when z[3] is
    (
        "congruence",
        lambda: K.congruence(SMALL, D(a[2, 1], z[3, 1]), SECOND),
        D(a[2, 1], z[3, 1]),
        D(sigma(z[2, 1]), z[3, 1]),
        set(),
    ),
    (
        "instantiate",
        lambda: K.instantiate(A, {j: k, l: l + 1}),
        a[l + 1, k],
        sigma(z[l + 1, k]),
        {l - 1, L - l - 1, k - 1, n(l + 1) - k},
    ),
    ("instantiate", lambda: K.instantiate(A, {l: 2, j: 1}, SMALL), a[2, 1], sigma(z[2, 1]), set()),
    ("assume", lambda: K.assume(NET, u, v), u, v, {Equal(u, v)}),
    (
        "discharge",
        lambda: K.discharge(K.ring(NET, RATIO, v + 1), NonZero(u), U_IS_EXP),
        RATIO,
        v + 1,
        {Equal(u, exp(v))},
    ),
    (
        "discharge",
        lambda: K.discharge(LOG, Positive(u), U_IS_EXP),
        D(log(u), z[l, j]),
        0,
        {Equal(u, exp(v))},
    ),
    ("define", lambda: A, a[l, j], sigma(z[l, j]), UNIT | HIDDEN),
    ("define", lambda: K.define(NET, delta[L, j]), delta[L, j], D(C, z[L, j]), {j - 1, n(L) - j, L - 2}),
    ("define", lambda: K.define(SMALL, n(2)), n(2), 3, set()),
    ("define", lambda: K.define(SIGMOID, sigma(u)), sigma(u), 1 / (1 + exp(-u)), set()),
    (
        "chain",
        lambda: K.chain(NET, C, b[l, j], z[l, p], p),
        D(C, b[l, j]),
        total(D(C, z[l, p]) * D(z[l, p], b[l, j]), p, l),
        HIDDEN,
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, w[l, j, k] * z[l, p], z[l, j]),
        D(w[l, j, k] * z[l, p], z[l, j]),
        w[l, j, k] * Kron(p, j),
        set(),
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, z[l, p] ** 3, z[l, p]),
        D(z[l, p] ** 3, z[l, p]),
        3 * z[l, p] ** 2,
        set(),
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, 1 / z[l, p], z[l, p]),
        D(1 / z[l, p], z[l, p]),
        -(z[l, p] ** -2),
        {NonZero(z[l, p])},
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, sigma(z[l, k]), z[l, j]),
        D(sigma(z[l, k]), z[l, j]),
        sigma_prime(z[l, k]) * Kron(k, j),
        set(),
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, log(z[2, 1]), z[2, 1]),
        D(log(z[2, 1]), z[2, 1]),
        1 / z[2, 1],
        {Positive(z[2, 1])},
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, step(z[2, 1]), z[2, 1]),
        D(step(z[2, 1]), z[2, 1]),
        0,
        {NonZero(z[2, 1])},
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, Phi(2 * z[2, 1]), z[2, 1]),
        D(Phi(2 * z[2, 1]), z[2, 1]),
        2 * phi(2 * z[2, 1]),
        set(),
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, phi(z[2, 1]), z[2, 1]),
        D(phi(z[2, 1]), z[2, 1]),
        -z[2, 1] * phi(z[2, 1]),
        set(),
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, y[j] + b[l, j] + 3, z[l, j]),
        D(y[j] + b[l, j] + 3, z[l, j]),
        0,
        set(),
    ),
    (
        "differentiate",
        lambda: K.differentiate(NET, z[l + 1, k], z[l, j]),
        D(z[l + 1, k], z[l, j]),
        D(z[l + 1, k], z[l, j]),
        set(),
    ),
    ("ring", lambda: K.ring(NET, (u + v) ** 2, u**2 + 2 * u * v + v**2), (u + v) ** 2, u**2 + 2 * u * v + v**2, set()),
    (
        "ring",
        lambda: K.ring(NET, total(u * a[l, k], k, l), u * total(a[l, m], m, l)),
        total(u * a[l, k], k, l),
        u * total(a[l, m], m, l),
        set(),
    ),
    ("ring", lambda: K.ring(NET, RATIO, v + 1), RATIO, v + 1, {NonZero(u)}),
    ("sift", lambda: K.sift(NET, total(Kron(k, j) * a[l, k], k, l)), total(Kron(k, j) * a[l, k], k, l), a[l, j], UNIT),
    ("unroll", lambda: K.unroll(NET, Total(a[l, k], k, 1, 2)), Total(a[l, k], k, 1, 2), a[l, 1] + a[l, 2], set()),
    ("unroll", lambda: K.unroll(NET, Total(a[l, k], k, 2, 1)), Total(a[l, k], k, 2, 1), 0, set()),
    ("split", lambda: K.split(NET, SUM, "first"), SUM, a[l, 1] + Total(a[l, k], k, 2, n(l)), set()),
    ("split", lambda: K.split(NET, Total(u, k, 1, j), "last"), Total(u, k, 1, j), u + Total(u, k, 1, j - 1), {j - 1}),
    ("shift", lambda: K.shift(NET, SUM, 2), SUM, Total(a[l, k - 2], k, 3, n(l) + 2), set()),
    ("count", lambda: K.count(NET, a[l, j] * z[l, j] * b[l, j]), Mults(a[l, j] * z[l, j] * b[l, j]), 2, set()),
    (
        "count",
        lambda: K.count(NET, total(w[l, j, k] * a[l - 1, k], k, l - 1)),
        Mults(total(w[l, j, k] * a[l - 1, k], k, l - 1)),
        total(1, k, l - 1),
        set(),
    ),
    ("induct", lambda: K.induct(BASE, STEP, l, j), d[l, j], delta[l, j], UNIT | HIDDEN),
    (
        "components",
        lambda: K.components(K.refl(NET, sigma(z[l, j])), sigma(z[l]), sigma(z[l]), (j,)),
        sigma(z[l]),
        sigma(z[l]),
        set(),
    ),
    ("component", lambda: K.component(Z_IS_A, (j,)), z[l, j], a[l, j], UNIT | {Equal(z[l], a[l])}),
]

REFUSED: list[tuple[str, str, Callable[[], Theorem]]] = [
    ("refl", "an array index that is no index", lambda: K.refl(NET, z[l, HALF])),
    ("symm", "a statement is no theorem", lambda: K.symm(u)),
    ("trans", "the middle is not the same", lambda: K.trans(A, A)),
    ("trans", "equal by algebra is not the same", lambda: K.trans(K.refl(NET, RATIO), K.refl(NET, v + 1))),
    ("trans", "two networks", lambda: K.trans(K.refl(NET, u), K.refl(SMALL, u))),
    ("congruence", "not that argument", lambda: K.congruence(NET, z[l, j] + u, A, None)),
    ("congruence", "another network", lambda: K.congruence(SMALL, a[l, j] + u, A, None)),
    ("congruence", "more premises than arguments", lambda: K.congruence(NET, sigma(u), None, None, None, A)),
    ("congruence", "the definition of what is shifted", lambda: K.congruence(SMALL, D(a[2, 1], a[2, 1]), SECOND)),
    (
        "congruence",
        "the definition, in some layer, of what is shifted",
        lambda: K.congruence(NET, D(a[l, j], a[m, k]), A),
    ),
    ("congruence", "an assumption below a derivative", lambda: K.congruence(NET, D(u, z[l, j]), K.assume(NET, u, v))),
    ("congruence", "by what is differentiated", lambda: K.congruence(NET, D(C, a[l, j]), None, A)),
    ("congruence", "below a count", lambda: K.congruence(NET, Mults(a[l, j]), A)),
    (
        "congruence",
        "under a sum, an assumption about its variable that is false in its range",
        lambda: K.congruence(NET, Total(a[l, k], k, 0, 2), K.instantiate(A, {j: k})),
    ),
    ("instantiate", "the depth", lambda: K.instantiate(A, {L: 3})),
    ("instantiate", "a quantity for an index", lambda: K.instantiate(A, {j: z[2, 1]})),
    ("instantiate", "a hypothesis becomes false", lambda: K.instantiate(A, {j: 0})),
    ("instantiate", "no such layer", lambda: K.instantiate(A, {l: 4, j: 1}, SMALL)),
    ("instantiate", "a net of another kind", lambda: K.instantiate(A, {}, residual())),
    ("instantiate", "back to the general net", lambda: K.instantiate(SECOND, {}, NET)),
    ("assume", "a side that is no term", lambda: K.assume(NET, u, z[l, HALF])),
    ("discharge", "not seen to be positive", lambda: K.discharge(LOG, Positive(u), K.assume(NET, u, v))),
    ("discharge", "not a hypothesis", lambda: K.discharge(K.refl(NET, u), NonZero(u), U_IS_EXP)),
    ("discharge", "about something else", lambda: K.discharge(LOG, Positive(u), K.assume(NET, v, exp(v)))),
    ("discharge", "an equation", lambda: K.discharge(K.assume(NET, u, v), Equal(u, v), U_IS_EXP)),
    ("define", "a parameter", lambda: K.define(NET, w[l, j, k])),
    ("define", "an unspecified cost", lambda: K.define(NET, C)),
    ("define", "the input layer has no weighted input", lambda: K.define(SMALL, z[1, 1])),
    ("define", "an unspecified activation", lambda: K.define(NET, sigma(u))),
    ("define", "the derivative of an activation", lambda: K.define(SIGMOID, sigma_prime(u))),
    ("define", "an elementary function", lambda: K.define(NET, Phi(u))),
    ("define", "a width that is a letter", lambda: K.define(NET, n(2))),
    ("define", "something that is no quantity", lambda: K.define(NET, u)),
    ("chain", "the unit is not that of the family", lambda: K.chain(NET, C, z[l, j], z[l + 1, k], m)),
    ("chain", "the unit is not new", lambda: K.chain(NET, C, z[l, j], z[l + 1, j], j)),
    ("chain", "a whole layer", lambda: K.chain(NET, C, z[l], z[l + 1, k], k)),
    ("chain", "two unit indices", lambda: K.chain(NET, C, z[l, j], w[l + 1, p, k], k)),
    ("differentiate", "by a whole layer", lambda: K.differentiate(NET, C, z[l])),
    ("differentiate", "by a letter", lambda: K.differentiate(NET, u**2, u)),
    ("differentiate", "arrays", lambda: K.differentiate(NET, Dot(w[l], a[l - 1]), w[l, j, k])),
    ("differentiate", "functions of arrays", lambda: K.differentiate(NET, phi(z[2]), z[2, 1])),
    ("ring", "a prime, which is no algebra", lambda: K.ring(NET, Apply("Phi", u, 1), phi(u))),
    ("ring", "a symmetry, which is no algebra", lambda: K.ring(NET, Phi(u) + Phi(-u), 1 + 0 * u)),
    ("ring", "the square of a sum", lambda: K.ring(NET, (u + v) ** 2, u**2 + v**2)),
    ("ring", "a sum of products", lambda: K.ring(NET, total(a[l, k] ** 2, k, l), SUM**2)),
    ("ring", "another range", lambda: K.ring(NET, SUM, total(a[l, k], k, l + 1))),
    ("ring", "a transpose", lambda: K.ring(NET, total(w[l, j, k], k, l), total(w[l, k, j], k, l))),
    ("ring", "a division by zero for certain", lambda: K.ring(NET, 1 / (u - v), 1 / (u - v) + 1)),
    ("sift", "no delta", lambda: K.sift(NET, SUM)),
    ("sift", "the delta is about another index", lambda: K.sift(NET, total(Kron(j, p) * a[l, k], k, l))),
    ("sift", "out of range", lambda: K.sift(SMALL, Total(Kron(k, 5) * a[2, k], k, 1, 3))),
    ("sift", "the delta is in one term only", lambda: K.sift(NET, total(Kron(k, j) + a[l, k], k, l))),
    ("unroll", "symbolic limits", lambda: K.unroll(NET, SUM)),
    ("unroll", "too far apart", lambda: K.unroll(NET, Total(u, k, 1, 10**9))),
    ("split", "no end of a sum", lambda: K.split(NET, SUM, "middle")),
    ("split", "an empty sum", lambda: K.split(NET, Total(u, k, 2, 1), "first")),
    ("shift", "by half a unit", lambda: K.shift(NET, SUM, HALF)),
    ("count", "a division", lambda: K.count(NET, 1 / a[l, j])),
    ("count", "a letter", lambda: K.count(NET, u)),
    (
        "induct",
        "the base is about another layer",
        lambda: K.induct(K.instantiate(BASE, {}, recursive(dense(Integer(3)))), STEP, l, j),
    ),
    ("induct", "the base is another claim", lambda: K.induct(K.symm(BASE), STEP, l, j)),
    ("induct", "the base needs more", lambda: K.induct(K.trans(THERE_AND_BACK, BASE), STEP, l, j)),
    (
        "induct",
        "the assumption is what is to be proved",
        lambda: K.induct(BASE, K.assume(BACKWARD, d[l, j], delta[l, j]), l, j),
    ),
    ("induct", "the base is a step", lambda: K.induct(STEP, STEP, l, j)),
    ("induct", "over the depth", lambda: K.induct(BASE, STEP, L, j)),
    ("induct", "over a unit", lambda: K.induct(BASE, STEP, j, l)),
    ("components", "indices that are not new", lambda: K.components(K.refl(NET, a[j, j]), a[j], a[j], (j,))),
    ("components", "other shapes", lambda: K.components(K.refl(NET, a[l, j]), a[l], a[l + 1], (j,))),
    ("components", "too few indices", lambda: K.components(K.refl(NET, w[l, j, k]), w[l], w[l], (j,))),
    ("components", "not its entries", lambda: K.components(K.refl(NET, a[l, j]), z[l], z[l], (j,))),
    (
        "components",
        "a transpose left out",
        lambda: K.components(K.refl(NET, w[l, j, k]), Transposed(w[l]), Transposed(w[l]), (j, k)),
    ),
    (
        "components",
        "a product of layers that do not fit",
        lambda: K.components(K.refl(NET, u), Dot(w[l], a[l]), Dot(w[l], a[l]), (j,)),
    ),
    ("component", "a number has none", lambda: K.component(A, (j,))),
    ("component", "too many indices", lambda: K.component(Z_IS_A, (j, k))),
    ("component", "out of range", lambda: K.component(Z_IS_A, (0,))),
]


def gaps(theorem: Theorem) -> set[Any]:
    return {h.args[0] if isinstance(h, NonNegative) else h for h in theorem.hypotheses}


@pytest.mark.parametrize(("rule", "make", "lhs", "rhs", "given"), ACCEPTED)
def test_accepts(rule: str, make: Callable[[], Theorem], lhs: Any, rhs: Any, given: set[Any]) -> None:
    made = make()
    assert (made.rule, made.lhs, made.rhs, gaps(made)) == (rule, lhs, rhs, given)
    assert replay(made) is made


@pytest.mark.parametrize(("rule", "make"), [pytest.param(r, f, id=f"{r}: {why}") for r, why, f in REFUSED])
def test_refuses(rule: str, make: Callable[[], Theorem]) -> None:
    with pytest.raises(Refused) as caught:
        make()
    assert caught.value.rule in (rule, "define", "components", "network")  # the last three: on behalf of another


def test_every_rule_is_in_both_tables() -> None:
    assert {row[0] for row in ACCEPTED} == {row[0] for row in REFUSED} == set(RULES)


CHAINS: list[tuple[str, Network, Any, Any, Any, Any]] = [  # network; dy/dx, through the family, its unit
    ("the next layer", NET, C, z[l, j], z[l + 1, k], k),
    ("any later layer", NET, C, z[l, j], z[l + 3, k], k),
    ("the activations of the layer", NET, C, z[l, j], a[l, k], k),
    ("the last layer", NET, C, w[L - 1, j, q], a[L, k], k),
    ("a bias unit, which nothing feeds, may be left out", bias_unit(), C, w[l, j, q], a[l, k], k),
    ("the inputs of the cost", dense(cost="quadratic"), C, z[L, j], a[L, k], k),
    ("what each output adds", dense(cost="quadratic"), C, a[L, j], E[k], k),
    ("a softmax", dense(softmax=True), C, z[L, j], a[L, k], k),
    ("a bias unit has no weighted input", bias_unit(), C, z[l, j], z[l + 1, k], k),
    ("around a skip connection: its own layer", residual(), C, z[l, j], a[l, k], k),
    ("around a skip connection: the next", residual(), C, z[l, j], a[l + 1, k], k),
    ("within one example", batch(), C_x[i], z_x[l, j, i], z_x[l + 1, k, i], k),
]

BROKEN_CHAINS: list[tuple[str, Network, Any, Any, Any, Any]] = [
    ("the skip connection leads past it", residual(), C, z[l, j], z[l + 1, k], k),
    ("the skip connection leads past it, from the activations", residual(), C, a[l, j], z[l + 1, k], k),
    ("an earlier layer", NET, C, z[l, j], z[l - 1, k], k),
    ("the same layer", NET, C, z[l, j], z[l, k], k),
    ("the activations of the layer below", NET, C, z[l, j], a[l - 1, k], k),
    ("the cost looks at the weights", WEIGHT_DECAY, C, w[l, j, q], z[l, k], k),
    ("the cost looks at a hidden layer", DEEPLY_SUPERVISED, C, z[2, j], z[4, k], k),
    ("the cost looks at every layer", DEEPLY_SUPERVISED, C, z[l, j], z[l + 1, k], k),
    ("two examples", batch(), C_x[i], z_x[l, j, m], z_x[l + 1, k, i], k),
    ("one example for all", batch(), C, w[l, j, q], z_x[l, k, i], k),
    ("not between x and y", NET, z[l + 1, p], z[l, j], z[l + 2, k], k),
    ("layers that cannot be compared", NET, C, z[l, j], z[m, k], k),
    ("whether layer l is the last cannot be told", NET, C, w[l, j, q], a[L, k], k),
]


@pytest.mark.parametrize(("net", "y", "x", "family", "unit"), [pytest.param(*row, id=why) for why, *row in CHAINS])
def test_the_family_separates(net: Network, y: Any, x: Any, family: Any, unit: Any) -> None:
    made = K.chain(net, y, x, family, unit)
    assert made.rhs.args[0] == D(y, family) * D(family, x)
    assert judge(net, made.lhs, made.rhs, made.hypotheses).holds


@pytest.mark.parametrize(
    ("net", "y", "x", "family", "unit"), [pytest.param(*row, id=why) for why, *row in BROKEN_CHAINS]
)
def test_the_family_does_not_separate(net: Network, y: Any, x: Any, family: Any, unit: Any) -> None:
    with pytest.raises(Refused, match="chain"):
        K.chain(net, y, x, family, unit)


def test_weight_decay_leaves_the_error_alone() -> None:
    """The cost looks at the weights, but no path from z leads through them."""
    assert K.chain(WEIGHT_DECAY, C, z[l, j], z[l + 1, k], k).rhs == total(
        D(C, z[l + 1, k]) * D(z[l + 1, k], z[l, j]), k, l + 1
    )


FORGERIES = {
    "lhs": Integer(0),
    "rhs": Integer(1),
    "hypotheses": frozenset(),
    "uses": frozenset(),
    "net": SMALL,
    "rule": "refl",
    "args": (NET, a[l, k]),
}


@pytest.mark.parametrize("part", FORGERIES)
@pytest.mark.parametrize("deep", [False, True])
def test_replay_notices_a_forged_theorem(part: str, *, deep: bool) -> None:
    forged = K.define(NET, a[l, j])
    outer = K.symm(forged) if deep else forged
    object.__setattr__(forged, part, FORGERIES[part])
    with pytest.raises((TypeError, Refused)):
        replay(outer)


def test_replay_does_not_believe_the_theorems_it_is_given() -> None:
    """What was done is the caller's; without it everything is rebuilt."""
    forged = K.define(NET, a[l, j])
    object.__setattr__(forged, "rhs", Integer(1))
    with pytest.raises(TypeError):
        replay(K.trans(K.refl(NET, a[l, j]), forged))


def test_a_theorem_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError):
        Theorem(NET, frozenset(), Integer(0), Integer(1), frozenset(), "refl", (), object())
    with pytest.raises(AttributeError):
        A.rhs = Integer(1)  # type: ignore[misc]
