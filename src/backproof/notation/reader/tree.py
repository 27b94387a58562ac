r"""What is written, before anybody says what it means: ``\frac`` may be a derivative, and ``^`` a layer or a power.

Each part knows where it stands in the writer's text, so that whatever is said about it later can point at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

Span = tuple[int, int]  #: from this character up to that one


@dataclass(frozen=True)
class Part:
    """Something that is written; two are equal if they say the same, wherever they stand."""

    span: Span = field(compare=False)


@dataclass(frozen=True)
class Name(Part):
    r"""A letter or a word, as LaTeX has it: ``w``, ``\delta``, ``\mathbf{x}``, ``net``, ``np.sum``."""

    text: str


@dataclass(frozen=True)
class Number(Part):
    """A number as it was written: ``2``, ``0.5``."""

    text: str


@dataclass(frozen=True)
class Mark(Part):
    r"""What stands for something left out: ``:`` for a whole axis, ``\ldots`` for what goes on."""

    text: str


@dataclass(frozen=True)
class Scripted(Part):
    """A base with what is written below, above, and behind it (``W[l+1]``), and its primes."""

    base: Part
    lower: tuple[Part, ...] = ()
    upper: tuple[Part, ...] = ()
    behind: tuple[Part, ...] = ()
    primes: int = 0


@dataclass(frozen=True)
class Group(Part):
    """What stands between ``(`` and ``)``, ``[``, ``<``, ``{``, ``|`` or ``‖``; ``parts`` stand between commas."""

    kind: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Signed(Part):
    """Something with a sign before it: ``+``, ``-``, ``±``."""

    sign: str
    of: Part


@dataclass(frozen=True)
class Sum(Part):
    """Terms that are added; those that are subtracted are ``Signed``."""

    terms: tuple[Part, ...]


@dataclass(frozen=True)
class Product(Part):
    """Factors, and what stands between neighbours: nothing, ``⊙``, ``·``, ``×``, ``*``, ``@``, ``/`` or ``⊗``."""

    factors: tuple[Part, ...]
    between: tuple[str, ...]


@dataclass(frozen=True)
class Fraction(Part):
    """One thing over another."""

    over: Part
    under: Part


@dataclass(frozen=True)
class Big(Part):
    """An operator such as ``sum``, ``prod``, ``max``, ``lim``, with its limits, on all of the product behind it."""

    operator: str
    lower: tuple[Part, ...]
    upper: tuple[Part, ...]
    of: Part


@dataclass(frozen=True)
class Root(Part):
    """A square root."""

    of: Part


@dataclass(frozen=True)
class Matrix(Part):
    """Entries written out, row by row."""

    rows: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class Cases(Part):
    """Values, each with when it is this one: relations and words."""

    rows: tuple[tuple[Part, tuple[Part, ...]], ...]


@dataclass(frozen=True)
class Relation(Part):
    """Sides, and the relations between neighbours: ``=``, ``:=``, ``≈``, ``←``, ``∈``, ``<``, ...

    Where the first side is None, the relation goes on from the line before, as in an aligned derivation.
    """

    sides: tuple[Part | None, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True)
class Statement(Part):
    """One thing that is claimed, and the words that say when: ``for l < L``."""

    says: Part
    when: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Words(Part):
    """Words between formulas."""

    text: str


@dataclass(frozen=True)
class Display(Part):
    """Lines of statements."""

    lines: tuple[tuple[Statement, ...], ...]


def below(part: Part) -> Iterator[Part]:
    """The parts right below one, in the order in which they are kept."""
    for slot in fields(part):
        stack = [getattr(part, slot.name)]
        while stack:
            found = stack.pop()
            if isinstance(found, Part):
                yield found
            elif isinstance(found, tuple):
                stack += reversed(found)
