"""A standalone JAX module: pure functions of arrays, for jit, vmap and sharding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import numpy as np

from ...errors import CannotRun
from ..backend import Backend, Failed
from ..comparison import RELATIVE, TOLERANCE, agreement, starts
from ..cost_text import LOG_SOFTMAX
from ..expected import Expected, expected
from ..loading import loaded
from ..program import Program, Spec
from ..sample import Result, Sample
from .operators import ERROR, Operators, module_text

CALLS: Final = {
    "exp": "jnp.exp({})",
    LOG_SOFTMAX: "jax.nn.log_softmax({}, AXIS)",
    "log": "jnp.log({})",
    "sqrt": "jnp.sqrt({})",
    "expm1": "jnp.expm1({})",
    "log1p": "jnp.log1p({})",
    "erf": "jax.scipy.special.erf({})",
    "tanh": "jnp.tanh({})",
    "sigmoid": "jax.nn.sigmoid({})",
    "softplus": "jax.nn.softplus({})",
    "relu": "jax.nn.relu({})",
    "softmax": "jax.nn.softmax({}, AXIS)",
    "Phi": "ndtr({})",
    "step": "positive({})",
}
SOURCES: Final = {
    "leaky-relu": '''def leaky_relu(z: jax.Array) -> jax.Array:
    """z where it is positive, else z/100."""
    return jnp.where(z > 0, z, z / 100)
''',
    "gelu": '''def gelu(z: jax.Array) -> jax.Array:
    """z Φ(z), where ndtr is Φ, the distribution function of the normal law."""
    return z * ndtr(z)
''',
    "step": '''def positive(z: jax.Array) -> jax.Array:
    """1 where z is positive, else 0."""
    return (z > 0).astype(z.dtype)
''',
    "phi": '''def phi(z: jax.Array) -> jax.Array:
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

    array, where = "jax.Array", "jnp.where"
    keep, calls, sources = "keepdims=True", CALLS, SOURCES

    @staticmethod
    def library(text: str) -> list[str]:
        of_special = ["from jax.scipy.special import ndtr"] * ("ndtr(" in text)
        return ["import jax", "import jax.numpy as jnp", *of_special]


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the module; ``verified`` is what its header says of it."""
    show = Jax(program)
    return module_text("jax.py.j2", show, verified, show.cost(COSTS, "jnp.sum"), "jax")


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
    place = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")  # where it was before jax 0.8
    with place.enable_x64(spec.dtype == "float64"):
        yield jax


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the module makes of the samples, under jit."""
    with _numbers(program.spec) as jax:
        module = loaded(text)
        starts(program.spec, module)
        together = jax.jit(lambda *given: _all(module, *given))
        return [_result(program.spec, together(*one.laid_out(program.spec), one.eta)) for one in samples]


def _all(module: ModuleType, parameters: Any, x: Any, y: Any, eta: Any) -> tuple[Any, ...]:
    given = parameters, x, y
    return module.cost(*given), module.forward(parameters, x), module.gradient(*given), module.step(*given, eta)


def _result(spec: Spec, found: tuple[Any, ...]) -> Result:
    cost, outputs, *pairs = found
    arrays = ([(np.asarray(w), np.asarray(b)) for w, b in listed] for listed in pairs)
    return Result.read(spec, cost, np.asarray(outputs), *arrays)


def checks(program: Program, text: str, samples: Sequence[Sample]) -> list[str]:
    """The gradient, under jit and without it, against the one that JAX derives from the cost."""
    spec, worst = program.spec, [0.0, 0.0]
    with _numbers(spec) as jax:
        module = loaded(text)
        derived, jitted = jax.jit(jax.grad(module.cost)), jax.jit(module.gradient)
        for place, (gradient, tried) in enumerate(((module.gradient, samples[:1]), (jitted, samples))):
            for sample in tried:
                given = sample.laid_out(spec)
                others = 0.0, given[2]  # in the places of the cost and the outputs, which are not looked at here
                wanted = Expected(_result(spec, (*others, derived(*given))), expected(spec, sample).magnitude)
                found = _result(spec, (*others, gradient(*given)))
                try:
                    worst[place] = max(worst[place], agreement(spec, sample, wanted, found, TOLERANCE[spec.dtype]))
                except Failed as failed:
                    raise Failed(f"against jax.grad of the cost{', under jax.jit' * place}: {failed}") from None
    return [f"jax.grad of the cost gives the same: {ERROR} {worst[0]:.0e}, {RELATIVE}; under jax.jit {worst[1]:.0e}"]


BACKEND = Backend("jax", ".py", write, run, checks, sizes=(70,))
