"""Convolution and pooling in two dimensions: strides that do not divide, windows that overlap, zeros around."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import chain_rule
from ....derive.registry import library_module
from ....networks.own import any_function, axes, network, quantities, total
from ....surface.terms import C, D
from .layer import Drawn, Layer, Number, Part, Proved, Reading, Slot
from .values import Key

IMAGES: Final = ("b c i j", "b i j c")
OUTPUTS: Final = ("b o p q", "b p q o")
X: Final = "x inp input a_prev im img image in data"
Y: Final = "y out output z top a conv pool"


def convolution(stride: int, dilation: int) -> Proved:
    chapter: Any = library_module("convolution")
    geometry = chapter.Convolution2((stride, stride), (dilation, dilation))
    made = (chapter.weight_2(geometry), chapter.bias_2(geometry), chapter.scatter_2(geometry))
    return Proved(made[0].net, {one.name: one.theorem for one in made})


def in_groups(stride: int, dilation: int) -> Proved:
    """The chapter's convolution in two dimensions, for each group of channels by itself."""
    chapter: Any = library_module("convolution")
    geometry = chapter.Convolution2((stride, stride), (dilation, dilation))
    (b, _), (g, _), (o, _), (c, _) = axes("b:B g:G o:O c:I")
    (k, _), (r, _), (p, _), (q, _), (i, _), (j, _) = axes("k:K r:R p:P q:Q i:N j:M")
    t, u, v, w = map(Symbol, "tuvw")
    x, W, beta, y = quantities("x W beta y")
    met = geometry.meets
    net = network(
        "a convolution in groups", (b, g, o, c, k, r, p, q, i, j),
        x[b, g, c, i, j], W[g, o, c, k, r], beta[g, o],
        (y[b, g, o, p, q],
         total(W[g, o, c, k, r] * x[b, g, c, i, j] * met((i, j), (p, q), (k, r)), c, k, r, i, j) + beta[g, o]),
        (C, any_function(y[b, g, o, p, q])),
    )  # fmt: skip
    back, through = D(C, y[b, g, u, p, q]), chain_rule(through=y[b, g, o, p, q])
    weight = total(back * x[b, g, v, i, j] * met((i, j), (p, q), (w, t)), b, p, q, i, j)
    scattered = total(D(C, y[b, g, o, p, q]) * W[g, o, v, k, r] * met((t, u), (p, q), (k, r)), o, p, q, k, r)
    made = {
        "weight": calc(net, D(C, W[g, u, v, w, t]), (weight, through)),
        "bias": calc(net, D(C, beta[g, u]), (total(back, b, p, q), through)),
        "input": calc(net, D(C, x[b, g, v, t, u]), (scattered, through)),
    }
    return Proved(net, {f"convolution-2-{name}-in-groups": one.theorem for name, one in made.items()})


def in_one_dimension(stride: int) -> Proved:
    chapter: Any = library_module("convolution")
    geometry = chapter.Convolution(stride, 1)
    made = (chapter.weight(geometry), chapter.bias(geometry), chapter.scatter(geometry))
    return Proved(made[0].net, {one.name: one.theorem for one in made})


def pooling(which: str, stride: int) -> Proved:
    chapter: Any = library_module("pooling")
    window = chapter.Window2((stride, stride))
    made = (chapter.largest_of_2 if which == "maxima" else chapter.average_2)(window)
    return Proved(made.net, {made.name: made.theorem})


def sizes(stride: int, pad: int, dilation: int = 1, **letters: int) -> dict[str, int]:
    """The letters, with how many outputs there are."""

    def outputs(inputs: str, window: str) -> int:
        return (letters[inputs] + 2 * pad - dilation * (letters[window] - 1) - 1) // stride + 1

    return {**letters, "p": outputs("i", "k")} | ({"q": outputs("j", "r")} if "j" in letters else {})


def square(letters: Mapping[str, int]) -> bool:
    """Whether a window is as wide as it is high."""
    return letters["k"] == letters["r"]


def plane(letters: Mapping[str, int]) -> bool:
    """Whether an image is as wide as it is high."""
    return letters["i"] == letters["j"]


def numbers(stride: int, pad: int) -> tuple[Number, ...]:
    return (
        Number("B N batch batch_size n m images samples", "b"),
        Number("C IC Cin C_in in_channels inC in_c in_ch ic nin c channels ch n_C_prev", "c"),
        Number("H IH height in_h h iH H_in Hin h_in", "i"),
        Number("W IW width in_w w iW W_in Win w_in", "j"),
        Number("S size n in_size HW", "i", plane),
        Number("KH kh K_h kernel_h R k_h HH kH pool_height pool_h ph fh filter_h", "k"),
        Number("KW kw K_w kernel_w S k_w WW kW pool_width pool_w pw fw filter_w", "r"),
        Number("K k kernel_size kernel ksize f F pool_size pool size window filter_size kernel_dim", "k", square),
        Number("OH out_h Ho H_out oh Hout h_out outH P H_prime", "p"),
        Number("OW out_w Wo W_out ow Wout w_out outW Q W_prime", "q"),
        Number("stride s S strides", f"{stride}"),
        Number("stride_h sh stride_y", f"{stride}"),
        Number("stride_w sw stride_x", f"{stride}"),
        Number("pad padding P pad_size p", f"{pad}"),
        Number("pad_h ph padding_h pad_y", f"{pad}"),
        Number("pad_w pw padding_w pad_x", f"{pad}"),
        Number("conv_param", lambda _: {"stride": stride, "pad": pad}),
        Number("pool_param", partial(_pool_param, stride)),
        Number("hparameters", lambda drawn: {"stride": stride, "pad": pad, "f": drawn.letters["k"]}),
    )  # fmt: skip


def _pool_param(stride: int, drawn: Drawn) -> dict[str, int]:
    return {"stride": stride, "pool_height": drawn.letters["k"], "pool_width": drawn.letters["r"]}


OC: Final = "OC F Cout C_out out_channels outC out_c out_ch oc nout n_filters filters M K O n_C n"
WEIGHT: Final = "weight w weights kernel filters filter kernels wt filt wgt k"


def _convolution(stride: int, pad: int, reading: Reading, dilation: int = 1) -> Layer:
    before, apart = str(pad + 1), f" and dilation {dilation}" if dilation > 1 else ""
    spread = 2 * (dilation - 1)
    return Layer(
        "conv",
        lambda: convolution(stride, dilation),
        (
            sizes(stride, pad, dilation, b=2, c=3, o=4, k=3, r=2, i=6 + spread, j=7 + spread),
            sizes(stride, pad, dilation, b=2, c=3, o=5, k=3, r=3, i=6 + spread, j=8 + spread),
            sizes(stride, pad, dilation, b=2, c=3, o=4, k=2, r=2, i=5 + spread, j=5 + spread),
            sizes(stride, pad, dilation, b=1, c=3, o=4, k=3, r=2, i=6 + spread, j=7 + spread),
            sizes(stride, pad, dilation, b=1, c=3, o=5, k=3, r=3, i=6 + spread, j=8 + spread),
        ),
        {"B": "b", "O": "o", "I": "c", "K": "k", "R": "r", "P": "p", "Q": "q", "N": "i", "M": "j", "A": before,
         "E": before},
        (
            Slot(X, (Part("x", "b c i j"),), IMAGES),
            Slot(WEIGHT, (Part("W", "o c k r"),), ("o c k r", "k r c o", "o k r c")),
            Slot("bias b beta", (Part("beta", "o"),), ("o",)),
            Slot(Y, (Part("y", "b o p q"),), OUTPUTS, "output"),
        ),
        (Number(OC, "o"), *((Number("dilation dil dilations d", f"{dilation}"),) if dilation > 1 else ()),
         *numbers(stride, pad)),
        readings=(reading,),
        words=f"a convolution with stride {stride}{apart} and {pad} zeros around",
    )  # fmt: skip


def _in_groups(stride: int, pad: int, reading: Reading, dilation: int = 1, *, depthwise: bool = False) -> Layer:
    before = str(pad + 1)
    own = {"g": 5, "c": 1, "o": 1} if depthwise else {"g": 2, "c": 3, "o": 4}
    spread = 2 * (dilation - 1)
    weights = ("(g o) c k r", "g k r", "k r (g c)") if depthwise else ("(g o) c k r",)
    return Layer(
        "depthwise-conv" if depthwise else "conv",
        lambda: in_groups(stride, dilation),
        (
            sizes(stride, pad, dilation, b=2, k=3, r=2, i=5 + spread, j=6 + spread, **own),
            sizes(stride, pad, dilation, b=2, k=3, r=3, i=5 + spread, j=6 + spread, **own),
        ),
        {"B": "b", "G": "g", "O": "o", "I": "c", "K": "k", "R": "r", "P": "p", "Q": "q", "N": "i", "M": "j",
         "A": before, "E": before},
        (
            Slot(X, (Part("x", "b g c i j"),), ("b (g c) i j", "b (g c) i j", "b i j (g c)")),
            Slot(WEIGHT, (Part("W", "g o c k r"),), weights),
            Slot("bias b beta", (Part("beta", "g o"),), ("(g o)",)),
            Slot(Y, (Part("y", "b g o p q"),), ("b (g o) p q", "b (g o) p q", "b p q (g o)"), "output"),
        ),
        (
            Number("groups group G num_groups g", "g"),
            Number(OC, "g o"),
            Number("C IC Cin C_in in_channels inC in_c in_ch ic nin c channels ch", "g c"),
            Number("icg cpg C_per_group in_per_group ICg Cg", "c"),
            Number("ocg opg out_per_group OCg Og", "o"),
            *((Number("dilation dil dilations d", f"{dilation}"),) if dilation > 1 else ()),
            *(n for n in numbers(stride, pad) if n.value != "c"),
        ),
        readings=(reading,),
        words=f"a convolution {'of each channel' if depthwise else 'in groups'} with stride {stride}"
              f"{f' and dilation {dilation}' if dilation > 1 else ''} and {pad} zeros around",
    )  # fmt: skip


def _in_one_dimension(stride: int, pad: int, reading: Reading) -> Layer:
    return Layer(
        "conv1d",
        lambda: in_one_dimension(stride),
        (sizes(stride, pad, b=2, g=1, c=3, o=4, k=3, i=8),),
        {"B": "b", "G": "g", "O": "o", "I": "c", "K": "k", "P": "p", "N": "i", "A": str(pad + 1)},
        (
            Slot(X, (Part("x", "b g c i"),), ("b c i", "b i c")),
            Slot(WEIGHT, (Part("W", "g o c k"),), ("o c k", "k c o")),
            Slot("bias b beta", (Part("beta", "g o"),), ("o",)),
            Slot(Y, (Part("y", "b g o p"),), ("b o p", "b p o"), "output"),
        ),
        (
            Number("B N batch batch_size n", "b"),
            Number(OC, "o"),
            Number("C IC Cin C_in in_channels inC in_c in_ch ic nin c channels ch", "c"),
            Number("L T length in_len Lin L_in W len in_length n_in l in_l seq_len", "i"),
            Number("K k kernel_size kernel ksize KW filter_size F kw", "k"),
            Number("OL Lout L_out out_len out_length OW T_out out_l lo", "p"),
            Number("stride s S", f"{stride}"),
            Number("pad padding P p", f"{pad}"),
        ),
        readings=(reading,),
        words=f"a convolution in one dimension with stride {stride} and {pad} zeros around",
    )


PADS: Final = "pad conv_param hparameters"
CONVOLUTION: Final = _convolution(2, 1, Reading())
NARROW_CONVOLUTION: Final = _convolution(2, 0, Reading(missing=f"{PADS} pad_h pad_w"))
PLAIN_CONVOLUTION: Final = _convolution(1, 0, Reading(missing=f"stride stride_h {PADS} pad_h pad_w"))
DILATED: Final = _convolution(2, 1, Reading(given="dilation"), 2)
DILATED_NARROW: Final = _convolution(1, 0, Reading(given="dilation", missing=f"stride stride_h {PADS} pad_h pad_w"), 2)
GROUPED: Final = _in_groups(2, 1, Reading(given="groups"))
GROUPED_DILATED: Final = _in_groups(2, 1, Reading(given="groups dilation"), 2)
CONVOLUTIONS: Final = (
    CONVOLUTION, NARROW_CONVOLUTION, PLAIN_CONVOLUTION, DILATED, DILATED_NARROW, GROUPED, GROUPED_DILATED
)  # fmt: skip
DEPTHWISE: Final = (
    _in_groups(2, 1, Reading(), depthwise=True),
    _in_groups(1, 0, Reading(missing=f"stride stride_h {PADS} pad_h pad_w"), depthwise=True),
)
ONE_DIMENSION: Final = (
    _in_one_dimension(2, 1, Reading()),
    _in_one_dimension(2, 0, Reading(missing="pad")),
    _in_one_dimension(1, 0, Reading(missing="stride pad")),
)


# Pooling.


def positive(drawn: Drawn) -> Any:
    """Any numbers above 0, so that zeros around are never the largest."""
    return drawn.numbers(*(len(axis) for axis in drawn.values.ranges("x")), positive=True)


def selected(stride: int, pad: int) -> Callable[[Drawn], Any]:
    """1 at the place of the largest number of each window."""

    def draw(drawn: Drawn) -> Any:
        made = np.zeros([drawn.letters[letter] for letter in "bcpqkr"], dtype=object)
        for at, (k, r) in _largest(drawn, stride, pad):
            made[(*at, k, r)] = 1
        return made

    return draw


def _largest(drawn: Drawn, stride: int, pad: int) -> Any:
    """For each window the place in it of the largest number."""
    x, size = drawn.array(Key("x")), drawn.letters
    for at in np.ndindex(*(size[letter] for letter in "bcpq")):
        b, c, p, q = at
        places = [
            (x[b, c, i, j].shadow, k, r)
            for k in range(size["k"])
            for r in range(size["r"])
            if 0 <= (i := p * stride + k - pad) < size["i"] and 0 <= (j := q * stride + r - pad) < size["j"]
        ]
        yield at, max(places)[1:]


def chosen(stride: int, pad: int, how: str) -> Callable[[Drawn], Any]:
    """The number of the place of the largest: in its window, in its plane, or in all there is."""

    def made(drawn: Drawn) -> Any:
        size = drawn.letters
        found = np.empty([size[letter] for letter in "bcpq"], dtype=object)
        for (b, c, p, q), (k, r) in _largest(drawn, stride, pad):
            i, j = p * stride + k - pad, q * stride + r - pad
            flat = i * size["j"] + j
            inside = k * size["r"] + r
            whole = (b * size["c"] + c) * size["i"] * size["j"] + flat
            found[b, c, p, q] = {"plane": flat, "window": inside, "whole": whole}[how]
        return found

    made.__doc__ = f"the place of the largest in its {how}."
    return made


def _pooling(which: str, stride: int, pad: int, reading: Reading) -> Layer:
    before = str(pad + 1)
    ways = tuple(chosen(stride, pad, how) for how in ("plane", "window", "whole"))
    saved = (
        Slot("argmax idx indices max_idx index mask switches max_indices arg ind idxs", (), ways, "saved"),
        Slot("selector", (Part("selector", "b c p q k r"),), ("b c p q k r",), "data"),
    )
    maxima = which == "maxima"
    return Layer(
        "maxpool" if maxima else "avgpool",
        lambda: pooling(which, stride),
        (
            sizes(stride, pad, b=2, c=4, k=3, r=2, i=8, j=7),
            sizes(stride, pad, b=2, c=4, k=3, r=3, i=8, j=6),
            sizes(stride, pad, b=2, c=3, k=3, r=3, i=6, j=6),
        ),
        {"B": "b", "H": "c", "K": "k", "R": "r", "P": "p", "Q": "q", "N": "i", "M": "j", "A": before, "E": before},
        (
            Slot(X, (Part("x", "b c i j"),), (*IMAGES[:1] * 3, *IMAGES[1:])),
            Slot(Y, (Part("y", "b c p q"),), ("b c p q", "b c p q", "b c p q", "b p q c"), "output"),
            *(saved if maxima else ()),
        ),
        numbers(stride, pad),
        {"x": positive, "selector": selected(stride, pad)} if maxima else {},
        readings=(reading,),
        words=f"windows with stride {stride} and {pad} zeros around",
    )


MAX_POOLING: Final = _pooling("maxima", 2, 0, Reading(missing="pad pad_h pad_w"))
AVERAGE_POOLING: Final = _pooling("averages", 2, 0, Reading(missing="pad pad_h pad_w"))
PADDED_MAX_POOLING: Final = _pooling("maxima", 2, 1, Reading())
