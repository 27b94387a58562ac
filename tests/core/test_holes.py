"""Twelve holes that once led to something false, replayed and printed. Each is closed, and with it its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sympy import Expr, Integer, Rational, Symbol
from sympy.core.cache import clear_cache

import backproof
from backproof.core.exact import are_same
from backproof.core.grammar import rank
from backproof.core.kernel import (
    Theorem,
    assume,
    congruence,
    define,
    differentiate,
    induct,
    instantiate,
    refl,
    replay,
    ring,
    sift,
    symm,
    trans,
)  # fmt: skip
from backproof.core.network import Definition, Function, Network
from backproof.core.normal import Bound, polynomial
from backproof.core.terms import (
    C,
    D,
    Family,
    ForAll,
    Kron,
    L,
    Member,
    Mults,
    NonZero,
    Refused,
    Total,
    a,
    b,
    exp,
    j,
    k,
    l,
    m,
    n,
    p,
    r,
    w,
    y,
    z,
)  # fmt: skip
from backproof.derive.calc import calc
from backproof.derive.reasons import algebra
from backproof.derive.registry import derivation
from backproof.networks import dense

NET = dense()
G, S, T = Family("G", "u"), Family("S", ""), Family("T", "")


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """These tests are full of things that lie about what they are equal to."""
    clear_cache()
    yield
    clear_cache()


# 1. An induction that is handed its own claim.


def test_what_an_induction_assumes_does_not_range_over_layers() -> None:
    above = Kron(l + 1, L)
    picked = Kron(l, p) * above  # the sum of [l = p] [l + 1 = L] over l: the term where l is p
    told = congruence(NET, picked, *(assume(NET, above, Integer(1)) if arg == above else None for arg in picked.args))
    for_every_layer = congruence(NET, Total(picked, l, 1, L - 1), told, None, None, None)
    step = trans(trans(symm(sift(NET, for_every_layer.lhs)), for_every_layer), sift(NET, for_every_layer.rhs))
    with pytest.raises(Refused, match="induct: l is the layer"):
        induct(refl(NET, Integer(1)), instantiate(step, {p: l - 1}), l, j)  # |- [l = L] = 1, for every layer


# 2. A hypothesis that is rewritten inside something that counts how it is written.


def test_a_hypothesis_about_a_count_stays_as_it_is() -> None:
    none = Mults(a[2, n(2)] + a[2, 3])  # with three units in layer 2, SymPy would write 2 a[2, 3]: one multiplication
    divided = ring(dense(widths=(2, 3, 2)), none * Total(1 / none, k, 1, 1), Integer(1))
    assert divided.hypotheses == {NonZero(none)}


# 3. A set of factors in which two become one.


def test_no_factor_is_lost_where_a_renaming_makes_two_alike() -> None:
    one, other = (Mults(Total(a[2, s] * a[3, k], s, 1, 2)) for s in (Bound("_12"), Symbol("_12'")))
    with pytest.raises(Refused, match="not equal"):
        ring(NET, Total(one * other, k, 1, 1), Total(other, k, 1, 1))


# 4 and 7. What answers for itself whether it is equal.


class Alike:
    """Equal to all that there is."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(Integer(7))


class OddInteger(Alike, Integer):
    def __new__(cls, p: int = 8) -> Any:
        made = Expr.__new__(cls)
        made.p, made.q = p, 1
        return made


class OddRational(Alike, Rational):
    __new__ = OddInteger.__new__


class OddSymbol(Alike, Symbol):
    __hash__ = Symbol.__hash__


class OddBound(Alike, Bound):
    __hash__ = Bound.__hash__


class OddHead(Alike, Member):
    pass


class OddName(Alike, str):
    __slots__ = ()
    __hash__ = str.__hash__


class OddNumber(Alike, int):
    pass


class Agrees(type(Symbol)):
    """The type of types that say that they are another one."""

    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(Symbol)


class Disguised(Symbol, metaclass=Agrees):
    pass


def not_one_of_ours(e: Any, **parts: Any) -> Any:
    """``e`` with parts that its constructor would not have given to it."""
    made = Expr.__new__(type(e), *e.args)
    for name, value in parts.items():
        setattr(made, name, value)
    return made


ODD = {
    "an integer": OddInteger,
    "a fraction": OddRational,
    "a symbol": lambda: OddSymbol("k"),
    "a bound symbol": lambda: OddBound("_0"),
    "a head": lambda: OddHead("a", 2, 1),
    "a name": lambda: Symbol(OddName("k")),
    "a type": lambda: Disguised("k"),
    "a number in an integer": lambda: not_one_of_ours(Integer(9), p=OddNumber(8)),
    "a fraction that is whole": lambda: not_one_of_ours(Rational(1, 3), p=4, q=2),
    "a one that is not the one": lambda: not_one_of_ours(Integer(9), p=1),
    "a method of its own": lambda: not_one_of_ours(a[2, 1], has=lambda *_: False),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("around", [lambda e: e, exp, lambda e: Total(Kron(k, m) * exp(exp(e)), k, 1, 2)])
def test_a_term_is_made_of_exact_types_at_every_depth(odd: Any, around: Any) -> None:
    refl(NET, k), refl(NET, Integer(7)), refl(NET, a[2, 1])  # what is remembered of these is not for what equals them
    with pytest.raises(Refused, match="is no theorem, network or term"):
        refl(NET, around(odd()))
    assert rank(NET.families, NET.symbols, around(odd())) is None


@pytest.mark.parametrize("values", [{k: OddInteger()}, {OddSymbol("k"): 1}, {k: OddNumber(1)}])
def test_what_is_put_for_a_variable_is_of_exact_types(values: dict[Any, Any]) -> None:
    with pytest.raises(Refused, match="is no theorem, network or term"):
        instantiate(refl(NET, k), values)


def test_replay_forgets_what_was_remembered_of_something_odd() -> None:
    polynomial(OddInteger())  # it says that it is 0, and is remembered as 7
    wrong = ring(NET, Integer(7), Integer(0))
    with pytest.raises(Refused):
        replay(wrong)


# 5. Containers that show one thing at a time.


class OddTuple(Alike, tuple):
    __slots__ = ()


def with_cost(inputs: Any) -> Network:
    others = tuple(definition for definition in NET.definitions if definition.head != C)
    return Network(NET.families, (*others, Definition(C, (), None, inputs)))


CONTAINERS = {
    "inputs": lambda: with_cost(OddTuple((a[L, k], y[k]))),
    "one input": lambda: with_cost((a[L, k], OddHead("y", k))),
    "widths": lambda: replace(dense(widths=(2, 3, 2)), widths=OddTuple((2, 3, 2))),
    "a width": lambda: replace(dense(widths=(2, 3, 2)), widths=(2, OddNumber(3), 2)),
    "the depth": lambda: replace(NET, depth=OddInteger(3)),
    "the title": lambda: replace(NET, title=OddName("a net")),
    "the name of a family": lambda: Network((Family(OddName("t"), ""),), ()),
    "the end of a range": lambda: Network((G,), (Definition(G[j], ((j, 1, OddInteger()),)),)),
    "the name of an activation": lambda: replace(NET, functions=(Function(OddName("sigma"), k, k),)),
    "what an activation is": lambda: replace(NET, functions=(Function("sigma", k, exp(OddInteger())),)),
}  # fmt: skip


@pytest.mark.parametrize("made", CONTAINERS.values(), ids=CONTAINERS.keys())
def test_a_network_is_made_of_exact_types_at_every_depth(made: Any) -> None:
    with pytest.raises(ValueError, match="no type made from these"):
        made()


# 6. Arrays of equal rank and unequal shape.


def test_arrays_of_different_shapes_are_not_equal() -> None:
    net = dense(widths=(2, 3, 4))
    ones = [exp((k + 1) * v - k * v - v) for v in (a[2], a[3])]  # exp(0): three of them, and four
    with pytest.raises(Refused, match="differ in shape"):
        ring(net, *ones)


# 8. Ranges that are compared as text.


def test_the_layer_is_no_symbol_of_a_network() -> None:
    q = Family("q", "lu")
    with pytest.raises(ValueError, match="no symbol of a network"):
        Network(
            (q,),
            (
                Definition(q[2, j], ((j, 1, n(l)),)),  # here l would be a constant
                Definition(q[l, j], ((l, 3, 5), (j, 1, n(l)))),  # and here the layer
            ),
            Integer(5),
        )


# 9. A function of some quantities that becomes a derivative.


def test_an_open_function_does_not_get_a_derivative_for_its_body() -> None:
    base = (Definition(S[()]), Definition(G[j], ((j, 1, 1),), S[()] ** 2))
    general = Network((S, T, G), (*base, Definition(T[()], (), None, (G[k], S[()]))), Integer(2))
    for body, fits in ((G[1] * S[()], True), (D(G[1], S[()]), False)):
        assert Network((S, T, G), (*base, Definition(T[()], (), body)), Integer(2)).is_instance_of(general) is fits


# 10. A replay that believes what it is given.


@pytest.mark.parametrize("found", ["edges", "all_edges", "opaque", "kinds"])
def test_replay_builds_the_network_anew(found: str) -> None:
    net = replace(NET)
    net.__dict__[found] = {"opaque": frozenset(), "kinds": dict(NET.kinds, Q="u")}.get(found, ())
    net.__dict__["edges"] = ()
    wrong = differentiate(net, C, w[2, 1, 1])
    assert wrong.rhs == 0
    for theorem in (wrong, symm(wrong)):
        with pytest.raises(TypeError, match="replay disagrees"):
            replay(theorem)


def test_a_method_of_a_definition_is_not_replaced() -> None:
    net = Network(NET.families, tuple(replace(definition) for definition in NET.definitions))
    for definition in net.definitions:
        definition.__dict__["where"] = lambda _: []  # no hypotheses
    with pytest.raises(TypeError, match="replay disagrees"):
        replay(define(net, z[l, j]))


def forged(part: str, value: Any) -> Theorem:
    made = object.__new__(Theorem)
    made.__dict__.update(refl(NET, Integer(7)).__dict__ | {part: value})
    return made


class OddSet(Alike, frozenset):
    __slots__ = ()


@pytest.mark.parametrize(
    ("part", "value"), [("rhs", OddInteger()), ("lhs", OddInteger()), ("uses", OddSet()), ("hypotheses", OddSet())]
)
def test_replay_does_not_ask_a_forged_part_whether_it_is_right(part: str, value: Any) -> None:
    with pytest.raises(TypeError, match="replay disagrees"):
        replay(forged(part, value))
    with pytest.raises((TypeError, Refused)):
        replay(symm(forged(part, value)))


def test_what_is_the_same_has_the_same_parts() -> None:
    def parts() -> list[Any]:
        return [Integer(7), Rational(2, 3), k, L, w[l, j, k] + Rational(1, 7) * k**2, Total(a[l, k], k, 1, n(l))]

    before = parts()
    clear_cache()
    assert [[are_same(one, other) for other in parts()] for one in before] == [
        [place == at for at in range(len(before))] for place in range(len(before))
    ]
    assert are_same(frozenset({(1, k), (2, l)}), frozenset({(2, l), (1, k)}))
    assert not are_same(frozenset({k}), frozenset({k, l}))
    assert not are_same(True, 1)  # equal, as Python has it


# 11. A hypothesis that binds what is a constant of the network.


def test_a_hypothesis_binds_no_symbol_of_its_network() -> None:
    general = Network((G, T), (Definition(G[j], ((j, 1, 5),)), Definition(T[()])), Integer(2))
    special = replace(general, definitions=(*general.definitions[:1], Definition(T[()], (), r)))
    assert r in special.symbols
    one = ring(general, Total(G[r] * Total(1 / G[r], k, 1, 1), r, 1, 1), Integer(1))
    for_every_r = trans(symm(one), one)
    assert for_every_r.hypotheses == {ForAll(NonZero(G[r]), r, 1, 1)}
    with pytest.raises(Refused, match="is no hypothesis about the network"):
        instantiate(for_every_r, {}, special)  # G[r], for the r of this network, is not every G[r]


# 12. Judges that are silenced.


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (b[l, Bound("_1")], "a variable that belongs inside a sum"),
        (Total(b[l, Symbol("_1")] * b[l, Bound("_1")], Bound("_1"), 1, 2), "two symbols that are called _1"),
    ],
)
def test_a_derivation_does_not_speak_of_what_prints_like_something_else(claim: Any, said: str) -> None:
    @derivation("odd", "Odd")
    def odd() -> Any:
        return calc(NET, claim, (claim, algebra))

    with pytest.raises(ValueError, match=said):
        odd()


FILE = """\
from sympy import Integer, Symbol
from backproof import calc, dense, derivation
from backproof.core.kernel import assume
from backproof.core.terms import C, D, b, j, l, w
from backproof.derive.reasons import algebra, theorem
one, other = Symbol("jé"), Symbol("jè")
@derivation("odd", "Odd"{options})
def odd():
    return calc(dense(), {start}, ({claim}))
"""
NO_GRADIENT = {"start": "D(C, b[l, j])", "claim": "Integer(0), theorem(assume(dense(), D(C, b[l, j]), Integer(0)))"}


def proved(folder: Path, **parts: str) -> backproof.ProveResult:
    file = folder / "odd.py"
    file.write_text(FILE.format_map({"options": "", **parts}), encoding="utf-8")
    return backproof.prove([file], formats=())


def test_symbols_that_are_printed_alike_are_refused(tmp_path: Path) -> None:
    [refusal] = proved(tmp_path, start="w[l, one, other]", claim="w[l, one, other], algebra").refused
    assert "the symbols jè and jé are both printed as" in refusal.reason


def test_what_no_judge_can_speak_of_does_not_hold(tmp_path: Path) -> None:
    result = proved(tmp_path, **NO_GRADIENT)
    assert not result.ok
    [odd] = result.derivations
    assert odd.evidence[-1] == {
        "kind": "unjudged", "holds": False, "reason": "no judge can speak of it: an assumption of an induction",
    }  # fmt: skip


def test_a_derivation_may_say_what_vouches_for_it(tmp_path: Path) -> None:
    result = proved(tmp_path, **NO_GRADIENT, options=", judged_by='the author'")
    assert result.ok
    assert [item["kind"] for item in result.derivations[0].evidence] == ["kernel"]


def test_two_steps_of_the_library_are_vouched_for() -> None:
    silent = [found for found in backproof.prove(formats=()).derivations if not found.judged]
    assert [found.derivation.name for found in silent] == ["recursion-step", "paths-step"]
    assert all(found.derivation.judged_by for found in silent)
