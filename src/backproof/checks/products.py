"""Factors from the left to the right: functions and operators take what stands behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sympy import Add, Rational

from ..notation.reader import tree
from ..notation.reader.tree import Part, Span
from ..surface.terms import D, Member, Total
from . import arrays, counted, functions, updates
from .arrays import Array
from .quantities import cost, marked, member, quantity_of, spelled
from .refusals import Incomplete, Malformed, Unknown
from .spelling import indicated, letter

if TYPE_CHECKING:
    from .lower import Lowering

Applied = Callable[[Array, Span], Array]
_ENTRYWISE: Final = ("⊙", "*")
_OF_INPUT: Final = ("y", "a", "z", "delta")  #: families that may be followed by (x)
_NUMPY: Final = (
    "np.sum",
    "np.dot",
    "np.matmul",
    "np.multiply",
    "np.outer",
    "sum",
    "prod",
    "max",
    "min",
    r"\max",
    r"\min",
)


def products(low: Lowering, part: tree.Product) -> Array:
    return product(low, part.factors, part.between)


def product(low: Lowering, factors: tuple[Part, ...], between: tuple[str, ...] | None = None) -> Array:
    """The product. Products of matrices bind stronger than ⊙, as they are read; where that has no meaning, and from
    the left to the right it has one, it is read so.
    """
    signs = list(between if between is not None else [""] * (len(factors) - 1))
    terms, operators = _terms(low, list(factors), signs)
    for place, (operator, term) in enumerate(zip(operators, terms[1:], strict=True)):
        if operator == "" and place and operators[place - 1] == "/" and not _is_literal(terms[place]):
            raise Unknown(term.span, "it may stand below the stroke or behind it: put parentheses")
    try:
        return _grouped(low, terms, operators)
    except Malformed as why:
        if not set(operators) & set(_ENTRYWISE):
            raise
        try:
            return _in_order(low, terms, operators)
        except Malformed:
            raise why from None


def _grouped(low: Lowering, terms: list[Array], operators: list[str]) -> Array:
    groups: list[Array] = [terms[0]]
    for operator, term in zip(operators, terms[1:], strict=True):
        if operator in _ENTRYWISE:
            groups.append(term)
        else:
            groups[-1] = _step(low, groups[-1], operator, term)
    result = groups[0]
    for group in groups[1:]:
        result = _step(low, result, "⊙", group)
    return result


def _in_order(low: Lowering, terms: list[Array], operators: list[str]) -> Array:
    result = terms[0]
    for operator, term in zip(operators, terms[1:], strict=True):
        result = _step(low, result, operator, term)
    return result


def _step(low: Lowering, left: Array, operator: str, right: Array) -> Array:
    left, right = counted.fitted(low, left, right, counted.SAME if operator in _ENTRYWISE else counted.INNER)
    if operator in _ENTRYWISE:
        if operator == "*" and not left.is_number and not right.is_number and left.dims != right.dims:
            return arrays.matrix_product(left, right, low.text, low.name)  # in programs of some languages
        return arrays.entrywise(lambda x, y: x * y, left, right, low.text)
    if operator == "/":
        return low.divided(left, right, (left.span[0], right.span[1]))
    if operator in ("", "·", "@", "×"):
        return arrays.matrix_product(left, right, low.text, low.name)
    vectors = [a for a in (left, right) if not a.is_number and a.dims[1] == arrays.SINGLE]
    if operator == "⊗" and len(vectors) == 2 and left.dims != right.dims:
        return arrays.matrix_product(left, arrays.transposed(right, right.span), low.text, low.name)
    raise Unknown(right.span, f"the product {operator}")


def _terms(low: Lowering, factors: list[Part], signs: list[str]) -> tuple[list[Array], list[str]]:
    terms, operators, place = list[Array](), list[str](), 0
    while place < len(factors):
        term, used = _factor(low, factors, signs, place)
        terms.append(term)
        if place + used < len(factors):
            operators.append(signs[place + used - 1])
        place += used
    return terms, operators


def _factor(low: Lowering, factors: list[Part], signs: list[str], place: int) -> tuple[Array, int]:
    """A factor with what it is applied to, and how many of the parts that takes."""
    part, behind = factors[place], place + 1 < len(factors) and signs[place] == ""
    if (said := indicated(part, factors[place + 1] if behind else None)) is not None:
        from .lower import condition

        used = 1 if isinstance(part, tree.Scripted) else 2
        return condition(low, said, (part.span[0], factors[place + used - 1].span[1])), used
    if letter(part) == r"\partial":
        return _quotient(low, factors, signs, place)
    if behind and (found := _on_all(low, factors, signs, place)) is not None:
        return found
    if behind and letter(part) == "d" and spelled(low, factors[place + 1]) is not None:
        if (found := _quotient_of_d(low, factors, signs, place)) is not None:
            return found
        return differential(low, factors[place + 1], (part.span[0], factors[place + 1].span[1])), 2
    following = factors[place + 1] if behind else None
    if following is not None and updates.is_step(low, part) and updates.is_learned(low, following):
        return updates.changed(low, part, following, (part.span[0], following.span[1])), 2
    if letter(part) in _NUMPY and isinstance(following, tree.Group):
        return functions.numpy(low, letter(part), following, (part.span[0], following.span[1])), 2
    if (function := functions.name_of(low, part)) is not None:
        if not behind:
            return _without_argument(low, function, part), 1
        of, marks, used = _operand(low, factors, signs, place + 1)
        span = (part.span[0], factors[place + used].span[1])
        primes = marks.primes if marks is not None else 0
        made = functions.applied(low, function, of, primes, span)
        return (made if marks is None else low.marked(_unprimed(marks), made)), used + 1
    if (apply := _operator(low, part)) is not None:
        if not behind:
            raise Incomplete(part.span, f"{low.shown(part)} is applied to nothing")
        of, marks, used = _differentiated(low, factors, signs, place + 1)
        made = apply(of, (part.span[0], factors[place + used].span[1]))
        return (made if marks is None else low.marked(marks, made)), used + 1
    if following is not None and (called := _call(low, part, following)) is not None:
        return called, 2
    return low.value(part), 1


def _on_all(low: Lowering, factors: list[Part], signs: list[str], place: int) -> tuple[Array, int] | None:
    """A differential, d(XY), or Nielsen's Σ′(z), which has σ′(z) on its diagonal; None where it is neither."""
    part = factors[place]
    if low.sense.differentials and letter(part) == "d":
        of, _, used = _operand(low, factors, signs, place + 1)
        return arrays.mapped(lambda e: _change(low, e), of, (part.span[0], factors[place + used].span[1])), used + 1
    if not _is_square(low, part):
        return None
    of, _, used = _operand(low, factors, signs, place + 1)
    span = (part.span[0], factors[place + used].span[1])
    slope = functions.applied(low, functions.Name(low.row.letters["sigma"], 1), of, 0, span)
    return arrays.diagonal(slope, span), used + 1


def _is_square(low: Lowering, part: Part) -> bool:
    if not isinstance(part, tree.Scripted) or part.primes != 1 or part.lower or part.upper:
        return False
    return letter(part.base) == r"\Sigma" and low.family(part.base) is None


def _without_argument(low: Lowering, function: functions.Name, part: Part) -> Array:
    """``(f^l)'``: of a layer that is named, it is at the preactivations of that layer; where there is one layer, σ is
    what it puts out.
    """
    is_bare = not function.order and function.layer is None and function.power is None
    if low.sense.single and is_bare and functions.is_sigma(low, function.text):
        return member(low, "a", part.span, (low.net.depth,), [None, *([low.example] if low.many else [])])
    if function.layer is None or not function.order:
        raise Unknown(part.span, f"{low.shown(part)} without an argument")
    layer = low.layer(function.layer)
    units = [None, *([low.example] if low.many else [])]
    at = member(low, "z", part.span, (layer,), list(units))
    return functions.applied(low, function, at, 0, part.span)


def _unprimed(marks: tree.Scripted) -> tree.Scripted:
    return tree.Scripted(marks.span, marks.base, marks.lower, marks.upper, marks.behind, 0)


def _operator(low: Lowering, part: Part) -> Applied | None:
    """What a part does to what stands behind it; None where it is a factor like others."""
    if letter(part) == "diag":
        return arrays.diagonal
    if letter(part) in ("tr", "Tr", "trace"):
        return lambda of, span: arrays.trace(of, span, low.text, low.name)
    if letter(part) in (r"\mathbb{1}", r"\mathbf{1}") or (letter(part) == "1" and isinstance(part, tree.Name)):
        return None
    if isinstance(part, tree.Scripted) and letter(part.base) == r"\nabla" and len(part.lower) == 1:
        return lambda of, span: low.derivative(of, _nabla_of(low, part, of), span)
    by = None
    if isinstance(part, tree.Fraction):
        from .lower import shift

        if shift(part.over) == () and (letter(part.over) == r"\partial" or shift(part.under) is not None):
            under = shift(part.under)
            if not under:
                raise Malformed(part.span, "the denominator of this derivative has no ∂")
            by = low.variable(under)
    return None if by is None else lambda of, span: low.derivative(of, by, span)


def _nabla_of(low: Lowering, part: tree.Scripted, of: Array) -> Array:
    """What ∇ differentiates by; of the cost of an example, what is of that example."""
    e, before = of.entry() if of.is_number else None, low.example
    if isinstance(e, Member) and e.family == "Cx" and e.indices:
        low.example = e.indices[0]
    try:
        return nabla(low, part)
    finally:
        low.example = before


def nabla(low: Lowering, part: tree.Scripted) -> Array:
    """What ∇ differentiates by: ∇_a C is by the activations of the last layer."""
    by = part.lower[0]
    family = low.family(by)
    if isinstance(by, tree.Name) and family is not None and low.net.kinds[family].startswith("l"):
        slots: list[Any] = [None] * low.net.kinds[family].count("u")
        example = [low.example] if low.net.kinds[family].endswith("e") else []
        return member(low, family, by.span, (low.net.depth,), [*slots, *example])
    return low.variable((by,))


def _operand(
    low: Lowering, factors: list[Part], signs: list[str], place: int
) -> tuple[Array, tree.Scripted | None, int]:
    """What an operator is applied to; marks on parentheses, as in σ′(z)^2, are of the result."""
    part = factors[place]
    if isinstance(part, tree.Scripted) and isinstance(part.base, tree.Group):
        return low.value(part.base), part, 1
    made, used = _factor(low, factors, signs, place)
    return made, None, used


def _differentiated(
    low: Lowering, factors: list[Part], signs: list[str], place: int
) -> tuple[Array, tree.Scripted | None, int]:
    """The same behind d/dx: a number goes with what it is a factor of, and a power with what it is of."""
    part = factors[place]
    number = part.over if isinstance(part, tree.Fraction) else part
    if isinstance(number, tree.Number) and place + 1 < len(factors) and signs[place] in ("", "·"):
        of, marks, used = _differentiated(low, factors, signs, place + 1)
        if marks is None:
            return _step(low, low.value(part), "", of), None, used + 1
    if isinstance(part, tree.Scripted) and isinstance(part.base, tree.Group) and _is_power(part):
        return low.value(part), None, 1
    return _operand(low, factors, signs, place)


def _is_power(part: tree.Scripted) -> bool:
    return bool(part.upper) and not part.lower and all(isinstance(upper, tree.Number) for upper in part.upper)


# Derivatives in a line of text.


def _quotient(low: Lowering, factors: list[Part], signs: list[str], place: int) -> tuple[Array, int]:
    """∂C/∂w, as it is written in a line of text."""
    kinds = [letter(part) == r"\partial" for part in factors[place : place + 4]]
    if kinds != [True, False, True, False] or signs[place : place + 3] != ["", "/", ""]:
        raise Unknown(factors[place].span, "a ∂ that belongs to no derivative")
    y, x = factors[place + 1], factors[place + 3]
    return low.derivative(low.value(y), low.variable((x,)), (factors[place].span[0], x.span[1])), 4


def _quotient_of_d(low: Lowering, factors: list[Part], signs: list[str], place: int) -> tuple[Array, int] | None:
    """dJ/dW."""
    later = factors[place + 2 : place + 3]
    if [letter(part) for part in later] != ["d"] or signs[place : place + 3] != ["", "/", ""]:
        return None
    y, x = factors[place + 1], factors[place + 3]
    return low.derivative(low.value(y), low.variable((x,)), (factors[place].span[0], x.span[1])), 4


def differential(low: Lowering, part: Part, span: Span) -> Array:
    """dW is the derivative of the cost by W; dZ that of the cost of each example."""
    made = low.value(part)
    if low.sense.differentials:
        return arrays.mapped(lambda e: _change(low, e), made, span)
    first = made.entry(*arrays.rows(made))
    if not isinstance(first, Member) or low.family(part) not in ("w", "b", "z", "a", "x"):
        raise Unknown(span, f"{low.at(span)} is not understood here")
    return Array(made.dims, lambda *at: _slope(low, made.entry(*at)), span)


def _change(low: Lowering, e: Any) -> Any:
    """The total differential: each derivative times how what it is by changes."""
    terms = list[Any]()
    for d in low.net.definitions:
        family = d.head.family
        if f"d_{family}" not in low.net.kinds:
            continue
        if isinstance(e, Member) and e.family == family:
            return Member(f"d_{family}", *e.indices)
        at = {i: low.name() for i, *_ in d.bounds}
        indices = [at.get(i, i) for i in d.head.indices]
        term: Any = D(e, Member(family, *indices)) * Member(f"d_{family}", *indices)
        for i, lo, hi in d.bounds:
            term = Total(term, at[i], lo, hi)
        terms.append(term)
    return Add(*terms)


def _slope(low: Lowering, e: Member) -> Any:
    if e.family == "z" and "delta" in low.net.kinds and not low.meanings:
        return Member("delta", *e.indices)
    kinds = low.net.kinds[e.family]
    own = "Cx" in low.net.kinds and kinds.endswith("e")
    return D(Member("Cx", e.indices[-1]) if own else low.whole_cost, e)


# What looks like a call.


def _call(low: Lowering, part: Part, following: Part) -> Array | None:
    """C(W, b; x, y) is C; h_Θ(x) is what the network says, y(x) what belongs to x; [j = k] may have a 1 in front."""
    group = following.base if isinstance(following, tree.Scripted) else following
    if not isinstance(group, tree.Group) or group.kind != "(":
        return None
    spelling = spelled(low, part)
    if spelling is None:
        return None
    if spelling.family in ("C", "Cx"):
        return _cost_of(low, part, group, following)
    output = spelling.layer == "L" and isinstance(part, tree.Scripted | tree.Name)
    if output and letter(part.base if isinstance(part, tree.Scripted) else part) == "h":
        kinds = low.net.kinds["a"].removeprefix("l")
        which = [_example_of(low, group)] if kinds.endswith("e") else []
        made = member(low, "a", part.span, (low.net.depth,), [None, *which])
        return low.marked(following, made) if isinstance(following, tree.Scripted) else made
    if following is group and spelling.family in _OF_INPUT and _is_input(low, group):
        return quantity_of(low, part, group.parts[0])
    return None


def _example_of(low: Lowering, group: tree.Group) -> Any:
    """The example of h(x^{(i)}), or that which is meant."""
    given = [m.example for m in (marked(low, p) for p in group.parts) if m is not None and m.example is not None]
    return low.example_index(given[0]) if given else low.example


def _is_input(low: Lowering, group: tree.Group) -> bool:
    bare = len(group.parts) == 1 and isinstance(group.parts[0], tree.Name)
    return bare and letter(group.parts[0]) == "x" and low.family(group.parts[0]) == "x"


def _cost_of(low: Lowering, part: Part, group: tree.Group, following: Part) -> Array:
    """The cost; where inputs are among what it is of, that of their example."""
    data = [p for p in group.parts if low.family(p) in ("x", "y")]
    found = marked(low, part)
    if found is None or isinstance(following, tree.Scripted):
        raise Unknown(part.span, f"{low.shown(part)} is not understood here")
    if not data or not low.net.kinds.get("Cx", "").endswith("e"):
        return arrays.number(cost(low, found), (part.span[0], following.span[1]))
    given = [m.example for m in (marked(low, p) for p in data) if m is not None and m.example is not None]
    if given:
        return arrays.number(Member("Cx", low.example_index(given[0])), (part.span[0], following.span[1]))
    if low.example is None:
        raise Unknown(group.span, "the cost of an example, and it is not said of which")
    return arrays.number(Member("Cx", low.noted_example(low.example, group.span)), part.span)


def _is_literal(a: Array) -> bool:
    return a.is_number and isinstance(a.entry(), Rational)


__all__ = ["differential", "nabla", "product", "products"]
