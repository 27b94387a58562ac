"""What a judge answers: it holds, it is refuted, it is malformed, or the judge cannot say; and always why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

DIFFERENT = "the sides are different numbers"
NOTHING = "the hypotheses hold for no values that the statement speaks of"
Kind = Literal["holds", "refuted", "malformed", "unsupported"]


@dataclass(frozen=True)
class Counterexample:
    """Where the statement fails. ``indices`` also has row and column where it is about arrays, and sizes of one's own.

    ``widths`` are those of the layers, and none where there are no layers.
    """

    widths: tuple[int, ...]
    indices: dict[str, int]
    lhs: str
    rhs: str

    def as_dict(self) -> dict[str, Any]:
        """As in ``check --json``."""
        return {"widths": list(self.widths), "indices": self.indices, "lhs": self.lhs, "rhs": self.rhs}


def differ(shape: Any, indices: dict[str, int], lhs: str, rhs: str) -> Counterexample:
    """What differs in a network of that shape."""
    return Counterexample(() if shape.sizes else shape.widths, {**dict(shape.sizes), **indices}, lhs, rhs)


@dataclass(frozen=True)
class Answer:
    """The answer of one judge about one statement.

    ``refuted``: numbers show that it is wrong. ``malformed``: it makes no sense, as where dimensions clash.
    ``unsupported``: the judge cannot read it, or has nothing to compare: nothing is said of it. ``reason`` is in words.
    """

    kind: Kind
    reason: str
    counterexample: Counterexample | None = None
    tried: tuple[str, ...] = ()
    """The sizes of the networks in which values were compared."""
    entries: int = 0
    """How many pairs of numbers were compared; ``partials``: those that speak of a derivative."""
    partials: int = 0
    error_bound_log2: int = 0
    """As a power of two: the probability that one false statement about one network passes is at most that."""
    max_relative_error: float = 0.0
    broke: bool = False
    """Whether the judge itself is at fault: it cannot say, and what it was asked is not to pass for that."""

    @property
    def models(self) -> int:
        """In how many networks values were compared."""
        return len(self.tried)

    @property
    def holds(self) -> bool | None:
        """True, False where it is refuted or malformed, None where the judge cannot say."""
        return {"holds": True, "refuted": False, "malformed": False, "unsupported": None}[self.kind]


def malformed(why: object) -> Answer:
    """The answer to what makes no sense."""
    return Answer("malformed", str(why))


def unsupported(why: object) -> Answer:
    """The answer to what the judge cannot speak of."""
    return Answer("unsupported", str(why))


def broke(error: Exception) -> Answer:
    """The answer of a judge that broke down."""
    said = " ".join(str(error).split())
    why = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return Answer("unsupported", f"the judge broke down, which is a bug of backproof: {why}", broke=True)


def asked(judge: Callable[..., Answer], *statement: Any) -> Answer:
    """What a judge says; where it breaks down, that it cannot say, and why."""
    try:
        return judge(*statement)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer about the statement
        return broke(error)
