"""Products of whole matrices are those of single residues."""

from __future__ import annotations

import random

import numpy as np
import pytest

from backproof.checks.code.products import product
from backproof.checks.code.residue import Field


def drawn(field, draw, *shape):
    entries = [field.variable(draw.uniform(-1, 1)) for _ in range(int(np.prod(shape)))]
    mixed = [draw.choice((e, e.exp(), e / entries[0], field.number(0), field.number(3))) for e in entries]
    return np.array(mixed, dtype=object).reshape(shape)


@pytest.mark.parametrize("shapes", [((3, 5), (5, 2)), ((1, 4), (4, 1)), ((2, 1), (1, 6)), ((4, 4), (4, 4))])
def test_each_entry_has_the_same_number_and_the_same_degrees(shapes):
    field, draw = Field(1), random.Random(str(shapes))
    one, other = (drawn(field, draw, *shape) for shape in shapes)
    made, plain = product(one, other), one @ other
    assert made.shape == plain.shape
    for e, right in zip(made.flat, plain.flat, strict=True):
        assert (e.field, e.residue, e.top, e.bottom) == (field, right.residue, right.top, right.bottom)
        assert e.shadow == pytest.approx(right.shadow, abs=1e-12)


def test_other_numbers_and_vectors_are_multiplied_as_they_are():
    one, other = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    assert product(one, other).tolist() == (one @ other).tolist()
    field = Field(1)
    row = np.array([field.number(2), field.number(3)], dtype=object)
    assert product(row[None, :], np.array([[1], [2]], dtype=object)).tolist() == [[field.number(8)]]
    with pytest.raises(ValueError, match="matmul"):
        product(one, one)
