"""What a document says of its network and its letters, in front of it, as what its claims are read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ..networks.dense import dense_network
from ..networks.setting import Setting
from ..notation import profiles
from ..notation.reader import Unreadable, read, tree
from ..notation.row import Notation, Spelling
from .claims import Reading
from .sense import Sense
from .spelling import plain

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
        raise ValueError(f"{unknown[0]!r} is no key of a front matter: there are {', '.join((*KEYS, 'network'))}")
    row = _with_letters(profiles.notation(str(front.get("notation", "nielsen"))), front.get("letters"))
    layout, width = _one_of(front, "layout", LAYOUTS), _count(front, "width")
    if width not in (None, 1):
        raise ValueError(f"width is 1, where every layer has one unit, and not {width}")
    setting = _setting(front, row)
    net = dense_network(setting)
    sense = Sense(ones=width == 1, numerator=layout == "numerator")
    return Reading(net, profiles.for_network(row, net), setting=setting, sense=sense)


def presumed(row: Notation) -> Reading:
    """What claims in a notation are about, where nothing more is said."""
    setting = _setting({}, row)
    net = dense_network(setting)
    return Reading(net, profiles.for_network(row, net), setting=setting)


def _with_letters(row: Notation, given: Any) -> Notation:
    """The notation with a document's letters; where there are several for one thing, all are read."""
    if given is None:
        return row
    if not isinstance(given, Mapping):
        raise ValueError("letters are a table, such as {weight: W, sigma: f}")  # noqa: TRY004 - a user's text
    first, more = dict[str, str](), list[Spelling]()
    for role, letters in given.items():
        family = profiles.family_of(str(role))
        found = [_letter(str(one)) for one in (letters if isinstance(letters, list) else [letters])]
        first[family] = found[0]
        more += [Spelling(family, one) for one in found]
    kept = {family: text for family, text in row.whole.items() if family not in first}
    also = (*more, *(s for s in row.also if plain(s.letter) not in {plain(one.letter) for one in more}))
    costs = {"Cx": first["C"]} if "C" in first and row.letters["C"] == row.letters["Cx"] else {}
    if "C" in first and first["C"] == row.letters["E"]:
        costs["E"] = r"\epsilon"  # what an output adds to it
    return replace(row, letters={**row.letters, **costs, **first}, also=also, whole=kept)


def _letter(written: str) -> str:
    r"""A letter as it is read: ``{\cal C}`` is ``\mathcal{C}``, and marks on it, as in ``E_k``, are left out."""
    try:
        says = read(written, "latex").lines[0][0].says
    except (Unreadable, IndexError):
        raise ValueError(f"{written!r} is no letter") from None
    part = says.base if isinstance(says, tree.Scripted) else says
    if not isinstance(part, tree.Name):
        raise ValueError(f"{written!r} is no letter")  # noqa: TRY004 - a user's text
    return part.text


def _setting(front: Mapping[str, Any], row: Notation) -> Setting:
    hidden, output = (_one_of(front, key, ACTIVATIONS) for key in ("hidden", "output"))
    cost = COSTS[_one_of(front, "cost", COSTS)]
    presumed = {
        "batch": "none" if "examples" not in row.presumes else row.vectors,
        "reduction": row.presumes.get("reduction", "none"),
    }
    given = {**presumed, **front}
    batch, reduction = _one_of(given, "batch", BATCHES), _one_of(given, "reduction", REDUCTIONS)
    many = batch != "none" or reduction != "none"
    depth = _count(front, "depth")
    made = Setting(
        depth=None if depth is None else depth + 1,
        activation=_activation(ACTIVATIONS[hidden], ACTIVATIONS[output], depth),
        cost=cost,
        bias=row.presumes.get("bias", "vector"),
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


__all__ = ["presumed", "setting_of"]
