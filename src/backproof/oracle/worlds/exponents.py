"""exp(u + v) = exp(u) exp(v), exp(-u) = 1/exp(u) and exp(log w) = w: what an exponential is made of.

The exact judge draws exp of whole arguments first, so that equal arguments have equal values, however they are written.
Where that does not do, it tries once more with exponentials that are taken apart as they are written. Each law is true
of real numbers: a statement that holds by either way of drawing them is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Mul

from ...surface.network import Network
from ...surface.terms import Apply, Member
from .terms import family, replaced


def addends(u: Any) -> Iterator[tuple[int, Any]]:
    """The terms of which an argument is the sum, each with how often it is there."""
    for part in Add.make_args(u):
        times, rest = part.as_coeff_Mul() if isinstance(part, Mul) else (1, part)
        yield (int(times), rest) if times == int(times) else (1, part)


def within_log(net: Network, e: Any) -> tuple[Any, Any] | None:
    """The w of a term that is log w, or a quantity that is defined so; and that quantity, which has to be there."""
    if _is_log(e):
        return e.args[1], None
    if not isinstance(e, Member):
        return None
    defined = [d for d in net.definitions if family(d.head) == family(e)]
    if len(defined) != 1 or defined[0].body is None or not _is_log(defined[0].body):
        return None
    [d] = defined
    return replaced(d.body.args[1], dict(zip(d.head.args[1:], e.args[1:], strict=True))), e


def are_there(terms: Any) -> bool:
    """Whether any exponential is in these terms."""
    return any(str(f.args[0]) == "exp" for term in terms for f in term.atoms(Apply))


def _is_log(e: Any) -> bool:
    return isinstance(e, Apply) and str(e.args[0]) == "log" and e.args[2] == 0
