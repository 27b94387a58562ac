"""Networks and facts that are written in matrices: z = Wx + b, and tr(AB) = tr(BA)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from sympy import Integer, Symbol

from ..notation.profiles import LETTERS, NIELSEN, Notation, for_network
from ..notation.reader import Unreadable, read, tree
from ..surface.network import Definition, Network
from ..surface.terms import Family, Member, Refused
from .inference import NotDefined, Source, Use, any_function, base_of
from .letters import letter, named
from .lower import Lowering
from .refusals import Refusal
from .relation import Reading
from .sense import Sense
from .shapes import COSTS, NUMBER, ONE, Shapes, has_arrays, has_indices, with_numbers_in_names

TITLE: Final = "the network of this document"
NO_SIGMA: Final = r"\tilde{\Xi}"
CHANGE: Final = "d_"  #: in front of the family of what a d stands before


def is_meant(sources: Iterable[Source]) -> bool:
    """Whether definitions are written in matrices and columns, and not by entries."""
    parts = [with_numbers_in_names(part) for source in sources for part in (source.head, source.body)]
    return has_arrays(parts) and not has_indices(parts)


def reading(sources: tuple[Source, ...]) -> Reading:
    """What such definitions are a network of. NotDefined where they are none, or are not read."""
    made = tuple(Source(s.text, with_numbers_in_names(s.head), with_numbers_in_names(s.body)) for s in sources)
    shapes = Shapes()
    for source in made:
        if _any_function(source) is None:
            shapes.relation((source.head, source.body))
        else:
            shapes.of(source.head)
    try:
        return _Net(shapes).reading(made)
    except Refusal as why:
        raise NotDefined(why.reason) from None
    except (ValueError, Refused) as why:
        raise NotDefined(str(why)) from None


def facts(text: str) -> Reading | None:
    """What a formula about matrices alone is read in: they are any of the sizes that fit. None where it is no such."""
    try:
        display = read(text)
    except Unreadable:
        return None
    says = [with_numbers_in_names(s.says) for line in display.lines for s in line]
    relations = [one for one in says if isinstance(one, tree.Relation)]
    if len(relations) < len(says) or has_indices(says) or not has_arrays(says):
        return None
    shapes = Shapes()
    try:
        for one in relations:
            shapes.relation(side for side in one.sides if side is not None)
        if shapes.slopes and {*shapes.by} != {*shapes.changed} - {*COSTS}:
            return None  # what depends on what is not said
        return _Net(shapes).reading(())
    except (NotDefined, Refusal, ValueError, Refused):
        return None


def _any_function(source: Source) -> tuple[Use, ...] | None:
    """What a cost is of, as in L = l(y); h = f(z) is taken entry by entry."""
    return any_function(source) if letter(source.head) in COSTS else None


class _Net:
    """From shapes to a network: everything is given first, so that bodies can be read; then they are."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.names: dict[str, str] = {}
        for one in shapes.found:
            self.names[one] = named(one, {*self.names.values(), *LETTERS})
        self.sizes: dict[Any, Symbol] = {}

    def reading(self, sources: tuple[Source, ...]) -> Reading:
        """The network, and its letters."""
        opaque = [one for one in self.shapes.found if one in COSTS and self._is_opaque(one, sources)]
        everything = self.network([self.given(one) for one in self.names])
        row = self.row(everything)
        heads = {letter(base_of(s.head)) for s in sources}
        given = [self.given(one) for one in self.names if one not in {*heads, *opaque}]
        made = [self.defined(s, everything, row) for s in sources]
        any_ = [self.any_function(one) for one in opaque]
        changes = [self.change(one) for one in self.shapes.changed if one in self.names and one not in COSTS]
        net = self.network([*given, *changes, *made, *any_])
        return Reading(net, self.row(net), sense=Sense(differentials=bool(self.shapes.changed)))

    def _is_opaque(self, one: str, sources: tuple[Source, ...]) -> bool:
        heads = {letter(base_of(s.head)) for s in sources}
        return not sources and one not in heads and (one in self.shapes.slopes or one in self.shapes.changed)

    def network(self, definitions: Iterable[Definition]) -> Network:
        listed = tuple(definitions)
        kinds = dict.fromkeys((d.head.family, len(d.head.indices)) for d in listed)
        families = tuple(Family(name, "u" * count) for name, count in kinds)
        known = {name for name, _ in kinds}
        letters = {name: one for one, name in self.names.items() if name in known}
        return Network(families, listed, None, title=TITLE, letters=letters)

    def row(self, net: Network) -> Notation:
        made = for_network(NIELSEN, net)
        sigma = next(iter(self.shapes.functions), NO_SIGMA)
        return replace(made, letters={**made.letters, "sigma": sigma})

    def axes(self, one: str) -> Iterator[tuple[Symbol, Symbol]]:
        """The indices of a letter, and how far each goes."""
        for slot, end in enumerate(self.shapes.found[one]):
            root = self.shapes.axes.of(end)
            if root != self.shapes.axes.of(ONE):
                size = self.sizes.setdefault(root, Symbol(f"n_{len(self.sizes) + 1}", integer=True, positive=True))
                yield Symbol(f"i{slot}_"), size

    def given(self, one: str, before: str = "") -> Definition:
        axes = list(self.axes(one))
        head = Member(before + self.names[one], *(i for i, _ in axes))
        return Definition(head, tuple((i, Integer(1), size) for i, size in axes))

    def change(self, one: str) -> Definition:
        return self.given(one, CHANGE)

    def any_function(self, one: str) -> Definition:
        """A number of which nothing more is said: any function of all that it is differentiated by."""
        others = [name for name in self.names if name != one and name not in COSTS]
        read_ = tuple(self.given(name).head for name in others)
        return Definition(Member(self.names[one]), (), None, read_)

    def defined(self, source: Source, everything: Network, row: Notation) -> Definition:
        name = letter(base_of(source.head))
        if not isinstance(source.head, tree.Name):
            raise NotDefined("what stands on the left is no letter alone")
        axes = list(self.axes(name))
        bounds = tuple((i, Integer(1), size) for i, size in axes)
        head = Member(self.names[name], *(i for i, _ in axes))
        if (uses := _any_function(source)) is not None:
            unknown = [use.letter for use in uses if use.letter not in self.names]
            if unknown:
                raise NotDefined(f"nothing is said of {unknown[0]}")
            return Definition(head, bounds, None, tuple(self.given(use.letter).head for use in uses))
        made = Lowering(source.text, everything, row).value(source.body)
        at = iter([i for i, _ in axes])
        open_ = [end for end in made.dims if end != (1, 1)]
        if len(open_) != len(axes):
            raise NotDefined("its shape is not that of the right side")
        return Definition(head, bounds, made.entry(*(Integer(1) if end == (1, 1) else next(at) for end in made.dims)))


__all__ = ["CHANGE", "NUMBER", "facts", "is_meant", "reading"]
