"""A standalone JAX module: pure functions of arrays, for jit, vmap and sharding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

import numpy as np

from ...output import CannotRun
from ..backend import Backend, Failed
from ..comparison import TOLERANCE, worst_error
from ..expected import Expected, expected
from ..program import Program, Spec
from ..sample import Result, Sample
from .operators import Operators, loaded, module_text

CALLS: Final = {
    "exp": "jnp.exp({})",
    "log": "jnp.log({})",
    "tanh": "jnp.tanh({})",
    "sigmoid": "jax.nn.sigmoid({})",
    "softplus": "jax.nn.softplus({})",
    "relu": "jax.nn.relu({})",
    "softmax": "jax.nn.softmax({}, AXIS)",
    "Phi": "ndtr({})",
    "step": "positive({})",
}
SOURCES: Final = {
    "leaky-relu": '''def leaky_relu(z):
    """z where it is positive, else z/100."""
    return jnp.where(z > 0, z, z / 100)
''',
    "gelu": '''def gelu(z):
    """z Φ(z); ndtr is Φ, the distribution function of the normal law, and keeps its digits where it is close to 0."""
    return z * ndtr(z)
''',
    "step": '''def positive(z):
    """1 where z is positive, else 0."""
    return (z > 0).astype(z.dtype)
''',
    "phi": '''def phi(z):
    """The density of the normal law, exp(-z²/2)/√(2π)."""
    return jnp.exp(-z * z / 2) * 0.3989422804014327
''',
}
COSTS: Final = {
    "quadratic": "jnp.sum((a - y) ** 2) / 2",
    "cross-entropy": "jnp.sum(y * jax.nn.softplus(-z) + (1 - y) * jax.nn.softplus(z))",
    "log-likelihood": "-jnp.sum(y * jax.nn.log_softmax(z, AXIS))",
}  # of z and a in the last layer: logarithms of what an activation has rounded to 0 are never taken


class Jax(Operators):
    """Writes with jax.numpy."""

    keep, calls, sources = "keepdims=True", CALLS, SOURCES


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the module; ``verified`` is what its header says of it."""
    return module_text("jax.py.j2", Jax(program), verified, COSTS[program.spec.cost])


def _jax() -> Any:
    try:
        import jax
    except ImportError:
        raise CannotRun("a program for jax is verified by running it: pip install 'backproof[jax]'") from None
    return jax


@contextmanager
def _numbers(spec: Spec) -> Iterator[Any]:
    """jax, with the numbers of the program."""
    jax = _jax()
    place = jax if hasattr(jax, "enable_x64") else jax.experimental  # where it was before jax 0.8
    with place.enable_x64(spec.dtype == "float64"):
        yield jax


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the module makes of the samples, under jit."""
    with _numbers(program.spec) as jax:
        module = loaded(text)
        together = jax.jit(lambda parameters, x, y: _all(module, parameters, x, y))
        return [_result(program.spec, together(*sample.laid_out(program.spec))) for sample in samples]


def _all(module: ModuleType, parameters: Any, x: Any, y: Any) -> tuple[Any, Any, Any]:
    return module.cost(parameters, x, y), module.forward(parameters, x), module.gradient(parameters, x, y)


def _result(spec: Spec, found: tuple[Any, Any, Any]) -> Result:
    cost, outputs, gradient = found
    return Result.read(spec, cost, np.asarray(outputs), [(np.asarray(w), np.asarray(b)) for w, b in gradient])


def checks(program: Program, text: str, samples: Sequence[Sample]) -> list[str]:
    """The gradient, under jit and without it, against the one that JAX derives from the cost."""
    spec, worst = program.spec, [0.0, 0.0]
    with _numbers(spec) as jax:
        module = loaded(text)
        derived, jitted = jax.jit(jax.grad(module.cost)), jax.jit(module.gradient)
        for sample in samples:
            given = sample.laid_out(spec)
            cost, outputs, _ = _all(module, *given)
            magnitude = expected(spec, sample).magnitude
            wanted = Expected(_result(spec, (cost, outputs, derived(*given))), magnitude)
            for place, gradient in enumerate((module.gradient, jitted)):
                found = _result(spec, (cost, outputs, gradient(*given)))
                try:
                    worst[place] = max(worst[place], worst_error(wanted, found, TOLERANCE[spec.dtype]))
                except Failed as failed:
                    raise Failed(f"against jax.grad of the cost{', under jax.jit' * place}: {failed}") from None
    return [
        f"jax.grad of the cost gives the same: largest error of a partial derivative {worst[0]:.0e}, relative to the sum of "
        f"the absolute values of its terms; under jax.jit {worst[1]:.0e}"
    ]


BACKEND = Backend("jax", ".py", write, run, checks)
