"""The chapters on convolution and pooling, for other strides and dilations than those that are printed."""

import pytest
from backproof.derivations.convolution import Convolution, Convolution2
from backproof.derivations.pooling import Window, Window2
from sympy import Integer

from backproof.derivations import convolution, pooling
from backproof.oracle import brute_force, exact, numeric

LINES = [Convolution(s, d) for s, d in ((1, 1), (1, 2), (2, 1), (2, 3), (3, 2))]
PLANES = [Convolution2((1, 1), (1, 1)), Convolution2((2, 1), (1, 3))]
MADE = [
    *(
        (make, of)
        for make in (convolution.weight, convolution.bias, convolution.scatter, convolution.errors)
        for of in LINES
    ),
    *((convolution.gather, of) for of in LINES),
    *((make, of) for make in (convolution.weight_2, convolution.bias_2, convolution.scatter_2) for of in PLANES),
    *((make, Window(s)) for make in (pooling.average, pooling.largest_of) for s in (1, 3)),
    *((make, Window2((3, 2))) for make in (pooling.average_2, pooling.largest_of_2)),
]


@pytest.mark.parametrize(("make", "of"), MADE, ids=lambda part: getattr(part, "__name__", str(part)))
def test_any_stride_and_dilation(make, of):
    made = make(of).theorem
    assert exact.judge(made.net, made.lhs, made.rhs, made.hypotheses).kind == "holds"


SHOWN = [
    *(convolution.weight, convolution.bias, convolution.scatter, convolution.gather, convolution.weight_2),
    *(convolution.bias_2, convolution.scatter_2, convolution.any_weight, convolution.any_input),
    *(pooling.average, pooling.largest_of, pooling.average_2, pooling.largest_of_2),
]


@pytest.mark.parametrize("make", SHOWN, ids=lambda make: make.__name__)
@pytest.mark.parametrize("judge", [exact.judge, brute_force.judge, numeric.judge])
def test_in_the_networks_of_the_judges_something_meets(make, judge):
    made = make().theorem
    assert judge(made.net, made.lhs, Integer(0), made.hypotheses).kind == "refuted"
