"""A net in numbers."""

import numpy as np
import pytest

from backproof.codegen.expected import expected
from backproof.codegen.program import Spec
from backproof.codegen.sample import Sample
from backproof.networks import ACTIVATIONS
from backproof.notation.mathematics import is_math
from backproof.notation.profiles import NIELSEN, NOTATIONS
from backproof.worked import check, example


def ran(made):
    """What the lines of an example leave."""
    scope = {"np": np, "m": 1}
    for line in (*made.given, *made.lines):
        exec(line.code, scope)
    return scope


@pytest.mark.parametrize("sizes", [(2, 3, 1), (1, 1), (3, 2, 2, 2)])
def test_the_numbers_are_those_of_the_reference(sizes):
    scope = ran(example(sizes, NIELSEN))
    layers = range(2, len(sizes) + 1)
    sample = Sample(tuple((scope[f"w{l}"], scope[f"b{l}"]) for l in layers), scope["x"], scope["y"])
    spec = Spec(sizes, (ACTIVATIONS["sigmoid"],) * (len(sizes) - 1), "quadratic")
    wanted = expected(spec, sample).result
    assert np.isclose(scope["cost"].item(), wanted.cost)
    for l, (dw, db) in zip(layers, wanted.gradient, strict=True):
        assert np.allclose(scope[f"nabla_w{l}"], dw)
        assert np.allclose(scope[f"nabla_b{l}"], db)
        assert np.allclose(scope[f"new_w{l}"], scope[f"w{l}"] - 0.5 * dw)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_line_can_be_printed_in_every_notation(notation):
    made = example((2, 3, 1), NOTATIONS[notation])
    assert [line.target for line in made.lines if line.name == "BP4"] == ["nabla_w3", "nabla_w2"]
    scope = ran(made)
    for line in made.lines:
        assert is_math(line.display.replace(r"\mathrm{net}", "n")), line.display
        assert line.shape == str(np.shape(scope[line.target]))


def test_the_same_seed_gives_the_same_numbers():
    assert example((2, 2), NIELSEN) == example((2, 2), NIELSEN)
    assert example((2, 2), NIELSEN, seed=1) != example((2, 2), NIELSEN, seed=2)


def test_no_number_hides_what_a_weight_does():
    for seed in range(20):
        scope = ran(example((2, 3, 1), NIELSEN, seed))
        assert all(np.all(scope[name] != 0) for name in ("x", "w2", "w3"))


@pytest.mark.parametrize("sizes", [(20, 20), (3,), (2, 0)])
def test_what_cannot_be_read_is_refused(sizes):
    with pytest.raises(ValueError, match=r"at most 60|layers|units"):
        check(sizes)
