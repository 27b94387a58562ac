"""From what is written to what it says: a tree, read in a notation about a network, becomes arrays of terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sympy import Add, Expr, Integer, Mul, Rational, Symbol

from ..core.network import inside
from ..notation.profiles import Notation
from ..notation.reader import tree
from ..notation.reader.tree import Part, Span
from ..surface.back import index
from ..surface.elaborate import quantity
from ..surface.network import Network
from ..surface.terms import Apply, D, Kron, L, M, Member, NonNegative, Phi, Total, exp, free, log, n, sqrt, step
from . import arrays
from .arrays import SINGLE, Array, Ends
from .refusals import Malformed, Unknown

MOST, BITS, DIGITS = 20, 10_000, 100  # of an exponent; of a number, in bits, and as it is written
_ENTRYWISE: Final = ("⊙", "*")
_TRANSPOSES: Final = ("T", r"\top", r"\mathsf{T}", r"\mathrm{T}", r"\mathbf{T}", r"\intercal", "t")
_FONTS: Final = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm|mathsf|mathit)\{(.*)\}")  # which mean nothing
_KNOWN: Final[dict[str, Callable[[Any], Any]]] = {
    "exp": exp, "log": log, "ln": log, r"\Phi": Phi, r"\varphi": lambda u: Apply("phi", u),
    "tanh": lambda u: (exp(u) - exp(-u)) / (exp(u) + exp(-u)),
    "sigmoid": lambda u: 1 / (1 + exp(-u)), "Sigmoid": lambda u: 1 / (1 + exp(-u)),
}  # fmt: skip


@dataclass
class Lowering:
    """What is written in ``text``, in a notation, about ``net``. ``ranges``: of each index, what it was used for."""

    text: str
    net: Network
    row: Notation
    conditions: list[Any] = field(default_factory=list)  #: forms that are at least 0 where all that is read is there
    ranges: dict[Symbol, list[Ends]] = field(default_factory=dict)
    name: Callable[[], Symbol] = field(default_factory=arrays.names)

    def value(self, part: Part) -> Array:
        """The array, or number, that a part stands for."""
        made = _LOWERED.get(type(part))
        if made is None:
            raise Unknown(part.span, f"{self.shown(part)} is not understood here")
        return made(self, part)

    def shown(self, part: Part) -> str:
        return " ".join(self.text[part.span[0] : part.span[1]].split())

    def number(self, part: Part) -> Any:
        """The term that a part stands for, which is a number."""
        made = self.value(part)
        if not made.is_number:
            raise Malformed(part.span, f"{self.shown(part)} is {arrays.shape(made)}, and a number has to stand here")
        return made.entry()

    # Sums, products, fractions.

    def sum(self, part: tree.Sum) -> Array:
        first, *rest = map(self.value, part.terms)
        for term in rest:
            if first.is_number != term.is_number and not _is_constant(first if first.is_number else term):
                what = f"{arrays.said(first, self.text)}, {arrays.said(term, self.text)}"
                raise Malformed((first.span[0], term.span[1]), f"{what}: they cannot be added")
            first = arrays.entrywise(Add, first, term, self.text)
        return first

    def signed(self, part: tree.Signed) -> Array:
        if part.sign == "±":
            raise Unknown(part.span, "± says two things")
        return arrays.mapped(lambda e: Mul(-1, e) if part.sign == "-" else e, self.value(part.of), part.span)

    def fraction(self, part: tree.Fraction) -> Array:
        over, under = self.shift(part.over), self.shift(part.under)
        if over is None and under is None:
            return self.divided(self.value(part.over), self.value(part.under), part.span)
        if over is None or under is None:
            where, missing = (part.over, "numerator") if over is None else (part.under, "denominator")
            raise Malformed(where.span, f"the {missing} of this derivative has no ∂")
        if under == () or over == ():
            raise Unknown(part.span, "a derivative without what it is of, or by")
        return arrays.derivative(self.product(over), self.variable(under), part.span)

    def shift(self, part: Part) -> tuple[Part, ...] | None:
        """What stands behind ∂; None where there is none."""
        factors = part.factors if isinstance(part, tree.Product) else (part,)
        return tuple(factors[1:]) if _text(factors[0]) == r"\partial" else None

    def variable(self, parts: tuple[Part, ...]) -> Array:
        if len(parts) != 1:
            raise Unknown((parts[0].span[0], parts[-1].span[1]), "a derivative by more than one thing")
        made = self.value(parts[0])
        if not isinstance(made.entry(*arrays.rows(made)), Member):
            raise Unknown(parts[0].span, f"{self.shown(parts[0])} is no quantity of the network to differentiate by")
        return made

    def divided(self, over: Array, under: Array, span: Span) -> Array:
        if not under.is_number:
            raise Malformed(span, f"{arrays.said(under, self.text)}: nothing is divided by that")
        return arrays.mapped(lambda e: e / under.entry(), over, span)

    def products(self, part: tree.Product) -> Array:
        return self.product(part.factors, part.between)

    def product(self, factors: tuple[Part, ...], between: tuple[str, ...] | None = None) -> Array:
        """Factors from the left to the right; functions and derivatives take what stands behind them.

        Products of matrices bind stronger than ⊙, as they are read.
        """
        signs = list(between if between is not None else [""] * (len(factors) - 1))
        terms, operators = self._applied(list(factors), signs)
        groups: list[Array] = [terms[0]]
        for place, (operator, term) in enumerate(zip(operators, terms[1:], strict=True)):
            if operator == "" and place and operators[place - 1] == "/" and not _is_literal(terms[place]):
                raise Unknown(term.span, "it may stand below the stroke or behind it: put parentheses")
            if operator in _ENTRYWISE:
                groups.append(term)
            elif operator == "/":
                groups[-1] = self.divided(groups[-1], term, (groups[-1].span[0], term.span[1]))
            elif operator in ("", "·", "@", "×"):
                groups[-1] = arrays.matrix_product(groups[-1], term, self.text, self.name)
            else:
                raise Unknown(term.span, f"the product {operator}")
        result = groups[0]
        for group in groups[1:]:
            result = arrays.entrywise(lambda x, y: x * y, result, group, self.text)
        return result

    def _applied(self, factors: list[Part], signs: list[str]) -> tuple[list[Array], list[str]]:
        terms, operators, place = list[Array](), list[str](), 0
        while place < len(factors):
            term, used = self._factor(factors, signs, place)
            terms.append(term)
            if place + used < len(factors):
                operators.append(signs[place + used - 1])
            place += used
        return terms, operators

    def _factor(self, factors: list[Part], signs: list[str], place: int) -> tuple[Array, int]:
        """A factor with what it is applied to, and how many of the parts that takes."""
        part, behind = factors[place], place + 1 < len(factors) and signs[place] == ""
        if _text(part) == r"\partial":
            return self._quotient(factors, signs, place)
        if (apply := self._operator(part)) is not None:
            if not behind:
                raise Unknown(part.span, f"{self.shown(part)} without an argument")
            of, marks, used = self._operand(factors, signs, place + 1)
            made = apply(of, (part.span[0], factors[place + used].span[1]))
            return (made if marks is None else self._marked(marks, made)), used + 1
        if behind and isinstance(factors[place + 1], tree.Group) and self.family(part) == "C":  # C(W, b; x, y)
            return self.value(part), 2
        return self.value(part), 1

    def _operator(self, part: Part) -> Callable[[Array, Span], Array] | None:
        """What a part does to what stands behind it; None where it is a factor like others."""
        if (f := self.function(part)) is not None:
            return lambda of, span: arrays.mapped(f, of, span)
        if _text(part) == "diag":
            return arrays.diagonal
        by = self.nabla(part)
        if by is None and isinstance(part, tree.Fraction) and self.shift(part.over) == ():
            under = self.shift(part.under)
            if not under:
                raise Malformed(part.span, "the denominator of this derivative has no ∂")
            by = self.variable(under)
        return None if by is None else lambda of, span: arrays.derivative(of, by, span)

    def _operand(self, factors: list[Part], signs: list[str], place: int) -> tuple[Array, tree.Scripted | None, int]:
        """What an operator is applied to; marks on parentheses, as in σ′(z)^2, are of the result."""
        part = factors[place]
        if isinstance(part, tree.Scripted) and isinstance(part.base, tree.Group):
            return self.value(part.base), part, 1
        made, used = self._factor(factors, signs, place)
        return made, None, used

    def _quotient(self, factors: list[Part], signs: list[str], place: int) -> tuple[Array, int]:
        """∂C/∂w, as it is written in a line of text."""
        kinds = [_text(part) == r"\partial" for part in factors[place : place + 4]]
        if kinds != [True, False, True, False] or signs[place : place + 3] != ["", "/", ""]:
            raise Unknown(factors[place].span, "a ∂ that belongs to no derivative")
        y, x = factors[place + 1], factors[place + 3]
        return arrays.derivative(self.value(y), self.variable((x,)), (factors[place].span[0], x.span[1])), 4

    def function(self, part: Part) -> Callable[[Any], Any] | None:
        """The function that a part is a name of: the activation or its derivative, or an elementary one."""
        base, primes = (part.base, part.primes) if isinstance(part, tree.Scripted) else (part, 0)
        text, plain = _text(base), not isinstance(part, tree.Scripted) or not (part.lower or part.upper or part.behind)
        dotted = f"\\dot{{{self.row.letters['sigma']}}}"
        if text in (self.row.letters["sigma"], dotted) and plain:
            return lambda u: Apply("sigma", u, primes + (text == dotted))
        return _KNOWN.get(text) if not primes and plain else None

    def nabla(self, part: Part) -> Array | None:
        """What ∇ differentiates by."""
        if isinstance(part, tree.Scripted) and _text(part.base) == r"\nabla" and len(part.lower) == 1:
            return self.nabla_variable(part.lower[0])
        return None

    def nabla_variable(self, part: Part) -> Array:
        """∇_a C is by the activations of the last layer."""
        family = self.family(part)
        if isinstance(part, tree.Name) and family is not None and self.net.kinds[family].startswith("l"):
            return self._member(family, part.span, (self.net.depth,), ())
        return self.variable((part,))

    def big(self, part: tree.Big) -> Array:
        if part.operator != "sum" or len(part.lower) != 1 or len(part.upper) > 1:
            raise Unknown(part.span, "only sums over one index are understood here")
        lower = part.lower[0]
        first = lower.sides[0] if isinstance(lower, tree.Relation) and lower.relations == ("=",) else lower
        if not isinstance(first, tree.Name) or first.text in ("L", "x", "C", "w"):
            raise Unknown(lower.span, f"a sum over {self.shown(lower)}")
        bound, outer = Symbol(first.text), (self.conditions, self.ranges)
        self.conditions, self.ranges = [], {}
        body = self.value(part.of)
        found, (conditions, ranges) = self.ranges.pop(bound, []), (self.conditions, self.ranges)
        self.conditions, self.ranges = outer
        self.conditions += [c for c in conditions if bound not in free(c)]
        for at, uses in ranges.items():
            self.ranges.setdefault(at, []).extend(uses)
        ends = self._ends(part, bound, found)
        return arrays.mapped(lambda e: Total(e, bound, *ends), body, part.span)

    def _ends(self, part: tree.Big, bound: Symbol, found: list[Ends]) -> Ends:
        """From where to where a sum goes: as it is written, or else over all units that its index is used for."""
        lower, written = part.lower[0], self._end(part.upper[0]) if part.upper else None
        start = self._end(lower.sides[1]) if isinstance(lower, tree.Relation) and lower.sides[1] else None
        if isinstance(lower, tree.Relation) and start is None:
            raise Unknown(lower.span, f"a sum over {self.shown(lower)}")
        if start is not None and written is not None:
            ends = (start, written)
            is_part = set(found) != {ends} if self.net.depth is not None else ends not in found
            if found and bound != Symbol("l") and is_part:
                uses = ", ".join(sorted({arrays.size(e) for e in found}))
                raise Unknown(part.span, f"a sum over a part of an axis: {bound} is used up to {uses}")
            return ends
        if not found:
            raise Unknown(part.span, f"{bound} is summed over, and no index of what is summed")
        if len(set(found)) > 1:
            raise Malformed(part.span, f"{bound} goes up to {' and to '.join(sorted({arrays.size(e) for e in found}))}")
        if start is not None and start != found[0][0]:
            raise Unknown(lower.span, "a sum over a part of an axis")
        return found[0]

    def _end(self, part: Part) -> Any:
        """An end of a sum; None for a letter that says no more than that all are summed."""
        if isinstance(part, tree.Scripted) and _text(part.base) == self.row.letters["n"] and len(part.lower) == 1:
            return n(self.index(part.lower[0]))
        if _text(part) == self.row.letters["M"] and M in self.net.symbols:
            return M
        if (own := self.own_size(part)) is not None:
            return own
        if isinstance(part, tree.Name) and part.text not in ("l", "L"):
            return None
        try:
            return self.index(part)
        except Unknown:
            return None

    def own_size(self, part: Part) -> Symbol | None:
        """The size of an axis, by its letter, in a network that has no layers."""
        found = {s.name: s for s in self.net.symbols if s.is_positive} if self.net.depth is None else {}
        return found.get(_text(part)) or found.get(f"{_text(part)}_")

    # Quantities.

    def families(self, part: Part) -> list[str]:
        """The families whose letter a part has; of the cost of one example and of all of them it is the same."""
        text = _text(part.base if isinstance(part, tree.Scripted) else part)
        return [f for f in self.net.kinds if self.row.letters.get(f, f"\\{f}") == text]

    def family(self, part: Part) -> str | None:
        """The one with as many indices as are written, or else the first."""
        found, units = self.families(part), len(_flat_list(part.lower)) if isinstance(part, tree.Scripted) else 0
        fitting = [f for f in found if len(self.net.kinds[f].removeprefix("l")) == units]
        return next(iter([*fitting, *found]), None)

    def named(self, part: tree.Name) -> Array:
        if _text(part) == self.row.letters["M"] and M in self.net.symbols:
            return arrays.number(M, part.span)
        family = self.family(part)
        if family is None and (own := self.own_size(part)) is not None:
            return arrays.number(own, part.span)
        if family is None:
            raise Unknown(part.span, f"{self.shown(part)} is no letter of this notation: {self.row.title}")
        return self._member(family, part.span, (), ())

    def scripted(self, part: tree.Scripted) -> Array:
        if part.primes or part.behind:
            raise Unknown(part.span, f"{self.shown(part)} is not understood here")
        if _text(part.base) == "e" and len(part.upper) == 1 and not part.lower and self.family(part) is None:
            return arrays.mapped(exp, self.value(part.upper[0]), part.span)
        if _text(part.base) == self.row.letters["n"] and len(part.lower) == 1 and not part.upper:
            return arrays.number(n(self.index(part.lower[0])), part.span)
        family = self.family(part)
        if family is None or not isinstance(part.base, tree.Name):
            return self._marked(part, self.value(part.base))
        layers, transpose, power = self._upper(part, has_layer=self.net.kinds[family].startswith("l"))
        count = len(self.net.kinds[family]) - len(layers)
        made = self._member(family, part.span, layers, tuple(self._indices(part.lower, count)))
        made = arrays.transposed(made, part.span) if transpose else made
        return self._power(made, power, part.span) if power is not None else made

    def _marked(self, part: tree.Scripted, made: Array) -> Array:
        """Something in parentheses, transposed or to a power."""
        if part.lower:
            raise Unknown(part.span, f"{self.shown(part)}: an index of something in parentheses")
        for upper in part.upper:
            if _text(upper) in _TRANSPOSES:
                made = arrays.transposed(made, part.span)
            else:
                made = self._power(made, upper, part.span)
        return made

    def _power(self, made: Array, power: Part, span: Span) -> Array:
        exponent = self.number(power)
        if isinstance(made.entry, _Norm) and exponent == 2:
            return arrays.squared(made.entry.of, span, self.name)
        if not made.is_number or not isinstance(exponent, Integer) or abs(exponent) > MOST:
            raise Unknown(span, "a power of this kind")
        if isinstance(base := made.entry(), Rational) and max(base.p, base.q).bit_length() * abs(exponent) > BITS:
            raise Unknown(span, "a number of this size")
        return arrays.mapped(lambda e: e**exponent, made, span)

    def _upper(self, part: tree.Scripted, *, has_layer: bool) -> tuple[tuple[Any, ...], bool, Part | None]:
        """The layer, whether T stands there, and a power; a number above a letter that has a layer is that layer."""
        layers, transpose, power = list[Any](), False, None
        for upper in _flat(part.upper):
            if _text(upper) in _TRANSPOSES:
                transpose = True
            elif has_layer and not layers:
                layers.append(self.layer(upper))
            elif not has_layer and isinstance(upper, tree.Number) and power is None:
                power = upper
            else:
                raise Unknown(upper.span, f"{self.shown(upper)} above {self.shown(part.base)}")
        return tuple(layers), transpose, power

    def layer(self, part: Part) -> Any:
        """A layer: l, L, a number, or some more or less."""
        inner = part.parts[0] if isinstance(part, tree.Group) and len(part.parts) == 1 and part.kind in "([<" else part
        return self.index(inner)

    def index(self, part: Part) -> Any:
        """An index expression."""
        if isinstance(part, tree.Number) and part.text.isdigit() and len(part.text) <= DIGITS:
            return Integer(part.text)
        if isinstance(part, tree.Name):
            plain = _FONTS.sub(r"\1", part.text)
            if plain == r"\ell":
                return Symbol("l")
            if len(plain) == 1:
                return self.net.depth if plain == "L" and self.net.depth is not None else Symbol(plain)
        if isinstance(part, tree.Sum):
            return Add(*map(self.index, part.terms))
        if isinstance(part, tree.Signed) and part.sign in "+-":
            return self.index(part.of) * (-1 if part.sign == "-" else 1)
        raise Unknown(part.span, f"{self.shown(part)} is no index that is understood here")

    def _indices(self, parts: tuple[Part, ...], count: int) -> Iterator[Any]:
        """The indices below a letter: ``jk``, ``j,k``, ``11``; each letter and digit is one where there is no comma."""
        for part in parts:
            inner = part.factors if isinstance(part, tree.Product) and not any(part.between) else (part,)
            for one in inner:
                if isinstance(one, tree.Name) and one.text.isalpha() and 1 < len(one.text) <= count:
                    yield from (L if letter == "L" else Symbol(letter) for letter in one.text)
                elif isinstance(one, tree.Number) and len(parts) == 1 and 1 < len(one.text) == count:
                    yield from map(Integer, one.text)
                else:
                    yield self.index(one)

    def _member(self, family: str, span: Span, layers: tuple[Any, ...], units: tuple[Any, ...]) -> Array:
        kinds, given = self.net.kinds[family], (*layers, *units)
        left = len(kinds) - len(given)
        shown = " ".join(self.text[slice(*span)].split())
        if kinds.startswith("l") and not layers:
            raise Unknown(span, f"{shown} has no layer")
        if left < 0 or (units and left):
            wanted = len(kinds) - len(layers)
            raise (Malformed if left < 0 else Unknown)(span, f"{shown} has {len(units)} unit indices, and not {wanted}")
        whole = Member(family, *given)
        ends = self.net.shape(whole) if left else ()
        self._note(family, given, left)
        if not left:
            return arrays.number(whole, span)
        if left == 1:
            return Array((ends[0], SINGLE), lambda i, _: Member(family, *given, i), span)
        return Array((ends[0], ends[1]), lambda i, j: Member(family, *given, i, j), span)

    def _note(self, family: str, given: tuple[Any, ...], left: int) -> None:
        """That the member is within its range, and what its indices range over."""
        member = Member(family, *given, *(Symbol(f"open{place}_") for place in range(left)))
        forms = [index(form) for form in inside(self.net.core, quantity(member))]
        for place, at in enumerate(given):
            low, high = forms[2 * place : 2 * place + 2]
            self.conditions += [NonNegative(low), NonNegative(high)]
            if isinstance(at, Symbol) and at != L:
                self.ranges.setdefault(at, []).append((at - low, high + at))


class _Norm:
    """The entry of a norm that is not squared: it is no rational number, and nothing is done with it."""

    def __init__(self, of: Array) -> None:
        self.of = of

    def __call__(self, *_: Any) -> Any:
        raise Unknown(self.of.span, "a norm that is not squared")


def _group(self: Lowering, part: tree.Group) -> Array:
    inner = part.parts[0] if len(part.parts) == 1 else None
    if part.kind == "[" and isinstance(inner, tree.Relation):
        return _condition(self, inner, part.span)
    if part.kind in "([" and len(part.parts) == 1:
        made = self.value(part.parts[0])
        return Array(made.dims, made.entry, part.span)
    if part.kind in "‖|" and len(part.parts) == 1:
        of = self.value(part.parts[0])
        if not of.is_number:
            return Array((), _Norm(of), part.span)
    raise Unknown(part.span, f"{self.shown(part)} is not understood here")


def _condition(self: Lowering, part: tree.Relation, span: Span) -> Array:
    """1 where it holds, else 0: [j = k], [z > 0]."""
    one, other = (part.sides[0], part.sides[1]) if len(part.sides) == 2 else (None, None)
    if part.relations == ("=",) and one is not None and other is not None:
        return arrays.number(Kron(self.index(one), self.index(other)), span)
    if part.relations == (">",) and one is not None and isinstance(other, tree.Number) and other.text == "0":
        return arrays.mapped(step, self.value(one), span)
    raise Unknown(span, "a condition of this kind")


def _number(_: Lowering, part: tree.Number) -> Array:
    if len(part.text) > DIGITS:
        raise Unknown(part.span, f"a number of more than {DIGITS} digits")
    return arrays.number(Rational(part.text), part.span)


_LOWERED: Final[dict[type[Part], Callable[[Lowering, Any], Array]]] = {
    tree.Number: _number,
    tree.Name: Lowering.named,
    tree.Scripted: Lowering.scripted,
    tree.Sum: Lowering.sum,
    tree.Signed: Lowering.signed,
    tree.Product: Lowering.products,
    tree.Fraction: Lowering.fraction,
    tree.Big: Lowering.big,
    tree.Group: _group,
    tree.Root: lambda self, part: arrays.mapped(sqrt, self.value(part.of), part.span),
}


def _text(part: Any) -> str:
    """The letter that a part is, without its font."""
    return _FONTS.sub(r"\1", part.text) if isinstance(part, tree.Name) else ""


def _flat_list(parts: tuple[Part, ...]) -> list[str]:
    """The letters and digits below a letter, one for each index."""
    names = [
        one for part in _flat(parts) for one in ([part.text] if isinstance(part, tree.Name | tree.Number) else [""])
    ]
    plain = [_FONTS.sub(r"\1", name) for name in names]
    return [letter for name in plain for letter in (name if name.isalnum() and len(plain) == 1 else [name])]


def _flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield from part.factors if isinstance(part, tree.Product) and not any(part.between) else (part,)


def _is_literal(a: Array) -> bool:
    return a.is_number and isinstance(a.entry(), Rational)


def _is_constant(a: Array) -> bool:
    return isinstance(a.entry(), Expr) and not a.entry().has(Member, D)
