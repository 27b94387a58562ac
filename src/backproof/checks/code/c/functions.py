"""The functions of ``math.h`` on exact numbers: their names, and what C++ makes of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from ..residue import FREE, Field, InexactError, Residue

#: Functions of one number that the caller is asked for, by name.
ASKED: Final[dict[str, Callable[[Residue], Any]]] = {
    "sqrt": Residue.sqrt, "exp": Residue.exp, "log": Residue.log, "tanh": Residue.tanh, "cosh": Residue.cosh,
    "sinh": Residue.sinh, "erf": Residue.erf, "log1p": Residue.log1p, "expm1": Residue.expm1, "log2": Residue.log2,
    "sin": Residue.sin, "cos": Residue.cos,
}  # fmt: skip
#: What has no meaning in a field.
LOST: Final = ("floor", "ceil", "round", "trunc", "rint", "lround", "fmod", "atan", "atan2")
FIRST: Final = 10  # the number of the first function; those before are for what goes wrong
POWER: Final = 2


WHOLE: Final = "template <class T, class = typename std::enable_if<std::is_integral<T>::value>::type>"
NUMBER: Final = "backproof_number"


def text() -> str:
    """The functions in C++, and macros that put them in the place of C's."""
    lines = []
    for place, name in enumerate(ASKED, start=FIRST):
        asked = f"backproof_{name}({{}} u) {{{{ return backproof_of({place}, u); }}}}"
        real = f"static inline double backproof_{name}({{}} u) {{{{ return std::{name}((double)u); }}}}"
        lines.append(f"static inline {NUMBER} {asked.format(NUMBER)}")
        lines.append(f"{WHOLE} static inline {NUMBER} {asked.format('T')}")
        lines.extend(real.format(kind) for kind in ("double", "float"))
        lines.extend(f"#define {own}(u) backproof_{name}(u)" for own in (name, f"{name}f", f"__{name}f"))
    for name in LOST:
        lines.append(
            f"static inline {NUMBER} backproof_{name}({NUMBER} u, {NUMBER} = 0) {{ return backproof_of(0, u); }}"
        )
        lines.extend(f"#define {own}(...) backproof_{name}(__VA_ARGS__)" for own in (name, f"{name}f"))
    names = [f"backproof_{name}" for name in (*ASKED, *LOST, "max", "min", "abs", "pow", "nan", "inf")]
    return "\n".join(lines) + REST + f"namespace std {{ {' '.join(f'using ::{name};' for name in names)} {LIMITS} }}\n"


#: What C++ says of numbers, of these.
LIMITS: Final = """
static inline backproof_number max(backproof_number a, backproof_number b) { return backproof_max(a, b); }
static inline backproof_number min(backproof_number a, backproof_number b) { return backproof_min(a, b); }
static inline backproof_number abs(backproof_number a) { return backproof_abs(a); }
template <> struct numeric_limits<backproof_number> {
    static backproof_number max() { return 3.4e38; }
    static backproof_number lowest() { return -3.4e38; }
    static backproof_number min() { return 1.2e-38; }
    static backproof_number epsilon() { return 1.2e-7; }
    static backproof_number infinity() { return HUGE_VAL; }
};
"""

REST: Final = """
static inline backproof_number backproof_max(backproof_number a, backproof_number b) { return a.s < b.s ? b : a; }
static inline backproof_number backproof_min(backproof_number a, backproof_number b) { return b.s < a.s ? b : a; }
static inline backproof_number backproof_abs(backproof_number a) { return a.s < 0 ? -a : a; }
static inline double backproof_pow(double a, double b) { return std::pow(a, b); }
static inline backproof_number backproof_pow(backproof_number a, backproof_number b) { return backproof_of(2, a, b); }
#define backproof_fma(a, b, c) (backproof_number(a) * (b) + (c))
static inline bool backproof_nan(backproof_number a) { return a.s != a.s; }
static inline bool backproof_inf(backproof_number a) { return a.s - a.s != 0 && a.s == a.s; }
#define fmaxf(a, b) backproof_max(a, b)
#define fmax(a, b) backproof_max(a, b)
#define fminf(a, b) backproof_min(a, b)
#define fmin(a, b) backproof_min(a, b)
#define fabsf(a) backproof_abs(a)
#define fabs(a) backproof_abs(a)
#define powf(a, b) backproof_pow(a, b)
#define pow(a, b) backproof_pow(a, b)
#define fmaf(a, b, c) backproof_fma(a, b, c)
#define fma(a, b, c) backproof_fma(a, b, c)
#define rsqrtf(a) (backproof_number(1) / backproof_sqrt(backproof_number(a)))
#define rsqrt(a) (backproof_number(1) / backproof_sqrt(backproof_number(a)))
#undef isnan
#undef isinf
#undef isfinite
#define isnan(a) backproof_nan(a)
#define isinf(a) backproof_inf(a)
#define isfinite(a) (!backproof_nan(a) && !backproof_inf(a))
"""


def value(number: int, a: Residue, b: Residue) -> Residue:
    """What the program asks for: the function with this number. InexactError where it has no meaning."""
    if number == 0:
        raise InexactError("it converts its numbers to integers")
    if number == 1:
        raise ZeroDivisionError("division by 0")
    if number == POWER:
        return power(a, b)
    name = list(ASKED)[number - FIRST]
    found: Residue = ASKED[name](a)
    return found


def power(a: Residue, b: Residue) -> Residue:
    """``powf``: with a whole or half exponent as products, of constants a constant, else a function of which nothing is known."""
    of: Field = a.field
    if b.shadow < 0:
        return 1 / power(a, -b)  # type: ignore[no-any-return]
    doubled = round(2 * b.shadow) if math.isfinite(b.shadow) and abs(b.shadow) < 64 else None
    if doubled is not None and of.number(doubled).residue == (b + b).residue:
        made: Residue = a ** (doubled // 2) if doubled % 2 == 0 else a ** (doubled / 2)
        return made
    real = math.pow(a.shadow, b.shadow) if a.shadow > 0 else math.nan
    if not (a.top or a.bottom or b.top or b.bottom) and math.isfinite(real):
        return of.number(real)  # constants: what floating point makes of them, as 10 of 10000 and 1/4
    of.met(a)
    of.met(b)
    return Residue(of, of.function("pow", a.residue * 3 + b.residue * 7), real, FREE, FREE)


__all__ = ["ASKED", "text", "value"]
