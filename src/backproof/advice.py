"""What to write instead, for slips in a derivation file that Python answers in words of its own."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from .derive import reasons
from .networks import own
from .surface import terms


class Advice(NamedTuple):
    """For an error whose words have ``said`` in them, where the author's line has ``written``."""

    said: str
    written: str
    instead: str


SUM: Final = (
    "Python's sum adds up what a list has. Write total(e, i) over an axis, total(e, k, l) over units of a layer"
)

#: The first that fits is given.
TABLE: Final = (
    Advice("is not iterable|interpreted as an integer|takes at most 2", r"\bsum\(", SUM),
    Advice(
        "interpreted as an integer",
        r"\brange\(",
        "Sizes are symbols. A sum goes over an axis, total(e, i), or a part of it, total(e, i.between(2, N))",
    ),
    Advice(
        "'Reason' object is not callable",
        "",
        "algebra, counting, differentiation, inverse, sifting and unrolling stand without brackets behind them",
    ),
    Advice(
        "object is not callable",
        "",
        "Indices stand in square brackets, z[l, j], and a product has its sign, 2 * (a + b)",
    ),
    Advice(
        "expression to float|loop of ufunc|must be real number",
        "",
        "Functions of math and NumPy are of numbers. Write sigma, exp, log, sqrt of backproof.surface.terms",
    ),
    Advice(
        "for @",
        "",
        "Write Dot(A, B) for a product of matrices, Transposed(A), Hadamard(u, v) and Outer(u, v)",
    ),
    Advice(r"chain_rule\(\) missing", "", "Say what it goes through, chain_rule(through=z[l + 1, k])"),
    Advice(
        r"total\(\) missing",
        "",
        "This is the sum over units of a layer, total(e, k, l). The one over axes, total(e, i), is backproof.total",
    ),
    Advice(r"derivation\(\) missing", "", 'Write @derivation("name", "Title") above the function'),
    Advice(r"D\S* missing|D\S* takes", "", "Write D(y, x) for the derivative of y by x"),
    Advice(
        "values to unpack",
        r"\baxes\(",
        'Each axis is a pair, ((i, N),) = axes("i:N"), (t, T), (i, N) = axes("t:T i:N")',
    ),
)

#: What a name may have been meant for.
NAMES: Final = sorted({*reasons.__all__, *own.__all__, "calc", "dense", "derivation", "entrywise", *vars(terms)})


def instead(error: BaseException, source: str) -> str:
    """What to write in place of the author's line ``source``; "" if that is not known."""
    said = str(error)
    if isinstance(error, NameError | ImportError) and (unknown := re.search(r"name '(\w+)'", said)):
        return _meant(unknown[1])
    found = (row for row in TABLE if re.search(row.said, said) and re.search(row.written, source))
    return next((row.instead for row in found), "")


def _meant(name: str) -> str:
    close = get_close_matches(name, NAMES, n=1)
    return f"Is {close[0]} meant" if close else ""


__all__ = ["instead"]
