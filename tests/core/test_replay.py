"""Proofs as plain data: what is written is read as the same theorem, and nothing that is written is believed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, variable
from backproof.core.kernel import RULES, Theorem
from backproof.surface.proofs import replay
from backproof.verify.replay import MAKERS, load

from .evaluate import Model
from .making import EMPTY, N, network, size_of
from .proofs import NAMES, again, entries, proved, says
from .random_networks import make, quantity
from .test_terms import canonical

HERE = Path(__file__).parent


def parts(p):
    return {
        "net": canonical(p.net),
        "lhs": canonical(p.lhs),
        "rhs": canonical(p.rhs),
        "hypotheses": sorted(map(canonical, p.hypotheses)),
    }


READER = """
import json, sys
from backproof.verify.replay import load
made = load(json.load(sys.stdin))
def text(x):
    if hasattr(x, "parts"):
        return [type(x).__name__, *map(text, x.parts)]
    return sorted(map(text, x), key=repr) if type(x) is frozenset else [*map(text, x)] if type(x) is tuple else str(x)
def canonical(x):
    return json.dumps(text(x))
found = [p for p in made if type(p).__name__ == "Theorem"]
parts = lambda p: {slot: canonical(getattr(p, slot)) for slot in ("net", "lhs", "rhs")}
print(json.dumps([{**parts(p), "hypotheses": sorted(map(canonical, p.hypotheses))} for p in found]))
others = sorted(m for m in sys.modules if m.startswith("backproof.") and m.split(".")[1] not in ("core", "verify"))
assert "sympy" not in sys.modules and "numpy" not in sys.modules and not others, others
"""


WRITER = """
import json, sys
sys.path.insert(0, {tests!r})
from core.random_networks import make, quantity
from backproof.core import kernel as k, term as t
from backproof.surface.proofs import dump
made = []
for seed in range(12):
    net, r = make("plain " + str(seed))
    made.append(dump(k.chain(net, t.quantity("C"), quantity(net, r, "i")))[0])
print(json.dumps(made))
"""


def run(script, text="", **env):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **env}
    done = subprocess.run(
        [sys.executable, "-c", script], input=text, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def elsewhere(given):
    """The theorems of plain data, as a process says that has read nothing else and imported nothing but the core."""
    return json.loads(run(READER, json.dumps(given), PYTHONHASHSEED="7"))


# The round trip.


@pytest.mark.parametrize("name", NAMES)
def test_a_real_proof_is_read_again(name):
    p = proved(name)
    q = again(p)
    assert q is not p
    assert type(q) is Theorem
    assert says(q) == says(p)


def test_real_proofs_are_read_in_a_process_of_their_own():
    found = elsewhere(entries(*map(proved, NAMES)))
    assert all(parts(proved(name)) in found for name in NAMES)


def test_several_theorems_share_their_entries():
    together = entries(*map(proved, NAMES))
    assert len(together) < sum(len(entries(proved(name))) for name in NAMES)
    assert {x[0] for x in together} <= {*RULES, *MAKERS}
    assert together == json.loads(json.dumps(together))


def test_theorems_about_random_networks_are_read_again():
    for seed in range(120):
        net, r = make(f"plain {seed}")
        p = k.chain(net, t.quantity("C"), quantity(net, r, "i"))
        assert says(again(p)) == says(p), seed


def test_what_is_written_does_not_depend_on_the_process():
    """Up to the order of entries; nodes are found by what they are made of, so both are read as the same."""
    script = WRITER.format(tests=str(HERE.parent))
    for seed in ("1", "2"):
        for place, written in enumerate(json.loads(run(script, PYTHONHASHSEED=seed))):
            net, r = make(f"plain {place}")
            p = k.chain(net, t.quantity("C"), quantity(net, r, "i"))
            assert says(load(written)[-1]) == says(p), (seed, place)
            assert Counter(x[0] for x in written) == Counter(x[0] for x in entries(p)), (seed, place)


# What is no proof.


@pytest.mark.parametrize(
    "given",
    [
        [["theorem"]],
        [[]],
        [7],
        ["refl"],
        [None],
        [["refl"]],
        [["refl", ["#", 0]]],
        [["refl", ["#", 1], ["#", 1]]],
        [["refl", ["#", -1], ["#", -1]]],
        [["Variable", 7]],
        [["Variable", ""]],
        [["Variable", ["()"]]],
        [["Bound", -1]],
        [["Bound", True]],
        [["Bound", 1.0]],
        [["Bound", "0"]],
        [["Index", 1.5, ["{}"]]],
        [["Index", ["/", 1, 2], ["{}"]]],
        [["Term", ["{}", ["()", ["#", 0], 1]]]],
        [["Index", 0, ["{}", ["()", "x", 1]]]],
        [["Quantity", "", ["()"]]],
        [["Quantity", "a", ["()", 1]]],
        [["Quantity", "a", {"x": 1}]],
        [["Quantity", ["/", 1, 0], ["()"]]],
        [["Quantity", "a", ["?"]]],
        [["Quantity", "a", []]],
        [["Quantity", "a", [["()"]]]],
        [["Quantity", "a"]],
        [["Network", ["()"]]],
        [["Network", ["()", 1], ["()"], ["()"], ["()"]]],
        [["Network", ["{}"], ["()"], ["()"], ["()"]]],
        [["__import__", "os"]],
        [["node", "x"]],
        [["Theorem"]],
        [["replay", 1]],
        [["load", ["()"]]],
        [["Term", ["{}"]], ["Partial", ["#", 0], 0, ["()"]]],
        [["Quantity", "C", ["()"]], ["Partial", ["#", 0], -1, ["()"]]],
        [["Quantity", "C", ["()"]], ["Partial", ["#", 0], 0, ["()", ["#", 0]]]],
        [["Quantity", "C", ["()"]], ["Partial", ["#", 0], 0, ["{}"]]],
        [["Bound", 0], ["Quantity", "C", ["()"]], ["Partial", ["#", 1], 0, ["()", ["#", 0]]]],
        [["Term", ["{}"]], ["Hypothesis", 0, ["{}"], ["#", 0]]],
        [["Term", ["{}"]], ["NonZero", ["#", 0]], ["Hypothesis", True, ["{}"], ["#", 1]]],
        [["Term", ["{}"]], ["NonZero", ["#", 0]], ["Hypothesis", -1, ["{}"], ["#", 1]]],
        [["Term", ["{}"]], ["NonZero", ["#", 0]], ["Hypothesis", 0, ["()"], ["#", 1]]],
        [["Term", ["{}"]], ["InRange", ["#", 0]]],
        [["Index", 0, ["{}"]], ["Positive", ["#", 0]]],
        [["Term", ["{}"]], ["Equal", ["#", 0]]],
        [["Monomial", 1, ["{}"]]],
        [["Monomial", 61, ["{}"]]],
        [["Monomial", -1, ["{}"]]],
    ],
)
def test_what_is_no_plain_data(given):
    with pytest.raises(Refused):
        load(given)


@pytest.mark.parametrize(
    "x", [1.5, True, {"x": 1}, (), b"x", Fraction(1), [7], [None], [["#", 0]], [], ["#", "0"], ["/", 1.0, 2]]
)
def test_what_is_no_number_string_or_list(x):
    with pytest.raises(Refused, match="no plain data"):
        load([["Variable", "x"], ["Quantity", "a", x]])


def test_data_may_be_nested_as_deep_as_they_like():
    deep = ["()"]
    for _ in range(100_000):
        deep = ["()", deep]
    with pytest.raises(Refused):
        load([["Quantity", "a", deep]])


def changed(given, r):
    """One thing changed somewhere: a number, a name, a reference, a rule; something left out or said twice."""
    copy = json.loads(json.dumps(given))
    names = sorted({x for entry in given for x in entry[1:] if type(x) is str})
    x = r.choice(copy[-60:] if r.random() < 0.3 else copy)
    while any(type(y) is list for y in x) and r.random() < 0.7:
        x = r.choice([y for y in x if type(y) is list])
    place = r.randrange(len(x))
    old = x[place]
    way = r.random()
    if type(old) is int and way < 0.7:
        x[place] = old + r.choice([1, -1, -1, 2])
    elif type(old) is str and old in RULES:
        x[place] = r.choice([*RULES])
    elif type(old) is str and old in names:
        x[place] = r.choice(names)
    elif way < 0.8:
        x[place] = r.choice(
            [0, 1, -1, 2, "l", "a", None, ["#", r.randrange(len(copy))], ["()"], ["{}"], ["/", 1, 2], ["()", 0]]
        )
    elif way < 0.9:
        del x[place]
    else:
        x.insert(place, x[r.randrange(len(x))])
    return copy


@pytest.mark.parametrize("name", NAMES)
def test_what_is_changed_at_random_proves_nothing_false(name):
    """Refused, or a theorem that its own rules have made: then it holds, of whatever network it is about."""
    p, r, seen = proved(name), random.Random(f"change {name}"), Counter()
    given = entries(p)
    for _ in range(500):
        try:
            made = [q for q in load(changed(given, r)) if type(q) is Theorem]
        except Refused:
            seen["refused"] += 1
            continue
        for q in [made[-1], *r.sample(made, min(2, len(made)))] if made else []:
            seen["theorem"] += 1
            seen["another"] += (q.net, q.lhs, q.rhs) != (p.net, p.lhs, p.rhs)
            if any(type(h.claim) is k.Positive for h in q.hypotheses):
                continue
            model = Model(q.net, {"L": lambda *_: 3}, r.random())
            names = q.lhs.names.union(q.rhs.names, *(h.names for h in q.hypotheses))
            for _ in range(6):
                values = {x: r.randint(1, 3) for x in names}
                if all(model.holds(h, values) for h in q.hypotheses):
                    seen["looked at"] += 1
                    assert model.agrees(q, values), (name, q.rule)
    assert min(seen["refused"], 50) == 50, seen
    assert min(seen["theorem"], seen["looked at"]) > 5, seen


# Forgery.


def a_forgery(**slots):
    made, good = object.__new__(Theorem), k.refl(EMPTY, t.number(7))
    for slot in Theorem.__slots__:
        object.__setattr__(made, slot, slots.get(slot, getattr(good, slot)))
    return made


SEVEN, EIGHT = t.number(7), t.number(8)


@pytest.mark.parametrize(
    "forged",
    [
        a_forgery(rhs=EIGHT),
        a_forgery(lhs=EIGHT),
        a_forgery(rule="symm", args=(a_forgery(rhs=EIGHT),), lhs=EIGHT),
        a_forgery(rule="trans", args=(a_forgery(), k.refl(EMPTY, EIGHT)), rhs=EIGHT),
        a_forgery(rule="weaken", args=(a_forgery(rhs=EIGHT), frozenset()), rhs=EIGHT),
        a_forgery(rule="axiom"),
        a_forgery(rule="network", args=((), ())),
        a_forgery(rule="Network", args=((), (), (), ())),
        a_forgery(net=network((), (), (), ((size_of(N), 2),))),
        a_forgery(hypotheses=k.within(variable("x"))),
        a_forgery(args=()),
        a_forgery(args=(EMPTY, 7)),
        a_forgery(args=(EMPTY, SEVEN, 1.5)),
        a_forgery(args=(EMPTY, object())),
        k.symm(a_forgery(rhs=EIGHT)),
        k.trans(k.symm(a_forgery(lhs=t.number(9), rhs=SEVEN)), a_forgery(lhs=t.number(9), rhs=EIGHT)),
    ],
)
def test_forged_theorems_do_not_replay(forged):
    """Refused, or another theorem comes out; also by the surface, whose theorem rests on it."""
    with suppress(Refused, AttributeError):
        assert says(load(entries(forged))[-1]) != says(forged)
    with pytest.raises(Refused):
        replay(SimpleNamespace(proof=forged))


def test_theorems_and_nodes_are_made_nowhere_else():
    good = k.refl(EMPTY, t.ONE)
    for make_ in (
        Theorem,
        lambda: Theorem(1, 2),
        lambda: t.Term(frozenset()),
        lambda: t.Quantity("a", ()),
        lambda: good.__reduce__()[0],
        lambda: setattr(good, "rhs", t.ZERO),
        lambda: setattr(t.ONE, "terms", frozenset()),
        lambda: setattr(EMPTY, "families", ()),
        t.ONE.__reduce__,
        lambda: __import__("copy").deepcopy(t.ONE),
        lambda: __import__("pickle").dumps(t.ONE),
        lambda: __import__("copy").copy(t.ONE),
    ):
        with pytest.raises((TypeError, AttributeError)):
            make_()
    odd = object.__new__(t.Term)
    object.__setattr__(odd, "parts", (frozenset(),))
    for slot, value in (("terms", frozenset()), ("names", frozenset()), ("loose", 0), ("weight", 1)):
        object.__setattr__(odd, slot, value)
    with pytest.raises(Refused, match="not its arguments"):
        k.refl(EMPTY, odd)
    with pytest.raises(TypeError, match="makers and rules only"):
        type("Odd", (Theorem,), {})
    theorem = type("Open", (type(Theorem),), {"__new__": type.__new__})("Odd", (Theorem,), {})
    forged = object.__new__(theorem)
    for slot in Theorem.__slots__:
        object.__setattr__(forged, slot, getattr(good, slot))
    with pytest.raises(Refused, match="not its arguments"):
        k.symm(forged)


POISON = """
import json, sys
from backproof.core import index, kernel as k, term as t
from backproof.core.network import network
from backproof.surface.proofs import dump
net = network((), (), (), ())
seven, eight = t.number(7), t.number(8)
how = sys.stdin.read()
if how == "nodes":
    index.NODES.update({key: eight for key, found in index.NODES.items() if found is seven})
    p = k.refl(net, seven) if t.number(7) is seven else k.refl(net, eight)
elif how == "write":
    p = k.refl(net, seven)
    object.__setattr__(p, "rhs", eight)
elif how == "parts":
    object.__setattr__(seven, "terms", eight.terms)
    p = k.trans(k.refl(net, eight), k.refl(net, eight))
    object.__setattr__(p, "lhs", seven)
elif how == "rules":
    k.RULES["refl"] = lambda net, e: k.symm(p)
    p = object.__new__(k.Theorem)
    for slot, part in zip(k.Theorem.__slots__, (net, seven, eight, frozenset(), "refl", (net, seven))):
        object.__setattr__(p, slot, part)
elif how == "entails":
    k.entails = lambda known, d: True
    x = index.variable("x")
    p = k.weaken(k.holds(net, x), frozenset())
    assert p.rhs is t.ONE
print(json.dumps(dump(p)[0]))
"""


@pytest.mark.parametrize("how", ["nodes", "write", "parts", "rules"])
def test_a_new_process_tells_the_truth(how):
    """In one process anybody can write anything anywhere; what another one reads is what counts."""
    [*found] = elsewhere(json.loads(run(POISON, how)))
    assert all(p["lhs"] == p["rhs"] for p in found)


def test_a_new_process_refuses_what_a_changed_core_let_pass():
    given = json.loads(run(POISON, "entails"))
    assert [entry[0] for entry in given][-2:] == ["holds", "weaken"]
    with pytest.raises(AssertionError, match="x >= 0 does not follow"):
        elsewhere(given)


def test_numbers_are_those_of_json():
    e = t.times(Fraction(10**40, 3), t.value(variable("x")))
    assert again(k.refl(EMPTY, e)).lhs is e
