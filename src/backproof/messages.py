"""Terms and networks as bytes, for another process: as they are written, without what has been worked out of them."""

from __future__ import annotations

import pickle
from copyreg import __newobj__  # type: ignore[attr-defined]
from dataclasses import fields, is_dataclass
from io import BytesIO
from typing import Any

from sympy import Add, Basic, Mul, Pow

EVALUATING = (Add, Mul, Pow)  # SymPy would work these out again; all of our own are inert


class _Pickler(pickle.Pickler):
    def reducer_override(self, e: Any) -> Any:
        if isinstance(e, Basic) and e.args:
            return _term, (type(e), e.args)
        if is_dataclass(e) and not isinstance(e, type):
            return __newobj__, (type(e),), {field.name: getattr(e, field.name) for field in fields(e)}
        return NotImplemented


class Messages:
    """One message after the other, each term and network in the first that it is in: one ``Unpickler`` reads all."""

    def __init__(self) -> None:
        self._bytes, self._broken = BytesIO(), False
        self._pickler = _Pickler(self._bytes)

    def dumps(self, message: Any) -> bytes:
        """The bytes of a message. Raises what pickle raises, and from then on always: later ones may rest on it."""
        if self._broken:
            raise pickle.PicklingError("an earlier message could not be made")
        self._bytes.seek(0)
        self._bytes.truncate()
        self._broken = True
        self._pickler.dump(message)
        self._broken = False
        return self._bytes.getvalue()


def _term(head: Any, parts: tuple[Any, ...]) -> Any:
    return head(*parts, evaluate=False) if head in EVALUATING else head(*parts)


__all__ = ["Messages"]
