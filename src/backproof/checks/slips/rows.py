"""The table of slips: what people do by mistake, each as the edits that undo it. A row is one name and one way of it.

The names are those of the verdict's ``mistake``. Rows that are tried first are the ones that change least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from typing import Any, Final, NamedTuple

from ...notation.reader import tree
from ...notation.reader.tree import Part, Span
from ..lower import shift
from ..spelling import is_size, parts_of
from . import more
from .page import Change, Edit, Page, Quantity, steps, walk

OPERANDS: Final = {"a": ("z", "y", "x", "delta"), "z": ("a", "delta"), "delta": ("z", "a"), "y": ("a", "x"),
                   "x": ("a", "y"), "b": ("z", "a")}  # fmt: skip


class Row(NamedTuple):
    """A way to undo a slip."""

    mistake: str
    undo: Callable[[Page], Iterator[tuple[Change, ...]]]


def edits(page: Page, rows: tuple[Row, ...]) -> Iterator[Edit]:
    """The edits of a side by the rows of a table, each once."""
    seen = set[tuple[Change, ...]]()
    for row in rows:
        for changes in row.undo(page):
            if changes not in seen and any(page.text[slice(*span)] != says for span, says in changes):
                seen.add(changes)
                yield Edit(row.mistake, changes)


# Indices and layers.


def _layers(page: Page, *, in_slope: bool) -> Iterator[tuple[Change, ...]]:
    for q in page.quantities:
        own = page.layer(q)
        if own is not None and q.layer is not None and q.in_slope is in_slope:
            yield from ((page.set_layer(q, other),) for other in _other_layers(page, own))


def _other_layers(page: Page, own: Any) -> Iterator[Any]:
    """Those that are spoken of, those beside it, and those as far from another letter as it is from its own."""
    constant = own.as_coeff_Add()[0]
    alike = (letter + constant for e in page.layers for letter in e.free_symbols)
    yield from (other for other in dict.fromkeys((*page.layers, *steps(own), *alike)) if other != own)


def _wrong_layer(page: Page) -> Iterator[tuple[Change, ...]]:
    """One quantity in another layer; then all of a side that are in one layer."""
    yield from _layers(page, in_slope=False)
    for own in dict.fromkeys(page.layer(q) for q in page.quantities):
        same = [q for q in page.quantities if own is not None and q.layer is not None and page.layer(q) == own]
        if len(same) > 1:
            yield from (tuple(page.set_layer(q, other) for q in same) for other in _other_layers(page, own))


def _slope_layer(page: Page) -> Iterator[tuple[Change, ...]]:
    yield from _layers(page, in_slope=True)


def _indices(page: Page, *, in_slope: bool) -> Iterator[tuple[Change, ...]]:
    for q in page.quantities:
        if q.in_slope is not in_slope:
            continue
        if not q.units and page.net.kinds[q.family].count("u") == 1:  # it has none, where others have one
            end = q.base.span[1]
            yield from ((((end, end), f"_{letter}"),) for letter in page.letters)
        for (one, first), (other, second) in combinations(q.units, 2):
            yield page.set_mark(one, second), page.set_mark(other, first)
        for span, says in q.units:
            others = (*page.letters, *(page.numbers(says) if says.isdigit() else ()))
            yield from ((page.set_mark(span, other),) for other in others if other != says)


def _wrong_index(page: Page) -> Iterator[tuple[Change, ...]]:
    """Two indices of a quantity the other way round, or another index; then one for the other on all of a side."""
    yield from _indices(page, in_slope=False)
    found = [(span, says) for q in page.quantities for span, says in q.units]
    for one, other in combinations(page.letters, 2):
        swap = {one: other, other: one}
        yield tuple(page.set_mark(span, swap[says]) for span, says in found if says in swap)
        for old, new in ((one, other), (other, one)):
            yield tuple(page.set_mark(span, new) for span, says in found if says == old)
    yield from _in_a_line(page)


def _in_a_line(page: Page) -> Iterator[tuple[Change, ...]]:
    """Another number at one place of all quantities of a family, as in a row that is written out."""
    slots = dict[tuple[str, int], list[tuple[Span, str]]]()
    for q in page.quantities:
        for slot, unit in enumerate(q.units):
            slots.setdefault((q.family, slot), []).append(unit)
    for units in slots.values():
        if len(units) > 1 and len({says for _, says in units}) == 1 and units[0][1].isdigit():
            yield from (tuple(page.set_mark(span, new) for span, _ in units) for new in page.numbers(units[0][1]))


def _slope_index(page: Page) -> Iterator[tuple[Change, ...]]:
    yield from _indices(page, in_slope=True)


def _slope_place(page: Page) -> Iterator[tuple[Change, ...]]:
    """Another unit of another layer."""
    for q in page.quantities:
        if q.in_slope and q.layer is not None:
            for layer, units in _units_spoken_of(page):
                if len(units) == len(q.units):
                    marks = ((span, says) for (span, _), says in zip(q.units, units, strict=True))
                    yield page.set_layer(q, layer), *(page.set_mark(*mark) for mark in marks)


# Quantities.


def _letter(page: Page, q: Quantity, family: str) -> Change | None:
    """The same quantity of another family."""
    kinds, own = page.net.kinds, page.net.kinds[q.family].strip("le")
    if family not in kinds or kinds[family].strip("le") != own or family not in page.row.letters:
        return None
    layered = kinds[family].startswith("l")
    if layered is kinds[q.family].startswith("l"):
        whole = page.row.whole
        old = q.letter
        new = whole[family] if family in whole and whole.get(q.family) == old else page.row.letters[family]
        says = page.text[slice(*q.base.span)]
        old, new = (old, new) if page.is_latex else (page.say(old), page.say(new))
        return q.base.span, says.replace(old, new) if old in says else new
    layer = page.net.depth if layered else None
    return page.whole(q.part), page.quantity(family, layer, [says for _, says in q.units])


def _operands(page: Page, *, in_slope: bool) -> Iterator[tuple[Change, ...]]:
    for q in page.quantities:
        if q.in_slope is in_slope:
            made = (_letter(page, q, family) for family in OPERANDS.get(q.family, ()))
            yield from ((change,) for change in made if change is not None)


def _operand(page: Page) -> Iterator[tuple[Change, ...]]:
    yield from _operands(page, in_slope=False)


def _slope_operand(page: Page) -> Iterator[tuple[Change, ...]]:
    yield from _operands(page, in_slope=True)


def _slope_for_value(page: Page) -> Iterator[tuple[Change, ...]]:
    r"""σ(z) where σ′(z) is meant."""
    for factor in _functions(page):
        if isinstance(factor, tree.Name):
            end = page.whole(factor)[1]
            yield (((end, end), "'"),)


def _value_for_slope(page: Page) -> Iterator[tuple[Change, ...]]:
    for factor in _functions(page):
        if isinstance(factor, tree.Scripted) and factor.primes and not factor.lower and not factor.upper:
            yield ((page.whole(factor), page.written(factor.base)),)


def _functions(page: Page) -> Iterator[Part]:
    for product in page.products():
        yield from (
            factor[0] for factor in page.factors(product) if len(factor) > 1 and page.lowering.function(factor[0])
        )


# Factors.


def _missing_slope(page: Page) -> Iterator[tuple[Change, ...]]:
    yield from _slope_for_value(page)
    for layer, units in _units_spoken_of(page):
        for term in page.terms:
            yield page.behind(term, page.slope(layer, units), "" if units else page.hadamard)


def _units_spoken_of(page: Page) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """The units that the relation is about: those of columns, and both ends of weights."""
    found = dict[tuple[Any, tuple[str, ...]], None]()
    for q in page.all_quantities:
        layer, units = page.layer(q), tuple(says for _, says in q.units)
        kinds = page.net.kinds[q.family].strip("e")
        if layer is None:
            continue
        if kinds == "lu" and len(units) < 2:
            found[layer, units] = None
        if kinds == "luu" and page.row.from_first:
            units = units[::-1]
        if kinds == "luu" and len(units) == 2:
            found[layer, units[:1]] = None
            found[layer - 1, units[1:]] = None
        if kinds == "luu" and not units:
            found[layer, ()] = found[layer - 1, ()] = None
    yield from found


def _missing_factor(page: Page) -> Iterator[tuple[Change, ...]]:
    """An activation, an error, a weight, or the derivative of the cost by an activation."""
    for layer, units in _units_spoken_of(page):
        for term in page.terms:
            for family in ("a", "delta"):
                yield page.behind(term, page.quantity(family, layer, units, transposed=not units))
            slope = _partial(page, page.quantity("a", layer, units))
            yield page.behind(term, slope, "" if units else page.hadamard)
            if not units:
                yield page.before(term, page.quantity("w", layer, transposed=True))
                yield page.before(term, page.quantity("w", layer))
            else:
                yield page.behind(term, f"(1 - {page.quantity('a', layer, units)})")
                others = (letter for letter in page.letters if letter not in units)
                yield from (page.behind(term, page.quantity("w", layer + 1, (k, *units))) for k in others)


def _missing_factors(page: Page) -> Iterator[tuple[Change, ...]]:
    """Where the chain rule stops halfway: the derivative of the activation and what comes in, both left out."""
    spoken = list(_units_spoken_of(page))
    if page.about.sense.ones:  # a weight alone says both of its ends
        spoken = [(at, units) for layer, units in spoken for at in (layer, layer - 1)]
    for layer, units in dict.fromkeys(spoken):
        slope = page.slope(layer, units)
        for below, others in spoken:
            if below != layer - 1 or not (page.about.sense.ones or (units and others)):
                continue
            for term in page.terms:
                yield page.behind(term, f"{slope} {page.quantity('a', below, others)}")


def _argument_apart(page: Page) -> Iterator[tuple[Change, ...]]:
    r"""``g' * (z)`` where ``g'(z)`` is meant: a sign for products between a function and its argument."""
    for product in page.products():
        for place, (one, other) in enumerate(pairwise(product.factors)):
            if product.between[place] and isinstance(other, tree.Group) and page.lowering.function(one) is not None:
                yield (((page.whole(one)[1], page.whole(other)[0]), ""),)


def _one_minus(page: Page) -> Iterator[tuple[Change, ...]]:
    """log(1 - a) where log(a) is written."""
    for product in page.products():
        for place, factor in enumerate(product.factors[:-1]):
            function = page.lowering.function(factor)
            if function is None or function.text not in ("log", "ln"):
                continue
            of = product.factors[place + 1]
            behind = product.factors[place + 2] if place + 2 < len(product.factors) else of
            last = behind if isinstance(behind, tree.Group) and not isinstance(of, tree.Group) else of
            start, end = page.whole(of)[0], page.whole(last)[1]
            yield ((start, start), "(1 - "), ((end, end), ")")


def _missing_gradient(page: Page) -> Iterator[tuple[Change, ...]]:
    """A quantity where the derivative of the cost by it is meant."""
    cost = page.say(page.row.letters["C"])
    for q in page.quantities:
        if q.family not in ("w", "b", "z", "a") or q.in_slope:
            continue
        of = cost if q.example is None else f"{cost}_{{{page.written(q.example)}}}"
        by = page.quantity(q.family, q.number, [says for _, says in q.units])
        slope = rf"\frac{{\partial {of}}}{{\partial {by}}}" if page.is_latex else f"∂{of}/∂{by}"
        yield ((page.whole(q.part), slope),)


def _missing_partial(page: Page) -> Iterator[tuple[Change, ...]]:
    """A ∂ that has been forgotten in a denominator."""
    for part in walk(page.side):
        if isinstance(part, tree.Fraction) and shift(part.over) and shift(part.under) is None:
            start = page.whole(part.under)[0]
            yield (((start, start), r"\partial " if page.is_latex else "∂"),)


def _partial(page: Page, by: str) -> str:
    cost = page.say(page.row.letters["C"])
    return rf"\frac{{\partial {cost}}}{{\partial {by}}}" if page.is_latex else f"∂{cost}/∂{by}"


def _too_much(page: Page) -> Iterator[tuple[Change, ...]]:
    """A factor that has no place there."""
    for product in page.products():
        factors = page.factors(product)
        for place, factor in enumerate(factors):
            if len(factors) > 1 and not _is_number(factor[0]):
                yield ((_with_sign(page, factors, place), ""),)


def _with_sign(page: Page, factors: list[tuple[Part, ...]], place: int) -> Span:
    """A factor, and the product sign on one side of it."""
    start, end = page.span(factors[place])
    return (page.span(factors[place - 1])[1], end) if place else (start, page.span(factors[1])[0])


# Products.


def _between(page: Page, product: tree.Product) -> Iterator[tuple[tuple[Part, ...], tuple[Part, ...], Span]]:
    factors = page.factors(product)
    for one, other in pairwise(factors):
        yield one, other, (page.span(one)[1], page.span(other)[0])


def _order(page: Page) -> Iterator[tuple[Change, ...]]:
    """Two factors the other way round; also each transposed."""
    for product in page.products():
        for one, other, _ in _between(page, product):
            spans = page.span(one), page.span(other)
            yield (spans[0], page.text[slice(*spans[1])]), (spans[1], page.text[slice(*spans[0])])
            if len(one) == len(other) == 1:
                yield (spans[0], page.turned(other[0])), (spans[1], page.turned(one[0]))
                yield (spans[0], page.turned(other[0])), (spans[1], page.written(one[0]))
                yield (spans[0], page.written(other[0])), (spans[1], page.turned(one[0]))


def _transpose(page: Page) -> Iterator[tuple[Change, ...]]:
    found = list(_turnable(page))
    yield from (((page.whole(part), page.turned(part)),) for part in found)
    for product in page.products():
        for one, other, _ in _between(page, product):
            if one[0] in found and other[0] in found:
                yield tuple((page.whole(part), page.turned(part)) for part in (one[0], other[0]))


def _turnable(page: Page) -> Iterator[Part]:
    """Arrays, and what stands in parentheses."""
    arrays = {id(q.part) for q in page.quantities if not q.units and "u" in page.net.kinds[q.family] and not q.in_slope}
    for part in walk(page.side):
        base = part.base if isinstance(part, tree.Scripted) else part
        is_marked = isinstance(part, tree.Scripted) and isinstance(base, tree.Group | tree.Matrix) and bool(part.upper)
        if id(part) in arrays or is_marked:
            yield part
        elif isinstance(part, tree.Product):
            alone = (factor[0] for factor in page.factors(part) if len(factor) == 1)
            yield from (factor for factor in alone if isinstance(factor, tree.Group | tree.Fraction | tree.Matrix))


def _hadamard(page: Page) -> Iterator[tuple[Change, ...]]:
    r"""⊙ where a product of matrices is meant, and the other way round."""
    for product in page.products():
        for one, other, gap in _between(page, product):
            place = product.factors.index(one[-1])
            is_entrywise = product.between[place] in ("⊙", "*")
            yield ((gap, " " if is_entrywise else f" {page.hadamard} "),)
            if is_entrywise and len(other) == 1:
                yield (gap, " "), (page.span(other), page.turned(other[0]))


# Signs, numbers, terms, sums.


def _sign(page: Page) -> Iterator[tuple[Change, ...]]:
    whole = page.whole(page.side)
    for part in walk(page.side):
        if isinstance(part, tree.Signed):
            yield (((part.span[0], part.span[0] + 1), "" if part is _first(page.side) else "+"),)
        if isinstance(part, tree.Sum):
            for before, term in zip(part.terms, part.terms[1:], strict=False):
                gap = page.whole(before)[1]
                at = page.text.find("+", gap, term.span[0])
                if at >= 0:
                    yield (((at, at + 1), "-"),)
            if not isinstance(part.terms[0], tree.Signed):
                start = page.whole(part.terms[0])[0]
                yield (((start, start), "-"),)
                last = part.terms[-1]
                if len(part.terms) == 2 and isinstance(last, tree.Signed) and last.sign == "-":
                    pair = part.terms[0], last.of
                    yield tuple((page.whole(one), page.written(other)) for one, other in (pair, pair[::-1]))
    if isinstance(page.side, tree.Sum):
        yield ((whole[0], whole[0]), "-("), ((whole[1], whole[1]), ")")
    elif not isinstance(page.side, tree.Signed):
        yield (((whole[0], whole[0]), "-"),)


def _first(side: Part) -> Part:
    return _first(side.terms[0]) if isinstance(side, tree.Sum) else side


def _scale(page: Page) -> Iterator[tuple[Change, ...]]:
    """A number too many, another number, or one that is missing."""
    half = r"\frac{1}{2}" if page.is_latex else "1/2"
    many = page.say(page.row.letters["M"]) if page.row.letters.get("M") and "Cx" in page.net.kinds else ""
    for part in walk(page.side):
        if isinstance(part, tree.Product):
            factors = page.factors(part)
            for place, factor in enumerate(factors):
                if len(factors) > 1 and (_is_number(factor[0]) or _is_share(page, factor[0], many)):
                    yield ((_with_sign(page, factors, place), ""),)
        under = part.under if isinstance(part, tree.Fraction) and not _is_number(part.over) else None
        if isinstance(part, tree.Fraction) and under and (_is_number(under) or _is_many(page, under, many)):
            yield ((page.whole(part), f"({page.written(part.over)})"),)
    start = page.whole(page.side)[0]
    numbers = ["2", half] + ([rf"\frac{{1}}{{{many}}}" if page.is_latex else f"(1/{many})", many] if many else [])
    shares = [rf"\frac{{1}}{{{size}}}" if page.is_latex else f"(1/{size})" for size in _sizes(page)]
    for number in (*numbers, *shares):
        for term in reversed(page.terms):
            yield page.before(term, number)
    yield (((start, start), "-"),)


def _sizes(page: Page) -> dict[str, None]:
    """The sizes that stand in what the document says of its letters: the cost may be a mean over outputs."""
    said = ((m.text, part) for m in page.about.meanings for part in parts_of(m.body))
    return {
        text[slice(*part.span)]: None
        for text, part in said
        if isinstance(part, tree.Scripted) and is_size(part.base, "n", page.row)
    }


def _is_number(part: Part) -> bool:
    if isinstance(part, tree.Fraction):
        return _is_number(part.over) and _is_number(part.under)
    return isinstance(part, tree.Number)


def _is_many(page: Page, part: Part, many: str) -> bool:
    return bool(many) and page.written(part) == many


def _is_share(page: Page, part: Part, many: str) -> bool:
    shares = isinstance(part, tree.Fraction) and _is_number(part.over) and _is_many(page, part.under, many)
    return shares or _is_many(page, part, many)


def _missing_sum(page: Page) -> Iterator[tuple[Change, ...]]:
    """A sum over an index that stands on this side alone."""
    inside = {says for q in page.quantities for _, says in q.units if says.isalpha()}
    other = {says for q in page.all_quantities if q not in page.quantities for _, says in q.units}
    sign = r"\sum" if page.is_latex else "Σ"
    for letter in (x for x in page.letters if x in inside - other):
        for term in reversed(page.terms):
            yield page.before(term, f"{sign}_{letter}")


def _one_for_all(page: Page) -> Iterator[tuple[Change, ...]]:
    """One unit where all of them count: all that is of a family and has this index has another one, summed over."""
    sign = r"\sum" if page.is_latex else "Σ"
    free = next((x for x in "jkmi" if x not in page.letters), None)
    found = {(q.family, says): None for q in page.quantities for _, says in q.units if says in page.letters}
    for family, old in found if free is not None else ():
        marks = [span for q in page.quantities if q.family == family for span, says in q.units if says == old]
        changes = tuple(page.set_mark(span, str(free)) for span in marks)
        start = page.whole(page.side)[0]
        if len(marks) > 1:
            yield ((start, start), f"{sign}_{free} "), *changes


def _missing_term(page: Page) -> Iterator[tuple[Change, ...]]:
    """A bias, an activation, a target, or 1 minus what stands there."""
    for term in reversed(page.terms):
        start, end = page.whole(term.part)
        for layer, units in _units_spoken_of(page):
            yield from ((((end, end), f" + {page.quantity(family, layer, units)}"),) for family in ("b", "a"))
            y = page.quantity("y", None, units)
            yield ((start, start), "("), ((end, end), f" - {y})")
        yield ((start, start), "(1 - "), ((end, end), ")")


def _term_too_much(page: Page) -> Iterator[tuple[Change, ...]]:
    for part in walk(page.side):
        if isinstance(part, tree.Sum):
            yield from (((_with_plus(page, part, place), ""),) for place in range(len(part.terms)))


def _with_plus(page: Page, part: tree.Sum, place: int) -> Span:
    start, end = page.whole(part.terms[place])
    if place:
        return page.whole(part.terms[place - 1])[1], end
    after = part.terms[1]
    return start, after.span[0] if isinstance(after, tree.Signed) else page.whole(after)[0]


def _softmax_diagonal(page: Page) -> Iterator[tuple[Change, ...]]:
    """[j = k] where 1 is written, or not at all."""
    for one, other in combinations(page.letters, 2):
        condition = f"[{one}={other}]"
        for part in walk(page.side):
            if isinstance(part, tree.Number) and part.text == "1":
                yield ((part.span, condition),)
        for term in page.terms:
            yield page.before(term, condition)
        end = page.whole(page.side)[1]
        for q in page.quantities:
            if q.family == "a" and q.units:
                yield (((end, end), f" + {condition} {page.written(q.part)}"),)


ROWS: Final = (
    Row("transpose", _transpose),
    Row("missing-sum", _missing_sum),
    Row("wrong-index", _wrong_index),
    Row("sigma-prime-argument", _slope_layer),
    Row("sigma-prime-argument", _slope_index),
    Row("sigma-prime-argument", _slope_operand),
    Row("sigma-prime-argument", _slope_place),
    Row("wrong-layer", _wrong_layer),
    Row("wrong-layer", more.family_in_layer),
    Row("wrong-layer", more.other_letter),
    Row("wrong-index", more.own_index),
    Row("sign", _sign),
    Row("outer-product-order", _order),
    Row("hadamard-vs-matmul", _hadamard),
    Row("hadamard-vs-matmul", more.signs_swapped),
    Row("wrong-index", more.other_axis),
    Row("other", _argument_apart),
    Row("missing-term", _one_minus),
    Row("missing-sigma-prime", more.step_for_rectifier),
    Row("missing-sigma-prime", _missing_slope),
    Row("operand", _operand),
    Row("missing-sum", _one_for_all),
    Row("softmax-diagonal", _softmax_diagonal),
    Row("scale", _scale),
    Row("operand", _value_for_slope),
    Row("operand", _too_much),
    Row("missing-term", more.penalty),
    Row("missing-sigma-prime", more.own_slope),
    Row("missing-term", more.own_term),
    Row("missing-term", more.own_factor),
    Row("missing-sigma-prime", more.slope_within),
    Row("operand", more.too_many),
    Row("missing-term", _missing_term),
    Row("missing-term", _missing_factor),
    Row("missing-term", _missing_factors),
    Row("operand", _missing_gradient),
    Row("operand", _term_too_much),
    Row("malformed", _missing_partial),
)

#: The slips that come in pairs, and those of the left side: each changes one sign or letter.
SMALL: Final = tuple(row for row in ROWS if row.undo in (
    _transpose, _wrong_index, _slope_layer, _slope_operand, _wrong_layer, _sign, _operand, _slope_for_value,
    _one_minus, _missing_partial,
))  # fmt: skip

#: Those that make shapes clash: a product of two that are alike is meant entry by entry.
SHAPES: Final = tuple(Row(mistake, undo) for mistake, undo in (
    ("hadamard-vs-matmul", _hadamard), ("transpose", _transpose), ("outer-product-order", _order),
))  # fmt: skip
