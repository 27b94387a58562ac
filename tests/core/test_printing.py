"""What is printed of theorems: one who reads it trusts that nothing else is printed the same."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import NODES
from backproof.core.kernel import Hypothesis
from backproof.core.term import Term
from backproof.verify.text import text

from .proofs import NAMES, again, proved
from .random_networks import make, quantity


@pytest.mark.parametrize("kind", [Term, Hypothesis])
def test_no_two_are_printed_the_same(kind):
    for name in NAMES:
        again(proved(name))
    for seed in range(40):
        net, r = make(f"printed {seed}")
        k.chain(net, t.quantity("C"), quantity(net, r, "i"))
    printed = Counter(text(e) for e in NODES.values() if type(e) is kind and not e.loose)
    assert len(printed) > 20
    assert printed.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("also", "printed"),
    [("", "Index(0, frozenset({(Variable('l',), 1)}))"), ("import backproof.surface.terms; ", "l")],
    ids=["the core alone", "with what prints"],
)
def test_the_core_prints_kinds_and_parts_until_it_is_told_better(also, printed):
    script = f"{also}from backproof.core.index import variable; print(repr(variable('l')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == printed
