"""Of which shape letters are in formulas without indices: each is a column, a matrix or a number, and products fit.

Capital letters are matrices, small Latin ones and δ columns, other Greek ones numbers, and so are costs; two ends are
one axis where a sum, a product or an equation says so.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ..notation.reader import tree
from ..notation.reader.tree import Part
from .inference import FUNCTIONS, Axes, NotDefined, base_of
from .letters import letter
from .spelling import WORDS, is_transpose, parts_of

ONE: Final = ("one",)  #: the end of a column
NUMBER: Final[tuple[Any, ...]] = ()
COSTS: Final = ("C", "J", "E", "L", r"\ell", r"\mathcal{L}", r"\mathcal{J}", r"\mathcal{C}", r"\mathcal{E}")
ENTRYWISE: Final = ("exp", "log", "ln", "tanh", "sigmoid", "Sigmoid", "relu", "ReLU", *FUNCTIONS)
TRACES: Final = ("tr", "Tr", "trace")
_COLUMN: Final = re.compile(r"(?:\\(?:hat|tilde|bar|vec)\{)?([a-z]|\\delta|\\ell)\}?(?:\^\d)?'*")
_MATRIX: Final = re.compile(r"(?:\\(?:hat|tilde|bar)\{)?([A-Z]|\\Delta|\\Theta)\}?(?:\^\d)?'*")
_BOLD: Final = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec)\b")


def with_numbers_in_names(part: Part) -> Part:
    """``W_1`` as a letter of its own."""
    if isinstance(part, tree.Scripted) and isinstance(part.base, tree.Name) and len(part.lower) == 1:
        below = part.lower[0]
        if isinstance(below, tree.Number) and below.text.isdigit() and len(below.text) == 1:
            name = tree.Name((part.base.span[0], below.span[1]), f"{letter(part.base)}^{below.text}")
            if not (part.upper or part.behind or part.primes):
                return name
            return tree.Scripted(part.span, name, (), _each(part.upper), part.behind, part.primes)
    return _rebuilt(part)


def _rebuilt(part: Part) -> Part:
    from dataclasses import fields, replace

    changes = {slot.name: _each(getattr(part, slot.name)) for slot in fields(part) if slot.name != "span"}
    return replace(part, **changes)


def _each(found: Any) -> Any:
    if isinstance(found, tuple):
        return tuple(map(_each, found))
    return with_numbers_in_names(found) if isinstance(found, Part) else found


@dataclass
class Shapes:
    """What is known of letters: ``of`` says the shape of a term, and joins what has to be as long. NotDefined where
    it has none.
    """

    axes: Axes = field(default_factory=Axes)
    found: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)
    changed: dict[str, None] = field(default_factory=dict)  #: letters behind a d
    slopes: dict[str, None] = field(default_factory=dict)  #: numbers that are differentiated
    by: dict[str, None] = field(default_factory=dict)  #: and by what

    def equal(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
        """Both are of one shape; a number may stand for 1 x 1."""
        if not one or not other:
            for end in (*one, *other):
                self.join(end, ONE)
            return NUMBER
        for a, b in zip(one, other, strict=True):
            self.join(a, b)
        return one

    def join(self, a: Any, b: Any) -> None:
        """They are of one axis."""
        roots = self.axes.of(a), self.axes.of(b)
        if roots[0] == roots[1]:
            return
        if ONE in roots:
            raise NotDefined("a column stands where a matrix or a number has to")
        self.axes.join(a, b)

    def relation(self, sides: Iterable[Part]) -> None:
        """All sides are of one shape."""
        shapes = [self.of(side) for side in sides]
        for one, other in itertools.pairwise(shapes):
            self.equal(one, other)

    def of(self, part: Part) -> tuple[Any, ...]:
        """The shape of a term."""
        if isinstance(part, tree.Number):
            return NUMBER
        if isinstance(part, tree.Name):
            return self._letter(part)
        if isinstance(part, tree.Signed):
            return self.of(part.of)
        if isinstance(part, tree.Sum):
            return self._sum(part)
        if isinstance(part, tree.Product):
            return self._product(list(part.factors), list(part.between))
        if isinstance(part, tree.Fraction):
            return self._fraction(part)
        if isinstance(part, tree.Scripted):
            return self._scripted(part)
        if isinstance(part, tree.Group) and len(part.parts) == 1:
            inner = self.of(part.parts[0])
            return NUMBER if part.kind in "‖|" else inner
        if isinstance(part, tree.Root):
            return self.equal(self.of(part.of), NUMBER)
        raise NotDefined("it is not read as a term of matrices")

    def _letter(self, part: tree.Name) -> tuple[Any, ...]:
        name = letter(part)
        bold = _BOLD.search(part.text) is not None
        if name in self.found:
            return self.found[name]
        if len(name) > 1 and name.isascii() and name.isalpha() and name not in WORDS:  # XW
            return self._product([tree.Name(part.span, sign) for sign in name], [""] * (len(name) - 1))
        if name in COSTS and not bold:
            made = NUMBER
        elif _MATRIX.fullmatch(name):
            made = (("slot", name, 0), ("slot", name, 1))
        elif bold or (_COLUMN.fullmatch(name) and name not in ("e", "d", "m", "n")):
            made = (("slot", name, 0), ONE)
        elif name.startswith("\\") or name in ("m", "n"):
            made = NUMBER
        else:
            raise NotDefined(f"{name} is no letter of a matrix, a column or a number")
        return self.found.setdefault(name, made)

    def _sum(self, part: tree.Sum) -> tuple[Any, ...]:
        shapes = [(term, self.of(term)) for term in part.terms]
        arrays = [shape for term, shape in shapes if shape or not _is_constant(term)]
        first = arrays[0] if arrays else NUMBER
        for other in arrays[1:]:
            first = self.equal(first, other)
        return first

    def _scripted(self, part: tree.Scripted) -> tuple[Any, ...]:
        base = part.base
        if isinstance(base, tree.Group) and base.kind in "‖|":
            self.of(base)
            return NUMBER
        if part.lower or part.behind or part.primes:
            raise NotDefined("indices")
        shape = self.of(base)
        for upper in part.upper:
            if is_transpose(upper):
                shape = shape[::-1]
            elif not isinstance(upper, tree.Number):
                raise NotDefined("a power of this kind")
        return shape

    def _fraction(self, part: tree.Fraction) -> tuple[Any, ...]:
        from .lower import shift

        over, under = shift(part.over), shift(part.under)
        if over is None and under is None:
            return self._divided(self.of(part.over), self.of(part.under))
        if not over or not under or len(under) != 1:
            raise NotDefined("a derivative of this kind")
        return self._derivative(self._product(list(over), [""] * (len(over) - 1)), under[0], over)

    def _divided(self, over: tuple[Any, ...], under: tuple[Any, ...]) -> tuple[Any, ...]:
        return over if not under else self.equal(over, under) if over else under

    def _derivative(self, y: tuple[Any, ...], by: Part, of: tuple[Part, ...]) -> tuple[Any, ...]:
        if len(of) == 1 and isinstance(of[0], tree.Name) and not y:
            self.slopes[letter(of[0])] = None
            self.by[letter(base_of(by))] = None
        x = self.of(by)
        if not y:
            return x
        if not x:
            return y
        return y[0], x[0]

    def _product(self, factors: list[Part], signs: list[str]) -> tuple[Any, ...]:
        shapes, operators, place = list[tuple[Any, ...]](), list[str](), 0
        while place < len(factors):
            shape, used = self._factor(factors, signs, place)
            shapes.append(shape)
            if place + used < len(factors):
                operators.append(signs[place + used - 1])
            place += used
        groups = [shapes[0]]
        for operator, shape in zip(operators, shapes[1:], strict=True):
            if operator in ("⊙", "*"):
                groups.append(shape)
            elif operator == "/":
                groups[-1] = self._divided(groups[-1], shape)
            elif operator in ("", "·", "@"):
                groups[-1] = self._times(groups[-1], shape)
            else:
                raise NotDefined("a product of this kind")
        first = groups[0]
        for other in groups[1:]:
            first = self.equal(first, other) if first and other else first or other
        return first

    def _times(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
        if not one or not other:
            return one or other
        self.join(one[1], other[0])
        made = (one[0], other[1])
        return NUMBER if all(self.axes.of(end) == ONE for end in made) else made

    def _factor(self, factors: list[Part], signs: list[str], place: int) -> tuple[tuple[Any, ...], int]:
        from .lower import shift

        part = factors[place]
        behind = factors[place + 1] if place + 1 < len(factors) and signs[place] == "" else None
        name = letter(base_of(part))
        if name == "d" and behind is not None:
            inner = _bare(behind)
            if isinstance(inner, tree.Name) and letter(inner) not in TRACES:
                self.changed[letter(inner)] = None
                return self.of(behind), 2
            shape, used = self._factor(factors, signs, place + 1)
            return shape, used + 1
        if name == r"\nabla" and isinstance(part, tree.Scripted) and len(part.lower) == 1:
            shape, used = self._factor(factors, signs, place + 1)
            return self._derivative(shape, part.lower[0], ()), used + 1
        if isinstance(part, tree.Fraction) and shift(part.over) == () and shift(part.under):
            shape, used = self._factor(factors, signs, place + 1)
            under = shift(part.under)
            assert under is not None
            return self._derivative(shape, under[0], ()), used + 1
        if behind is not None and (name in ENTRYWISE or name in (*TRACES, "diag")) and name not in self.found:
            of = self.of(behind)
            if name in FUNCTIONS:
                self.functions.append(name)
            if name == "diag":
                return (of[0], of[0]) if of else NUMBER, 2
            if name in TRACES:
                if of:
                    self.join(*of)
                return NUMBER, 2
            return of, 2
        return self.of(part), 1


def _bare(part: Part) -> Part:
    return part.base if isinstance(part, tree.Scripted) else part


def _is_constant(part: Part) -> bool:
    part = part.of if isinstance(part, tree.Signed) else part
    return isinstance(part, tree.Number)


def has_arrays(parts: Iterable[Part]) -> bool:
    """Whether formulas are written in matrices: a capital letter is a factor, or something is transposed."""
    return any(map(_says_arrays, parts))


def _says_arrays(whole: Part) -> bool:
    for part in parts_of(whole):
        if isinstance(part, tree.Scripted) and any(map(is_transpose, part.upper)):
            return True
        if isinstance(part, tree.Product) and any(map(_is_matrix, part.factors)):
            return True
    return False


def _is_matrix(part: Part) -> bool:
    name = letter(part)
    return bool(name) and name not in COSTS and _MATRIX.fullmatch(name) is not None


def has_indices(parts: Iterable[Part]) -> bool:
    """Whether something has an index, or is summed."""
    return any(True for whole in parts for _ in _indexed(whole))


def _indexed(whole: Part) -> Iterator[Part]:
    for part in parts_of(whole):
        norm = isinstance(part, tree.Scripted) and isinstance(part.base, tree.Group)
        gradient = isinstance(part, tree.Scripted) and letter(part.base) == r"\nabla"
        if isinstance(part, tree.Big) or (isinstance(part, tree.Scripted) and part.lower and not norm and not gradient):
            yield part


__all__ = ["COSTS", "NUMBER", "ONE", "Shapes", "has_arrays", "has_indices", "with_numbers_in_names"]
