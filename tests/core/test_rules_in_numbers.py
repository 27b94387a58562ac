"""What rules make, held against numbers wherever the hypotheses hold."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, node, plus, shift
from backproof.core.kernel import Equal, Hypothesis, NonZero, simple, within
from backproof.derive.brackets import brackets, reindex, split
from backproof.derive.search import instantiate, length, multiplied_out

from .evaluate import Model, plain
from .making import ONE, N, at, family, for_all, network, total
from .ruling import NONE, i, x
from .syntax import build, form, index_of, meaning, tree

FREE = network(tuple(family(f, ((ONE, N),) * arity, ()) for f, arity in (("a", 1), ("b", 2), ("c", 0))), ())
CHUNKS, EACH = range(5), 120


def a_model(r, *, real=False):
    n = r.randint(1, 3)
    return Model(FREE, {"N": lambda: n}, r.random(), real=real), {
        "i": r.randint(-1, 4),
        "j": r.randint(-1, 4),
        "x": r.randint(-1, 4),
    }


@pytest.mark.parametrize("chunk", CHUNKS)
def test_rules_for_sums_and_fields_hold(chunk):
    seen: Counter[str] = Counter()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"rules {seed}")
        model, names = a_model(r)
        s = tree(r, 0)
        p, v = build(s), meaning(model, s, names, [])
        close = t.bracket(shift(index_of(form(r, 0, 0.3)), r.randint(0, 2)))

        def looked_at(made, name=None, seed=seed, model=model, names=names, v=v):
            if all(model.holds(h, names) for h in made.hypotheses):
                assert model.value(made.lhs, names) == model.value(made.rhs, names) == v, (seed, made.rule)
                seen[name or made.rule] += made.lhs is not made.rhs

        forms = [index_of(form(r, 0, 0.3)) for _ in range(3)]
        true = [d for d in forms if model.index(plain(d), names, []) >= 0]
        near = t.product(*(t.bracket(shift(d, r.randint(-1, 2))) for d in true), close, t.add(p, t.ONE))
        if made := _tried(brackets, FREE, near, frozenset(true)):
            looked_at(made, "brackets", v=model.value(near, names))
        made = _tried(brackets, FREE, p, frozenset(true))
        if made:
            looked_at(made, "brackets")
            if true:
                weaker = _tried(k.weaken, made, within(*true, *forms))
                assert weaker is None or all(h in weaker.hypotheses for h in made.hypotheses)
        for m, c in p.terms:
            alone = t.times(c, t.monomial(m.bound, m.factors))
            v = model.value(alone, names)
            for a, _ in m.factors:
                if type(a) is t.Bracket and (made := _tried(split, FREE, alone, a.form)):
                    looked_at(made, "split", v=v)
            if m.bound:
                by = index_of(form(r, 0, 0.2)) if r.random() < 0.7 else plus(index(), bound(r.randrange(m.bound)))
                if made := _tried(reindex, FREE, alone, r.randrange(m.bound), r.choice([1, -1]), by):
                    looked_at(made, v=v)
        ends = [index_of(form(r, 0, 0.3)) for _ in range(2)]
        if abs(model.index(plain(ends[0]), names, [])) < 12 and abs(model.index(plain(ends[1]), names, [])) < 12:
            made = instantiate(length(FREE), dict(zip(("lo", "hi"), ends, strict=True)))
            looked_at(made, v=model.value(made.lhs, names))
            lo, hi = (model.index(plain(d), names, []) for d in ends)
            assert model.value(made.lhs, names) == max(hi - lo + 1, 0)
        q = build(tree(r, 0, 2))
        if made := _tried(k.inverse, FREE, q):
            looked_at(made, v=1)
        try:
            made = multiplied_out(FREE, p, q, r.randint(0, 2))
        except (Refused, ValueError):  # no single factor
            continue
        seen["multiplied out"] += 1
        looked_at(made)
    assert all(seen[rule] > 3 for rule in ("brackets", "split", "reindex", "inverse", "multiplied out")), seen


def _tried(rule, *args):
    try:
        return rule(*args)
    except Refused:
        return None


def a_context(r, deep, level=3):
    """A random term with holes under sums, brackets, functions and quotients."""
    if not level or r.random() < 0.2:
        return at(f"?{r.randint(0, 1)}", index_of(form(r, deep, 0.1)))
    inner = lambda more=0: a_context(r, deep + more, level - 1)  # noqa: E731
    return r.choice(
        [
            lambda: t.add(inner(), build(tree(r, deep, 1))),
            lambda: t.product(inner(), t.bracket(index_of(form(r, deep, 0.1)))),
            lambda: t.product(inner(), t.match(index_of(form(r, deep, 0.1)))),
            lambda: t.applied("f", 0, inner()),
            lambda: t.power(t.add(inner(), t.value(index_of(form(r, deep)))), -1),
            lambda: total(inner(1), index(r.randint(-1, 2)), r.choice([N, index(r.randint(1, 3))])),
            lambda: total(
                t.product(t.bracket(index_of(form(r, deep + 1, 0.1))), inner(1)), index(r.randint(-1, 2)), index(2)
            ),
        ]
    )()


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_is_assumed_under_binders_is_enough(chunk):
    """Premises with conditions, in random contexts: where the hypotheses that subst says hold, both sides are equal."""
    told: Counter[str] = Counter()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"subst {seed}")
        model, names = a_model(r)
        d, e = (plus(index(r.randint(-1, 2)), x, r.choice([1, -1])) for _ in range(2))
        body = r.choice([at("b", x, i), at("a", x), t.ONE, t.value(x)])
        first = brackets(FREE, t.product(t.bracket(d), body), frozenset([d]))
        second = k.weaken(
            k.assume(FREE, for_all(0, [], at("a", x), at("a", x)), ()), within(e) | {simple(node(NonZero, at("a", x)))}
        )
        premises = r.choice([(first, second), (second, first), (first, brackets(FREE, t.bracket(e), frozenset([e])))])

        context = t.add(a_context(r, 0), a_context(r, 0))
        p = _tried(k.subst, context, premises, (("x",), ("x",)))
        if p is None:
            told["refused"] += 1
        elif all(model.holds(h, names) for h in p.hypotheses):
            assert model.agrees(p, names), seed
            told["holds"] += 1
            told["matters"] += p.lhs is not p.rhs and bool(p.hypotheses)
        else:
            told["fails"] += 1
    assert min(told["holds"], told["matters"], told["fails"]) > 4, told


@pytest.mark.parametrize("chunk", range(4))
def test_what_weaken_says_follows_holds(chunk):
    """A hypothesis that follows from others is true wherever they are."""
    seen = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"weaken {seed}")
        n = r.randint(0, 1)
        forms = [index_of(form(r, n, 0.2)) for _ in range(r.randint(0, 2))]
        claim = r.choice(
            [
                node(k.InRange, index_of(form(r, n, 0.3))),
                node(NonZero, build(tree(r, n, 2))),
                node(Equal, build(tree(r, n, 1)), build(tree(r, n, 1))),
            ]
        )
        h = node(Hypothesis, n, frozenset(forms), claim)
        given = within(*(index_of(form(r, 0, 0.2)) for _ in range(r.randint(0, 3))))
        given |= {node(Hypothesis, n, frozenset(forms[:1]), claim)} if r.random() < 0.3 else NONE
        if not k.follows(FREE, h, given):
            continue
        for _ in range(12):
            model, _ = a_model(r, real=True)
            names = {"i": r.randint(-4, 5), "j": r.randint(-4, 5)}
            if all(model.holds(g, names) for g in given):
                seen += 1
                assert model.holds(h, names), seed
    assert seen > 20, seen
