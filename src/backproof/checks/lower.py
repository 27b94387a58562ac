"""From what is written to what it says: a tree, read in a notation about a network, becomes arrays of terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sympy import Add, Expr, Integer, Mul, Rational, Symbol, expand

from ..notation.reader import tree
from ..notation.reader.tree import Part, Span
from ..notation.row import Notation
from ..surface.network import Network
from ..surface.terms import D, Kron, L, M, Member, exp, n, sqrt, step, substitute
from . import arrays, counted, functions, products, sums, updates
from .arrays import Array, Ends
from .meanings import Meaning, meant, picked
from .quantities import DIGITS, quantity_of, spelled
from .refusals import Incomplete, Malformed, Unknown
from .sense import Sense
from .spelling import WORDS, behind_d, flat, indicated, is_size, is_transpose, letter, plain, spellings

MOST, BITS = 20, 10_000  # of an exponent; of a number, in bits
_OTHERWISE: Final = re.compile(r"\b(?:otherwise|else)\b|否则|其他", re.IGNORECASE)
#: Conditions that hold where others do not; at a kink, where nothing is claimed, they are as good as these.
_OPPOSITE: Final = {"≠": "=", "≤": ">", "<": ">"}
_ALIKE: Final = {"≥": ">"}
ONES: Final = (r"\mathbf{1}", r"\boldsymbol{1}", r"\mathbb{1}", r"\vec{1}", r"\bm{1}")
KRONECKER: Final = (r"\delta", "I", r"\mathbb{1}", r"\mathbb{I}")
LETTERS_OF_LAYERS: Final = ("l",)


@dataclass
class Lowering:
    """What is written in ``text``, in a notation, about ``net``. ``ranges``: of each index, what it was used for.

    ``example`` is the one that is meant where none is written; ``known`` are the indices of what stands before.
    """

    text: str
    net: Network
    row: Notation
    sense: Sense = field(default_factory=Sense)
    meanings: tuple[Meaning, ...] = ()
    conditions: list[Any] = field(default_factory=list)  #: forms that are at least 0 where all that is read is there
    ranges: dict[Symbol, list[Ends]] = field(default_factory=dict)
    name: Callable[[], Symbol] = field(default_factory=arrays.names)
    example: Symbol | None = None
    known: frozenset[Symbol] | None = None

    def __post_init__(self) -> None:
        self.families: set[str] = {*self.net.kinds, *(["M"] if M in self.net.symbols else [])}
        if "C" in self.families:
            self.families.add("Cx")

    @property
    def many(self) -> bool:
        """Whether there are several examples."""
        return any(kinds.endswith("e") for kinds in self.net.kinds.values())

    def value(self, part: Part) -> Array:
        """The array, or number, that a part stands for."""
        made = _LOWERED.get(type(part))
        if made is None:
            raise Unknown(part.span, f"{self.shown(part)} is not understood here")
        return made(self, part)

    def both(self, left: Part, right: Part) -> tuple[Array, Array]:
        """Two sides, in the same shape where they can be taken so. Indices of one of them are the claim's own."""
        try:
            one = self.value(left)
        except Unknown:
            self.conditions, self.ranges = [], {}
            self.value(right)
            self.conditions = []
            self.known, self.ranges = frozenset(self.ranges), {}
            one = self.value(left)
        self.known = frozenset(self.ranges)
        pair = self.paired(one, self.value(right))
        if any(arrays.MANY in side.dims for side in pair):
            raise Unknown(right.span, "a column of ones, and it is not said of how many")
        return pair

    def paired(self, one: Array, other: Array) -> tuple[Array, Array]:
        """Two sides in the same shape, where they can be taken so."""
        made = arrays.alike(*counted.fitted(self, one, other, counted.SAME))
        if made[0].dims == made[1].dims and any((*one.counted, *other.counted)):
            counted.checked(self, (one.span[0], other.span[1]))
        return made

    def shown(self, part: Part) -> str:
        return self.at(part.span)

    def at(self, span: Span) -> str:
        """What is written there."""
        return " ".join(self.text[slice(*span)].split())

    def number(self, part: Part) -> Any:
        """The term that a part stands for, which is a number."""
        made = self.value(part)
        if not made.is_number:
            raise Malformed(part.span, f"{self.shown(part)} is {arrays.shape(made)}, and a number has to stand here")
        return made.entry()

    def family(self, part: Part) -> str | None:
        """The family that a part's letter is of."""
        found = spelled(self, part)
        return found.family if found is not None and found.family in self.net.kinds else None

    def function(self, part: Part) -> functions.Name | None:
        """The function that a part is a name of."""
        return functions.name_of(self, part)

    @property
    def whole_cost(self) -> Any:
        """The cost that gradients are of: what was said that it is, or the network's."""
        letters = {plain(s.letter) for s in self.row.also if s.family == "C"} | {plain(self.row.letters["C"])}
        said = next((m for m in self.meanings if m.letter in letters), None)
        if said is None and self.net.depth is None:
            return self._last_number()
        return Member("C") if said is None else replace(self, text=said.text, meanings=()).number(said.body)

    def _last_number(self) -> Any:
        """The number that nothing in a document's own network is made of."""
        bodies = [d.body for d in self.net.definitions if d.body is not None]
        read = {m.family for body in bodies for m in body.atoms(Member)}
        read |= {m.family for d in self.net.definitions for m in d.inputs}
        slopes = {x.args[0].family for body in bodies for x in body.atoms(D)}  # what derivatives are of is no input
        found = [d.head for d in self.net.definitions if not d.head.indices and (d.body is not None or d.inputs)]
        last = [head for head in found if head.family not in read or head.family in slopes]
        if len(last) != 1:
            raise Unknown((0, len(self.text)), "it is not said what the cost is")
        return last[0]

    # Sums and fractions.

    def sum(self, part: tree.Sum) -> Array:
        terms = sums.gathered(part)
        if len(terms) == 1:
            return self.value(terms[0])
        first, *rest = map(self.value, terms)
        for term in rest:
            if first.is_number != term.is_number and not _is_constant(first if first.is_number else term):
                what = f"{arrays.said(first, self.text)}, {arrays.said(term, self.text)}"
                raise Malformed((first.span[0], term.span[1]), f"{what}: they cannot be added")
            pair = arrays.repeated(*counted.fitted(self, first, term, counted.SAME))
            first = arrays.entrywise(Add, *pair, self.text)
        return first

    def signed(self, part: tree.Signed) -> Array:
        if part.sign == "±":
            raise Unknown(part.span, "± says two things")
        return arrays.mapped(lambda e: Mul(-1, e) if part.sign == "-" else e, self.value(part.of), part.span)

    def fraction(self, part: tree.Fraction) -> Array:
        over, under = shift(part.over), shift(part.under)
        if over is None and under is None:
            return self.divided(self.value(part.over), self.value(part.under), part.span)
        if over is None or under is None:
            where, missing = (part.over, "numerator") if over is None else (part.under, "denominator")
            raise Incomplete(where.span, f"the {missing} of this derivative has no ∂")
        if over == () and under:
            raise Incomplete(part.span, f"{self.shown(part)} is applied to nothing")
        if under == () or over == ():
            raise Unknown(part.span, "a derivative without what it is of, or by")
        return self.derivative(products.product(self, over), self.variable(under), part.span)

    def derivative(self, y: Array, x: Array, span: Span) -> Array:
        """In the layout of the text."""
        made = arrays.derivative(y, x, span)
        if self.sense.numerator and y.is_number and not x.is_number:
            if arrays.SINGLE not in x.dims:
                raise Unknown(span, "the derivative by a matrix, in this layout")
            return arrays.transposed(made, span)
        return made

    def variable(self, parts: tuple[Part, ...]) -> Array:
        """What is differentiated by: a quantity of the network, or an array of them."""
        if len(parts) != 1:
            raise Unknown((parts[0].span[0], parts[-1].span[1]), "a derivative by more than one thing")
        made = self.value(parts[0])
        if not isinstance(made.entry(*arrays.rows(made)), Member):
            raise Unknown(parts[0].span, f"{self.shown(parts[0])} is no quantity of the network to differentiate by")
        family = made.entry(*arrays.rows(made)).family
        if self.net.depth is not None and family in self.net.letters and _is_defined(self.net, family):
            raise Unknown(parts[0].span, f"{self.shown(parts[0])} is made of the network, which does not go through it")
        return made

    def divided(self, over: Array, under: Array, span: Span) -> Array:
        if not under.is_number and over.dims in ((), under.dims) and self.divides(under):
            return arrays.entrywise(lambda x, y: x / y, over, under, self.text)
        if not under.is_number:
            raise Malformed(span, f"{arrays.said(under, self.text)}: nothing is divided by that")
        return arrays.mapped(lambda e: e / under.entry(), over, span)

    def divides(self, under: Array) -> bool:
        """Whether it may stand below a stroke, for each of its entries: activations and targets, but no matrices."""
        e = under.entry(*arrays.rows(under))
        return hasattr(e, "atoms") and {m.family for m in e.atoms(Member)} <= {"a", "y", "x", "z"} and not e.has(D)

    # Letters and their marks.

    def named(self, part: tree.Name) -> Array:
        if (defined := meant(self, part)) is not None:
            return defined
        found = quantity_of(self, part)
        if found is None and part.text in ONES:
            return arrays.ones(part.span)
        if found is None and (size := self.own_size(part)) is not None:
            return arrays.number(size, part.span)
        if found is None and (of := behind_d(part)) is not None:
            return products.differential(self, of, part.span)
        if found is None and part.text.isalpha() and len(part.text) > 1 and self._are_letters(part.text):
            names = (tree.Name((at, at + 1), sign) for at, sign in enumerate(part.text, start=part.span[0]))
            return products.product(self, tuple(names))
        if found is None:
            raise Unknown(part.span, f"{self.shown(part)} is no letter of this notation: {self.row.title}")
        return found

    def _are_letters(self, text: str) -> bool:
        """Whether a word is letters side by side: XW."""
        return text.isascii() and text not in WORDS and all(spellings(sign, self.row, self.families) for sign in text)

    def own_size(self, part: Part) -> Symbol | None:
        """The size of an axis, by its letter, in a network that has no layers; with _ where the letter is taken."""
        found = {s.name: s for s in self.net.symbols if s.is_positive} if self.net.depth is None else {}
        return found.get(letter(part)) or found.get(f"{letter(part)}_")

    def scripted(self, part: tree.Scripted) -> Array:
        if (said := indicated(part, None)) is not None:
            return condition(self, said, part.span)
        if (same := self._same(part)) is not None:
            return same
        if (defined := meant(self, part)) is not None:
            return defined
        if letter(part.base) == "e" and len(part.upper) == 1 and not part.lower and self.family(part) is None:
            return arrays.mapped(exp, self.value(part.upper[0]), part.span)
        if is_size(part.base, "n", self.row) and len((*part.lower, *part.upper)) == 1 and self._is_width(part):
            return arrays.number(n(self.layer((*part.lower, *part.upper)[0])), part.span)
        found = quantity_of(self, part)
        if found is None and (of := behind_d(part)) is not None:
            return products.differential(self, of, part.span)
        if found is None and self.row.name in updates.ACCUMULATED and updates.is_sum_of_gradients(part):  # Delta^(l)
            return updates.gradients(self, part)
        return self.marked(part, self.value(part.base)) if found is None else found

    def _same(self, part: tree.Scripted) -> Array | None:
        """``δ_{jk}`` and ``I_{jk}``: 1 where the indices are the same, where no quantity has two indices so."""
        at = list(flat(part.lower))
        if len(at) == 1 and isinstance(at[0], tree.Name) and len(at[0].text) == 2 and at[0].text.isalpha():
            start = at[0].span[0]
            at = [tree.Name((start + place, start + place + 1), sign) for place, sign in enumerate(at[0].text)]
        if part.upper or part.primes or part.behind or len(at) != 2 or letter(part.base) not in KRONECKER:
            return None
        family = self.family(part.base)
        if family is not None and self.net.kinds[family] not in ("lu", "u"):  # an error that has an example, too
            return None
        if self.row.layers == "letter" and letter(at[0]) in self.row.numbers_examples:
            return None
        return arrays.number(Kron(self.index(at[0]), self.index(at[1])), part.span)

    def _is_width(self, part: tree.Scripted) -> bool:
        """n_l, and not z_k where the letter of sizes is that of something else, too."""
        if self.net.depth is None:
            return False
        return not spellings(letter(part.base), self.row, self.families) or plain(self.row.letters["n"]) == letter(
            part.base
        )

    def marked(self, part: tree.Scripted, made: Array) -> Array:
        """Something in parentheses, transposed, to a power, or one of its entries."""
        if part.primes or part.behind:
            raise Unknown(part.span, f"{self.shown(part)} is not understood here")
        is_norm = isinstance(made.entry, _Norm) and [self.shown(at) for at in part.lower] in (["F"], ["2"])
        if part.lower and not is_norm:
            made = self._entry(part, made)
        for upper in part.upper:
            made = arrays.transposed(made, part.span) if is_transpose(upper) else self.power(made, upper, part.span)
        return made

    def _entry(self, part: tree.Scripted, made: Array) -> Array:
        open_ = [place for place, ends in enumerate(made.dims) if ends != arrays.SINGLE]
        marks = tuple(flat(part.lower))
        if len(marks) == len(made.dims) == 2 and any(isinstance(mark, tree.Mark) for mark in marks):
            return picked(self, made, marks, part)
        if len(part.lower) != 1 or len(open_) != 1:
            raise Unknown(part.span, f"{self.shown(part)}: an index of something in parentheses")
        at = self.index(part.lower[0])
        if isinstance(at, Symbol):
            self.ranges.setdefault(at, []).append(made.dims[open_[0]])
        return arrays.number(made.entry(*(at if place in open_ else arrays.ONE for place in (0, 1))), part.span)

    def power(self, made: Array, power: Part, span: Span) -> Array:
        """A power with a number for its exponent; of an array, that of each entry where it has no other meaning."""
        exponent = self.number(power)
        if isinstance(made.entry, _Norm) and exponent == 2:
            return arrays.squared(made.entry.of, span, self.name)
        if not isinstance(exponent, Integer) or abs(exponent) > MOST:
            raise Unknown(span, "a power of this kind")
        if not made.is_number and made.dims[0] == made.dims[1]:
            raise Unknown(span, "a power of a matrix: entry by entry, or a product?")
        base = made.entry() if made.is_number else None
        if isinstance(base, Rational) and max(base.p, base.q).bit_length() * abs(exponent) > BITS:
            raise Unknown(span, "a number of this size")
        return arrays.mapped(lambda e: e**exponent, made, span)

    # Indices.

    def layer(self, part: Part) -> Any:
        """A layer as the network numbers it: l, L, a number, or some more or less."""
        inner = part
        while isinstance(inner, tree.Group) and len(inner.parts) == 1 and inner.kind in "([<":
            inner = inner.parts[0]
        return self.numbered(self.index(inner))

    def numbered(self, layer: Any) -> Any:
        """The number of a layer in the network, where the notation has this one for it."""
        by = 1 - self.row.first
        return substitute(layer, {Symbol("l"): Symbol("l") - by, L: L - by}) + by if by else layer

    def said(self, part: Part) -> Any:
        """An index expression in a condition, where l and L are layers as the notation numbers them."""
        by, made = 1 - self.row.first, self.index(part)
        return substitute(made, {Symbol("l"): Symbol("l") - by, L: L - by}) if by else made

    def index(self, part: Part) -> Any:
        """An index expression; the number of layers is that of the notation."""
        if isinstance(part, tree.Number) and part.text.isdigit() and len(part.text) <= DIGITS:
            return Integer(part.text)
        if isinstance(part, tree.Name):
            text = letter(part)
            if text == r"\ell":
                return Symbol("l")
            if text == "L" and self.net.depth is not None:
                return self.net.depth if self.net.depth == L else self.net.depth - (1 - self.row.first)
            if len(text) == 1 and self.family(part) == "y" and self.net.depth is not None:
                raise Unknown(part.span, f"{text} as the number of a class")
            if len(text) == 1:
                return Symbol(text)
        if self.row.name == "ufldl" and isinstance(part, tree.Scripted) and self.shown(part) in ("n_l", "n_{l}"):
            return self.index(tree.Name(part.span, "L"))  # its number of layers
        if isinstance(part, tree.Sum):
            return Add(*map(self.index, part.terms))
        if isinstance(part, tree.Signed) and part.sign in "+-":
            return self.index(part.of) * (-1 if part.sign == "-" else 1)
        raise Unknown(part.span, f"{self.shown(part)} is no index that is understood here")

    def example_index(self, part: Part) -> Any:
        """The number of an example."""
        inner = part.parts[0] if isinstance(part, tree.Group) and len(part.parts) == 1 else part
        at = self.index(inner)
        if not isinstance(at, Symbol | Integer):
            raise Unknown(part.span, f"{self.shown(part)} is no example that is understood here")
        return self.noted_example(at, part.span)

    def noted_example(self, at: Any, _: Span) -> Any:
        """That an index numbers examples."""
        if isinstance(at, Symbol):
            self.ranges.setdefault(at, []).append((Integer(1), M))
        return at

    def is_one_unit(self, family: str, layers: tuple[Any, ...]) -> bool:
        """Whether that layer of the network has one unit, so that its index may be left out."""
        widths = self.net.widths
        layer = self.net.depth if family == "y" else layers[0] if layers else None
        known = widths is not None and isinstance(layer, Integer) and 1 <= layer <= len(widths)
        return bool(known and widths and layer is not None and widths[int(layer) - 1] == 1)


class _Norm:
    """The entry of a norm that is not squared: it is no rational number, and nothing is done with it."""

    def __init__(self, of: Array) -> None:
        self.of = of

    def __call__(self, *_: Any) -> Any:
        raise Unknown(self.of.span, "a norm that is not squared")


def shift(part: Part) -> tuple[Part, ...] | None:
    """What stands behind ∂, or behind a d; None where there is none."""
    factors = part.factors if isinstance(part, tree.Product) else (part,)
    signs = part.between if isinstance(part, tree.Product) else ()
    if letter(factors[0]) == r"\partial":
        return tuple(factors[1:])
    return tuple(factors[1:]) if letter(factors[0]) == "d" and not any(signs[:1]) else None


def _group(self: Lowering, part: tree.Group) -> Array:
    inner = part.parts[0] if len(part.parts) == 1 else None
    if part.kind == "[" and isinstance(inner, tree.Relation):
        return condition(self, inner, part.span)
    if part.kind in "([" and len(part.parts) == 1:
        made = self.value(part.parts[0])
        return arrays.placed(made, part.span)
    if part.kind in "‖|" and len(part.parts) == 1:
        of = self.value(part.parts[0])
        if not of.is_number:
            return Array((), _Norm(of), part.span)
    raise Unknown(part.span, f"{self.shown(part)} is not understood here")


def condition(self: Lowering, part: tree.Relation, span: Span) -> Array:
    """1 where it holds, else 0: [j = k], [z > 0]."""
    one, other = (part.sides[0], part.sides[1]) if len(part.sides) == 2 else (None, None)
    if part.relations == ("=",) and one is not None and other is not None:
        if (target := _is_target(self, one, other)) is not None:
            return arrays.number(target, span)
        return arrays.number(Kron(self.index(one), self.index(other)), span)
    if part.relations == (">",) and one is not None and isinstance(other, tree.Number) and other.text == "0":
        return arrays.mapped(lambda e: step(_before(self, e)), self.value(one), span)
    raise Unknown(span, "a condition of this kind")


def _before(self: Lowering, e: Any) -> Any:
    """What is above 0 where an activation is: of a rectifier, the preactivation."""
    if isinstance(e, Member) and e.family == "a" and functions.activity(self, e.indices[0]) == "relu":
        return Member("z", *e.indices)
    return e


def _is_defined(net: Network, family: str) -> bool:
    """Whether it is a letter that a document has defined beside a network."""
    return any(d.body is not None for d in net.definitions if d.head.family == family)


def _is_target(self: Lowering, one: Part, other: Part) -> Any:
    """``[j = y]``, where y is the number of the class: it is y_j of the targets that are 1 there and else 0."""
    for at, number in ((one, other), (other, one)):
        if isinstance(number, tree.Name) and self.family(number) == "y" and self.net.kinds["y"] == "u":
            return Member("y", self.index(at))
    return None


def _cases(self: Lowering, part: tree.Cases) -> Array:
    """The value of each case times 1 where it is this one."""
    rest: Any = Integer(1)
    made: Array | None = None
    for value, said in part.rows:
        here = rest
        relations = [one for one in said if not isinstance(one, tree.Words)]
        if relations:
            here = _where(self, relations, part.span)
            rest -= here
        elif not any(_OTHERWISE.search(one.text) for one in said if isinstance(one, tree.Words)):
            raise Unknown(part.span, "it is not said when this is the case")
        else:
            rest = Integer(0)
        term = arrays.entrywise(Mul, self.value(value), arrays.number(here, part.span), self.text)
        made = term if made is None else arrays.entrywise(Add, made, term, self.text)
    if made is None or expand(rest) != 0:
        raise Unknown(part.span, "it is not said what is so in other cases")
    return arrays.placed(made, part.span)


def _where(self: Lowering, said: list[Part], span: Span) -> Any:
    """1 where what is said holds, else 0."""
    one = said[0]
    if len(said) > 1 or not isinstance(one, tree.Relation) or len(one.sides) != 2 or one.sides[0] is None:
        raise Unknown(span, "a condition of this kind")
    opposite = _OPPOSITE.get(one.relations[0])
    if opposite is not None:
        other = replace(one, relations=(opposite,))
        return 1 - condition(self, other, span).entry()
    made = condition(self, replace(one, relations=(_ALIKE.get(one.relations[0], one.relations[0]),)), span)
    if not made.is_number:
        raise Unknown(span, "a condition on several numbers")
    return made.entry()


def _number(_: Lowering, part: tree.Number) -> Array:
    if len(part.text) > DIGITS:
        raise Unknown(part.span, f"a number of more than {DIGITS} digits")
    return arrays.number(Rational(part.text), part.span)


def _root(self: Lowering, part: tree.Root) -> Array:
    return arrays.mapped(sqrt, self.value(part.of), part.span)


_LOWERED: Final[dict[type[Part], Callable[[Lowering, Any], Array]]] = {
    tree.Number: _number,
    tree.Name: Lowering.named,
    tree.Scripted: Lowering.scripted,
    tree.Sum: Lowering.sum,
    tree.Signed: Lowering.signed,
    tree.Product: products.products,
    tree.Fraction: Lowering.fraction,
    tree.Big: sums.big,
    tree.Group: _group,
    tree.Root: _root,
    tree.Cases: _cases,
    tree.Matrix: counted.matrix,
}


def _is_constant(a: Array) -> bool:
    return isinstance(a.entry(), Expr) and not a.entry().has(Member, D)


__all__ = ["Lowering", "condition", "shift"]
