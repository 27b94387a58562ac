"""Attacks on the kernel: each of these would prove something false. All must be refused.

Where it is short the attack is carried through to ``0 = 1`` or the like; elsewhere it stops at a theorem that is false
in a model named beside it. ``Refused`` from a rule defeats it, or the constructor of an ill-formed network,
term or theorem (ValueError or TypeError).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sympy import Float, Integer, Rational, Symbol, SympifyError, sqrt

from backproof.core.kernel import (
    ANY,
    Sequent,
    Theorem,
    assume,
    chain,
    congruence,
    count,
    define,
    differentiate,
    instantiate,
    refl,
    replay,
    ring,
    shift,
    sift,
    symm,
    trans,
    unroll,
)  # fmt: skip
from backproof.core.network import Definition, Function, Network
from backproof.core.terms import (
    ELEMENTARY,
    Apply,
    C,
    D,
    Family,
    Kron,
    L,
    M,
    Member,
    Mults,
    Phi,
    Refused,
    Total,
    a,
    i,
    j,
    k,
    l,
    n,
    p,
    phi,
    q,
    r,
    sigma,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip
from backproof.networks import batch, dense, x_x


@contextmanager
def defeated(*also: type[Exception]) -> Iterator[None]:
    """Refused by a rule, or by the constructor of an ill-formed network; a crash on the way does not count."""
    with pytest.raises((Refused, ValueError, *also)) as caught:
        yield
    assert not isinstance(caught.value, SympifyError), f"a crash: {caught.value!r}"


NET = dense()
SMALL = dense(widths=(2, 3, 2))
u, v = Symbol("u"), Symbol("v")


def both(one: Theorem, other: Theorem) -> Theorem:
    """From t = c and t = d: c = d."""
    return trans(symm(one), other)


def units(index: Any, layer: Any) -> tuple[Any, Any, Any]:
    return index, Integer(1), n(layer)


# Premises.


def test_a_premise_is_a_theorem_and_not_something_that_looks_like_one() -> None:
    for duck in (Sequent(NET, 0, 1), SimpleNamespace(net=NET, lhs=0, rhs=1, hypotheses=frozenset(), uses=frozenset())):
        with defeated(TypeError):
            replay(symm(duck))  # |- 1 = 0, and replay agreed


def test_dataclasses_replace_does_not_carry_the_key_along() -> None:
    with defeated(TypeError):
        replace(refl(NET, Integer(0)), rhs=Integer(1))


def test_a_subclass_of_theorem_is_no_premise() -> None:
    class Fake(Theorem):
        def __post_init__(self) -> None:
            pass

    with defeated(TypeError):
        symm(Fake(NET, frozenset(), Integer(0), Integer(1), frozenset(), "refl", (NET, Integer(0)), None))


def test_a_subclass_of_network_is_no_network() -> None:
    class Lax(Network):
        def separates(self, family: Member, x: Member, y: Member) -> None:  # noqa: ARG002
            return None

    lax = Lax(**{name: getattr(NET, name) for name in ("families", "definitions", "depth", "widths", "functions")})
    with defeated(TypeError):
        instantiate(chain(lax, C, w[l, j, k], a[l - 1, p], p), {}, NET)


def test_terms_are_of_known_classes_only() -> None:
    class Equal2(Symbol):
        def __eq__(self, other: object) -> bool:
            return True

        def __ne__(self, other: object) -> bool:
            return False

        def __hash__(self) -> int:
            return 0

    class Odd:
        def __eq__(self, other: object) -> bool:
            return True

        def __ne__(self, other: object) -> bool:
            return False

        def __hash__(self) -> int:
            return 0

    for odd in (Equal2("s"), Odd()):
        with defeated(TypeError):
            trans(trans(refl(NET, Integer(0)), refl(NET, odd)), refl(NET, Integer(1)))


# Variables and what may be put for them.


def test_a_variable_under_a_derivative_does_not_become_a_quantity() -> None:
    zero = differentiate(NET, u, w[2, 1, 1])  # |- D(u, w) = 0
    with defeated():
        wrong = instantiate(zero, {u: w[2, 1, 1]})
        both(wrong, differentiate(NET, w[2, 1, 1], w[2, 1, 1]))  # |- 0 = 1


@pytest.mark.parametrize("symbol", [L, M, Symbol("s", positive=True, integer=True)])
def test_a_positive_variable_is_not_set_to_zero(symbol: Symbol) -> None:
    with defeated():
        one = sift(SMALL, Total(Kron(k, 1), k, 1, symbol))
        wrong = instantiate(one, {symbol: 0})
        both(unroll(SMALL, wrong.lhs), wrong)  # |- 0 = 1


def test_the_depth_is_not_set_while_the_network_changes() -> None:
    sigmoid = dense(activation="sigmoid")
    one = sift(NET, Total(Kron(k, 1), k, 1, L))
    with defeated():
        wrong = instantiate(one, {L: 0}, sigmoid)
        both(unroll(sigmoid, wrong.lhs), wrong)


def test_the_number_of_examples_belongs_to_the_network() -> None:
    net = batch()
    mean = define(net, C)
    with defeated():
        two, three = (unroll(net, instantiate(mean, {M: size}).rhs.args[1]) for size in (2, 3))
        assert instantiate(mean, {M: 2}).lhs == instantiate(mean, {M: 3}).lhs, (two, three)


def test_a_positive_number_may_be_less_than_one() -> None:
    s = Symbol("s", positive=True)
    for hi in (s, 1 / L):
        with defeated():
            wrong = sift(SMALL, Total(Kron(k, 1), k, 1, hi))  # for s = 1/2 the sum is empty
            assert wrong.hypotheses, "nothing says that the range is not empty"
            raise Refused("sift", "it does")


def test_assumptions_of_symbols_do_not_leak() -> None:
    with defeated():
        t = congruence(SMALL, sqrt(q**2), congruence(SMALL, q**2, assume(SMALL, q, L), None), None)
        wrong = instantiate(instantiate(t, {L: q}), {q: -1})  # |- 1 = -1
        pytest.fail(str(wrong))


def test_any_layer_is_no_variable() -> None:
    net = SMALL
    layers = Total(a[l, 1], l, 2, 3)
    told = congruence(net, layers, define(net, a[l, 1]), None, None, None)  # uses a of any layer
    with defeated():
        wrong = instantiate(told, {ANY: 7})
        short = trans(trans(symm(unroll(net, wrong.lhs)), wrong), unroll(net, wrong.rhs))
        at = congruence(net, D(short.lhs, a[3, 1]), short, None)
        both(differentiate(net, short.lhs, a[3, 1]), trans(at, differentiate(net, short.rhs, a[3, 1])))  # |- 1 = 0


def test_families_are_no_variables() -> None:
    disguised = Symbol("a")
    with defeated(TypeError):
        one = differentiate(NET, Member(disguised, 2, 1), a[2, 1])
        wrong = instantiate(one, {disguised: Symbol("b")})
        both(differentiate(NET, wrong.lhs.args[0], a[2, 1]), wrong)  # |- 0 = 1


# Binders.


def test_a_bound_variable_is_not_rewritten() -> None:
    with defeated():
        t = congruence(NET, Total(k, k, 1, 2), None, assume(NET, k, m_ := Symbol("m")), None, None)
        wrong = instantiate(t, {m_: k})
        both(unroll(NET, wrong.lhs), trans(wrong, ring(NET, wrong.rhs, 2 * k)))  # |- 3 = 2 k


def test_what_is_bound_is_a_symbol() -> None:
    def third(factor: int, hi: int, by: Any) -> Theorem:
        e = Total(Kron(a[2, 1], 1), a[2, 1], 1, hi)
        t = by(NET, e)
        return congruence(NET, factor * e, None, t)

    with defeated(TypeError):
        three, two = (both(third(*which, sift), third(*which, unroll)) for which in ((3, 2), (2, 3)))
        trans(three, symm(two))  # |- 3 = 6 [a = 1] = 2


def test_the_depth_is_not_bound() -> None:
    """C = sum of (a[L] - y)^2 / 2 gives D(C, a[L]) for the last layer; not a sum over L of such."""
    net = dense(cost="quadratic")
    last = refl(net, D(C, a[L, 1]))
    with defeated():
        congruence(net, Total(D(C, a[L, 1]), L, 1, 3), last, None, None, None)


def test_the_unit_of_the_chain_rule_is_not_the_depth() -> None:
    with defeated():
        wrong = chain(NET, C, z[2, j], z[3, L], L)
        assert wrong.hypotheses, "nothing says that there is a layer 3"
        raise Refused("chain", "it does")


def test_a_shift_by_the_bound_variable() -> None:
    with defeated():
        wrong = shift(NET, Total(k, k, 1, 2), k)
        both(unroll(NET, wrong.lhs), trans(wrong, ring(NET, wrong.rhs, Integer(0))))  # |- 3 = 0


# Indices are integers.


def test_no_unit_one_and_a_half() -> None:
    e = Total(Kron(k, Rational(3, 2)) * (k - 1) * (k - 2), k, 1, 2)
    with defeated():
        both(unroll(NET, e), sift(NET, e))  # |- 0 = -1/4


def test_no_sum_from_one_and_a_half() -> None:
    e = Total(Kron(k, 2) * (k - Rational(3, 2)) * (k - Rational(5, 2)), k, Rational(3, 2), Rational(5, 2))
    with defeated():
        moved = shift(NET, e, Rational(-1, 2))
        both(trans(moved, unroll(NET, moved.rhs)), sift(NET, e))  # |- 0 = -1/4


def test_no_unit_one_and_a_half_by_instantiation() -> None:
    one = sift(SMALL, Total(Kron(k, j), k, 1, n(2)))
    with defeated():
        instantiate(one, {j: Rational(3, 2)})


def test_no_quantity_for_an_index() -> None:
    """Where w = 1 the hypotheses hold, and yet 0 = 1."""
    weight = w[2, 1, 1]
    with defeated():
        e = Total(Kron(k, weight) * k, k, 1, n(2))
        t = congruence(NET, D(e, weight), sift(NET, e), None)
        both(differentiate(NET, e, weight), trans(t, differentiate(NET, weight, weight)))


# Numbers.


def rewritten(e: Any, t: Theorem) -> Theorem:
    return congruence(NET, e, *(t if arg == t.lhs else None for arg in e.args))


def test_no_infinities() -> None:
    first, second = (Total(1 / (bound - 2), bound, 1, 3) for bound in (k, q))
    with defeated():
        pole, other = unroll(NET, first), unroll(NET, second)  # |- sum = zoo
        more = trans(pole, symm(rewritten(second + 1, other)))  # |- first = second + 1
        both(rewritten(first - second, trans(pole, symm(other))), rewritten(first - second, more))  # |- 0 = 1


def test_no_floating_point() -> None:
    first, second = (Total(Float(1e30), bound, 1, 1) for bound in (k, q))
    with defeated():
        large, other = unroll(NET, first), unroll(NET, second)
        more = trans(large, symm(rewritten(second + 1, other)))  # |- first = second + 1, rounded
        both(rewritten(first - second, trans(large, symm(other))), rewritten(first - second, more))  # |- 0 = 1


# How many multiplications: what is counted is how a term is written.


def test_no_congruence_below_a_count() -> None:
    e, f = a[2, 1] * (z[2, 1] + z[2, 2]), a[2, 1] * z[2, 1] + a[2, 1] * z[2, 2]
    with defeated():
        t = congruence(NET, Mults(e), ring(NET, e, f))
        both(count(NET, e), trans(t, count(NET, f)))  # |- 1 = 2


@pytest.mark.parametrize(
    ("e", "values"),
    [(w[2, j, 1] * a[2, 1] - w[2, k, 1] * a[2, 1], {k: j}), (a[k, j] ** 2 - a[k, 1] * a[k, j], {j: 1})],
)
def test_no_substitution_below_a_count(e: Any, values: dict[Any, Any]) -> None:
    t = count(NET, e)
    with defeated():
        wrong = instantiate(t, values)
        both(count(NET, wrong.lhs.args[0]), wrong)
        assert count(NET, wrong.lhs.args[0]).rhs == wrong.rhs, "counted once as it was and once as it is"


def test_no_sum_of_counts_written_out() -> None:
    body = a[2, k] * z[2, 1] - a[2, 1] * z[2, k]
    e = Total(Mults(body), k, 1, 1)
    with defeated():
        counted = congruence(NET, e, count(NET, body), None, None, None)  # 2 for k = 1 as for any other
        both(unroll(NET, e), trans(counted, unroll(NET, counted.rhs)))  # |- Mults(0) = 2


def test_a_sum_does_not_become_a_product_below_a_count() -> None:
    t = count(NET, w[2, j, 1] + w[2, k, 1])  # no multiplication
    with defeated():
        instantiate(t, {k: j})  # |- Mults(2 w[2, j, 1]) = 0


# Networks: what the graph must not miss.


def test_shared_weights_feed_every_layer() -> None:
    """z[l] = W a[l-1] with one W for all layers: no single layer separates it from the cost."""
    shared = Family("W", "uu")
    with defeated():
        net = Network(
            (shared, z, a, x, y, Family("C", "")),
            (
                Definition(x[j], (units(j, 1),)),
                Definition(y[j], (units(j, L),)),
                Definition(shared[j, k], (units(j, 1), units(k, 1))),
                Definition(a[1, j], (units(j, 1),), x[j]),
                Definition(z[l, j], ((l, Integer(2), L), units(j, l)), total(shared[j, k] * a[l - 1, k], k, l - 1)),
                Definition(a[l, j], ((l, Integer(2), L), units(j, l)), sigma(z[l, j])),
                Definition(C, (), None, (a[L, k], y[k])),
            ),
        )
        chain(net, C, shared[j, k], z[l, p], p)


def test_shared_weights_influence_every_layer() -> None:
    shared = Family("W", "")
    with defeated():
        net = Network(
            (shared, a, Family("C", "")),
            (
                Definition(shared[()]),
                Definition(a[1, j], (units(j, 1),), shared[()]),
                Definition(a[l, j], ((l, Integer(2), L), units(j, l)), shared[()] * a[l - 1, j]),
                Definition(C, (), None, (a[L, k],)),
            ),
        )
        wrong = differentiate(net, a[l - 1, 1], shared[()])
        assert wrong.rhs != 0, "|- 0 = d a[l-1] / d W"
        raise Refused("differentiate", "it left the derivative alone")


def test_the_layer_variable_of_a_definition_may_have_any_name_or_is_refused() -> None:
    with defeated():
        net = Network(
            (a, Family("C", "")),
            (
                Definition(a[1, j], (units(j, 1),)),
                Definition(a[r, j], ((r, Integer(2), L), units(j, r)), sigma(a[r - 1, j])),
                Definition(C, (), None, (a[L, k],)),
            ),
        )
        assert differentiate(net, a[4, 1], a[2, 1]).rhs != 0, "|- d a[4] / d a[2] = 0"
        raise Refused("differentiate", "it left the derivative alone")


def test_a_cost_that_sums_over_layers_depends_on_all_of_them() -> None:
    with defeated():
        net = Network(
            (a, Family("C", "")),
            (Definition(a[l, j], ((l, Integer(1), L), units(j, l))), Definition(C, (), Total(a[r, 1], r, 1, L))),
        )
        assert differentiate(net, C, a[r + 1, 1]).rhs != 0, "|- d C / d a[r + 1, 1] = 0"
        raise Refused("differentiate", "it left the derivative alone")


def test_a_sum_over_examples_may_not_hide_behind_the_name_of_its_variable() -> None:
    """h[j, i] is the same for all examples: the sum of a[2, j, i] over i."""
    h, cost = Family("h", "ue"), Family("Cx", "e")
    example = (i, Integer(1), M)
    with defeated():
        net = Network(
            (x_x, h, cost, Family("C", "")),
            (
                Definition(x_x[j, i], (units(j, 1), example)),
                Definition(h[j, i], (units(j, 1), example), Total(x_x[j, i], i, 1, M)),
                Definition(cost[i], (example,), None, (h[k, i],)),
                Definition(C, (), Total(cost[i], i, 1, M)),
            ),
        )
        chain(net, C, x_x[j, i], h[k, i], k)


def test_a_sum_over_layers_may_not_hide_behind_the_name_of_its_variable() -> None:
    h = Family("h", "lu")
    with defeated():
        net = Network(
            (a, h, Family("C", "")),
            (
                Definition(a[l, j], ((l, Integer(1), L), units(j, l))),
                Definition(h[l, j], ((l, Integer(1), L), units(j, l)), Total(a[l, 1], l, 1, L)),
                Definition(C, (), None, (h[L, k],)),
            ),
        )
        assert differentiate(net, h[3, 1], a[2, 1]).rhs != 0, "|- d h[3] / d a[2] = 0"
        raise Refused("differentiate", "it left the derivative alone")


def test_a_family_defined_in_pieces_is_summed_over_whole() -> None:
    """The units 1 and 2 of layer 2 have an equation each; the chain rule must not forget unit 2."""
    with defeated():
        net = Network(
            (x, a, Family("C", "")),
            (
                Definition(x[j], (units(j, 1),)),
                Definition(a[2, j], ((j, Integer(1), Integer(1)),), x[1]),
                Definition(a[2, 2], (), 5 * x[1]),
                Definition(C, (), None, (a[2, k],)),
            ),
            Integer(2),
        )
        chain(net, C, x[1], a[2, k], k)


def test_a_cut_beyond_the_last_layer() -> None:
    """h[l + 1] exists for l = L, where C hangs on a[L] directly."""
    h = Family("h", "lu")
    with defeated():
        net = Network(
            (a, h, x, Family("C", "")),
            (
                Definition(x[j], (units(j, 1),)),
                Definition(a[1, j], (units(j, 1),), x[j]),
                Definition(h[l, j], ((l, Integer(2), L + 1), units(j, l)), a[l - 1, j]),
                Definition(a[l, j], ((l, Integer(2), L), units(j, l)), h[l, j]),
                Definition(C, (), None, (a[L, k],)),
            ),
        )
        wrong = chain(net, C, a[l, j], h[l + 1, k], k)
        instantiate(wrong, {l: L})  # |- dC/da[L] = sum of dC/dh[L + 1] ..., and the latter is 0


def tied() -> Network:
    """The dense net of three layers with w[3] = w[2]."""
    plain = dense(widths=(2, 2, 2))
    same = Definition(w[3, j, k], (units(j, 3), units(k, 2)), w[2, j, k])
    return replace(plain, definitions=(same, *plain.definitions))


def test_tied_weights_are_no_instance_of_free_ones() -> None:
    free_ones = differentiate(NET, w[3, 1, 1], w[2, 1, 1])  # |- D(w[3], w[2]) = 0
    with defeated():
        net = tied()
        same = congruence(net, D(w[3, 1, 1], w[2, 1, 1]), define(net, w[3, 1, 1]), None)
        both(instantiate(free_ones, {}, net), trans(same, differentiate(net, w[2, 1, 1], w[2, 1, 1])))  # |- 0 = 1


def test_an_activation_with_a_parameter_of_its_own() -> None:
    """PReLU and its like: the graph would not know that a depends on alpha."""
    alpha = Family("alpha", "")
    plain = dense(widths=(2, 2))
    with defeated():
        net = replace(
            plain,
            families=(*plain.families, alpha),
            definitions=(*plain.definitions, Definition(alpha[()])),
            functions=(Function("sigma", u, u * alpha[()]),),
        )
        zero = differentiate(net, a[2, 1], alpha[()])  # |- D(a[2, 1], alpha) = 0
        told = congruence(net, D(a[2, 1], alpha[()]), trans(define(net, a[2, 1]), define(net, sigma(z[2, 1]))), None)
        both(zero, trans(told, differentiate(net, told.rhs.args[0], alpha[()])))  # |- 0 = z[2, 1]


@pytest.mark.parametrize("name", ELEMENTARY)
def test_the_elementary_functions_are_not_redefined(name: str) -> None:
    with defeated():
        net = replace(NET, functions=(Function(name, u, u),))
        e = Apply(name, z[2, 1])
        told = congruence(net, D(e, z[2, 1]), define(net, e), None)
        both(differentiate(net, e, z[2, 1]), trans(told, differentiate(net, z[2, 1], z[2, 1])))  # |- exp(z) = 1


def test_the_second_derivative_of_phi_comes_out_one_way() -> None:
    """The rule for Phi, then that for phi; and no other theorem about the same derivative."""
    once = differentiate(NET, Phi(z[2, 1]), z[2, 1])
    again = congruence(NET, D(once.lhs, z[2, 1]), once, None)
    twice = trans(again, differentiate(NET, once.rhs, z[2, 1]))
    assert (twice.rhs, twice.hypotheses) == (-z[2, 1] * phi(z[2, 1]), frozenset())
    assert differentiate(NET, once.lhs, z[2, 1]).rhs == twice.lhs
    assert differentiate(NET, Apply("Phi", z[2, 1], 1), z[2, 1]).rhs == Apply("Phi", z[2, 1], 2)
    with defeated():
        both(differentiate(NET, Apply("Phi", z[2, 1], 1), z[2, 1]), twice)  # not of the same term: no theorem
    with defeated():
        ring(NET, twice.rhs, phi(z[2, 1]))


@pytest.mark.parametrize("widths", [(2, 0, 2), (2, -1, 2), ()])
def test_every_layer_has_a_unit_and_there_is_one(widths: tuple[int, ...]) -> None:
    one = sift(NET, Total(Kron(k, 1), k, 1, n(l)))
    with defeated():
        net = dense(widths=widths)
        instantiate(one, {l: 2}, net)


def test_a_repeated_variable_in_a_head_is_one_variable() -> None:
    h = Family("h", "uu")
    with defeated():
        net = Network((h,), (Definition(h[j, j], ((j, Integer(1), Integer(5)),), Integer(1)),))
        define(net, h[1, 2])  # the equation speaks of the diagonal


def test_no_definition_through_itself() -> None:
    with defeated():
        net = Network((a,), (Definition(a[l, j], ((l, Integer(2), L), units(j, l)), a[l, j] + 1),))
        define(net, a[2, 1])  # |- a[2, 1] = a[2, 1] + 1


def test_a_free_variable_in_the_body_of_a_definition() -> None:
    with defeated():
        net = Network((a,), (Definition(a[2, j], (units(j, 2),), k),))
        t = define(net, a[2, j])
        both(instantiate(t, {k: 0}), instantiate(t, {k: 1}))  # |- 0 = 1


def test_two_equations_for_one_quantity() -> None:
    h = Family("h", "l")
    with defeated():
        net = Network((h,), (Definition(h[2], (), Integer(0)), Definition(h[l], ((l, Integer(2), L),), Integer(1))))
        both(define(net, h[2]), instantiate(define(net, h[l]), {l: 2}))  # |- 0 = 1


def test_a_layer_that_only_the_inputs_of_the_cost_mention_stands_for_all() -> None:
    net = Network(
        (a, Family("C", "")),
        (Definition(a[l, j], ((l, Integer(1), L), units(j, l))), Definition(C, (), None, (a[q, k],))),
    )
    assert differentiate(net, C, a[q + 1, 1]).rhs == D(C, a[q + 1, 1])


def test_the_derivative_of_a_function_with_hidden_order() -> None:
    """The order of a derivative is a number: the k-th derivative of log by its table is not the k-th for k = 0."""
    with defeated():
        t = differentiate(NET, Apply("step", w[2, 1, 1], k), w[2, 1, 1])
        wrong = instantiate(t, {k: 0})
        both(differentiate(NET, Apply("step", w[2, 1, 1]), w[2, 1, 1]), wrong)  # |- 0 = step', and no hypothesis w != 0
