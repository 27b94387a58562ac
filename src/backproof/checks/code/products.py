"""Products of matrices of residues: all residues at once, all real numbers at once, degrees as sums have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .residue import PRIME, Residue

Array = Any


def product(one: Array, other: Array) -> Array:
    """``one @ other``; entry by entry the number that sums and products of single residues give."""
    if not (_matrix(one) and _matrix(other) and one.shape[1] == other.shape[0]):
        return one @ other
    residues = _of(one, "residue", object) @ _of(other, "residue", object)
    shadows = _of(one, "shadow", float) @ _of(other, "shadow", float)
    tops, bottoms = _degrees(one, other)
    made = np.empty(residues.size, dtype=object)
    rows = zip(residues.flat, *(e.ravel().tolist() for e in (shadows, tops, bottoms)), strict=True)
    for place, (residue, shadow, top, bottom) in enumerate(rows):
        made[place] = Residue(one[0, 0].field, residue % PRIME, shadow, top, bottom)
    return made.reshape(residues.shape)


def _matrix(e: Array) -> bool:
    return bool(e.dtype == object and e.ndim == 2 and e.size and all(isinstance(entry, Residue) for entry in e.flat))


def _of(e: Array, name: str, dtype: Any) -> Array:
    return np.array([getattr(entry, name) for entry in e.flat], dtype=dtype).reshape(e.shape)


def _degrees(one: Array, other: Array) -> tuple[Array, Array]:
    """Of sums of fractions: denominators are multiplied, and the numerator of each gets those of all others."""
    above, below = ([_of(e, name, object) for e in (one, other)] for name in ("top", "bottom"))
    bottoms = below[0].sum(axis=1)[:, None] + below[1].sum(axis=0)[None, :]
    gaps = [top - bottom for top, bottom in zip(above, below, strict=True)]
    columns = [(gaps[0] + column[None, :]).max(axis=1) for column in gaps[1].T]
    return bottoms + np.stack(columns, axis=1), bottoms


__all__ = ["product"]
