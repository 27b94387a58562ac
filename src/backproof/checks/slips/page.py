"""A relation as it is written, taken apart for edits: its quantities, with the places of their indices, and its terms.

An edit replaces pieces of the text; what it makes is read anew, so that what is printed is what is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from sympy import Add, Integer, Symbol

from ...notation.latex import latex
from ...notation.reader import tree
from ...notation.reader.tree import Part, Span, below
from ...notation.text import plain
from ...surface.terms import Member
from ..quantities import marked
from ..refusals import Refusal
from ..relation import Reading
from ..spelling import is_transpose

Change = tuple[Span, str]  #: a piece of the text, and what stands there instead


class Edit(NamedTuple):
    """A slip by its name, and the changes that undo it."""

    mistake: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Quantity:
    """A quantity that is written somewhere: its family, its layer, its units, and its transposition sign."""

    part: Part
    family: str
    letter: str  #: as the notation has it
    layer: Part | None  #: where its layer is written
    number: Any  #: its layer, as the network numbers it; None where it has none
    units: tuple[tuple[Span, str], ...]
    transposed: Part | None
    in_slope: bool  #: whether it stands in the argument of an activation's derivative
    example: Part | None = None  #: where its example is written

    @property
    def base(self) -> Part:
        """The letter."""
        return self.part.base if isinstance(self.part, tree.Scripted) else self.part


class Term(NamedTuple):
    """Something that factors can be put behind; a sum needs parentheses for that."""

    part: Part
    is_sum: bool


_DELIMITER: Final = re.compile(r"(?:\\(?:left|[bB]igg?l?))?\s*\Z")


@dataclass
class Page:
    """A relation on its own, and one side of it, whose edits are sought."""

    text: str
    about: Reading
    sides: tuple[Part, Part]
    side: Part = field(init=False)

    def __post_init__(self) -> None:
        self.side = self.sides[1]
        self.net, self.row = self.about.net, self.about.notation
        self.lowering = self.about.lowering(self.text)
        self.is_latex = "\\" in self.text

    def of(self, place: int) -> Page:
        """The page with the other side in view."""
        made = Page(self.text, self.about, self.sides)
        made.side = self.sides[place]
        return made

    # What is written.

    def written(self, part: Part) -> str:
        """The text of a part, with all of its brackets and braces."""
        return self.text[slice(*self.whole(part))]

    def whole(self, part: Part) -> Span:
        """Where a part stands, with all of its brackets and braces."""
        return balanced(self.text, part.span)

    def say(self, latex: str) -> str:
        """LaTeX, as it is written on this page."""
        return latex if self.is_latex else plain(latex)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """All quantities of the side that is in view."""
        return tuple(self._quantities(self.side, in_slope=False))

    @cached_property
    def all_quantities(self) -> tuple[Quantity, ...]:
        """Those of both sides."""
        return tuple(q for side in self.sides for q in self._quantities(side, in_slope=False))

    def _quantities(self, part: Part, *, in_slope: bool) -> Iterator[Quantity]:
        if isinstance(part, tree.Name | tree.Scripted) and (found := self._quantity(part, in_slope=in_slope)):
            yield found
            return
        if isinstance(part, tree.Product):
            slope = of_cost = False
            for factor in part.factors:
                if not (of_cost and isinstance(factor, tree.Group)):  # J(W, b; x, y)
                    yield from self._quantities(factor, in_slope=in_slope or slope)
                slope, of_cost = self.is_slope(factor), self._is_cost(factor)
            return
        for inner in below(part):
            yield from self._quantities(inner, in_slope=in_slope)

    def _is_cost(self, part: Part) -> bool:
        try:
            return self.lowering.family(part) in ("C", "Cx")
        except Refusal:
            return False

    def _quantity(self, part: tree.Name | tree.Scripted, *, in_slope: bool) -> Quantity | None:
        try:
            found = marked(self.lowering, part)
        except Refusal:
            return None
        if found is None or found.spelling.family not in self.net.kinds:
            return None
        family, letter, where = found.spelling
        layer = None if isinstance(found.layer, int) else found.layer
        units = tuple((unit.span, self.text[slice(*unit.span)]) for unit in found.units)
        upper = _flat(part.upper) if isinstance(part, tree.Scripted) else ()
        sign = next(filter(is_transpose, upper), None)
        number = self._number(family, found.layer, where)
        if number is None and layer is None and self.about.sense.units and units:
            number = self._layer_of_units(family, [says for _, says in units])
        return Quantity(part, family, letter, layer, number, units, sign, in_slope, found.example)

    def _number(self, family: str, layer: Part | int | None, where: int | str | None) -> Any:
        """The layer of a quantity as the network numbers it, by what is written or by its letter."""
        if not self.net.kinds[family].startswith("l"):
            return None
        if layer is None:
            return None if where is None else self.net.depth if where == "L" else Integer(where)
        low = self.lowering
        try:
            return (low.numbered(Integer(layer)) if isinstance(layer, int) else low.layer(layer)) + self.shift(family)
        except Refusal:
            return None

    def _layer_of_units(self, family: str, units: list[str]) -> Any:
        """The layer that index letters say, where they do."""
        return self.about.sense.units.get(units[-1] if family == "w" and self.row.from_first else units[0])

    def shift(self, family: str) -> int:
        """By how much the layer of a family is above the number that is written."""
        return self.row.shifts.get(family, 0)

    def is_slope(self, part: Part) -> bool:
        """Whether a part is the derivative of an activation, to be applied to what stands behind it."""
        return isinstance(part, tree.Scripted) and part.primes > 0 and self.lowering.function(part) is not None

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The letters that are unit indices somewhere, in reading order."""
        found = (says for q in self.all_quantities for _, says in q.units if says.isalpha())
        return tuple(dict.fromkeys(found))

    def numbers(self, says: str) -> tuple[str, ...]:
        """The numbers of other units that may be meant: those that are spoken of, and those beside it."""
        found = [number for q in self.all_quantities for _, number in q.units if number.isdigit()]
        beside = (str(int(says) + by) for by in (-1, 1) if int(says) + by > 0)
        return tuple(dict.fromkeys(number for number in (*found, *beside) if number != says))

    @cached_property
    def layers(self) -> tuple[Any, ...]:
        """The layers that are spoken of, in reading order."""
        found = (self.layer(q) for q in self.all_quantities)
        return tuple(dict.fromkeys(e for e in found if e is not None))

    def layer(self, q: Quantity) -> Any:
        """The layer of a quantity, None where it has none."""
        return q.number

    # What is written instead.

    def set_layer(self, q: Quantity, layer: Any) -> Change:
        """A quantity with another layer."""
        assert q.layer is not None
        inner = q.layer
        while isinstance(inner, tree.Group) and len(inner.parts) == 1:
            inner = inner.parts[0]
        return self.set_mark(inner.span, self.index(layer - self.shift(q.family)))

    def set_mark(self, span: Span, says: str) -> Change:
        """Another index at a place, in braces where it needs them."""
        before = self.text[: span[0]].rstrip()[-1:]
        return span, f"{{{says}}}" if before in ("^", "_") and len(says) > 1 and says[0] != "{" else says

    def index(self, e: Any) -> str:
        """A layer, as it is written here."""
        constant, rest = e.as_coeff_Add()
        constant -= 1 - self.row.first if rest == 0 else 0
        name = str(rest) if rest != 0 else ""
        if name == "l" and "\\ell" in self.text:
            name = "\\ell"
        count = int(constant)
        if not name:
            return str(count)
        return name if not count else f"{name}{'+' if count > 0 else '-'}{abs(count)}"

    def quantity(self, family: str, layer: Any, units: Iterable[str] = (), *, transposed: bool = False) -> str:
        """A quantity as this notation has it."""
        below_ = tuple(units)
        if self.is_latex and self.about.sense.units and below_:  # the letters say the layer
            written = below_[::-1] if family == "w" and self.row.from_first else below_
            made = f"{self.row.letters.get(family, family)}_{{{''.join(written)}}}"
        elif self.is_latex:
            indices = (Integer(unit) if unit.isdigit() else Symbol(unit) for unit in below_)
            made = latex(Member(family, *(() if layer is None else (layer,)), *indices), self.row)
        else:
            above = "" if layer is None else self.row.layer.format(self.index(layer - self.shift(family)))
            written = below_[::-1] if family == "w" and self.row.from_first else below_
            letter = self.say(self.row.letters.get(family, f"\\{family}"))
            made = letter + (f"^{{{above}}}" if above else "") + (f"_{{{''.join(written)}}}" if written else "")
        return f"({made}){self.transposition}" if transposed else made

    @cached_property
    def transposition(self) -> str:
        """The sign for the transpose: the one that is used here, if one is."""
        found = next((q.transposed for q in self.all_quantities if q.transposed is not None), None)
        sign = "T" if found is None else self.text[slice(*found.span)]
        return f"^{{{sign}}}" if len(sign) > 1 and self.is_latex else f"^{sign}"

    def turned(self, part: Part) -> str:
        """The transpose of a factor: without its sign, where it has one."""
        marks = [u for u in _flat(part.upper) if is_transpose(u)] if isinstance(part, tree.Scripted) else []
        if not isinstance(part, tree.Scripted) or not marks:
            says = self.written(part)
            return f"{says}{self.transposition}" if _is_closed(part) else f"({says}){self.transposition}"
        rest = [self.written(u) for u in _flat(part.upper) if u not in marks]
        lower = "".join(self.written(u) for u in part.lower)
        made = self.written(part.base) + (f"_{{{lower}}}" if lower else "") + (f"^{{{' '.join(rest)}}}" if rest else "")
        return made + "'" * part.primes

    @property
    def hadamard(self) -> str:
        """The sign for products entry by entry: the one that is used here, if one is."""
        found = re.search(r"⊙|∘|\\odot|\\circ|\\bullet|\.\*|\\ast|\*", self.text)
        return found.group() if found else self.say(r"\odot") if self.is_latex else "⊙"

    def slope(self, layer: Any, units: Iterable[str]) -> str:
        """The derivative of the activation there."""
        return f"{self.say(self.row.letters['sigma'])}'({self.quantity('z', layer, units)})"

    # Terms and factors.

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """What factors may be missing from, the smallest first."""
        found = dict.fromkeys(self._terms(self.side))
        return tuple(sorted(found, key=lambda t: (t.is_sum, t.part.span[1] - t.part.span[0])))

    def _terms(self, part: Part) -> Iterator[Term]:
        if isinstance(part, tree.Sum):
            yield Term(part, is_sum=True)
            for term in part.terms:
                yield from self._terms(term)
        elif isinstance(part, tree.Signed):
            yield from self._terms(part.of)
        elif isinstance(part, tree.Big):
            yield Term(part, is_sum=False)
            yield from self._terms(part.of)
        else:
            yield Term(part, is_sum=False)
            for factor in self.factors(part):
                inner = factor[0].base if isinstance(factor[0], tree.Scripted) else factor[0]
                if len(factor) == 1 and isinstance(inner, tree.Group) and len(inner.parts) == 1:
                    yield from self._terms(inner.parts[0])
                elif isinstance(factor[0], tree.Big):
                    yield from self._terms(factor[0])

    def factors(self, part: Part) -> list[tuple[Part, ...]]:
        """The factors of a product, a function with what it is applied to; of something else, itself."""
        if not isinstance(part, tree.Product):
            return [(part,)]
        found, place = list[tuple[Part, ...]](), 0
        while place < len(part.factors):
            taken = 1 + (self.is_applied(part.factors[place]) and place + 1 < len(part.factors))
            found.append(part.factors[place : place + taken])
            place += taken
        return found

    def is_applied(self, part: Part) -> bool:
        """Whether a part is a function, which takes what stands behind it."""
        name = part.base if isinstance(part, tree.Scripted) else part
        operator = isinstance(name, tree.Name) and name.text in ("diag", "tr", "Tr", r"\nabla", r"\partial")
        return operator or self.lowering.function(part) is not None or _is_open_derivative(part)

    def span(self, factor: tuple[Part, ...]) -> Span:
        """Where a factor stands."""
        return self.whole(factor[0])[0], self.whole(factor[-1])[1]

    def products(self) -> Iterator[tree.Product]:
        """All products of the side that is in view."""
        yield from (part for part in walk(self.side) if isinstance(part, tree.Product))

    def behind(self, term: Term, says: str, sign: str = " ") -> tuple[Change, ...]:
        """The changes that put a factor behind a term."""
        start, end = self.whole(term.part)
        joined = f" {sign.strip()} {says}" if sign.strip() else f" {says}"
        return (((start, start), "("), ((end, end), f"){joined}")) if term.is_sum else (((end, end), joined),)

    def before(self, term: Term, says: str) -> tuple[Change, ...]:
        """The changes that put a factor before a term."""
        start, end = self.whole(term.part)
        return (((start, start), f"{says} ("), ((end, end), ")")) if term.is_sum else (((start, start), f"{says} "),)


def edited(text: str, changes: Iterable[Change]) -> str | None:
    """The text with these changes; None where two of them are about one place."""
    end, pieces = len(text), list[str]()
    for (start, stop), says in sorted(changes, key=lambda change: change[0], reverse=True):
        if stop > end:
            return None
        pieces += [text[stop:end], says]
        end = start
    return "".join(reversed([*pieces, text[:end]]))


def balanced(text: str, span: Span) -> Span:
    r"""A place in LaTeX with the braces that it cuts, and with ``\left`` before what begins with a bracket."""
    start, end = span
    closed = _unmatched(text[start:end], "{", "}")
    while closed and start:
        start -= 1
        closed += {"{": -1, "}": 1}.get(text[start], 0)
    opened = _unmatched(text[start:end][::-1], "}", "{")
    while opened and end < len(text):
        opened += {"}": -1, "{": 1}.get(text[end], 0)
        end += 1
    if text[start : start + 1] in tuple("([|<") or text[start : start + 2] in (r"\{", r"\|"):
        found = _DELIMITER.search(text[:start])
        start = found.start() if found and found.group().strip() else start
    return start, end


def _unmatched(text: str, opening: str, closing: str) -> int:
    """How many closing braces have no opening one before them."""
    open_, missing = 0, 0
    for c in text:
        open_ += c == opening
        if c == closing:
            open_, missing = (open_ - 1, missing) if open_ else (0, missing + 1)
    return missing


def walk(part: Part) -> Iterator[Part]:
    """A part and all within it."""
    yield part
    for inner in below(part):
        yield from walk(inner)


def _flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield from part.factors if isinstance(part, tree.Product) and not any(part.between) else (part,)


def _is_closed(part: Part) -> bool:
    """Whether a sign above it is surely about all of it."""
    return isinstance(part, tree.Group | tree.Matrix) or (isinstance(part, tree.Name) and len(part.text) == 1)


def _is_open_derivative(part: Part) -> bool:
    over = part.over if isinstance(part, tree.Fraction) else None
    return isinstance(over, tree.Name) and over.text == r"\partial"


def steps(e: Any) -> tuple[Any, ...]:
    """The layers beside one."""
    return Add(e, Integer(1)), Add(e, Integer(-1))


def is_letter(e: Any) -> bool:
    """Whether an index is a letter alone."""
    return isinstance(e, Symbol)
