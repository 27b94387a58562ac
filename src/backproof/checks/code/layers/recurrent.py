"""One step of a recurrent layer, of an LSTM and of a GRU, for several examples at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import algebra, both, chain_rule, definition, differentiation, theorem
from ....networks.own import any_function, axes, network, quantities, total
from ....surface.terms import C, D, exp
from .layer import Layer, Number, Part, Proved, Reading, Slot
from .layout import Joined

(b, B), (j, N), (r, _), (k, K) = axes("b:B j:N r:N k:K")
p, q = Symbol("p"), Symbol("q")
x, h0, h, W, U, beta, z = quantities("x h0 h W U beta z")


def squashed(u: Any) -> Any:
    """The hyperbolic tangent."""
    return (exp(u) - exp(-u)) / (exp(u) + exp(-u))


def opened(u: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + exp(-u))


def slope(net: Any, of: Any, by: Any, *, squashing: bool) -> Any:
    """Of what is a hyperbolic tangent or a logistic function of ``by``, in its own words."""
    e, f = exp(by), exp(-by)
    first = ((e + f) ** 2 - (e - f) ** 2) / (e + f) ** 2 if squashing else f / (1 + f) ** 2
    second = 1 - ((e - f) / (e + f)) ** 2 if squashing else 1 / (1 + f) * (1 - 1 / (1 + f))
    last = 1 - of**2 if squashing else of * (1 - of)
    return calc(
        net, D(of, by),
        (first, both(definition(of), differentiation)),
        (second, algebra),
        (last, definition(of)),
    )  # fmt: skip


def weighted(net: Any, gate: str, of: Any, *parameters: Any) -> dict[str, Any]:
    """By what is multiplied, and by what is added, in the weighted inputs of a gate: examples share them."""
    inputs, recurrent, bias, seen = parameters
    rows = (("weights", inputs, x), ("recurrent-weights", recurrent, seen))
    made = {
        f"{name}-{gate}": calc(
            net, D(C, by[p, q]), (total(D(C, of[b, p]) * other[b, q], b), chain_rule(through=of[b, j]))
        )
        for name, by, other in rows
    }
    made[f"bias-{gate}"] = calc(net, D(C, bias[p]), (total(D(C, of[b, p]), b), chain_rule(through=of[b, j])))
    return made


# A plain recurrent layer.


def recurrent_step() -> Proved:
    """As in the chapter on recurrent layers, at one time, for several examples."""
    net = network(
        "a step of a recurrent layer", (b, j, r, k),
        x[b, k], h0[b, j], W[j, k], U[j, r], beta[j],
        (z[b, j], total(W[j, k] * x[b, k], k) + total(U[j, r] * h0[b, r], r) + beta[j]),
        (h[b, j], squashed(z[b, j])),
        (C, any_function(h[b, j])),
    )  # fmt: skip
    error = calc(
        net, D(C, z[b, q]),
        (D(C, h[b, q]) * D(h[b, q], z[b, q]), chain_rule(through=h[b, j])),
        (D(C, h[b, q]) * (1 - h[b, q] ** 2), theorem(slope(net, h[b, q], z[b, q], squashing=True))),
    )  # fmt: skip
    made = {
        "error": error,
        "input": calc(net, D(C, x[b, q]), (total(D(C, z[b, j]) * W[j, q], j), chain_rule(through=z[b, j]))),
        "state": calc(net, D(C, h0[b, q]), (total(D(C, z[b, j]) * U[j, q], j), chain_rule(through=z[b, j]))),
        **weighted(net, "h", z, W, U, beta, h0),
    }
    return Proved(net, {f"recurrent-{name}": one.theorem for name, one in made.items()})


# An LSTM.

c0, c, e, s = quantities("c0 c e s")
GATES: Final = "ifog"
gates = dict(zip(GATES, quantities("i f o g"), strict=True))
inner = dict(zip(GATES, quantities("zi zf zo zg"), strict=True))
weights = dict(zip(GATES, quantities("Wi Wf Wo Wg"), strict=True))
recurrent = dict(zip(GATES, quantities("Ui Uf Uo Ug"), strict=True))
biases = dict(zip(GATES, quantities("bi bf bo bg"), strict=True))


def lstm_step() -> Proved:
    """As in the chapter on the LSTM, at one time, for several examples; the cell goes on to the next step as ``e``."""
    gi, gf, go, gg = (gates[name] for name in GATES)
    net = network(
        "a step of an LSTM", (b, j, r, k),
        x[b, k], h0[b, j], c0[b, j],
        *(weights[n][j, k] for n in GATES), *(recurrent[n][j, r] for n in GATES), *(biases[n][j] for n in GATES),
        *((inner[n][b, j], total(weights[n][j, k] * x[b, k], k) + total(recurrent[n][j, r] * h0[b, r], r) + biases[n][j])
          for n in GATES),
        *((gates[n][b, j], opened(inner[n][b, j])) for n in "ifo"), (gg[b, j], squashed(inner["g"][b, j])),
        (c[b, j], gf[b, j] * c0[b, j] + gi[b, j] * gg[b, j]),
        (s[b, j], squashed(c[b, j])),
        (h[b, j], go[b, j] * s[b, j]),
        (e[b, j], c[b, j]),
        (C, any_function(h[b, j], e[b, j])),
    )  # fmt: skip
    at = (b, q)
    seen = D(C, h[at]) * go[at]
    cell = calc(
        net, D(C, c[at]),
        (D(C, s[at]) * D(s[at], c[at]) + D(C, e[at]), chain_rule(through=(s[b, j], e[b, j]))),
        (seen * D(s[at], c[at]) + D(C, e[at]), chain_rule(through=h[b, j])),
        (seen * (1 - s[at] ** 2) + D(C, e[at]), theorem(slope(net, s[at], c[at], squashing=True))),
    )  # fmt: skip
    made = {"cell": cell}
    coming = {"i": D(C, c[at]) * gg[at], "f": D(C, c[at]) * c0[at], "o": D(C, h[at]) * s[at], "g": D(C, c[at]) * gi[at]}
    for name in GATES:
        gate, of, squashing = gates[name][at], inner[name][at], name == "g"
        through = h[b, j] if name == "o" else c[b, j]
        made[f"gate-{name}"] = calc(
            net, D(C, of),
            (D(C, gate) * D(gate, of), chain_rule(through=gates[name][b, j])),
            (coming[name] * D(gate, of), chain_rule(through=through)),
            (coming[name] * (1 - gate**2 if squashing else gate * (1 - gate)),
             theorem(slope(net, gate, of, squashing=squashing))),
        )  # fmt: skip
        made |= weighted(net, name, inner[name], weights[name], recurrent[name], biases[name], h0)
    every = tuple(inner[n][b, j] for n in GATES)
    for name, by, own in (("input", x, weights), ("state", h0, recurrent)):
        back = sum(total(D(C, inner[n][b, j]) * own[n][j, q], j) for n in GATES)
        made[name] = calc(net, D(C, by[at]), (back, chain_rule(through=every)))
    made["cell-before"] = calc(net, D(C, c0[at]), (D(C, c[at]) * gf[at], chain_rule(through=c[b, j])))
    return Proved(net, {f"lstm-{name}": one.theorem for name, one in made.items()})


# A GRU.

u, v, n, w = quantities("u v n w")
ZU, ZR, ZN = quantities("zu zr zn")
PARTS: Final = "urn"
gru_weights = dict(zip(PARTS, quantities("Wu Wr Wn"), strict=True))
gru_recurrent = dict(zip(PARTS, quantities("Uu Ur Un"), strict=True))
gru_biases = dict(zip(PARTS, quantities("bu br bn"), strict=True))


def gru_step(*, keeps: bool) -> Proved:
    """As in the chapter on the GRU, at one time, for several examples. ``keeps``: the gate u says what is kept."""
    sums = dict(zip(PARTS, (ZU, ZR, ZN), strict=True))
    before = {"u": h0, "r": h0, "n": w}
    new, old = (1 - u[b, j], u[b, j]) if keeps else (u[b, j], 1 - u[b, j])
    net = network(
        "a step of a GRU", (b, j, r, k),
        x[b, k], h0[b, j],
        *(gru_weights[e][j, k] for e in PARTS), *(gru_recurrent[e][j, r] for e in PARTS), *(gru_biases[e][j] for e in PARTS),
        *((sums[e][b, j], total(gru_weights[e][j, k] * x[b, k], k) + total(gru_recurrent[e][j, r] * h0[b, r], r) + gru_biases[e][j])
          for e in "ur"),
        (u[b, j], opened(ZU[b, j])), (v[b, j], opened(ZR[b, j])),
        (w[b, j], v[b, j] * h0[b, j]),
        (ZN[b, j], total(gru_weights["n"][j, k] * x[b, k], k) + total(gru_recurrent["n"][j, r] * w[b, r], r) + gru_biases["n"][j]),
        (n[b, j], squashed(ZN[b, j])),
        (h[b, j], old * h0[b, j] + new * n[b, j]),
        (C, any_function(h[b, j])),
    )  # fmt: skip
    at = (b, q)
    back, sign = D(C, h[at]), 1 if keeps else -1
    new_, old_ = (1 - u[at], u[at]) if keeps else (u[at], 1 - u[at])
    made = {
        "candidate": calc(
            net, D(C, ZN[at]),
            (D(C, n[at]) * D(n[at], ZN[at]), chain_rule(through=n[b, j])),
            (back * new_ * D(n[at], ZN[at]), chain_rule(through=h[b, j])),
            (back * new_ * (1 - n[at] ** 2), theorem(slope(net, n[at], ZN[at], squashing=True))),
        ),
        "seen": calc(net, D(C, w[at]), (total(D(C, ZN[b, j]) * gru_recurrent["n"][j, q], j), chain_rule(through=ZN[b, j]))),
        "reset-gate": calc(
            net, D(C, ZR[at]),
            (D(C, v[at]) * D(v[at], ZR[at]), chain_rule(through=v[b, j])),
            (D(C, w[at]) * h0[at] * D(v[at], ZR[at]), chain_rule(through=w[b, j])),
            (D(C, w[at]) * h0[at] * v[at] * (1 - v[at]), theorem(slope(net, v[at], ZR[at], squashing=False))),
        ),
        "update-gate": calc(
            net, D(C, ZU[at]),
            (D(C, u[at]) * D(u[at], ZU[at]), chain_rule(through=u[b, j])),
            (back * sign * (h0[at] - n[at]) * D(u[at], ZU[at]), chain_rule(through=h[b, j])),
            (back * sign * (h0[at] - n[at]) * u[at] * (1 - u[at]), theorem(slope(net, u[at], ZU[at], squashing=False))),
        ),
        "state": calc(
            net, D(C, h0[at]),
            (back * old_ + D(C, w[at]) * v[at] + total(D(C, ZU[b, j]) * gru_recurrent["u"][j, q], j)
             + total(D(C, ZR[b, j]) * gru_recurrent["r"][j, q], j),
             chain_rule(through=(h[b, j], w[b, j], ZU[b, j], ZR[b, j]))),
        ),
        "input": calc(
            net, D(C, x[at]),
            (sum(total(D(C, sums[e][b, j]) * gru_weights[e][j, q], j) for e in PARTS),
             chain_rule(through=(ZU[b, j], ZR[b, j], ZN[b, j]))),
        ),
    }  # fmt: skip
    for e in PARTS:
        made |= weighted(net, e, sums[e], gru_weights[e], gru_recurrent[e], gru_biases[e], before[e])
    return Proved(net, {f"gru-{name}": one.theorem for name, one in made.items()})


# How programs have them: examples as rows, as columns, or one at a time.

ROWS, COLUMNS, ONE = "b {}", "{} b", "{}"


def rows(letter: str) -> tuple[str, ...]:
    """Of an array with a row for each example."""
    return tuple(way.format(letter) for way in (ROWS, ROWS, COLUMNS, ONE, ONE, COLUMNS))


def matrix(letter: str) -> tuple[str, ...]:
    """A matrix from this letter to the units."""
    return (f"{letter} j", f"j {letter}", f"j {letter}", f"j {letter}", f"{letter} j", f"{letter} j")


def bias() -> tuple[str, ...]:
    return ("j", "j", "j 1", "j", "j", "j 1")


def stacked(families: Sequence[str], letter: str) -> tuple[Any, ...]:
    """The matrices of all gates as one."""
    count = len(families)
    made = []
    for one in matrix(letter):
        axis = 0 if one.startswith("j") else 1
        made.append(Joined((one,) * count, axis=axis))
    return tuple(made)


def together(names: str, families: Sequence[str], letter: str = "") -> Slot:
    """Parameters of all gates in one array, in this order."""
    layouts = stacked(families, letter) if letter else tuple(Joined((one,) * len(families), axis=0) for one in bias())
    return Slot(names, tuple(Part(f, f"j {letter}".strip()) for f in families), layouts)


X: Final = Slot("x xt x_t inp input", (Part("x", "b k"),), rows("k"))
BEFORE: Final = Slot("h_prev prev_h hprev h0 hidden h_prev_t a_prev ht_1 h_pre hs_prev prev_hidden h_tm1",
                     (Part("h0", "b j"),), rows("j"))  # fmt: skip
SIZES: Final = {"B": "b", "N": "j", "K": "k"}
LETTERS: Final = ({"b": 2, "j": 4, "r": 4, "k": 3}, {"b": 1, "j": 4, "r": 4, "k": 3})
NUMBERS: Final = (
    Number("B batch batch_size N m", "b"),
    Number("H hidden hidden_size n_h units n_a hs D_h hdim", "j"),
    Number("D input_size I n_x input_dim X in_size E D_x xdim", "k"),
)


def state(names: str, family: str, role: str = "saved") -> Slot:
    return Slot(names, (Part(family, "b j"),), rows("j"), role)


RNN: Final = Layer(
    "rnn",
    recurrent_step,
    LETTERS,
    SIZES,
    (
        X,
        BEFORE,
        Slot("Wx Wxh W_xh U W_ih Wax weight_ih w_x W", (Part("W", "j k"),), matrix("k")),
        Slot("Wh Whh W_hh W_h Waa weight_hh V w_h U", (Part("U", "j r"),), matrix("r")),
        Slot("b bh bias ba b_h", (Part("beta", "j"),), bias()),
        state("h next_h h_next a_next ht h_t hnext out y", "h", "output"),
    ),
    NUMBERS,
    words="h = tanh(W x + U h_prev + b)",
)  # fmt: skip

GATE_NAMES: Final = {
    "i": ("i it input_gate i_gate i_t in_gate", "Wi W_i Wxi W_ix", "Ui U_i Whi W_hi W_ih", "bi b_i"),
    "f": ("f ft forget_gate f_gate f_t hf", "Wf W_f Wxf W_fx", "Uf U_f Whf W_hf W_fh", "bf b_f"),
    "o": ("o ot output_gate o_gate o_t ho", "Wo W_o Wxo W_ox", "Uo U_o Who W_ho W_oh", "bo b_o"),
    "g": ("g gt cct c_bar c_hat c_tilde candidate g_t a hc c_candidate", "Wg Wc W_g W_c Wxc Wxg W_cx",
          "Ug Uc U_g U_c Whc Whg W_hc W_ch", "bg bc b_g b_c"),
}  # fmt: skip
ORDERS: Final = ("ifog", "ifgo", "fiog", "figo", "iofg", "fogi")


def of_gates(at: int, families: dict[str, Any]) -> list[Slot]:
    """A matrix for each gate, whose columns are those of the state before, then of the input, or the other way round."""
    made: list[Slot] = []
    for name in GATES:
        both_, own = GATE_NAMES[name][at], families[name].name
        letter = "k" if at == 1 else "r"
        made.append(Slot(both_, (Part(own, f"j {letter}"),), matrix(letter)))
    return made


def concatenated(first: str) -> list[Slot]:
    """One matrix for each gate, for state and input behind one another."""
    made = []
    for name in GATES:
        ins, states = Part(f"W{name}", "j k"), Part(f"U{name}", "j r")
        parts = (states, ins) if first == "state" else (ins, states)
        layouts = []
        for one, other in zip(matrix("r"), matrix("k"), strict=True):
            own = (one, other) if first == "state" else (other, one)
            layouts.append(Joined(own, axis=1 if one.startswith("j") else 0))
        made.append(Slot(GATE_NAMES[name][1], parts, tuple(layouts)))
    return made


def in_one_order(order: str) -> list[Slot]:
    return [
        together("Wx W_ih W weight_ih wx", [f"W{name}" for name in order], "k"),
        together("Wh W_hh U weight_hh wh", [f"U{name}" for name in order], "r"),
        together("b bias", [f"b{name}" for name in order]),
    ]


def lstm(slots: Sequence[Slot], words: str) -> Layer:
    """With these parameters."""
    return Layer(
        "lstm",
        lstm_step,
        LETTERS,
        SIZES,
        (
            X,
            BEFORE,
            Slot("c_prev prev_c cprev c0 c_pre c_old prev_cell c_tm1 ct_1 cs_prev", (Part("c0", "b j"),), rows("j")),
            *slots,
            *(state(GATE_NAMES[name][0], name) for name in GATES),
            state("tanh_c tc tanh_next_c tanhc tanh_ct", "s"),
            state("h next_h h_next a_next ht h_t hnext", "h", "output"),
            state("next_c c_next c ct c_t cnext c_new cell", "e", "output"),
        ),
        NUMBERS,
        readings=(Reading(words),),
        words="c = f c_prev + i g, h = o tanh c",
    )


SEPARATE: Final = [
    *of_gates(1, weights), *of_gates(2, recurrent),
    *(Slot(GATE_NAMES[name][3], (Part(f"b{name}", "j"),), bias()) for name in GATES),
]  # fmt: skip
BIASES: Final = SEPARATE[-4:]
LSTMS: Final = (
    *(lstm(in_one_order(order), f"gates in the order {', '.join(order)}") for order in ORDERS),
    lstm(SEPARATE, "weights for each gate"),
    *(lstm([*concatenated(first), *BIASES], f"weights for {first} first") for first in ("state", "input")),
)

GRU_NAMES: Final = {
    "u": ("z u zt z_t update update_gate", "Wz Wu W_z Wxz W_xz", "Uz Uu U_z Whz W_hz", "bz bu b_z"),
    "r": ("r rt r_t reset reset_gate", "Wr W_r Wxr W_xr", "Ur U_r Whr W_hr", "br b_r"),
    "n": ("h_hat n ht_hat h_tilde hhat candidate g h_bar h_candidate hh nt htilde",
          "Wh Wn W_h Wxh W_xh Wg W_n Wc", "Uh Un U_h Whh W_hh Ug U_n Uc", "bh bn b_h bg b_n bc"),
}  # fmt: skip
GRU_FAMILIES: Final = {"u": "u", "r": "v", "n": "n"}


def gru(*, keeps: bool) -> Layer:
    names, families = GRU_NAMES, GRU_FAMILIES
    words = "z says what is kept" if keeps else "z says what is new"
    return Layer(
        "gru",
        (lambda: gru_step(keeps=True)) if keeps else (lambda: gru_step(keeps=False)),
        LETTERS,
        SIZES,
        (
            X,
            BEFORE,
            *(Slot(names[e][1], (Part(f"W{e}", "j k"),), matrix("k")) for e in PARTS),
            *(Slot(names[e][2], (Part(f"U{e}", "j r"),), matrix("r")) for e in PARTS),
            *(Slot(names[e][3], (Part(f"b{e}", "j"),), bias()) for e in PARTS),
            *(state(names[e][0], families[e]) for e in PARTS),
            state("h next_h h_next ht h_t hnext out y", "h", "output"),
        ),
        NUMBERS,
        readings=(Reading(words),),
        words="h mixes h_prev and tanh(W x + U (r h_prev) + b) by the gate z",
    )


GRUS: Final = (gru(keeps=False), gru(keeps=True))

__all__ = ["GRUS", "LSTMS", "RNN"]
