"""Costs of a program: rows of the table, names that libraries have, or an expression of one's own in a and y.

What is written is what one output adds to the cost of an example; the cost of the example is the sum over its outputs.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Final

from ..networks import COSTS, A, Cost, Y
from ..surface.algebra import same
from ..surface.calculus import derivative
from ..surface.terms import log
from .expression import parse
from .slope import forms
from .stable import stable, unfolded

#: Other names of rows of the table.
ALIASES: Final = {"bce": "cross-entropy", "ce": "log-likelihood"}

#: By name: what is meant, in the words of a formula of one's own.
NAMED: Final = {
    "mse": "(a - y)**2",
    "mae": "abs(a - y)",
    "huber": "where(abs(a - y) > 1, abs(a - y) - 1/2, (a - y)**2/2)",
    "log-cosh": "softplus(2*(a - y)) - (a - y) - log(2)",
    "hinge": "max(1 - a*y, 0)",
    "squared-hinge": "max(1 - a*y, 0)**2",
    "poisson": "a - y*log(a)",
    "focal": "-y*(1 - a)**2*log(a) - (1 - y)*a**2*log(1 - a)",
}


@cache
def cost(text: str) -> Cost:
    """The cost that ``text`` names or writes out.

    ValueError where it does neither: with the names that there are, or with the place in the expression.
    """
    name = text.strip(" ").lower().replace("_", "-")
    if row := COSTS.get(ALIASES.get(name, name)):
        return row
    return _own(NAMED.get(name, text.strip(" ")))


def _own(text: str) -> Cost:
    if text.replace("-", "").isalpha() and text not in ("a", "y"):
        names = (*COSTS, *ALIASES, *NAMED)
        close = get_close_matches(text.lower(), names, 1, 0.5)
        hint = f": did you mean {close[0]}?" if close else ""
        raise ValueError(
            f"no cost {text!r}{hint}\nThere are {', '.join(names)}, and any expression in a and y, such as (a-y)**2."
        )
    form = parse(text, {"a": A, "y": Y})
    value = unfolded(form)
    raw = derivative(value, A)
    ways = () if value.has(log(A), log(1 - A)) else forms(stable(form), A, raw)  # these are replaced as they stand
    gradient = next((found for found in ways if same(raw, unfolded(found))), raw)
    if gradient == 0:
        raise ValueError(f"the cost {text} does not depend on a, the output")
    return Cost(text, value, gradient, form=form)
