"""Half of the squared error, summed over the rows; sigmoid units everywhere."""
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np


class Params(NamedTuple):
    w1: jnp.ndarray
    b1: jnp.ndarray
    w2: jnp.ndarray
    b2: jnp.ndarray


def init_params(n_in, n_hidden, n_out):
    rng = np.random.default_rng(0)
    return Params(
        jnp.array(rng.normal(size=(n_in, n_hidden)), dtype=jnp.float32), jnp.zeros(n_hidden, dtype=jnp.float32),
        jnp.array(rng.normal(size=(n_hidden, n_out)), dtype=jnp.float32), jnp.zeros(n_out, dtype=jnp.float32),
    )


def sigmoid(z):
    return 1 / (1 + jnp.exp(-z))


def forward(params, x):
    hidden = sigmoid(x @ params.w1 + params.b1)
    return hidden, sigmoid(hidden @ params.w2 + params.b2)


def gradients(params, x, y):
    hidden, out = forward(params, x)
    d2 = (out - y) * out * (1 - out)
    d1 = (d2 @ params.w2.T) * hidden * (1 - hidden)
    return Params(x.T @ d1, d1.sum(0), hidden.T @ d2, d2.sum(0))
