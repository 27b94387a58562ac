"""What a user names of a dense network, and its neighbours in one field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple

from sympy import Expr, Integer

from ..surface.terms import L, M
from .tables import ACTIVATIONS, COSTS, SOFTMAX, Activation, Cost, chosen

BIASES: Final = {
    "vector": "the bias is a vector",
    "unit": "the bias is the weight of a unit 0",
    "none": "there is no bias",
}
EXAMPLES: Final = {"one": "there is one example", "M": "there are M examples"}

#: What C divides the sum over the examples by.
REDUCTIONS: Final = {"mean": M, "sum": Integer(1)}

#: What the sum of the squares of the weights has as a factor, beside lambda. Biases are not penalised.
PENALTIES: Final = {"l2": Integer(1) / 2, "l2/M": 1 / (2 * M)}

TARGETS: Final = {None: "nothing is known of the targets", "sum to 1": "the targets of an example sum to 1"}


@dataclass(frozen=True)
class Setting:
    """A dense network in the user's words; ``dense_network`` makes it. ValueError, TypeError: there is none, and why.

    ``depth`` is a number or a symbol; with ``sizes``, the units of each layer, it is their number. ``activation`` is
    one for all layers, which is called sigma then; or a pair, for the hidden layers and for the last one; or one for
    each layer but the first. Each is a name of the table, softmax (for the last layer), an ``Activation`` of one's
    own, or None: any function sigma. ``cost`` is a name of the table, a ``Cost`` of one's own, or None: any function
    of outputs and targets. ``bias``: "vector", "unit" (a unit 0 with activation 1) or "none". ``examples``: "one", or
    "M", of whose costs Cx[i] the cost C is the ``reduction``, "mean" or "sum". ``penalty`` adds lambda times half the
    sum of the squares of the weights: "l2", or "l2/M", which divides it by M. ``targets``: "sum to 1", or None.
    """

    depth: Any = None
    sizes: tuple[int, ...] | None = None
    activation: Any = None
    cost: Any = None
    bias: str = "vector"
    examples: str = "one"
    reduction: str | None = None
    penalty: str | None = None
    targets: str | None = None

    def __post_init__(self) -> None:
        if self.sizes is not None:
            object.__setattr__(self, "sizes", _sizes(self.sizes))
        object.__setattr__(self, "depth", _depth(self.depth, self.sizes))
        if isinstance(self.activation, list):
            object.__setattr__(self, "activation", tuple(self.activation))
        _check_names(self)
        _check_examples(self)
        _ = self.layers, self.cost_of_output

    @property
    def many(self) -> bool:
        """Whether there are M examples."""
        return self.examples == "M"

    @property
    def layers(self) -> tuple[tuple[Any, Any, Activation | None], ...]:
        """First layer, last layer and activation, None for an open one; those that are alike are taken together."""
        if not isinstance(self.activation, tuple):
            found: tuple[Any, ...] = ((Integer(2), self.depth, _shared(self.activation)),)
        else:
            found = tuple(_placed(tuple(map(_row, self.activation)), self.depth))
        if any(f == SOFTMAX and (first, last) != (self.depth, self.depth) for first, last, f in found):
            raise ValueError(
                "softmax is for the last layer alone, since each of its outputs depends on the whole layer: "
                "give a pair, such as (None, 'softmax')"
            )
        _check_letters([f for _, _, f in found])
        return found

    @property
    def cost_of_output(self) -> Cost | None:
        """The row of the cost, None where it is open."""
        cost: Cost | None = chosen(COSTS, self.cost)
        if not isinstance(cost, Cost | None):
            raise TypeError(f"a cost is a name, such as quadratic, or a Cost, and not {self.cost!r}")
        return cost

    @property
    def share(self) -> Any:
        """What C divides the sum over the examples by: M for the mean, else 1."""
        return REDUCTIONS[self.reduction] if self.reduction else Integer(1)


def _sizes(sizes: Any) -> tuple[int, ...]:
    found = tuple(sizes)
    if len(found) < 2 or not all(isinstance(size, int | Integer) and size >= 1 for size in found):
        raise ValueError(f"sizes are those of two layers or more, each at least 1, and not {list(found)}")
    return tuple(map(int, found))


def _depth(depth: Any, sizes: tuple[int, ...] | None) -> Any:
    if sizes is not None:
        if depth not in (None, L, len(sizes)):
            raise ValueError(f"there are {len(sizes)} sizes, and {depth} layers: leave the depth out")
        return Integer(len(sizes))
    if depth is None:
        return L
    if isinstance(depth, bool) or not isinstance(depth, int | Expr):
        raise TypeError(f"the depth is a symbol, or a number of layers from 2 on, and not {depth!r}")
    if isinstance(depth, int | Integer) and depth < 2:
        raise ValueError(f"a network has an input layer and at least one more, and not {depth} in all")
    return Integer(depth) if isinstance(depth, int) else depth


def _check_names(s: Setting) -> None:
    for field, table in (("bias", BIASES), ("examples", EXAMPLES), ("targets", TARGETS)):
        if getattr(s, field) not in table:
            raise ValueError(f"{field} {getattr(s, field)!r} is not in the table: there are {_listed(table)}")
    for field, table in (("reduction", REDUCTIONS), ("penalty", PENALTIES)):
        if getattr(s, field) not in (None, *table):
            raise ValueError(f"{field} {getattr(s, field)!r} is not in the table: there are {_listed(table)}")


def _listed(table: Any) -> str:
    return ", ".join(str(name) for name in table)


def _check_examples(s: Setting) -> None:
    if s.many and s.reduction is None:
        raise ValueError("the cost of M examples is their mean or their sum: say which, as the reduction")
    if not s.many and s.reduction is not None:
        raise ValueError(f"one example has no {s.reduction}: leave the reduction out, or take M examples")
    if not s.many and s.penalty == "l2/M":
        raise ValueError("with one example there is no M to divide the penalty by: take l2")


def _row(given: Any) -> Activation | None:
    """The row of an activation, None for the open one."""
    found: Activation | None = SOFTMAX if given == "softmax" else chosen({**ACTIVATIONS, "softmax": SOFTMAX}, given)
    if not isinstance(found, Activation | None):
        raise TypeError(f"an activation is a name, such as sigmoid, or an Activation, and not {given!r}")
    return found


def _shared(given: Any) -> Activation | None:
    """The activation of all layers: sigma, as it is written where there is one."""
    row = _row(given)
    return row if row in (None, SOFTMAX) or not isinstance(given, str) else sigma(given)


def sigma(name: str) -> Activation:
    """A row of the table under the letter sigma."""
    row: Activation = chosen(ACTIVATIONS, name)
    return replace(row, name="sigma")


def _placed(rows: tuple[Any, ...], depth: Any) -> Iterator[tuple[Any, Any, Any]]:
    if len(rows) == 2 and depth != 2:
        yield from ((Integer(2), depth - 1, rows[0]), (depth, depth, rows[1]))
    elif isinstance(depth, Integer) and len(rows) == depth - 1:
        for row, group in groupby(enumerate(rows, start=2), key=lambda one: one[1]):
            numbers = [Integer(layer) for layer, _ in group]
            yield numbers[0], numbers[-1], row
    else:
        count = f"{depth - 1} layers" if depth != 2 else "1 layer"
        raise ValueError(f"{len(rows)} activations for {count}: give one for all, a pair, or one for each")


def _check_letters(rows: list[Activation | None]) -> None:
    bodies: dict[str, Any] = {}
    for row in rows:
        name, body = ("sigma", None) if row is None else (row.name, row.body)
        if bodies.setdefault(name, body) != body:
            raise ValueError(f"two activations are called {name}: give one of them another name")


class Reading(NamedTuple):
    """A neighbour: the field that is another one, in words, and the setting."""

    field: str
    words: str
    setting: Setting


def readings(setting: Setting) -> tuple[Reading, ...]:
    """The settings that differ from this one in one field: what a statement may have been meant in."""
    return tuple(
        Reading(field, words, other)
        for field, words, changes in _changes(setting)
        if (other := _changed(setting, changes)) is not None and other != setting
    )


def _changes(s: Setting) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in COSTS:
        yield "cost", f"the cost is {name}", {"cost": name}
    for bias, words in BIASES.items():
        yield "bias", words, {"bias": bias}
    yield "examples", EXAMPLES["one"], {"examples": "one", "reduction": None}
    for reduction in REDUCTIONS:
        words = f"C is the {reduction} of the costs of M examples"
        yield "reduction" if s.many else "examples", words, {"examples": "M", "reduction": reduction}
    for penalty, words in ((None, "there is no penalty"), *((name, f"the penalty is {name}") for name in PENALTIES)):
        yield "penalty", words, {"penalty": penalty}
    for known, words in TARGETS.items():
        yield "targets", words, {"targets": known}
    yield from _other_activations(s)


def _other_activations(s: Setting) -> Iterator[tuple[str, str, dict[str, Any]]]:
    given = s.activation
    if not isinstance(given, tuple):
        for name in ACTIVATIONS:
            yield "activation", f"the activation is {name}", {"activation": name}
        hidden: tuple[Any, ...] = (_shared(given),)
    else:
        hidden = given[:-1]
        for name in ACTIVATIONS:
            words = f"the activation of the hidden layers is {name}"
            yield "activation", words, {"activation": (*(name for _ in hidden), given[-1])}
    for name in (*ACTIVATIONS, "softmax"):
        last = name if s.depth == 2 and not isinstance(given, tuple) else (*hidden, name)
        yield "activation", f"the last activation is {name}", {"activation": last}


def _changed(s: Setting, changes: dict[str, Any]) -> Setting | None:
    """The setting with these changes, None where there is none."""
    try:
        return replace(s, **changes)
    except ValueError:
        return None


__all__ = ["Reading", "Setting", "readings", "sigma"]
