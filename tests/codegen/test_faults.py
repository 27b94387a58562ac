"""Faults of the kind that people find in the field, planted in what was written: the verification refuses each."""

from __future__ import annotations

import numpy as np
import pytest

from backproof.codegen.backend import Failed, backend, unrolled
from backproof.codegen.program import compile_program
from backproof.codegen.verification import in_target

from .cases import spec

WIDE = spec((20, 30, 5), "sigmoid", "sigmoid", "cross-entropy")
TINY = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
SMALL = spec((4, 6, 3), "tanh", "sigmoid", "quadratic")
RECTIFIED = spec((20, 13, 3), "relu", "sigmoid", "cross-entropy")
ONE_OUT = spec((3, 8, 1), "tanh", "z/(1+exp(-z))", "quadratic")

NUMPY = [  # what is wrong, the net, a text, and what stands there instead
    ("a sigmoid that saturates at 20", WIDE, "LARGE = np.array(709", "LARGE = np.array(20"),
    ("a sigmoid that saturates at 25", WIDE, "LARGE = np.array(709", "LARGE = np.array(25"),
    ("a sigmoid that overflows at 710", WIDE, "LARGE = np.array(709", "LARGE = np.array(800"),
    ("inputs clipped at 10", WIDE, "    m = _check(parameters, x, y)\n    work",
     "    m = _check(parameters, x, y)\n    x = np.clip(x, -10, 10)\n    work"),
    ("derivatives clipped at 5", WIDE, "    if out is None:  # what",
     "    nabla_w2.clip(-5, 5, nabla_w2)\n    if out is None:  # what"),
    ("targets clipped to [0, 1]", WIDE, "    m = _check(parameters, x, y)\n    work",
     "    m = _check(parameters, x, y)\n    y = np.clip(y, 0, 1)\n    work"),
    ("targets clipped away from 0 and 1", WIDE, "    m = _check(parameters, x, y)\n    work",
     "    m = _check(parameters, x, y)\n    y = np.where(y == 0, 1e-3, np.where(y == 1, 1 - 1e-3, y))\n    work"),
    ("a step that ignores eta", WIDE, "multiply(nabla_w, eta, nabla_w)", "multiply(nabla_w, 0.5, nabla_w)"),
    ("a step of the weights alone", WIDE, "        b -= nabla_b", "        b -= 0 * nabla_b"),
    ("float32 biases to start from", WIDE, "b = np.empty((rows, 1), DTYPE)", "b = np.empty((rows, 1), 'f')"),
    ("threads that share arrays", WIDE, "class _Own(local)", "class _Own"),
    ("threads that share arrays of a tiny net", TINY, "class _Own(local)", "class _Own"),
    ("a mean that is wrong from 18 examples on", WIDE, "np.array(1 / m, DTYPE)", "np.array(1 / min(m, 17), DTYPE)"),
    ("a mean that is wrong above 64 examples", TINY, "np.array(1 / m, DTYPE)", "np.array(1 / min(m, 64), DTYPE)"),
    ("examples left out above 64", WIDE, "    # BP4: ∂C/∂w²", "    delta2[:, 64:] = 0\n    # BP4: ∂C/∂w²"),
    ("results that lie in one workspace", WIDE, "        nabla_w2 = empty_like(nabla_w2)\n", ""),
    ("biases that lie in one workspace", WIDE, "        nabla_b2 = nabla_b2.copy()\n", ""),
    ("results of a tiny net in one workspace", TINY, "nabla_w2.copy()", "nabla_w2"),
    ("one example of a tiny net in one workspace", TINY, "[(w.copy(), b.copy()) for w, b in work.nabla]", "work.nabla"),
    ("the ninth size of a batch gets the arrays of the first", TINY, "            _own.work.clear()",
     "            return next(iter(_own.work.values()))"),
    ("workspaces of another size are taken", WIDE, "    if work.m != m:", "    if False:"),
    ("the products of large batches are wrong", WIDE, '("S", "S", matmul)',
     '("S", "S", lambda u, v, w: matmul(u, -v, w))'),
    ("the products of a workspace are wrong", WIDE, "dot(right.T, left.T, out.T)", "dot(2 * right.T, left.T, out.T)"),
    ("lists are not taken", WIDE, "    x, y = asarray(x, DTYPE), asarray(y, DTYPE)\n    m", "    m"),
    ("float32 weights are taken", WIDE, "b.shape, w.dtype, b.dtype)", "b.shape, DTYPE, b.dtype)"),
    ("float32 biases are taken", WIDE, "b.shape, w.dtype, b.dtype)", "b.shape, w.dtype, DTYPE)"),
    ("float32 weights of a tiny net are taken", TINY, "w2.dtype, ", ""),
    ("read-only parameters move half", WIDE, "    if not all(part.flags", "    if False and not all(part.flags"),
    ("memory in C order is taken for granted", WIDE, "    z2 = dot(w2, x)",
     "    z2 = dot(w2, x.ravel('K').reshape(x.shape))"),
    ("NaN is swallowed", RECTIFIED, "    maximum(z, ZERO, out=out)", "    np.fmax(z, ZERO, out=out)"),
    ("the slope at the kink", RECTIFIED, "heaviside(z2, ZERO, slope2)", "heaviside(z2, ONE, slope2)"),
    ("SIZES", RECTIFIED, "SIZES = (20, 13, 3)", "SIZES = (20, 13, 4)"),
    ("weights to start from are 0", RECTIFIED, "w[...] = deviation * rng", "w[...] = 0 * rng"),
    ("biases to start from are not drawn", RECTIFIED, "        b[...] = rng.standard_normal(b.shape)\n", ""),
    ("one unit that overflows at +800", ONE_OUT, "    exp(", "    add(z, 0 * exp(z) * (z.shape[0] == 1), z)\n    exp("),
    ("the self test is broken", WIDE, "1e-3, 1e-4, 1e-5", "1e+3"),
    ("a workspace that is slow to be chosen fails", WIDE, "times.index(min(times))", "len(times)"),
]  # fmt: skip
TORCH = [
    ("a scaled loss", SMALL, "(shares[0] * part", "(shares[0] * shares[0] * part"),
    ("a loss without its scale", SMALL, "(shares[0] * part", "(part"),
    ("derivatives by x are None without a word", SMALL, "if any(ctx.needs_input_grad[:2]):", "if False:"),
    (
        "float32 biases to start from",
        SMALL,
        "rows, 1, generator=generator, dtype=DTYPE",
        "rows, 1, generator=generator",
    ),
    ("a step of the weights alone", SMALL, "b -= eta * nabla_b", "b -= 0 * nabla_b"),
    ("a step that ignores eta", SMALL, "w -= eta *", "w -= 0.5 *"),
    ("wrong shapes are taken", SMALL, "    if found != _SHAPES or", "    if"),
]  # fmt: skip
JAX = [
    ("a step that ignores eta", SMALL, "(w - eta * nabla_w", "(w - 0.5 * nabla_w"),
    ("float32 biases to start from", SMALL, "(rows, 1), DTYPE)))", '(rows, 1), "float32")))'),
]
UNROLLED = [
    ("SIZES", SMALL, "SIZES = (4, 6, 3)", "SIZES = (9, 9, 9)"),
    ("no parameters to start from", SMALL, "    rng, parameters = random.Random(seed), []", "    raise RuntimeError"),
    ("a sigmoid that saturates at 20", SMALL, "    if z >= 0.0:\n        return 1.0 / (1.0 + math.exp(-z))",
     "    if z >= 0.0:\n        return 1.0 / (1.0 + math.exp(-min(z, 20.0)))"),
    ("a step that ignores eta", SMALL, "p - eta * d", "p - 0.5 * d"),
]  # fmt: skip
C = [
    ("a batch from 65 on", WIDE, "        net_backward_block(p, s, y + first",
     "        if (first < 64) net_backward_block(p, s, y + first"),
    ("a sigmoid that saturates at 20", WIDE, "return 1 / (1 + exp(-z));", "return 1 / (1 + exp(z > 20 ? -20 : -z));"),
    ("a step that ignores eta", WIDE, "p->w2[j][k] -= eta *", "p->w2[j][k] -= 0.5 *"),
]  # fmt: skip


def planted(name, table, **options):
    return [pytest.param(name, *line, options, id=f"{name}: {line[0]}") for line in table]


@pytest.mark.parametrize(
    ("to", "what", "of", "text", "instead", "options"),
    [
        *planted("numpy", NUMPY),
        *planted("torch", TORCH),
        *planted("jax", JAX),
        *planted("numpy", UNROLLED, unroll=True),
        *planted("c", C),
    ],
)
def test_it_is_refused(to, what, of, text, instead, options):
    chosen = unrolled(to) if options else backend(to)
    program = compile_program(of)
    written = chosen.write(program, ())
    assert text in written, what
    with pytest.raises(Failed), np.errstate(all="ignore"):
        in_target(program, chosen, written.replace(text, instead))


@pytest.mark.parametrize("of", [WIDE, TINY, SMALL, RECTIFIED, ONE_OUT], ids=lambda of: of.title)
def test_without_a_fault_it_is_not(of):
    program = compile_program(of)
    in_target(program, backend("numpy"), backend("numpy").write(program, ()))
