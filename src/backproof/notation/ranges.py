"""Hypotheses as a reader writes them: bounds gathered by variable, 2 <= l < L, and the rest as relations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sympy import Add, Integer, S, Symbol

from ..surface.terms import Equal, ForAll, NonNegative, NonZero, Positive, free, n
from .ordering import natural
from .printer import Printer


class Signs(NamedTuple):
    """How relations are written."""

    le: str
    lt: str
    ne: str
    gt: str
    eq: str
    all: str


class Range(NamedTuple):
    """lower <= each of the variables <= upper; either end may be missing."""

    lower: Any
    variables: tuple[Symbol, ...]
    upper: Any


class Relation(NamedTuple):
    """lhs (le, lt, ne, gt or eq) rhs."""

    lhs: Any
    sign: str
    rhs: Any


class Every(NamedTuple):
    """A fact for all values of a variable."""

    fact: Any
    range: Range


Fact = Range | Relation | Every


def facts(hypotheses: Iterable[Any]) -> list[Fact]:
    """The hypotheses in reading order: ranges of layers, of units, then the rest."""
    given = sorted(hypotheses, key=natural)
    bounds = [h.args[0] for h in given if isinstance(h, NonNegative)]
    return [*_equal(_merged(_ranges(bounds))), *(_fact(h) for h in given if not isinstance(h, NonNegative))]


def _fact(h: Any) -> Fact:
    if isinstance(h, ForAll):
        inner, bound, lo, hi = h.args
        return Every(facts([inner])[0], Range(lo, (bound,), hi))
    if isinstance(h, NonZero):
        return Relation(h.args[0], "ne", S.Zero)
    if isinstance(h, Positive):
        return Relation(h.args[0], "gt", S.Zero)
    if isinstance(h, Equal):
        return Relation(h.args[0], "eq", h.args[1])
    raise TypeError(f"no hypothesis: {h}")


def _ranges(bounds: Iterable[Any]) -> list[Range]:
    """One range for each variable; a further bound of the same sort becomes a range of its own."""
    found: list[Range] = []
    for d in bounds:
        variable = _variable(d)
        rest = d - d.coeff(variable) * variable if variable is not None else d
        if variable is None:
            found.append(Range(_side(d, -1), (), _side(d, 1)))
        else:
            _narrow(found, variable, *((-rest, None) if d.coeff(variable) == 1 else (None, rest)))
    return sorted(found, key=_reading_order)


def _narrow(found: list[Range], variable: Symbol, lower: Any, upper: Any) -> None:
    for place, (lo, variables, hi) in enumerate(found):
        if variables == (variable,) and (lo is None or lower is None) and (hi is None or upper is None):
            found[place] = Range(lo if lower is None else lower, variables, hi if upper is None else upper)
            return
    found.append(Range(lower, (variable,), upper))


def _variable(d: Any) -> Symbol | None:
    """The variable that ``d >= 0`` bounds: an index rather than a size, with coefficient 1 or -1."""
    possible = [s for s in Add.make_args(d) for s in free(s) if abs(d.coeff(s)) == 1 and not d.coeff(s).free_symbols]
    inside = {s for atom in d.atoms(n) for s in free(atom)}
    return min(possible, key=lambda s: (s in inside, bool(s.is_positive), s.name), default=None)


def _side(d: Any, sign: int) -> Any:
    return Add(*(sign * part for part in Add.make_args(d) if (part.as_coeff_Mul()[0] > 0) == (sign > 0)))


def _merged(found: list[Range]) -> list[Range]:
    """1 <= j, k <= n for 1 <= j <= n and 1 <= k <= n."""
    result: dict[tuple[Any, Any], Range] = {}
    for one in found:
        ends = (one.lower, one.upper)
        known = result.get(ends, Range(one.lower, (), one.upper))
        result[ends] = known._replace(variables=known.variables + one.variables) if one.variables else one
    return list(result.values())


def _equal(found: list[Range]) -> list[Fact]:
    """n = 3 for 3 <= n and n <= 3; and for n <= 1, since every layer has a unit."""
    lows = {(one.upper, one.lower) for one in found if not one.variables}
    made: list[Fact] = []
    for one in found:
        lower, variables, upper = one
        if variables or not isinstance(lower, n) or not isinstance(upper, Integer):
            made.append(one)
        elif upper == 1 or (lower, upper) in lows:
            made.append(Relation(lower, "eq", upper))
        else:
            made.append(one)
    return [one for one in made if not _is_lower_end(one, made)]


def _is_lower_end(one: Fact, among: list[Fact]) -> bool:
    return isinstance(one, Range) and not one.variables and Relation(one.upper, "eq", one.lower) in among


def _reading_order(one: Range) -> tuple[Any, ...]:
    names = [v.name for v in one.variables]
    layer = bool(names) and names[0].lower() == "l"
    return (not layer, names)


def write(fact: Fact, printer: Printer, signs: Signs) -> str:
    """A fact as text."""
    if isinstance(fact, Every):
        return f"{write(fact.fact, printer, signs)}{signs.all}{write(fact.range, printer, signs)}"
    if isinstance(fact, Relation):
        return f"{printer.text(fact.lhs)}{getattr(signs, fact.sign)}{printer.text(fact.rhs)}"
    lower, variables, upper = fact
    middle = ", ".join(map(printer.text, variables))
    left = "" if lower is None else printer.index(lower)
    parts = [left, middle] if left and middle else [left or middle]
    return signs.le.join(parts) + _upper(upper, printer, signs)


def _upper(upper: Any, printer: Printer, signs: Signs) -> str:
    if upper is None:
        return ""
    strict = upper + 1
    if isinstance(strict, Symbol) and not isinstance(upper, Integer):
        return signs.lt + printer.text(strict)
    return signs.le + printer.index(upper)
