"""Looking up rows of a table, and the linear map."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import both, chain_rule, definition, differentiation, sifting
from ....derive.registry import library_module
from ....networks.own import any_function, axes, network, quantities, total
from ....surface.terms import C, D
from .layer import Drawn, Layer, Number, Part, Proved, Slot
from .normalisation import of
from .values import Key


def embedding() -> Proved:
    chapter: Any = library_module("embedding")
    return Proved(chapter.embedding, of(chapter.table, chapter.position))


TOKENS: Final = (0, 2, 1, 0, 3, 2, 0, 5)  # some once, some more often, some never


def tokens(drawn: Drawn) -> Any:
    """Which row is looked up: one of them more than once, the last but one never."""
    size = drawn.letters
    made = np.zeros([size[letter] for letter in "btv"], dtype=object)
    rows = [v for v in range(size["v"]) if v != size["v"] - 2]
    for place, at in enumerate(np.ndindex(size["b"], size["t"])):
        made[(*at, rows[TOKENS[place % len(TOKENS)] % len(rows)])] = 1
    return made


def numbered(drawn: Drawn) -> Any:
    """The numbers of the rows, from 0."""
    array = drawn.array(Key("k"))
    found = np.empty(array.shape[:-1], dtype=object)
    for at in np.ndindex(found.shape):
        found[at] = int(np.argmax([int(e == 1) for e in array[at]]))
    return found


EMBEDDING: Final = Layer(
    "embedding",
    embedding,
    ({"b": 2, "t": 4, "v": 7, "c": 3},),
    {"B": "b", "T": "t", "V": "v", "N": "c"},
    (
        Slot("wte weight table emb embedding w e embed emb_weight", (Part("E", "v c"),), ("v c",)),
        Slot("wpe pos position pos_emb p positions", (Part("P", "t c"),), ("t c",)),
        Slot(
            "tokens inp ids idx x input_ids indices in ix token_ids inputs token input index",
            (Part("k", "b t"),),
            ("b t", "(b t)"),
            "data",
            numbered,
        ),
        Slot("out y x output h encoded", (Part("x", "b t c"),), ("b t c", "(b t) c"), "output"),
    ),
    (
        Number("B batch batch_size b", "b"),
        Number("T seq_len seqlen L S t", "t"),
        Number("N n BT tokens indices ids rows batch_size", "b t"),
        Number("C D dim d_model channels E d H embed_dim embedding_dim hidden c n_embd", "c"),
        Number("V vocab_size vocab embeddings v weights entries table_size", "v"),
    ),
    {"k": tokens},
    words="a row of the table for each token, and one for its position where there is such a table",
)


(t, T), (o, O), (i, N) = axes("t:T o:O i:N")
x, W, beta, y = quantities("x W beta y")


def linear() -> Proved:
    """y = W x + b: the chain rule through y, three times."""
    p, q = Symbol("p"), Symbol("q")
    net = network(
        "a linear map", (t, o, i),
        x[t, i], W[o, i], beta[o],
        (y[t, o], total(W[o, i] * x[t, i], i) + beta[o]),
        (C, any_function(y[t, o])),
    )  # fmt: skip
    found = {
        "linear-input": (x[t, q], total(D(C, y[t, o]) * W[o, q], o), total(D(C, y[t, o]) * D(y[t, o], x[t, q]), o)),
        "linear-weight": (W[p, q], total(D(C, y[t, p]) * x[t, q], t), total(D(C, y[t, o]) * D(y[t, o], W[p, q]), t, o)),
        "linear-bias": (beta[p], total(D(C, y[t, p]), t), total(D(C, y[t, o]) * D(y[t, o], beta[p]), t, o)),
    }
    made = {}
    for name, (by, result, through) in found.items():
        lines = (
            (through, chain_rule(through=y[t, o])),
            (result, both(definition(y[t, o]), differentiation, sifting)),
        )
        made[name] = calc(net, D(C, by), *lines).theorem
    return Proved(net, made)


LINEAR: Final = Layer(
    "linear",
    linear,
    ({"b": 2, "t": 3, "i": 5, "o": 4}, {"b": 1, "t": 1, "i": 5, "o": 4}),
    {"T": "b t", "N": "i", "O": "o"},
    (
        Slot("x inp input a a_prev inputs in", (Part("x", "(b t) i"),), ("b t i", "(b t) i", "b t i", "(b t) i", "i")),
        Slot("weight w weights kernel", (Part("W", "o i"),), ("o i", "o i", "i o", "i o")),
        Slot("bias b beta", (Part("beta", "o"),), ("o",)),
        Slot("y out output z", (Part("y", "(b t) o"),), ("b t o", "(b t) o", "b t o", "(b t) o", "o"), "output"),
    ),
    (
        Number("B batch batch_size", "b"),
        Number("T seq_len t", "t"),
        Number("N M BT rows n m batch_tokens B batch batch_size", "b t"),
        Number("C IC in_features D K din n_in in_dim C_in I n d in_size input_size", "i"),
        Number("OC out_features H N M dout n_out out_dim O C_out d out_size output_size", "o"),
    ),
    words="y = x W^T + b",
)


def residual() -> Proved:
    """z = x + y, on which each of the two has the same derivative."""
    (t, _), (i, _) = axes("t:T i:N")
    x, y, z = quantities("x y z")
    net = network("a residual path", (t, i), x[t, i], y[t, i], (z[t, i], x[t, i] + y[t, i]), (C, any_function(z[t, i])))
    made = {
        f"residual-{name}": calc(net, D(C, by[t, i]), (D(C, z[t, i]), chain_rule(through=z[t, i]))).theorem
        for name, by in (("first", x), ("second", y))
    }
    return Proved(net, made)


RESIDUAL: Final = Layer(
    "residual",
    residual,
    ({"t": 3, "i": 5},),
    {"T": "t", "N": "i"},
    (
        Slot("inp1 x1 a x in1 input1", (Part("x", "t i"),), ("t i", "(t i)")),
        Slot("inp2 x2 b y in2 input2 residual skip", (Part("y", "t i"),), ("t i", "(t i)")),
        Slot("out z output", (Part("z", "t i"),), ("t i", "(t i)"), "output"),
    ),
    (Number("N n size len", "t i"), Number("B T rows", "t"), Number("C D cols", "i")),
    words="z = x + y",
)
