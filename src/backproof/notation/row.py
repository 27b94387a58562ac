"""What a row of the table of notations says: letters, layers, indices, where vectors and examples stand.

Internally layers run from 1, the input, to L; ``w[l, j, k]`` leads from unit k of layer l - 1 to unit j of layer l;
vectors are columns, examples are columns beside one another, and delta is the derivative of one example's cost by z.
A row says what is written for that: ``write`` goes there, the reader of claims comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

#: The kinds of the indices of a family: l(ayer) goes up; u(nit) down; e(xample) down, last.
KINDS: Final = {
    "w": "luu", "b": "lue", "z": "lue", "a": "lue", "delta": "lue", "d": "lue", "S": "luu",
    "P": "lu", "h": "ue", "x": "ue", "y": "ue", "E": "ue", "C": "", "Cx": "e",
}  # fmt: skip

#: The order of factors: kinds of factors as ``ordering.kind`` names them.
WEIGHT_FIRST: Final = (
    "size", "cost partial", "cost", "weight", "bias", "value", "activation", "sum", "target", "preactivation",
    "error", "errors", "partial", "other", "slope", "array", "bracket", "log", "total",
)  # fmt: skip
ERROR_FIRST: Final = (
    "size", "cost partial", "cost", "error", "errors", "weight", "bias", "value", "target", "preactivation", "partial",
    "slope", "activation", "sum", "other", "array", "bracket", "log", "total",
)  # fmt: skip

LETTERS: Final = {
    "w": "w", "b": "b", "z": "z", "a": "a", "delta": r"\delta", "sigma": r"\sigma", "x": "x", "y": "y", "C": "C",
    "E": "E", "Cx": "C", "d": "d", "S": "S", "P": "P", "h": "h", "n": "n", "M": "M", "L": "L",
    "Phi": r"\Phi", "phi": r"\varphi",
}  # fmt: skip


class Spelling(NamedTuple):
    """A letter that is read for a family; where no layer is written, it is of ``layer``: a number, or L."""

    family: str
    letter: str
    layer: int | str | None = None


@dataclass(frozen=True)
class Notation:
    """A convention. ``letters`` and the other tables are keyed by the names of ``profiles.ROLES``' right column."""

    name: str
    title: str
    source: str = ""
    letters: Mapping[str, str] = field(default_factory=lambda: LETTERS, hash=False)  #: as they are printed
    also: tuple[Spelling, ...] = ()  #: other letters, which are read
    #: letters of arrays with all examples, printed where a batch is meant, and read
    whole: Mapping[str, str] = field(default_factory=dict, hash=False)
    layer: str = "{}"  #: the layer index: "{}" for w^{l}, "({})" for w^{(l)}, "[{}]" for W^{[l]}
    #: what says the layer where no index above does: nothing, a number in the name (W_1), or the unit's letter (w_ji)
    layers: Literal["marker", "number", "letter"] = "marker"
    first: int = 1  #: the number of the input layer
    #: by how much the number of a family is below that of the layer that it leads to
    shifts: Mapping[str, int] = field(default_factory=dict, hash=False)
    from_first: bool = False  #: whether the first index of a weight is the unit that it leads from
    vectors: Literal["columns", "rows"] = "columns"
    negative: tuple[str, ...] = ()  #: families that are defined with a minus
    one_example: bool = False  #: whether letters that are not in ``whole`` are of one example, in a batch too
    numbers_examples: tuple[str, ...] = ()  #: letters of indices that number examples and not units
    outputs_apart: bool = False  #: whether outputs have another letter than the other activations
    total: Literal["mean", "sum"] = "mean"  #: what the cost of many examples is of theirs, where nothing is said
    presumes: Mapping[str, str] = field(default_factory=dict, hash=False)  #: fields of a Setting
    hadamard: str = r"\odot"
    prime: str = "'"
    transpose: str = "T"
    order: tuple[str, ...] = WEIGHT_FIRST
    example: Mapping[str, str] = field(default_factory=dict, hash=False)  #: index of the one example, written first
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS, hash=False)
    #: members with a name of their own
    special: Mapping[tuple[Any, ...], str] = field(default_factory=dict, hash=False)
    #: what the families of a network of one's own are, in words
    legend: Mapping[str, str] = field(default_factory=dict, hash=False)
    given: frozenset[str] = frozenset()  #: the families whose letters the user has chosen


__all__ = ["ERROR_FIRST", "KINDS", "LETTERS", "WEIGHT_FIRST", "Notation", "Spelling"]
