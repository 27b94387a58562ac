"""Terms are made in normal form; whatever they are made of, they mean what it means."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from itertools import permutations
from itertools import product as choices
from pathlib import Path

import pytest

from backproof.core import term as t
from backproof.core.index import (
    Refused,
    bound,
    contradictory,
    entails,
    index,
    lift,
    minus,
    plus,
    put_index,
    putting,
    shift,
    size,
    variable,
)
from backproof.core.kernel import refl
from backproof.derive.brackets import reindex

from .evaluate import PRIME, Model, plain
from .making import EMPTY, K0, N, between, family, network, size_of, subtract
from .proofs import again
from .syntax import NAMES, build, form, index_of, meaning, setting, tree

HERE = Path(__file__).parent
CHUNKS = range(12)
EACH = 60


def seeds(chunk):
    return range(chunk * EACH, (chunk + 1) * EACH)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_is_made_means_what_it_was_made_of(chunk):
    for seed in seeds(chunk):
        r = random.Random(seed)
        model, names, stack = setting(r)
        s = tree(r, 3)
        assert model.value(build(s), names, stack) == meaning(model, s, names, stack), (seed, s)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_sums_products_and_powers(chunk):
    for seed in seeds(chunk):
        r = random.Random(-1 - seed)
        model, names, stack = setting(r)
        s, u = tree(r, 3, 2), tree(r, 3, 1)
        (p, q), (v, w) = (build(s), build(u)), (meaning(model, s, names, stack), meaning(model, u, names, stack))
        e, f = r.choice([-3, -2, -1, 0]), r.choice([-1, 0, 1, 2, 3])

        def value(p, model=model, names=names, stack=stack):
            return model.value(p, names, stack)

        assert value(t.add(p, q)) == (v + w) % PRIME, seed
        assert value(subtract(p, q)) == (v - w) % PRIME, seed
        assert value(t.product(p, q)) == v * w % PRIME, seed
        assert value(t.times(t.Fraction(2, 3), p)) == 2 * v * pow(3, -1, PRIME) % PRIME, seed
        assert value(t.power(p, e)) == (pow(v, e, PRIME) if v else 0), (seed, e)
        assert value(t.power(q, f)) == (pow(w, f, PRIME) if w else 0), (seed, f)
        assert t.add(p, q) is t.add(q, p), seed
        assert subtract(p, p) is t.ZERO, seed
        assert t.product(p, q) is t.product(q, p), seed


@pytest.mark.parametrize("chunk", CHUNKS)
def test_binding_lifting_and_substitution(chunk):
    for seed in seeds(chunk):
        r = random.Random(f"put {seed}")
        model, names, stack = setting(r)
        s, u = tree(r, 3), tree(r, 2, 2)
        p, q = build(s), build(u)
        v = meaning(model, s, names, stack)
        assert model.value(t.lift(p, 2), names, [7, -3, *stack]) == v, seed
        assert model.value(t.lift(p, 1, 1), names, [stack[0], 9, *stack[1:]]) == v, seed
        whole = t.bind(1, t.product(between(K0, index(-1), index(3)), p))
        assert (
            model.value(whole, names, stack[1:])
            == sum(meaning(model, s, names, [x, *stack[1:]]) for x in range(-1, 4)) % PRIME
        ), seed
        d, e = index_of(form(r, 2)), index_of(form(r, 2))
        at = [model.index(plain(x), names, stack) for x in (d, e)]
        put = t.put(p, putting(tuple(zip(NAMES, (d, e), strict=True))))
        assert model.value(put, names, stack) == meaning(model, s, dict(zip(NAMES, at, strict=True)), stack), seed
        put = t.put(p, putting(places=(d, e)))
        assert model.value(put, names, stack) == meaning(model, s, names, [*at, *stack]), seed
        put = t.put(p, putting(sizes=((size_of(N), index(3)), (size_of(size("n", index(2))), index(2)))))
        model.sizes["n"] = lambda i, m=model: 2 if i == 2 else 1 + (i + m.sizes["N"]()) % 3
        larger = Model(sizes={"N": lambda: 6, "n": lambda i: 2 if i == 2 else 1 + (i + 3) % 3}, seed=model.seed)
        assert larger.value(put, names, stack) == meaning(model, s, names, stack), seed
        del model.sizes["n"]
        assert model.value(t.named(NAMES, p), {}, [*(names[x] for x in NAMES), *stack]) == v, seed
        put = t.replace(
            p, lambda a, depth, _, q=q: lift(q, depth) if type(a) is t.Quantity and a.family == "c" else None
        )
        model.given["c", ()], other = meaning(model, u, names, stack), Model(sizes=model.sizes, seed=model.seed)
        assert other.value(put, names, stack) == Model.value(_with(model), p, names, stack), seed


def _with(model):
    fresh = Model(sizes=model.sizes, seed=model.seed)
    fresh.given = model.given
    return fresh


# One normal form.


@pytest.mark.parametrize("chunk", CHUNKS)
def test_the_order_of_parts_does_not_matter(chunk):
    for seed in seeds(chunk):
        r = random.Random(seed)
        s = tree(r, 3)
        p = build(s)
        assert all(build(s, r) is p for _ in range(3)), seed


def test_multiples_of_a_sum_are_divided_by_in_one_way():
    p = t.add(t.value(variable("i")), t.times(-2, t.atom(t.quantity("c"))))
    for c in (2, -3, t.Fraction(-5, 7)):
        assert t.power(t.times(c, p), -2) is t.times(t.Fraction(1) / t.Fraction(c) ** 2, t.power(p, -2))
        assert t.power(t.power(t.times(c, p), -1), -1) is t.times(c, p)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_the_order_of_variables_does_not_matter(order):
    i, j, k = (bound(place) for place in order)
    w, a = (lambda *at: t.atom(t.quantity("b", *at))), (lambda at: t.atom(t.quantity("a", at)))
    ends = [between(x, index(1), N) for x in (i, j, k)]
    x, y, z = (bound(place) for place in range(3))
    same_ends = [between(v, index(1), N) for v in (x, y, z)]
    for body in (
        lambda i, j, k: t.product(w(i, j), w(j, k), a(k)),
        lambda i, j, k: t.product(w(i, j), w(j, k), w(k, i)),
        lambda i, j, k: t.product(a(i), a(j), a(k), t.bracket(minus(i, j))),
        lambda i, j, k: t.product(w(i, shift(j, 1)), t.applied("f", 0, t.product(a(k), a(j)))),
        lambda i, j, k: t.product(a(minus(i, j)), t.power(t.add(a(i), a(k)), -1)),
    ):
        assert t.bind(3, t.product(*ends, body(i, j, k))) is t.bind(3, t.product(*same_ends, body(x, y, z)))


def a_sum(r, n):
    """Factors of a sum over n variables: its ends, matches with one of them at most, quantities."""

    def a_form(own):
        terms = ((r.choice([*own, *own, "x", "y"]), r.choice([1, 1, -1, 2])) for _ in range(r.randint(1, 2)))
        return r.randint(-1, 1), tuple(terms)

    ends = [end for v in range(n) for end in (("bracket", (-v % 2, ((v, 1),))), ("bracket", (4 + v, ((v, -1),))))]
    matches = [("match", a_form([r.randrange(n)])) for _ in range(r.choice([0, 1, 1, 2]))]
    quantities = [(r.choice("ab"), *(a_form(range(n)) for _ in range(2))) for _ in range(r.randint(1, 3))]
    return list(dict.fromkeys([*ends, *matches, *quantities]))


def a_factor(f, at):
    forms = [index(d[0]) for d in f[1:]]
    for place, d in enumerate(f[1:]):
        for v, c in d[1]:
            forms[place] = plus(forms[place], at[v], c)
    makers = {"bracket": t.bracket, "match": t.match}
    return makers[f[0]](*forms) if f[0] in makers else t.atom(t.quantity(f[0], *forms[: 1 if f[0] == "a" else 2]))


def summed(factors, n, r):
    """Their product, summed over the variables in some order, one after the other; what can may stand outside."""
    order, p, rest = r.sample(range(n), n), t.ONE, factors
    for k in range(n + 1):
        at = {"x": variable("x"), "y": variable("y"), **{v: bound(place) for place, v in enumerate(order[k:])}}
        inner = [f for f in rest if k == n or order[k] in {v for d in f[1:] for v, _ in d[1]} or r.random() < 0.3]
        rest = [f for f in rest if f not in inner]
        p = t.product(*r.sample([p, *(a_factor(f, at) for f in inner)], len(inner) + 1))
        p = t.bind(1, p) if k < n else p
    return p


@pytest.mark.parametrize("chunk", range(4))
def test_sums_may_be_taken_in_any_order_and_factors_stand_outside(chunk):
    for seed in seeds(chunk):
        r = random.Random(f"sum {seed}")
        n = r.randint(1, 3)
        factors = a_sum(r, n)
        made = [summed(factors, n, r) for _ in range(4)]
        assert all(p is made[0] for p in made), seed


def test_normal_forms_are_unique_up_to_another_index():
    """Where a match has two of the summed variables, either may be left; the rule reindex turns one into the other."""
    i, j = bound(0), bound(1)
    forms = []
    for one, other in ((i, j), (j, i)):
        p = t.product(between(one, index(), N), between(other, index(), N), t.match(shift(minus(other, one), -1)))
        forms.append(t.bind(2, t.product(p, t.atom(t.quantity("a", one)))))
    net = network((family("a", ((index(), N),), ()),), ())
    assert any(reindex(net, forms[0], 0, 1, index(by)).rhs is forms[1] for by in (-1, 0, 1))
    x = variable("x")
    outside = t.product(
        t.bind(1, t.product(between(i, index(), N), t.match(minus(plus(i, i), x)))), t.atom(t.quantity("a", x))
    )
    assert outside is t.bind(
        1, t.product(between(i, index(), N), t.match(minus(plus(i, i), x)), t.atom(t.quantity("a", x)))
    )


SCRIPT = """
import json, sys
sys.path.insert(0, {tests!r})
import random
from core.syntax import build, tree
from core.test_terms import canonical
print(json.dumps([canonical(build(tree(random.Random(seed), 3))) for seed in range(150)]))
"""


def canonical(p):
    """The plain parts of a term, sets sorted: the same text for the same term, in every process."""

    def text(x):
        if hasattr(x, "parts"):
            return [type(x).__name__, *map(text, x.parts)]
        return (
            sorted(map(text, x), key=repr) if type(x) is frozenset else [*map(text, x)] if type(x) is tuple else str(x)
        )

    return json.dumps(text(p))


def test_normal_forms_are_the_same_in_every_process():
    """Hashes of strings and of nodes differ from one process to the next, and with them the order of sets."""
    script, made = SCRIPT.format(tests=str(HERE.parent)), []
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
        made.append(json.loads(done.stdout))
    here = [canonical(build(tree(random.Random(seed), 3))) for seed in range(150)]
    assert made[0] == made[1] == here


def test_what_is_written_as_plain_data_is_read_as_the_same_term():
    for seed in range(400):
        s = tree(random.Random(f"plain {seed}"), 0)
        without = t.replace(build(s), lambda a, *_: t.value(shift(variable("i"), 2)) if type(a) is t.Quantity else None)
        assert again(refl(EMPTY, without)).lhs is without, seed


@pytest.mark.parametrize(
    "make",
    [
        lambda: t.times(2**10_001, t.ONE),
        lambda: t.times(t.Fraction(1, 2**10_001), t.value(N)),
        lambda: t.power(t.number(2), 1001),
        lambda: t.power(t.times(2**100, t.value(N)), 101),
        lambda: t.product(*[t.add(*(t.value(variable(f"x{i}")) for i in range(101)))] * 2),
        lambda: t.bind(1001, t.ONE),
    ],
)
def test_what_would_be_too_large(make):
    with pytest.raises(Refused, match=r"more than|is not an exponent|is no number"):
        make()


# Brackets.


def test_three_brackets_on_one_form():
    x = variable("x")
    brackets = [t.node(t.Bracket, d) for d in (x, minus(index(), x), shift(x, -1))]
    for order in permutations(brackets):
        assert t.monomial(0, [(a, 1) for a in order]) is t.ZERO
        assert t.product(*map(t.atom, order)) is t.ZERO
    assert t.product(t.bracket(x), t.bracket(shift(x, -2)), t.bracket(shift(x, -1))) is t.bracket(shift(x, -2))
    assert t.product(t.bracket(x), t.bracket(minus(index(), x)), t.bracket(shift(x, 1))) is t.match(x)


@pytest.mark.parametrize("layer", [index(1), variable("l")], ids=["a size", "a size of a layer"])
def test_a_bracket_on_sizes_alone_is_a_number_where_it_is_one_for_all_sizes(layer):
    """Sizes are 1, 2, ...: the form has its least value where all are 1 and no coefficient is negative, or has none."""
    m, n = size("M"), size("n", layer)
    for c, d, e in choices(range(-4, 5), repeat=3):
        made, least = t.bracket(plus(plus(index(c), m, d), n, e)), c + d + e
        assert (made is t.ONE) == (least >= 0 and min(d, e) >= 0), (c, d, e)
        assert (made is t.ZERO) == (least < 0 and max(d, e) <= 0), (c, d, e)


def test_brackets_are_simplified():
    x, k = variable("x"), variable("k")
    a = t.atom(t.quantity("a", x))
    assert t.power(t.bracket(x), 3) is t.power(t.bracket(x), -2) is t.power(t.bracket(x), 0) is t.bracket(x)
    assert t.product(t.match(minus(x, k)), a) is t.product(t.match(minus(k, x)), t.atom(t.quantity("a", k)))
    assert t.match(index(0, ((size_of(x), 2),))) is t.match(x)
    assert t.match(index(1, ((size_of(x), 2),))) is t.ZERO
    assert t.bracket(index(-1, ((size_of(x), 2),))) is t.bracket(shift(x, -1))  # 2x >= 1
    assert t.bracket(N) is t.bracket(shift(N, -1)) is t.ONE
    assert t.bracket(minus(index(), N)) is t.match(N) is t.ZERO
    assert t.bracket(minus(index(1), N)) is t.match(shift(N, -1))  # a size is at least 1
    assert t.bind(1, t.product(t.match(minus(K0, lift(x, 1))), t.atom(t.quantity("a", K0)))) is a
    assert t.bind(1, t.match(minus(plus(K0, K0), x))) is not t.ONE  # only where x is even
    own = t.match(minus(K0, size("n", K0)))  # k = n(k) says nothing of how often that is so
    with pytest.raises(Refused, match="without end"):
        t.bind(1, own)


def test_a_sum_has_two_ends():
    """The sum over all k >= 0 of 1 would be one more than itself."""
    k, m, a = K0, bound(1), t.atom(t.quantity("a", bound(0)))
    endless = (
        t.ONE,
        a,
        t.bracket(k),
        t.bracket(minus(N, k)),
        t.product(t.bracket(k), a),
        t.power(a, -1),
        t.applied("f", 0, a),
        t.value(k),
        t.product(t.bracket(k), t.bracket(minus(size("n", k), k))),
        t.product(t.bracket(k), t.bracket(minus(plus(k, k), N))),
        t.product(t.bracket(k), t.power(t.add(a, t.bracket(minus(N, k))), -1)),
        t.applied("f", 0, between(k, index(), N)),
        t.add(between(k, index(), N), a),
        t.product(t.bracket(k), t.bracket(minus(variable("x"), N))),
    )
    for p in endless:
        with pytest.raises(Refused, match="without end"):
            t.bind(1, p)
        with pytest.raises(Refused, match="without end"):
            t.bind(1, t.bind(1, t.product(between(m, index(), N), p)))
    two = (
        t.product(t.bracket(minus(k, m)), t.bracket(minus(m, k))),
        t.product(between(k, index(), m), t.bracket(m)),
        t.product(between(k, index(), m), between(m, index(), k)),
        between(plus(k, m), index(), N),
        t.product(between(k, index(), size("n", m)), between(m, index(), size("n", k))),
    )
    for p in two:
        with pytest.raises(Refused, match="without end"):
            t.bind(2, p)


def test_what_has_two_ends_is_a_sum():
    k, m = K0, bound(1)
    for p in (
        t.product(between(k, index(), N), between(m, index(), size("n", k))),
        t.product(between(plus(k, m), index(), N), between(minus(k, m), index(), N)),
        t.product(t.bracket(minus(m, k)), t.bracket(k), t.bracket(minus(N, m))),
        t.product(t.match(minus(plus(k, m), variable("x"))), between(k, index(), N)),
        t.product(between(k, m, N), between(m, variable("x"), index(9))),
    ):
        made = t.bind(2, p)
        model, names = Model(sizes={"N": lambda: 3}, seed=5), {"x": 2}
        both = [(x, y) for x in range(-12, 20) for y in range(-12, 20)]
        assert model.value(made, names) == sum(model.value(p, names, [x, y]) for x, y in both) % PRIME
    assert t.bind(1, t.product(t.bracket(k), t.bracket(minus(index(-1), k)))) is t.ZERO


def test_sums_without_end_do_not_cancel_on_the_way():
    """As the sum over x of g(x), less the sum over y of h(y): where neither has an end, no context may have both."""
    first, second = (t.atom(t.quantity(hole, K0)) for hole in ("?0", "?1"))
    for body in (first, subtract(first, second), t.add(first, t.times(-1, t.bracket(K0)))):
        with pytest.raises(Refused, match="without end"):
            t.bind(1, body)
    context = t.bind(1, t.product(t.match(minus(K0, variable("x"))), first))  # x for k: no sum is left
    assert context is t.atom(t.quantity("?0", variable("x")))
    ranged = t.bind(1, t.product(between(K0, index(), N), first))
    for put in (t.bracket(K0), subtract(t.bracket(K0), t.ONE), t.bind(1, t.match(minus(K0, bound(1))))):
        assert t.replace(ranged, lambda a, *_, put=put: put if type(a) is t.Quantity else None)  # its ends stay


# Index expressions.


@pytest.mark.parametrize("chunk", range(10))
def test_what_follows_holds(chunk):
    """Whatever is said to follow from inequalities, or to contradict, is tried on all small integers."""
    for seed in seeds(chunk):
        r = random.Random(seed)
        given, d = [index_of(form(r, 1, 0.3)) for _ in range(r.randint(1, 4))], index_of(form(r, 1, 0.3))
        follows, never = entails(given, d), contradictory(frozenset(given))
        if not (follows or never):
            continue
        model = Model(sizes={"N": lambda r=r: 1 + r.randrange(3)}, seed=seed)
        size_n = model.sizes["N"]()
        model.sizes["N"] = lambda n=size_n: n
        for i in range(-4, 5):
            for j in range(-4, 5):
                for k in range(-4, 5):
                    holds = all(model.index(plain(e), {"i": i, "j": j}, [k]) >= 0 for e in given)
                    assert not (holds and never), (seed, i, j, k)
                    assert not holds or not follows or model.index(plain(d), {"i": i, "j": j}, [k]) >= 0, (
                        seed,
                        i,
                        j,
                        k,
                    )


def test_what_does_not_follow_is_not_said_to():
    x, y = variable("x"), variable("y")
    assert entails((x,), plus(x, N))
    assert entails((minus(x, y), y), x)
    assert entails((), shift(N, -1))
    assert entails((index(-1, ((size_of(x), 2),)),), shift(x, -1))  # 2x >= 1, so x >= 1
    assert not entails((x,), shift(x, -1))
    assert not entails((), x)
    assert not entails((), shift(N, -2))
    assert not entails((x, y), minus(x, y))
    assert not contradictory(frozenset([x, minus(index(), x)]))
    assert contradictory(frozenset([x, minus(index(-1), x)]))
    assert put_index(size("n", x), putting((("x", size("n", y)),))) is size("n", size("n", y))
