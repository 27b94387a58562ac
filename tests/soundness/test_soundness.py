"""Whatever a rule proves holds in random networks: each rule, applied at random, against the exact oracle.

``BACKPROOF_SOUNDNESS=5000 pytest tests/soundness`` looks at so many applications of each rule, others on every run.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backproof.core.kernel import RULES, Theorem
from backproof.core.terms import Equal, Refused
from backproof.oracle.answer import Answer
from backproof.oracle.exact import judge

from .strategies import APPLICATIONS, NETWORKS

SEARCH = os.environ.get("BACKPROOF_SOUNDNESS")
MORE = {"chain": 6, "discharge": 2, "induct": 4, "congruence": 2, "instantiate": 2}  # times as many: they refuse more
PROFILE = settings(
    derandomize=SEARCH is None,
    print_blob=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
JUDGED = {"induct": 0.9, "count": 0.3, "unroll": 0.3}  # the least part of the theorems that has to be judged; else 1/2


def verdict(theorem: Theorem) -> Answer:
    """The oracle's, with assumptions left out: all that are made here are true."""
    given = frozenset(h for h in theorem.hypotheses if not h.has(Equal))
    return judge(theorem.net, theorem.lhs, theorem.rhs, given)


def test_every_rule_is_applied() -> None:
    assert set(APPLICATIONS) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_what_a_rule_proves_holds(rule: str) -> None:
    seen: Counter[object] = Counter()

    @settings(PROFILE, max_examples=int(SEARCH or 100 * MORE.get(rule, 1)))
    @given(st.sampled_from(list(NETWORKS)), st.data())
    def applied(name: str, data: st.DataObject) -> None:
        try:
            theorem = APPLICATIONS[rule](data.draw, NETWORKS[name])
        except Refused:
            seen["refused"] += 1
            return
        found = verdict(theorem)
        seen[found.holds] += 1
        assert found.holds is not False, f"{name}: {theorem}\n{found}"

    applied()
    proved = seen[True] + seen[None]
    print(rule, dict(seen))  # noqa: T201 - how many were refused, judged, not judged
    assert proved >= 20, f"only {proved} theorems: {seen}"
    assert seen[True] >= JUDGED.get(rule, 0.5) * proved, seen
