"""The legend of a notation: every symbol that is used, with its meaning. Printed in every report."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sympy import Symbol

from ..surface.terms import (
    Apply,
    C,
    D,
    Hadamard,
    Kron,
    L,
    M,
    Member,
    Mults,
    Outer,
    Transposed,
    a,
    b,
    delta,
    i,
    j,
    k,
    l,
    n,
    q,
    w,
    x,
    y,
    z,
)  # fmt: skip
from . import safe
from .latex import latex, layer
from .profiles import KINDS, Notation


class Row(NamedTuple):
    """A symbol and what it means, both LaTeX."""

    symbol: str
    meaning: str


Show = Callable[[Any], str]
u, v = Symbol("u"), Symbol("v")
path = Member("S", l, j, q)

PER_EXAMPLE: Final = "activation for example {}, and so on; without indices, the matrix with a column for each example"

#: What is explained if any of the names in the first column is used; the last column gets the printer for ``{}``.
ENTRIES: Final[tuple[tuple[tuple[str, ...], tuple[Any, ...], str, tuple[Any, ...]], ...]] = (
    (("n", "l"), (n(l),), "number of units of layer {}; layer {} is the last one", (l, L)),
    (("x",), (x[j],), "input {}; it is the activation {}", (j, a[1, j])),
    (("b",), (b[l, j],), "bias of unit {} of layer {}", (j, l)),
    (("z",), (z[l, j],), "weighted input of unit {} of layer {}", (j, l)),
    (("a",), (a[l, j],), "activation of unit {} of layer {}", (j, l)),
    (("sigma",), (Apply("sigma", u), Apply("sigma", u, 1)), "activation function and its derivative", ()),
    (("y",), (y[j],), "target of output {}", (j,)),
    (("C",), (C,), "cost", ()),
    (("E",), (Member("E", k),), "what output {} adds to the cost", (k,)),
    (("Cx",), (Member("Cx", i),), "cost of example {}", (i,)),
    (("Cx",), (Member("a", l, j, i),), PER_EXAMPLE, (i,)),
    (("M",), (M,), "number of examples", ()),
    (("delta",), (delta[l, j],), "error of unit {} of layer {}, that is, ${}$", (j, l, D(C, z[l, j]))),
    (("d",), (Member("d", l, j),), "the error as the algorithm computes it, from the last layer down", ()),
    (("S",), (path,), "sum over all paths from unit {} of layer {} to output {}", (j, l, q)),
    (("P",), (Member("P", l, j),), "number of paths from unit {} of layer {} to the outputs", (j, l)),
    (("h",), (Member("h", j),), "output {} of the network", (j,)),
    (("gradient",), (D(C, a[l]),), "vector of the partial derivatives ${}$", (D(C, a[l, j]),)),
    (("Hadamard",), (Hadamard(u, v),), "product entry by entry", ()),
    (("Transposed", "Outer"), (Transposed(u),), "transpose of the matrix {}", (u,)),
    (("Outer",), (Outer(u, v),), "matrix of the products $u_j v_k$", ()),
    (("Kron",), (Kron(j, k),), "1 if the indices are equal, else 0", ()),
    (("step",), (Apply("step", u),), "1 if ${}>0$, 0 if ${}<0$; at the kink nothing is claimed", (u, u)),
    (("Phi",), (Apply("Phi", u),), "probability that a standard normal number is below ${}$", (u,)),
    (("phi",), (Apply("phi", u),), r"density of the standard normal law, $e^{-u^2/2}/\sqrt{2\pi}$", ()),
    (("Mults",), (Mults(u),), "number of multiplications it takes to evaluate ${}$ as it is written", (u,)),
)  # fmt: skip

#: What is explained in networks with layers alone: elsewhere these are names of axes and of sizes.
OF_LAYERS: Final = frozenset((*KINDS, "n", "l", "M"))


def rows(notation: Notation, used: Collection[str] | None = None) -> list[Row]:
    """The legend of ``notation``; with ``used`` (see ``printer.mentions``), of those symbols only.

    Where costs of single examples occur, the cost itself has no example.
    """
    own = {*notation.legend, *OF_LAYERS} if notation.legend else set()
    result = [_weight(notation)] if used is None or "w" in set(used) - own else []
    for names, symbols, meaning, terms in ENTRIES:
        if used is None or not (set(names) - own).isdisjoint(used):
            row = replace(notation, example={}) if names == ("C",) and (used is None or "Cx" in used) else notation
            shown = ", ".join(f"${latex(symbol, row)}$" for symbol in symbols)
            result.append(Row(shown, _filled(meaning, terms, notation)))
    square = not own and (used is None or "Pow" in used)
    return [*result, *_others(notation, used or ()), *([_layer(notation)] if square else [])]


def _filled(meaning: str, terms: tuple[Any, ...], notation: Notation) -> str:
    parts = meaning.split("{}")
    texts = [layer(term, notation) if term in (l, L) else latex(term, notation) for term in terms]
    for place, text in enumerate(texts):
        inside = "".join(parts[: place + 1]).count("$") % 2
        texts[place] = text if inside else f"${text}$"
    return "".join(part for pair in zip(parts, [*texts, ""], strict=True) for part in pair)


def _others(notation: Notation, used: Collection[str]) -> list[Row]:
    """Families that only one network has."""
    own = sorted((set(notation.legend) or set(notation.kinds) - set(KINDS)).intersection(used))
    words = {family: safe.prose(notation.legend.get(family) or "a quantity of this network") for family in own}
    return [Row(f"${latex(Member(family), notation)}$", words[family]) for family in own]


def _weight(notation: Notation) -> Row:
    """Which layers a weight connects: here the conventions differ most."""
    shift = notation.shifts.get("w", 0)
    ends = latex(k, notation), layer(l - 1 + shift, notation), latex(j, notation), layer(l + shift, notation)
    meaning = "weight from unit ${}$ of layer ${}$ to unit ${}$ of layer ${}$".format(*ends)
    return Row(f"${latex(w[l + shift, j, k], notation)}$", meaning)


def _layer(notation: Notation) -> Row:
    square: Any = a[l, j]
    symbols = f"${latex(square**2, notation)}$"
    return Row(symbols, "a square; the superscript next to the letter is always a layer, never a power")


__all__ = ["Row", "rows"]
