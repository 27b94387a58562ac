"""Hypotheses that the network answers for: what is said not to be 0, or above 0, and is by its definition.

With a datum eps > 0 and s a sum of squares, eps + s[t] > 0 need not be said.
"""

from __future__ import annotations

from contextlib import suppress

from ..core import kernel
from ..core import term as core
from ..core.index import Refused, key, variable
from ..core.kernel import Hypothesis, plain, refl, sign_of, weaken, within
from ..core.kernel import Theorem as Proof
from ..core.term import Known, Quantity
from .search import Context, body_for, rewrite, then

MOST_STEPS = 8  # definitions behind one another
ABOUT_VALUES = (core.NonZero, core.Positive)


def without_evident(cx: Context, p: Proof) -> Proof:
    """The theorem without the hypotheses on values that are evident."""
    for h in sorted(p.hypotheses, key=key):
        q = reason_for(cx, h)
        if q is not None:
            with suppress(Refused):  # it may be seen only where the indices are in their ranges
                p = discharged(p, h, q, names_for(h))
    return p


def discharged(p: Proof, h: Hypothesis, q: Proof, names: tuple[str, ...]) -> Proof:
    """The theorem without a hypothesis, by what is known where it is asked for: q holds there, and says so."""
    conditions = (core.at(d, *map(variable, names)) for d in h.conditions)
    there = q.hypotheses | within(*conditions, *plain(p.hypotheses))
    return kernel.discharge(p, h, weaken(q, there), names)


def is_evident(cx: Context, h: Hypothesis) -> bool:
    """Whether it need not be said."""
    return reason_for(cx, h) is not None


def reason_for(cx: Context, h: Hypothesis) -> Proof | None:
    """|- e = e', where e' can be seen to be positive and e is what the hypothesis is about; None if none is found."""
    if type(h.claim) not in ABOUT_VALUES:
        return None
    if h not in cx.evident:
        cx.evident[h] = _unfolded(cx, h)
    return cx.evident[h]


def _unfolded(cx: Context, h: Hypothesis) -> Proof | None:
    [e, *conditions] = (core.at(part, *map(variable, names_for(h))) for part in (h.claim.parts[0], *h.conditions))
    here: Known = (*cx.known, *sorted(conditions, key=key))

    def find(q: Quantity, known: Known) -> Proof | None:
        place = body_for(cx, q, (*here, *known))
        return None if place is None else kernel.define(cx.net, place, q.indices)

    p = refl(cx.net, e)
    for _ in range(MOST_STEPS):
        step = rewrite(p.rhs, find, Quantity) if sign_of(cx.net, p.rhs, here) != 1 else None
        if step is None:
            break
        p = then(p, step)
    return p if sign_of(cx.net, p.rhs, (*here, *plain(p.hypotheses))) == 1 else None


def names_for(h: Hypothesis) -> tuple[str, ...]:
    return tuple(f"h{place}'" for place in range(h.bound))


__all__ = ["discharged", "is_evident", "reason_for", "without_evident"]
