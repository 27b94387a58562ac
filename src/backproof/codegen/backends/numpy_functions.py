"""Functions that NumPy lacks, or that overflow when they are written down as they are defined: one source each.

All take the weighted inputs z and an array ``out`` for the values, and return ``out``. ``out`` may be z for those that
need z no more once it is written to: relu, softplus, softmax, and sigmoid, which takes a spare array besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SOURCES = {
    "sigmoid": '''def sigmoid(z: Array, spare: Array, out: Array) -> Array:
    """exp(z)/(1 + exp(z)). Above LARGE it is 1 to the last digit."""
    minimum(z, LARGE, out=spare)
    exp(spare, spare)
    add(ONE, spare, out)
    divide(spare, out, out)
    return out
''',
    "relu": '''def relu(z: Array, out: Array) -> Array:
    """z where it is positive, else 0."""
    maximum(z, ZERO, out=out)
    return out
''',
    "leaky_relu": '''def leaky_relu(z: Array, out: Array) -> Array:
    """z where it is positive, else z/100."""
    multiply(z, C_1_100, out)
    maximum(z, out, out=out)
    return out
''',
    "softplus": '''def softplus(z: Array, out: Array) -> Array:
    """log(1 + exp(z)), without the exponential of a large number."""
    logaddexp(z, ZERO, out)
    return out
''',
    "gelu": '''def gelu(z: Array, out: Array) -> Array:
    """z Φ(z)."""
    Phi(z, out)
    multiply(out, z, out)
    return out
''',
    "softmax": '''def softmax(z: Array, out: Array) -> Array:
    """exp(z)/Σ exp(z), over the units; without the largest z, so that nothing overflows."""
    subtract(z, z.max(AXIS, keepdims=True), out)
    exp(out, out)
    divide(out, out.sum(AXIS, keepdims=True), out)
    return out
''',
    "Phi": '''_erfc = np.frompyfunc(math.erfc, 1, 1)


def Phi(z: Array, out: Array) -> Array:
    """The distribution function of the normal law, erfc(-z/√2)/2."""
    out[...] = _erfc(z * -0.7071067811865476)
    multiply(out, C_1_2, out)
    return out
''',
    "erf": '''_erf = np.frompyfunc(math.erf, 1, 1)


def erf(z: Array, out: Array) -> Array:
    """The error function."""
    out[...] = _erf(z)
    return out
''',
    "phi": '''def phi(z: Array, out: Array) -> Array:
    """The density of the normal law, exp(-z²/2)/√(2π)."""
    multiply(z, z, out)
    multiply(out, C_MINUS_1_2, out)
    exp(out, out)
    multiply(out, C_PHI, out)
    return out
''',
}
NEEDS = {"gelu": ("Phi",)}
CONSTANTS = {
    "sigmoid": {"ONE": "1", "LARGE": "709"},
    "relu": {"ZERO": "0"},
    "step": {"ZERO": "0"},
    "leaky_relu": {"C_1_100": "1 / 100"},
    "softplus": {"ZERO": "0"},
    "Phi": {"C_1_2": "1 / 2"},
    "phi": {"C_MINUS_1_2": "-1 / 2", "C_PHI": "0.3989422804014327"},
}


def closure(names: Iterable[str]) -> Iterator[str]:
    """The names with those that they need, each after its own."""
    seen: list[str] = []
    for name in sorted(set(names)):
        seen += [other for other in (*NEEDS.get(name, ()), name) if other not in seen]
    yield from seen


def source(name: str, axis: int) -> str:
    """The definition of a function; sums over the units are along ``axis``."""
    return SOURCES[name].replace("AXIS", str(axis))
