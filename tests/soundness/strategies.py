"""Random terms over random networks, and random applications of every rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sympy import Add, Integer, Mul, Rational, Symbol

from backproof.core import kernel as K  # noqa: N812 - so many rules
from backproof.surface.arrays import entry, shape
from backproof.core.kernel import Theorem
from backproof.surface.network import Network
from backproof.core.normal import polynomial
from backproof.core.normal import term as normal
from backproof.surface.terms import (
    Apply,
    D,
    Dot,
    Hadamard,
    Kron,
    L,
    Member,
    NonZero,
    Outer,
    Phi,
    Refused,
    Total,
    Transposed,
    a,
    delta,
    exp,
    i,
    j,
    k,
    l,
    log,
    m,
    n,
    phi,
    sigma,
    step,
    total,
    w,
    z,
)  # fmt: skip
from backproof.derivations import backward
from backproof.networks import batch, bias_unit, dense, recursive, residual

Draw = Callable[[Any], Any]

NETWORKS = {
    "dense": dense(),
    "two layers": dense(widths=(3, 2)),
    "no bias": dense(bias=False),
    "quadratic": dense(cost="quadratic"),
    "cross-entropy": dense(activation="sigmoid", cost="cross-entropy"),
    "softmax": dense(softmax=True, cost="log-likelihood"),
    "bias unit": bias_unit(),
    "residual": residual(),
    "batch": batch(cost="quadratic"),
    "backward": recursive(dense()),
}
v = Symbol("v")  # any number, such as the learning rate
INDICES = {"l": (l, l + 1, l - 1, L, Integer(2)), "u": (j, k, Integer(1), Integer(2)), "e": (i, Integer(1))}
SOME = {
    "quadratic": dense(cost="quadratic"),
    "sigmoid": dense(activation="sigmoid"),
    "small": dense(widths=(3, 4, 2)),
    "deep": dense(Integer(5)),
}


def quantity(net: Network) -> Any:
    """A member of a family of the network."""

    def of(family: Any) -> Any:
        return st.tuples(*(st.sampled_from(INDICES[kind]) for kind in family.kinds)).map(
            lambda at: Member(family.name, *at)
        )

    return st.sampled_from([f for f in net.families if f.kinds]).flatmap(of) | st.just(Member("C"))


def term(net: Network, leaves: int = 4) -> Any:
    """A term over the network, with sums and derivatives."""
    numbers = st.sampled_from([Integer(-1), Integer(2), Rational(1, 2), v])
    simple = quantity(net) | quantity(net) | numbers | st.just(Kron(j, k))

    def larger(inner: Any) -> Any:
        return st.one_of(
            st.tuples(inner, inner).map(lambda parts: Add(*parts)),
            st.tuples(inner, inner).map(lambda parts: Mul(*parts)),
            st.tuples(inner, st.sampled_from([2, 2, -1])).map(lambda parts: parts[0] ** parts[1]),
            st.tuples(inner, st.sampled_from([0, 1])).map(lambda parts: Apply("sigma", *parts)),
            inner.map(exp),
            st.tuples(inner, st.sampled_from([j, k, m]), st.sampled_from([l, l + 1, L])).map(
                lambda parts: total(*parts)
            ),
            st.tuples(quantity(net), quantity(net)).map(lambda parts: D(*parts)),
        )

    def can_be_judged(e: Any) -> bool:
        return K.rank(net.families, net.symbols, e) is not None and not _has_exp_in_sigma(e)

    return st.recursive(simple, larger, max_leaves=leaves).filter(can_be_judged)


def _has_exp_in_sigma(e: Any) -> bool:
    """The oracle takes sigma at two floats that are equal but for rounding for two numbers: see ``test_oracle``."""
    return any(f.args[0].name != "exp" and f.args[1].has(Apply) and "exp" in str(f.args[1]) for f in e.atoms(Apply))


def array(net: Network) -> Any:
    """A vector or matrix."""
    simple = st.sampled_from(
        [a[l], z[l], a[l - 1], w[l], delta[l], delta[l - 1], Transposed(w[l]), D(Member("C"), z[l])]
    )

    def larger(inner: Any) -> Any:
        two = st.tuples(inner, inner)
        return st.one_of(
            *(two.map(lambda parts, head=head: head(*parts)) for head in (Dot, Dot, Hadamard, Outer, Add)),
            inner.map(sigma), inner.map(Transposed), inner.map(lambda e: 2 * e),
        )  # fmt: skip

    return st.recursive(simple, larger, max_leaves=3).filter(lambda e: _has_shape(net, e))


def _has_shape(net: Network, e: Any) -> bool:
    try:
        return bool(shape(net, e))
    except Refused:
        return False


# One function a rule: a random application of it, which may be refused.


def refl(draw: Draw, net: Network) -> Theorem:
    return K.refl(net, draw(term(net)))


def symm(draw: Draw, net: Network) -> Theorem:
    return K.symm(theorem(draw, net))


def trans(draw: Draw, net: Network) -> Theorem:
    first = theorem(draw, net)
    if draw(st.booleans()):
        return K.trans(first, K.ring(net, first.rhs, normal(polynomial(first.rhs))))
    return K.trans(K.symm(first), theorem(draw, net) if draw(st.booleans()) else first)


def congruence(draw: Draw, net: Network) -> Theorem:
    inner = theorem(draw, net)
    e, around, by = inner.lhs, draw(term(net, 2)), draw(quantity(net))
    bound, layer = draw(st.sampled_from([j, k, l])), draw(st.sampled_from([l, l + 1, L]))
    whole = draw(
        st.sampled_from(
            [e + around, e * around, 1 / e, sigma(e), total(e, bound, layer), Total(e, bound, 2, L), D(e, by)]
        )
    )
    if _has_exp_in_sigma(whole):
        whole = e + 1
    return K.congruence(net, whole, *(inner if part == e else None for part in whole.args))


def instantiate(draw: Draw, net: Network) -> Theorem:
    values = {
        l: st.sampled_from([*INDICES["l"], l + 2]),
        j: st.sampled_from([k, 1, 2, j + 1]),
        k: st.sampled_from([j, 1, j - 1]),
    }
    chosen = {s: draw(value) for s, value in values.items() if draw(st.booleans())}
    to = draw(st.sampled_from([net, net, *SOME.values()]))
    return K.instantiate(theorem(draw, net), chosen, to)


def assume(draw: Draw, net: Network) -> Theorem:
    """An assumption that is true, and its hypotheses: so that it can be judged."""
    true = theorem(draw, net)
    return K.trans(K.assume(net, true.lhs, true.rhs), K.trans(K.symm(true), true))


def discharge(draw: Draw, net: Network) -> Theorem:
    sigmoid, softmax = SOME["sigmoid"], NETWORKS["softmax"]
    fact = draw(
        st.sampled_from(
            [K.define(softmax, a[L, k]), K.define(sigmoid, sigma(draw(term(sigmoid, 2)))), theorem(draw, net)]
        )
    )
    e = fact.lhs
    whole = draw(st.sampled_from([log(e), 1 / e, total(log(e), k, L), total(1 / e, j, l)]))
    p = K.differentiate(fact.net, whole, draw(quantity(fact.net)))
    return K.discharge(p, draw(st.sampled_from(sorted(p.hypotheses, key=str) or [NonZero(e)])), fact)


def define(draw: Draw, net: Network) -> Theorem:
    return K.define(net, draw(quantity(net) | st.sampled_from([sigma(v), n(2), n(L), sigma(z[l, j])])))


def chain(draw: Draw, net: Network) -> Theorem:
    y = draw(st.sampled_from([Member("C"), Member("C"), draw(quantity(net))]))
    family = draw(quantity(net).filter(lambda q: "u" in net.kind(q)))
    place = net.kind(family).index("u")
    t = Member(*family.args[: place + 1], m, *family.args[place + 2 :])
    return K.chain(net, y, draw(quantity(net)), t, m)


def differentiate(draw: Draw, net: Network) -> Theorem:
    e = draw(term(net))
    return K.differentiate(
        net, draw(st.sampled_from([e, e, log(e), step(e), Phi(e), phi(e), 1 / e])), draw(quantity(net))
    )


def ring(draw: Draw, net: Network) -> Theorem:
    e = draw(term(net, 6))
    same = [normal(polynomial(e)), e.expand(deep=False), *map(normal, [polynomial(e)])]
    other = draw(st.sampled_from([*same, e + v, -e, e * v / v]))
    return K.ring(net, e, other)


def sift(draw: Draw, net: Network) -> Theorem:
    bound, to = draw(st.sampled_from([(k, j), (j, k), (m, j), (k, Integer(1)), (k, j + 1)]))
    body = draw(term(net)) * Kron(bound, to)
    return K.sift(
        net, draw(st.sampled_from([total(body, bound, l), Total(body, bound, 2, n(L)), Total(body, bound, 1, 3)]))
    )


def sum_(draw: Draw, net: Network) -> Any:
    bound, lo = draw(st.sampled_from([j, k, m, l])), draw(st.sampled_from([0, 1, 2, 3]))
    return Total(draw(term(net)), bound, lo, draw(st.sampled_from([0, 1, 2, n(l), n(L), L])))


def unroll(draw: Draw, net: Network) -> Theorem:
    return K.unroll(net, sum_(draw, net))


def split(draw: Draw, net: Network) -> Theorem:
    return K.split(net, sum_(draw, net), draw(st.sampled_from(["first", "last"])))


def shift(draw: Draw, net: Network) -> Theorem:
    return K.shift(net, sum_(draw, net), draw(st.sampled_from([-2, -1, 1, 2])))


def count(draw: Draw, net: Network) -> Theorem:
    return K.count(net, draw(term(net)))


def induct(draw: Draw, net: Network) -> Theorem:  # noqa: ARG001 - about the backward pass only
    made = [(backward.base(), backward.step()), (backward.paths_base(), backward.paths_step())]
    bases, steps = ([f(pair[which].theorem) for pair in made for f in (K.symm, lambda p: p)] for which in (0, 1))
    base = draw(st.integers(0, 3))
    step_ = draw(st.sampled_from([base, base, 0, 1, 2, 3]))
    return K.induct(
        bases[base], steps[step_], draw(st.sampled_from([l, l, l, j])), draw(st.sampled_from([j, j, j, k, l]))
    )


def components(draw: Draw, net: Network) -> Theorem:
    first = draw(array(net))
    second = draw(st.sampled_from([first, 2 * first - first / 2, sigma(first), Transposed(first)]) | array(net))
    indices = (j, k, m)[: len(shape(net, first))]
    e, f = entry(net, first, indices), entry(net, second, indices)
    return K.components(
        K.differentiate(net, e.args[0], e.args[1]) if isinstance(e, D) else K.ring(net, e, f), first, second, indices
    )


def component(draw: Draw, net: Network) -> Theorem:
    of = K.refl(net, draw(array(net)))
    return K.component(of, tuple(draw(st.sampled_from([j, k, Integer(1), n(l)])) for _ in shape(net, of.lhs)))


def theorem(draw: Draw, net: Network) -> Theorem:
    """Any theorem that needs no other, mostly one that says something."""
    return draw(st.sampled_from([define, define, define, differentiate, chain, ring, sift, shift]))(draw, net)


APPLICATIONS = {
    f.__name__: f
    for f in (
        refl, symm, trans, congruence, instantiate, assume, discharge, define, chain, differentiate, ring, sift, unroll,
        split, shift, count, induct, components, component,
    )
}  # fmt: skip
