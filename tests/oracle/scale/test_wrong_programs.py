"""Wrong programs, run at the size of their networks: each is refuted, in words."""

import pytest
from sympy import Integer, Symbol

from backproof.codegen.network import layered, one, setting_of
from backproof.networks import Activation, C_x, a_x, delta_x, u, x_x, y_x, z_x
from backproof.oracle.scale.program import check
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Hadamard,
    M,
    Member,
    Outer,
    Total,
    Transposed,
    a,
    b,
    i,
    j,
    l,
    n,
    w,
)

from .programs import ALIKE, edits, network, program, verdict


def swapped(lines, changes):
    """The program with other values for some targets."""
    assert changes.keys() <= {target for target, _ in lines}
    return [(target, changes.get(target, value)) for target, value in lines]


#: Edits that leave a program right, and why.
EQUIVALENT = {
    "z[2] = Dot(w[2], x) + Outer(b[2], one)": "a[1] = x",
    "D(C, w[2]) = Dot(delta[2], Transposed(x))": "a[1] = x",
    "Cx[i]: left out": "no partial derivative is computed from the cost",
    "Apply(sigmoid, z[4, j, i], 1): left out": "with the cross-entropy, delta[4] does not need it",
    "delta[2] = Hadamard(Apply(sigmoid, z[2], 1), Dot(Transposed(w[3]), delta[3]))": "products commute",
    "delta[2] = Hadamard(Apply(relu, z[2], 1), Dot(Transposed(w[3]), delta[3]))": "products commute",
    "delta[2] = Hadamard(Apply(gelu, z[2], 1), Dot(Transposed(w[3]), delta[3]))": "products commute",
    "delta[3] = Hadamard(Apply(tanh, z[3], 1), Dot(Transposed(w[4]), delta[4]))": "products commute",
    "a[3, j, i] = Apply(exp, z[3, j, i], 0)/Total(Apply(exp, z[3, p, i], 1), p, 1, n(3))": "exp' = exp",
    "a[3, j, i] = Apply(exp, z[3, j, i], 1)/Total(Apply(exp, z[3, p, i], 0), p, 1, n(3))": "exp' = exp",
    "Apply(softplus, z[3, j, i], 1) = 1/(Apply(exp, -z[3, j, i], 1) + 1)": "exp' = exp",
}


@pytest.mark.parametrize(
    ("sizes", "names", "cost", "least"),
    [
        ((4, 3, 5, 2), ("sigmoid", "tanh", "sigmoid"), "cross-entropy", 500),
        ((4, 5, 2), ("relu", "softmax"), "log-likelihood", 300),
        (ALIKE, ("gelu", "softplus"), "quadratic", 300),
    ],
)
def test_edits_are_refuted(sizes, names, cost, least):
    """Single edits, anywhere in the program; where the widths are alike, all matrices have the same shape."""
    net, refuted, survivors = network(names, cost), 0, []
    for name, lines in edits(program(names, cost), len(sizes)):
        found = check(net, sizes, lines)
        assert found.holds == (not found.reason)
        refuted += not found.holds
        survivors += [name] * found.holds
    assert refuted >= least
    assert [name for name in survivors if name not in EQUIVALENT] == []


HIDDEN = Dot(Transposed(w[3]), delta_x[3])
SLIPS = {
    "transpose dropped": {delta_x[2]: Hadamard(Dot(w[3], delta_x[3]), Apply("tanh", z_x[2], 1))},
    "its own weights": {delta_x[2]: Hadamard(Dot(Transposed(w[2]), delta_x[3]), Apply("tanh", z_x[2], 1))},
    "slope dropped": {delta_x[2]: HIDDEN},
    "slope of the layer above": {delta_x[2]: Hadamard(HIDDEN, Apply("sigmoid", z_x[3], 1))},
    "f for its slope": {delta_x[2]: Hadamard(HIDDEN, Apply("tanh", z_x[2]))},
    "slope at a": {delta_x[2]: Hadamard(HIDDEN, Apply("tanh", a_x[2], 1))},
    "wrong slope": {Apply("tanh", z_x[2, j, i], 1): 1 - a_x[2, j, i]},
    "slope of another activation": {Apply("tanh", z_x[2, j, i], 1): a_x[2, j, i] * (1 - a_x[2, j, i])},
    "sign": {delta_x[3, j, i]: (y_x[j, i] - a_x[3, j, i]) / M},
    "1/M dropped": {delta_x[3, j, i]: a_x[3, j, i] - y_x[j, i]},
    "1/M twice": {delta_x[3, j, i]: (a_x[3, j, i] - y_x[j, i]) / M**2},
    "1/M once more": {D(C, w[2]): Dot(delta_x[2], Transposed(a_x[1])) / M},
    "1/3 for 1/M": {delta_x[3, j, i]: (a_x[3, j, i] - y_x[j, i]) / 3},
    "slope of the output kept": {delta_x[3, j, i]: (a_x[3, j, i] - y_x[j, i]) * Apply("sigmoid", z_x[3, j, i], 1) / M},
    "z for a in the error": {delta_x[3, j, i]: (z_x[3, j, i] - y_x[j, i]) / M},
    "bias forgotten": {z_x[2]: Dot(w[2], a_x[1])},
    "bias of another layer": {z_x[2]: Dot(w[2], a_x[1]) + Outer(b[3], one[()])},
    "bias for one example": {D(C, b[2]): delta_x[2]},
    "activations of the same layer": {D(C, w[2]): Dot(delta_x[2], Transposed(a_x[2]))},
    "z for a": {D(C, w[3]): Dot(delta_x[3], Transposed(z_x[2]))},
    "outer product the other way": {D(C, w[3]): Dot(a_x[2], Transposed(delta_x[3]))},
    "the error of another layer": {D(C, b[2]): Dot(delta_x[3], one[()])},
    "weights for their partials": {D(C, w[3]): w[3]},
    "halved": {D(C, w[3]): Dot(delta_x[3], Transposed(a_x[2])) / 2},
    "nothing": {D(C, b[2]): Dot(delta_x[2], one[()]) * 0},
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("sizes", [(4, 3, 5), ALIKE, (100, 90, 80)])
def test_slips_are_refuted(slip, sizes):
    names = ("tanh", "sigmoid")
    found = verdict(names, "cross-entropy", sizes, swapped(program(names, "cross-entropy"), SLIPS[slip]))
    assert not found.holds
    assert found.reason
    assert found.error_bound_log2 == 0


def test_each_partial_is_looked_at():
    """In a wide network, an error in a single layer, of a kind that no shape shows."""
    names, cost = ("relu", "sigmoid", "identity", "tanh"), "quadratic"
    right = program(names, cost)
    for target, value in right:
        if isinstance(target, D):
            assert not verdict(names, cost, (90, 80, 70, 60, 50), swapped(right, {target: 2 * value})).holds


#: A line after those of the program, or in place of one with the same target; and what is said of it.
z_2 = z_x[2, j, i]
LINES = [
    (delta_x[1], a_x[1], "in the line for delta[1]: the network has no equation for delta[1, j, i]"),
    (delta_x[9], a_x[1], "there is no layer 9"),
    (delta_x[l], a_x[2], "there is no layer l"),
    (Member("q", 2), a_x[2], "the network has no quantity q"),
    (Member("delta"), a_x[2], "delta is not the quantities of one layer"),
    (x_x[()], a_x[1], "it is given"),
    (w[2], w[2], "it is given"),
    (one[()], one[()], "it is given"),
    (a[2], a_x[2], "in the line for a[2]: it is assigned twice"),
    (D(C, b[2]), Dot(delta_x[2], one[()]), "it is assigned twice"),
    (D(C, b[1]), Dot(delta_x[2], one[()]), "no weights lead into layer 1"),
    (D(C, x_x[()]), x_x[()], "the derivatives are by b[l] and, as matrices, by w[l]"),
    (D(C, w[2, j, j]), delta_x[2, j, i], "the derivatives are by b[l] and, as matrices, by w[l]"),
    (D(C_x[i], b[2]), delta_x[2], "nothing can be assigned to it"),
    (a_x[2] + 1, a_x[2], "nothing can be assigned to it"),
    (Integer(3), a_x[2], "nothing can be assigned to it"),
    (Apply("tanh", z_2, 1), 1 - a_x[2, j, i] ** 2, "tanh is not the activation that follows z[2]"),
    (Apply("sigmoid", a_x[2, j, i], 1), 1, "sigmoid is not the activation that follows a[2]"),
    (Apply("sigmoid", z_2, 1), a_x[2, j, i] * (1 - a_x[2, j, i]), "it is assigned twice"),
    (Apply("sigmoid", z_2, 2), 0, "nothing can be assigned to it"),
    ("z", a_x[2], "z is no term"),
    (C, None, "None is no term"),
    (C, Dot(w[2]), "Dot(w[2]) has 1 arguments"),
    (C, Member(), "a quantity without a name"),
    (C, Member(1, 2), "a quantity without a name"),
    (C, Total(1, 2, 1, n(2)), "Total(1, 2, 1, n(2)) has no symbol to sum over"),
    (C, Total(1, j, 0, n(2)), "is not over the units of a layer or the examples"),
    (C, Total(1, j, 1, 7), "is not over the units of a layer or the examples"),
    (C, Total(1, j, 1, n(j)), "there is no layer j"),
    (C, Symbol("q"), "no meaning for q"),
    (C, 1 / (n(2) - 3), "division by 0"),
    (C, a_x[2], "a[2] is not a quantity of one unit and example"),
    (C, Total(a_x[2, j, i], j, 1, n(2)), "a[2, j, i] is not of the unit and the example that are spoken of"),
    (C, Total(Total(a_x[2, i, i], i, 1, n(2)), i, 1, M), "a[2, i, i] is not of the unit and the example"),
    (C, Total(Total(w[2, j, j], j, 1, n(2)), i, 1, M), "w[2] is used before it is known"),
    (C, Total(Apply("exp", b[2, j], 2), j, 1, n(2)), "no meaning for Apply(exp, b[2, j], 2)"),
    (C, Total(1, j, 1, n(2)), "the network says otherwise"),
    (delta_x[2, j, j], a_x[2, j, j], "has no symbol for its unit and example"),
    (delta_x[2, 1, i], a_x[2, 1, i], "has no symbol for its unit and example"),
    (delta_x[2, j], a_x[2, j, i], "the network has no equation for delta[2, j]"),
    (delta_x[2], 1 / a_x[2], "a[2] is not a quantity of one unit and example"),
    (delta_x[2], a_x[2] + 1, "the sum of the shapes"),
    (delta_x[2], a_x[2] + b[2], "the sum of the shapes (3, 3) and (3,)"),
    (delta_x[2], Hadamard(a_x[2], b[2]), "the product, entry by entry, of the shapes (3, 3) and (3,)"),
    (delta_x[2], a_x[2] * z_x[2], "a product that is neither entry by entry nor of matrices"),
    (delta_x[2], 2 * w[2], "a product that is neither entry by entry nor of matrices"),
    (delta_x[2], w[2], "the weights themselves, where an array of units and examples is expected"),
    (delta_x[2], Dot(w[2], w[3]), "the product of shapes (3, 4) and (5, 3)"),
    (delta_x[2], Dot(Transposed(w[2]), w[2]), "the weights themselves"),
    (delta_x[2], Transposed(b[2]), "the transpose of the shape (3,), which is no matrix"),
    (delta_x[2], Outer(a_x[2], b[2]), "which are no columns"),
    (delta_x[2], b[2], "its value has the shape (3,) and not (3, 3)"),
    (delta_x[2], a_x[2, j, i], "a[2, j, i] is not a whole array"),
    (delta_x[2], delta_x[2], "delta[2] is used before it is known"),
    (delta_x[2], Apply("sigmoid", a_x[2], 1), "the derivative of sigmoid is used before it is known"),
    (delta_x[2], Dot(Outer(b[2], b[3]), b[3]), "its value has the shape (3,) and not (3, 3)"),
    (delta_x[3], Hadamard(Dot(a_x[3], Transposed(a_x[1])), Dot(a_x[3], Transposed(a_x[1]))), "a matrix of 5 times 4"),
    (delta_x[3], Dot(Transposed(w[2]), Dot(a_x[2], Transposed(a_x[1]))), "are not multiplied by a matrix of the shape"),
    (delta_x[3, j, i], Apply("sigmoid", z_2, 1), "z[2, j, i] is of the shape (3, 3) and not (5, 3)"),
]


@pytest.mark.parametrize(("target", "value", "reason"), LINES)
def test_a_line_that_makes_no_sense(target, value, reason):
    """It is answered in words, and never with an exception."""
    names = ("sigmoid", "sigmoid")
    lines = program(names, "cross-entropy")
    if "twice" not in reason:
        lines = [line for line in lines if line[0] not in (delta_x[2], delta_x[3, j, i])]
        place = next(k for k, line in enumerate(lines) if isinstance(line[0], D))
        lines[place:place] = [(target, value)]
    else:
        lines.append((target, value))
    found = verdict(names, "cross-entropy", (4, 3, 5), lines)
    assert not found.holds
    assert reason in found.reason


@pytest.mark.parametrize("target", [D(C, w[2]), D(C, b[3])])
def test_a_partial_that_no_line_gives(target):
    names = ("sigmoid", "sigmoid")
    lines = [line for line in program(names, "cross-entropy") if line[0] != target]
    found = verdict(names, "cross-entropy", (4, 3, 5), lines)
    assert found.reason == f"no line gives the derivative by {target.args[1]}"


def test_an_empty_program():
    assert verdict(("tanh",), "quadratic", (4, 3), []).reason == "no line gives the derivative by w[2]"


def test_functions_of_too_high_a_degree():
    f = Activation("f", u**1000, "f")
    net = layered(setting_of((f,) * 14, "quadratic", "mean"))
    lines = program(("f",) * 14, "quadratic", slopes={"f": lambda _, z: 1000 * z**999})
    assert "the degrees are too high" in check(net, (1,) * 15, lines).reason


def test_a_network_that_divides_by_0():
    f = Activation("f", 1 / (u - u * Apply("step", u) - u * (1 - Apply("step", u))), "f")
    net = layered(setting_of((f,), "quadratic", "mean"))
    assert check(net, (2, 3), []).reason == "in the network itself: division by 0"
