"""What a document says of its network and its letters, in front of it, as what its claims are read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ..networks.dense import dense_network
from ..networks.setting import Setting
from ..notation import profiles
from .claims import Reading

#: What each key may say, and what it is called in a Setting; the other keys are letters and numbers.
COSTS: Final = {
    "generic": None, "quadratic": "quadratic", "cross-entropy": "cross-entropy",
    "softmax-log-likelihood": "log-likelihood", "log-likelihood": "log-likelihood",
}  # fmt: skip
ACTIVATIONS: Final = {
    "generic": None,
    **{name: name for name in ("sigmoid", "tanh", "relu", "identity", "softmax", "softplus", "leaky-relu", "gelu")},
}
BATCHES: Final = ("none", "columns", "rows")
REDUCTIONS: Final = ("none", "mean", "sum")
LAYOUTS: Final = ("denominator", "numerator")
KEYS: Final = (
    "notation", "letters", "cost", "hidden", "output", "batch", "reduction", "depth", "width", "layout",
)  # fmt: skip


def setting_of(front: Mapping[str, Any]) -> Reading:
    """What is under the key ``backproof`` of a front matter, as a ``Reading`` for ``claims.judge(text, reading)``.

    ``notation``: a row of the table (by default nielsen). ``letters``: which letter, or which of several, stands for
    weight, bias, preactivation, activation, error, cost, sigma. ``cost``; ``hidden`` and ``output``, activations:
    generic (by default) or a name. ``batch``: none, columns or rows; ``reduction`` over examples: none, mean, sum.
    ``depth``: the number of layers with weights. ``width``: 1 where every layer has one unit. ``layout``: numerator
    where the derivative of a number by a column is a row. A key that is missing says what the notation presumes.

    ValueError, with what there is, for another key, another value, and for what fits no network.
    """
    if unknown := sorted(set(front) - set(KEYS)):
        raise ValueError(f"{unknown[0]!r} is no key of a front matter: there are {', '.join(KEYS)}")
    row = profiles.notation(str(front.get("notation", "nielsen")))
    row = profiles.with_letters(row, _letters(front.get("letters")))
    setting = _setting(front)
    net = dense_network(setting)
    _ = _one_of(front, "layout", LAYOUTS), _count(front, "width")
    return Reading(net, profiles.for_network(row, net), setting=setting)


def _letters(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError("letters are a table, such as {weight: W, sigma: f}")  # noqa: TRY004 - a user's text
    return {str(role): str(letter) for role, letter in given.items()}


def _setting(front: Mapping[str, Any]) -> Setting:
    hidden, output = (_one_of(front, key, ACTIVATIONS) for key in ("hidden", "output"))
    cost = COSTS[_one_of(front, "cost", COSTS)]
    batch, reduction = _one_of(front, "batch", BATCHES), _one_of(front, "reduction", REDUCTIONS)
    many = batch != "none" or reduction != "none"
    depth = _count(front, "depth")
    made = Setting(
        depth=None if depth is None else depth + 1,
        activation=_activation(ACTIVATIONS[hidden], ACTIVATIONS[output], depth),
        cost=cost,
        targets="sum to 1" if cost == "log-likelihood" else None,
    )
    if not many:
        return made
    return replace(made, examples="M", reduction="sum" if reduction == "none" else reduction)


def _activation(hidden: str | None, output: str | None, depth: int | None) -> Any:
    """One activation for all layers, or one for those in between and one for the last."""
    if depth == 1:
        return output
    return hidden if hidden == output else (hidden, output)


def _one_of(front: Mapping[str, Any], key: str, table: Any) -> str:
    """What is said of ``key``, by default the first in the table."""
    given = str(front.get(key) or next(iter(table))).lower()
    if given not in table:
        raise ValueError(f"{key} {given!r} is not in the table: there are {', '.join(table)}")
    return given


def _count(front: Mapping[str, Any], key: str) -> int | None:
    given = front.get(key)
    if given is None:
        return None
    if isinstance(given, bool) or not str(given).isdigit() or int(given) < 1:
        raise ValueError(f"{key} is a number from 1 on, and not {given!r}")
    return int(given)


__all__ = ["setting_of"]
