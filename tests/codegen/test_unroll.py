"""Programs without arrays: what is written out in Python agrees with the reference, and nothing is computed twice."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
from collections import Counter
from types import ModuleType

import numpy as np
import pytest
from sympy import Integer

from backproof.codegen import unrolled_python as target
from backproof.codegen.backends.numpy import UNROLLED
from backproof.codegen.entries import Entries, Top, Where, cases, logarithm, shifted
from backproof.codegen.expected import expected
from backproof.codegen.naming import Names
from backproof.codegen.program import compile_program
from backproof.codegen.sample import draw
from backproof.codegen.trials import AT_EXTREMES, saturated
from backproof.codegen.unroll import one_example, singles, straight, together
from backproof.codegen.verification import in_target
from backproof.networks import Activation, u, y_x, z_x
from backproof.surface.terms import Apply, Member, Total, exp, i, j, k, log, n, step, substitute

from .cases import EIGHT, EXAMPLES, relative_error, sample, spec, specs

SPECS = [of for place, of in enumerate(specs()) if (place // 4 + place) % 2]  # both layouts, both reductions, by turns
SMALL = [of for of in SPECS if of.parameters < 100]
OWN = "max(z,0) + exp(min(z,0)) - 1"


def name(of):
    return "-".join([of.title, *(f.text for f in of.activations), of.cost, of.layout, of.reduction])


def load(text):
    module = ModuleType("exported")
    exec(compile(text, "exported.py", "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("of", SPECS, ids=name)
def test_the_module_agrees_with_the_reference(of):
    program = compile_program(of)
    cases_ = [sample(of, examples) for examples in EXAMPLES]
    found = target.run(program, target.write(program), [one for one, _ in cases_])
    for (_, known), result in zip(cases_, found, strict=True):
        assert relative_error(known, result) < 1e-12
        np.testing.assert_allclose(result.outputs, known.result.outputs, rtol=1e-11)


@pytest.mark.parametrize("of", SPECS, ids=name)
def test_saturated_units_are_right(of):
    program, extreme = compile_program(of), saturated(of)
    [found] = target.run(program, target.write(program), [extreme])
    known = expected(of, extreme).result
    assert found.cost == pytest.approx(known.cost, rel=1e-12, abs=1e-12)
    for pair, got in zip(known.gradient, found.gradient, strict=True):
        for wanted, is_ in zip(pair, got, strict=True):
            np.testing.assert_allclose(is_, wanted, rtol=AT_EXTREMES, atol=1e-12)


def gradient_of(of, one):
    """What the lines for one example make of it, by name."""
    names = {f"x_{unit}": value for unit, value in enumerate(one.x[:, 0].tolist(), start=1)}
    names |= {f"y_{unit}": value for unit, value in enumerate(one.y[:, 0].tolist(), start=1)}
    for layer, (w, b) in enumerate(one.parameters, start=2):
        names |= {f"b{layer}_{row}": value for row, value in enumerate(b[:, 0].tolist(), start=1)}
        for place, value in np.ndenumerate(w):
            names[f"w{layer}_{place[0] + 1}_{place[1] + 1}"] = float(value)
    exec("\n".join(one_example(compile_program(of))), {"math": math}, names)
    return names


@pytest.mark.parametrize("of", [*SMALL, spec((2, 3, 1), OWN, "sigmoid", "quadratic")], ids=name)
def test_the_lines_for_one_example_agree_with_the_reference(of):
    one, known = sample(of, 1)
    names = gradient_of(of, one)
    for layer, (w, b) in enumerate(known.result.gradient, start=2):
        for (row, column), wanted in np.ndenumerate(w):
            assert names[f"nabla_w{layer}_{row + 1}_{column + 1}"] == pytest.approx(wanted, rel=1e-12, abs=0)
        for (row, _), wanted in np.ndenumerate(b):
            assert names[f"nabla_b{layer}_{row + 1}"] == pytest.approx(wanted, rel=1e-12, abs=0)


def test_lines_for_one_example_are_the_same_in_all_layouts_and_for_sums():
    first, *others = (
        one_example(compile_program(spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic", *rest)))
        for rest in (("mean", "columns"), ("mean", "rows"), ("sum", "columns"))
    )
    code = [line for line in first if not line.startswith("#")]
    assert all([line for line in other if not line.startswith("#")] == code for other in others)


def test_lines_for_one_example_raise_where_an_exponential_overflows():
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    with pytest.raises(OverflowError):
        gradient_of(of, saturated(of))


@pytest.mark.parametrize("of", [*SMALL, spec((2, 3, 1), "z*tanh(softplus(z))", "sigmoid", "quadratic")], ids=name)
def test_no_function_is_called_twice_with_the_same(of):
    """Nor is anything else but a product or a difference of two names computed twice within the gradient."""
    tree = ast.parse("\n".join(one_example(compile_program(of))))
    calls = Counter(ast.dump(node) for node in ast.walk(tree) if isinstance(node, ast.Call))
    assert calls == {} or max(calls.values()) == 1
    values = Counter(ast.dump(node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign))
    assert max(count for value, count in values.items() if not value.startswith(("Name", "Constant"))) == 1


# The module.


@pytest.mark.parametrize(
    "of",
    [
        spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic"),
        spec((3, 4, 2), "relu", "softmax", "log-likelihood", layout="rows"),
        spec((4, 3, 3), OWN, "sigmoid", "cross-entropy"),
        spec(EIGHT, "gelu", "tanh", "quadratic"),
    ],
    ids=name,
)
def test_it_tests_itself(tmp_path, of):
    program = compile_program(of)
    text = target.write(program)
    file = tmp_path / "net.py"
    file.write_text(text)
    done = subprocess.run([sys.executable, "-I", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "differences of the cost" in done.stdout
    wrong = text.replace("nabla_b2_1 = delta2_1", "nabla_b2_1 = 1.01 * delta2_1")
    assert wrong != text
    file.write_text(wrong)
    assert subprocess.run([sys.executable, "-I", file], capture_output=True, check=False).returncode == 1


def test_it_needs_nothing_but_python():
    tree = ast.parse(target.write(compile_program(spec((3, 4, 2), "gelu", "softmax", "log-likelihood"))))
    assert {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names} == {
        "math", "random", "sys",
    }  # fmt: skip


def test_it_takes_lists_and_tuples_of_numbers_and_leaves_them_as_they_are():
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    module = load(target.write(compile_program(of)))
    parameters = module.init(3)
    frozen = tuple((tuple(map(tuple, w)), tuple(b)) for w, b in parameters)
    assert module.gradient(frozen, (1, 2), [0.5]) == module.gradient(parameters, [1.0, 2.0], (0.5,))
    moved = module.step(frozen, (1, 2), (0.5,), 0.1)
    assert module.cost(moved, (1, 2), (0.5,)) < module.cost(parameters, (1, 2), (0.5,))
    assert parameters == module.init(3)
    assert [(len(w), len(w[0]), len(b)) for w, b in moved] == [(3, 2, 3), (1, 3, 1)]


@pytest.mark.parametrize(("x", "y"), [((1.0,), (0.5,)), ((1.0, 2.0, 3.0), (0.5,)), ((1.0, 2.0), (0.5, 0.5))])
def test_wrong_sizes_are_errors(x, y):
    module = load(target.write(compile_program(spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic"))))
    with pytest.raises(ValueError, match="values to unpack"):
        module.gradient(module.init(), x, y)
    with pytest.raises(ValueError, match="values to unpack"):
        module.cost(module.init()[:1], (1.0, 2.0), (0.5,))


def test_up_to_2000_parameters_are_written_out():
    of = spec((1998, 1), "tanh", "tanh", "quadratic")
    program = compile_program(of)
    [found] = target.run(program, target.write(program), [sample(of, 1)[0]])
    assert relative_error(sample(of, 1)[1], found) < 1e-11
    with pytest.raises(ValueError, match="a 784-30-10 network has 23,860 parameters: only up to 2,000 are unrolled"):
        straight(compile_program(spec((784, 30, 10), "tanh", "tanh", "quadratic")))


def test_the_numbers_of_python_are_no_float32():
    with pytest.raises(ValueError, match="the numbers of Python are float64"):
        target.write(compile_program(spec((2, 3, 1), "tanh", "tanh", "quadratic", dtype="float32")))


def test_it_is_a_backend_that_is_verified():
    program = compile_program(spec((2, 3, 1), OWN, "sigmoid", "cross-entropy"))
    [check] = in_target(program, UNROLLED, UNROLLED.write(program, []))
    assert "units at z = ±5" in check.words
    assert "±800" in check.words


def test_what_users_wrote_stays_inside_the_docstring():
    of = spec((2, 3, 1), "z/(1+exp(-z))", "sigmoid", "quadratic")
    mine = tuple(Activation(f.name, f.body, 'z """ \\ \x00 \\') if f.own else f for f in of.activations)
    text = target.write(compile_program(type(of)(of.sizes, mine, of.cost)), ['"""', "\\"])
    plain = target.write(compile_program(of))
    assert [ast.dump(node) for node in ast.parse(text).body[1:]] == [
        ast.dump(node) for node in ast.parse(plain).body[1:]
    ]


def test_a_changed_theorem_changes_the_code():
    of = spec((2, 3, 1), "tanh", "sigmoid", "quadratic")
    program, other = compile_program(of), compile_program(spec((2, 3, 1), "tanh", "sigmoid", "cross-entropy"))
    mixed = type(program)(of, program.net, program.forward, program.cost, program.slopes, other.backward)
    assert "delta3_1 = (1.0 - a3_1) * (a3_1 - y_1) * a3_1" in one_example(program)
    assert "delta3_1 = a3_1 - y_1" in one_example(mixed)


def test_every_equation_stands_above_its_lines():
    lines = one_example(compile_program(spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")))
    at = lines.index("# BP2: δ² = (w³ᵀ δ³) ⊙ σ′(z²)")
    assert lines[at + 1] == "# σ′(z²) = (1 − a²) a²"
    assert lines[at + 2].startswith("delta2_1 = ")


# Samples of one example.


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_results_of_single_examples_make_that_of_the_batch(reduction):
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic", reduction)
    whole = draw(of, 4)
    found = together(of, whole, [expected(of, each).result for each in singles(whole)])
    assert relative_error(expected(of, whole), found) < 1e-13


# Entries.


Z = z_x[2, j, i]


def test_steps_are_told_apart():
    assert cases(u * step(u)) == Where(u, 0, u)
    assert cases(step(u) + (1 - step(u)) / 100) == Where(u, Integer(1) / 100, 1)
    assert cases(u**2) == u**2
    assert cases(exp(u * (1 - step(u)))) == Where(u, exp(u), 1)
    assert cases(step(u) * step(1 - u)) in (Where(u, 0, Where(1 - u, 0, 1)), Where(1 - u, 0, Where(u, 0, 1)))


def test_a_softmax_loses_its_largest_exponent():
    top = Top(z_x[2, k, i], k, 1, n(2))
    found = shifted(exp(Z) / Total(exp(z_x[2, k, i]), k, 1, n(2)))
    assert found == exp(Z - top) / Total(exp(z_x[2, k, i] - top), k, 1, n(2))


@pytest.mark.parametrize(
    "e",
    [
        exp(Z) / Total(exp(2 * z_x[2, k, i]), k, 1, n(2)),
        exp(Z) * Total(exp(z_x[2, k, i]), k, 1, n(2)),
        Z / Total(exp(z_x[2, k, i]), k, 1, n(2)),
        exp(Z) ** 2 / Total(exp(z_x[2, k, i]), k, 1, n(2)),
    ],
)
def test_what_is_no_softmax_stays_as_it_is(e):
    assert shifted(e) == e


def test_logarithms_of_outputs_are_taken_before_they_round():
    sigmoid, total = Apply("sigmoid", Z), Total(exp(z_x[2, k, i]), k, 1, n(2))
    assert logarithm(sigmoid) == -Apply("softplus", -Z)
    assert logarithm(1 - sigmoid) == -Apply("softplus", Z)
    assert logarithm(exp(Z) / total) == Z - log(total)
    assert logarithm(1 + sigmoid) is None
    assert logarithm(2 * exp(Z) / total) is None


def test_the_cost_is_made_of_weighted_inputs_where_it_has_logarithms():
    of = spec((2, 3, 1), "relu", "sigmoid", "cross-entropy")
    [line] = Entries(compile_program(of)).cost()
    z, y = z_x[3, k, i], y_x[k, i]
    wanted = Total(y * Apply("softplus", -z) + (1 - y) * Apply("softplus", z), k, 1, n(3))
    assert substitute(line.value, {line.value.args[1]: k}) == wanted


def test_what_is_repeated_gets_a_name_and_nothing_else():
    entries = Entries(compile_program(spec((2, 3, 2), "gelu", "softmax", "quadratic")))
    forward, backward = Names((2, 3, 2)).shared(entries.forward(), entries.backward())
    targets = [line.target for line in (*forward, *backward)]
    assert len(set(targets)) == len(targets)
    [shared] = [line.target for line in forward if line.value == Apply("Phi", Z)]
    assert sum(shared in line.value.atoms(Member) for line in (*forward, *backward)) == 2
    named = [target for target in targets if target.family[0] in "ts" and target.family[1:].isdigit()]
    assert [target.family[0] for target in named] == ["t", "s", "t", "s", "s"]


def test_names_of_one_part_are_not_used_in_another():
    entries = Entries(compile_program(spec((2, 3, 2), "gelu", "sigmoid", "quadratic")))
    _, *others = Names((2, 3, 2)).shared(entries.forward(), entries.backward(), entries.cost())
    first, second = ({line.target.family for line in part} for part in others)
    for part, foreign in ((others[0], second - first), (others[1], first - second)):
        mentioned = {member.family for line in part for member in line.value.atoms(Member)}
        assert not mentioned & {family for family in foreign if family[0] in "ts" and family[1:].isdigit()}
