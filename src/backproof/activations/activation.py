"""Activations of a program: rows of the table, softmax, or an expression of one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from ..networks import ACTIVATIONS, COSTS, SOFTMAX, Activation, Cost
from .expression import parse
from .named import BY_PLAIN_NAME, NAMED, plain
from .stable import unfolded
from .vocabulary import FUNCTIONS, INSTEAD

NAMES: Final = (*ACTIVATIONS, "softmax")
_LETTERS: Final = "fgh"  # for one's own; the next one is f4


def activation(text: str) -> Activation:
    """The activation that ``text`` names or writes out.

    ValueError where it does neither: with the names that there are, or with the place in the expression.
    """
    return activations(text, 1)[0]


def activations(texts: str | Sequence[str], count: int) -> tuple[Activation, ...]:
    """The activations of ``count`` layers, the last of which is that of the outputs: one for all, or one for each.

    Expressions of one's own are called f, g, h, f4, ... in the order of their first layers; ValueError as above, and
    where their number is wrong or a softmax is not the last.
    """
    given = [texts] if isinstance(texts, str) else list(texts)
    if len(given) not in (1, count):
        raise ValueError(f"{len(given)} activations for {count} layers: give one for all, or one for each")
    written = [_spelled(text.strip(" ")) for text in (given if len(given) == count else given * count)]
    if "softmax" in written[:-1]:
        raise ValueError(
            "softmax is for the last layer alone, since each of its outputs depends on the whole layer: "
            f"give {count} activations, such as {', '.join(['sigmoid'] * (count - 1))}, softmax"
        )
    own = list(dict.fromkeys(text for text in written if text not in NAMES and text not in NAMED))
    names = {text: _LETTERS[place] if place < len(_LETTERS) else f"f{place + 1}" for place, text in enumerate(own)}
    made = {text: _made(name, text) for text, name in names.items()}
    return tuple(made.get(text) or _row(text) for text in written)


def _spelled(text: str) -> str:
    """A name as our tables have it: Leaky-ReLU, LeakyReLU and leaky_relu are one."""
    return {**BY_PLAIN_NAME, **{plain(name): name for name in NAMES}}.get(plain(text), text) if _is_name(text) else text


def _is_name(text: str) -> bool:
    return text != "z" and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*([ -][A-Za-z][A-Za-z0-9_]+)*", text) is not None


def _made(name: str, text: str) -> Activation:
    """An activation of one's own."""
    form = _form(text)
    return Activation(name, unfolded(form), text, form=form)


def _row(name: str) -> Activation:
    if name in NAMED:
        return _named(name)
    return SOFTMAX if name == "softmax" else ACTIVATIONS[name]


def _named(name: str) -> Activation:
    try:
        return _made(name, NAMED[name].text)
    except ValueError as error:
        raise ValueError(f"{name} is no activation by itself: {error}, as in {name}(z, 0, 1)") from None


def _form(text: str) -> Any:
    if _is_name(text):
        close = get_close_matches(text.lower().replace("_", "-"), (*NAMES, *NAMED), 1, 0.5)
        likely = f"{text}(z)" if text in FUNCTIONS else close[0] if close else ""
        hint = INSTEAD.get(text.lower(), f"did you mean {likely}?" if likely else "")
        raise ValueError(
            f"no activation is called {text!r}{f': {hint}' if hint else ''}\n"
            f"There are {', '.join((*NAMES, *NAMED))}, and any expression in z, such as z/(1+exp(-z))."
        )
    return parse(text)


def fits(last: Activation, cost: Cost) -> str | None:
    """Why the cost does not go with this last activation and what does, in words; None if it does."""
    wanted = cost.outputs
    if wanted in (None, last.name):
        return None
    why = "numbers between 0 and 1" if wanted == "sigmoid" else "probabilities that add up to 1"
    other = next((name for name, row in COSTS.items() if row.outputs == last.name), None)
    instead = f"the {other} or the quadratic cost" if other else "the quadratic cost"
    return (
        f"the {cost.name} cost takes outputs that are {why}: make the last activation {wanted}, or with {last.text} "
        f"take {instead}"
    )
