"""The rules for derivatives against dual numbers modulo a prime, in random networks, at indices in range and not."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from backproof.core import kernel
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, minus, variable
from backproof.core.kernel import Theorem, refl, trans, within
from backproof.core.network import Network, reads
from backproof.derive.search import axes, rewrite

from .evaluate import Model
from .making import ONE, N, at, equation, family, network, total
from .random_networks import SIZES, make, quantity

COUNT, CHUNKS = 2400, 8
STEPS = 4


def a_model(net: Network, seed: int) -> Model:
    return Model(net, {name: lambda n=n: n for name, n in SIZES[seed % len(SIZES)].items()}, seed)


def agrees(p: Theorem, model: Model, r: random.Random, where: object) -> int:
    """How many times both sides were equal and not 0; hypotheses hold where they are looked at."""
    names, counted = sorted(p.lhs.names.union(p.rhs.names, *(h.names for h in p.hypotheses))), 0
    for _ in range(2 if names else 1):
        values = {name: r.randint(0, 3) for name in names}
        if all(model.holds(h, values) for h in p.hypotheses):
            left, right = model.value(p.lhs, values), model.value(p.rhs, values)
            assert left == right, (where, p.rule, values)
            counted += left != 0
    return counted


def tried(rule, *args):
    try:
        return rule(*args)
    except Refused:
        return None


def chained(net: Network, y: t.Quantity, x: t.Quantity, steps: int) -> Theorem:
    """Reverse mode: every derivative that is left is expanded, step after step."""
    p = refl(net, t.derivative(y, x))
    for _ in range(steps):
        step = rewrite(p.rhs, lambda a, _: kernel.chain(net, a.of, a.by), t.Derivative)
        if step is None or len(step.rhs.terms) > 24:
            break
        p = trans(p, step)
    return p


def an_axis(net: Network, y: str, x: str, r: random.Random) -> tuple[tuple[str, int], ...]:
    """One that is carried along, or a guess."""
    known = axes(net, y, x)
    if known and r.random() < 0.7:
        return r.choice(known)
    return tuple((f.name, r.choice([0, 0, 1, 1, 2, -1, -2])) for f in net.families)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_derivatives_are_those_of_forward_mode(chunk):
    seen: Counter[str] = Counter()
    for seed in range(chunk * COUNT // CHUNKS, (chunk + 1) * COUNT // CHUNKS):
        net, r = make(seed)
        model = a_model(net, seed)
        x, y = quantity(net, r, "i"), t.quantity("C") if r.random() < 0.4 else quantity(net, r, "j")
        seen["chain"] += agrees(kernel.chain(net, y, x), model, r, (seed, y, x))
        for _ in range(2):
            for place in [place for place, e in enumerate(net.equations) if e.family == y.family][:2]:
                p = tried(kernel.tangent, net, place, y.indices, x)  # refused where the equation never holds there
                seen["tangent"] += agrees(p, model, r, (seed, y, x)) if p else 0
            order = frozenset(within(minus(variable("i0"), variable("j0")))) if r.random() < 0.5 else frozenset()
            if (p := tried(kernel.still, net, y, x, order)) is not None:
                seen["still"] += 1 + agrees(p, model, r, (seed, y, x))
            if (p := tried(kernel.apart, net, y, x, an_axis(net, y.family, x.family, r))) is not None:
                seen["apart"] += 1 + agrees(p, model, r, (seed, y, x))
            x, y = quantity(net, r, "i"), quantity(net, r, "j")
        if seed % 4 == 0:
            p = chained(net, t.quantity("C"), quantity(net, r, "i"), r.randint(2, STEPS))
            seen["steps"] += agrees(p, model, r, seed)
            seen["expanded"] += p.rule != "refl"
    assert all(seen[rule] for rule in ("chain", "tangent", "still", "apart", "steps", "expanded")), seen


def test_the_networks_are_of_all_kinds():
    """So many at least of what the generator is said to make."""
    kinds: Counter[str] = Counter()
    for seed in range(300):
        net, _ = make(seed)
        bodies = [e for e in net.equations if e.body is not None]
        sources = Counter((r.quantity.family, e.family) for e in net.equations for r in reads(net, e))
        kinds["open"] += any(e.reads for e in net.equations)
        kinds["several equations"] += len({e.family for e in bodies}) < len(bodies)
        kinds["recurrent"] += any(source == target for source, target in sources)
        kinds["shared"] += len({target for source, target in sources if source == "w"}) > 1
        kinds["skip"] += any(
            len([1 for s, target in sources if target == e.family and s[1:].isdigit()]) > 1 for e in bodies
        )
        kinds["pair"] += any((b, a) in sources and a != b for a, b in sources)
        kinds["down"] += any(f.rank[1].terms and min(c for _, c in f.rank[1].terms) < 0 for f in net.families)
        kinds["grid"] += any(f.rank[2].terms for f in net.families)
        kinds["layers"] += any(f.name[0] == "W" for f in net.families)
    assert all(count >= 10 for count in kinds.values()), kinds


def test_a_place_is_no_place_of_python():
    """Y[i] = the sum over k of A[k]: with -1 as the place of Y's index, k would pass for i, and 0 = 1 would follow."""
    families = (family("A", ((ONE, N),), (index(0),)), family("Y", ((ONE, N),), (index(1),)))
    net = network(families, (equation("Y", (), total(at("A", bound(0)), ONE, N)),))
    y, x = t.quantity("Y", ONE), t.quantity("A", index(2))
    for places in ((0, -1), (-1, 0), (-1, -1), (0, 1), (1, 0)):
        with pytest.raises(Refused):
            kernel.apart(net, y, x, tuple(zip("AY", places, strict=True)))
