import random

import pytest

from backproof.oracle.scale.limbs import PRIME, Weights, _limbs, draw


def entries_of(matrix):
    """As Python's integers, row by row."""
    rows = []
    for _, limbs in matrix.blocks():
        for row in range(limbs.shape[1]):
            places = limbs[:, row].T.tolist()
            rows.append([sum(int(digit) << 16 * place for place, digit in enumerate(digits)) for digits in places])
    return rows


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 5), (300, 700), (2, 70000)])
@pytest.mark.parametrize("transposed", [False, True])
def test_the_products_are_exact(rows, columns, transposed):
    """Against Python's integers, with entries as large as they get; a column and a matrix in one pass."""
    weights = Weights(rows, columns, (7,), transposed)
    inner, rng = weights.shape[1], random.Random(5)
    column, matrix = ([PRIME - 1 - rng.getrandbits(3) for _ in range(count)] for count in (inner, 2 * inner))
    known = [column, matrix[::2], matrix[1::2]]
    first, second = weights.times(column, matrix)
    products = [first, second[::2], second[1::2]]
    entries = entries_of(weights)
    if transposed:
        entries = list(zip(*entries, strict=True))
    for place in {0, len(entries) // 2, len(entries) - 1}:
        for x, product in zip(known, products, strict=True):
            assert product[place] == sum(p * q for p, q in zip(entries[place], x, strict=True)) % PRIME


def test_limbs_are_the_number():
    limbs = _limbs([PRIME - 1, 0, 1 << 100])
    assert [sum(int(d) << 16 * place for place, d in enumerate(row)) for row in limbs] == [PRIME - 1, 0, 1 << 100]


def test_what_is_drawn_depends_on_the_key_alone():
    assert draw("w", 3) == draw("w", 3)
    assert draw("w", 3) != draw("x", 3)
    assert all(0 <= number < PRIME for number in draw("w", 100))
