"""More of the table of slips: whole sides of one, axes of sums, and networks of a document's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import Any, Final

from ...notation.reader import tree
from ..spelling import letter
from .page import Change, Page, Quantity

_AXIS: Final = re.compile(r"(axis\s*=\s*)([01])")
_MAX: Final = (r"\max", "max", "relu", "ReLU")


def other_letter(page: Page) -> Iterator[tuple[Change, ...]]:
    """X for H: what has a letter of its own in its layer, where that of another layer is meant."""
    for q in page.quantities:
        if q.layer is None and q.number is not None and not q.in_slope:
            others = (e for e in page.layers if e != q.number)
            for other in dict.fromkeys((*others, q.number - 1, q.number + 1)):
                units = [says for _, says in q.units]
                says = page.quantity(q.family, other, units, transposed=q.transposed is not None)
                yield ((page.whole(q.part), says),)


def family_in_layer(page: Page) -> Iterator[tuple[Change, ...]]:
    """All activations, or all of another family, that stand in one layer, in another one."""
    groups = dict[tuple[str, Any], list[Quantity]]()
    for q in page.quantities:
        if q.layer is not None and q.number is not None:
            groups.setdefault((q.family, q.number), []).append(q)
    for (_, own), same in groups.items():
        if len(same) > 1:
            others = (other for other in (*page.layers, own + 1, own - 1) if other != own)
            yield from (tuple(page.set_layer(q, other) for q in same) for other in dict.fromkeys(others))


def signs_swapped(page: Page) -> Iterator[tuple[Change, ...]]:
    """Each product the other way: those of matrices entry by entry, and those entry by entry of matrices."""
    changes = list[Change]()
    for product in page.products():
        factors = page.factors(product)
        for one, other in pairwise(factors):
            is_entrywise = product.between[product.factors.index(one[-1])] in ("⊙", "*")
            gap = page.span(one)[1], page.span(other)[0]
            if gap[0] <= gap[1]:
                changes.append((gap, " " if is_entrywise else f" {page.hadamard} "))
    if len(changes) > 1:
        yield tuple(changes)


def other_axis(page: Page) -> Iterator[tuple[Change, ...]]:
    """The sum along the other axis."""
    start, end = page.whole(page.side)
    for found in _AXIS.finditer(page.text, start, end):
        yield ((found.span(2), "1" if found[2] == "0" else "0"),)


def slope_within(page: Page) -> Iterator[tuple[Change, ...]]:
    """The derivative of an activation that is missing on one of the arrays that are multiplied."""
    spoken = dict.fromkeys(q.number for q in page.all_quantities if q.number is not None and not q.units)
    for product in page.products():
        for factor in page.factors(product)[::-1]:
            start, end = page.span(factor)
            for layer in spoken:
                yield ((start, start), "("), ((end, end), f" {page.hadamard} {page.slope(layer, ())})")


def step_for_rectifier(page: Page) -> Iterator[tuple[Change, ...]]:
    """max(0, z) where its derivative is meant."""
    for product in page.products():
        for name, group in zip(product.factors, product.factors[1:], strict=False):
            if letter(name) in _MAX and isinstance(group, tree.Group):
                parts = [p for p in group.parts if not isinstance(p, tree.Number)]
                if len(parts) == 1:
                    start, end = page.whole(name)[0], page.whole(group)[1]
                    sign = r"\mathbb{1}" if page.is_latex else "1"
                    yield (((start, end), f"{sign}[{page.written(parts[0])} > 0]"),)


def too_many(page: Page) -> Iterator[tuple[Change, ...]]:
    """Two factors beside one another that have no place there."""
    for product in page.products():
        factors = page.factors(product)
        for place in range(1, len(factors) - 1):
            yield (((page.span(factors[place - 1])[1], page.span(factors[place + 1])[1]), ""),)


def penalty(page: Page) -> Iterator[tuple[Change, ...]]:
    """What the penalty adds to a gradient."""
    if "lambda" not in page.net.kinds or page.net.depth is None:
        return
    end = page.whole(page.side)[1]
    sign = page.say(r"\lambda")
    many = page.say(page.row.letters["M"]) if "Cx" in page.net.kinds and page.row.letters.get("M") else ""
    shares = ["", *([rf"\frac{{{sign}}}{{{many}}}" if page.is_latex else f"{sign}/{many}"] if many else [])]
    for q in page.all_quantities:
        if q.family == "w":
            w = page.quantity("w", q.number, [says for _, says in q.units])
            for share in shares:
                yield (((end, end), f" + {share or sign} {w}"),)


# In a network of a document's own.


def _own(page: Page) -> bool:
    return page.net.depth is None


def _values(page: Page) -> Iterator[str]:
    """Its quantities, with the letters that are written as indices; those that are spoken of first."""
    spoken = dict.fromkeys(q.family for q in page.all_quantities)
    for family in dict.fromkeys((*spoken, *page.net.kinds)):
        count, name = len(page.net.kinds[family]), page.row.letters.get(family, "")
        if name and count <= 2:
            yield from (
                name + (f"_{{{','.join(units) if count > 1 else units[0]}}}" if units else "")
                for units in permutations(page.letters, count)
            )


def own_factor(page: Page) -> Iterator[tuple[Change, ...]]:
    """A factor that is missing, in a network of a document's own."""
    for says in _values(page) if _own(page) else ():
        for term in page.terms:
            yield page.behind(term, says)
            yield page.behind(term, f"(1 - {says})")


def own_slope(page: Page) -> Iterator[tuple[Change, ...]]:
    """The derivative of a logistic function, or of tanh, that is missing there."""
    for says in _values(page) if _own(page) else ():
        for term in page.terms:
            yield page.behind(term, f"{says} (1 - {says})")
            yield page.behind(term, f"(1 - {says}^2)")


def own_term(page: Page) -> Iterator[tuple[Change, ...]]:
    """A term that is missing there."""
    for says in _values(page) if _own(page) else ():
        for term in page.terms:
            start, end = page.whole(term.part)
            for sign in "-+":
                yield (((end, end), f" {sign} {says}"),)
                yield ((start, start), "("), ((end, end), f" {sign} {says})")


def own_index(page: Page) -> Iterator[tuple[Change, ...]]:
    """A step before, or behind."""
    for q in page.quantities if _own(page) else ():
        for span, says in q.units:
            bare = re.match(r"\s*([A-Za-z])\s*", says)
            if bare:
                others = (bare[1], f"{bare[1]}-1", f"{bare[1]}+1")
                yield from ((page.set_mark(span, other),) for other in others if other != "".join(says.split()))


__all__ = [
    "family_in_layer",
    "other_axis",
    "other_letter",
    "own_factor",
    "own_index",
    "own_slope",
    "own_term",
    "penalty",
    "signs_swapped",
    "slope_within",
    "step_for_rectifier",
    "too_many",
]
