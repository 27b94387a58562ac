import jax
import jax.numpy as jnp


def init(key, i, h, o):
    k1, k2 = jax.random.split(key)
    return {"W1": jax.random.normal(k1, (i, h)), "b1": jnp.zeros(h), "W2": jax.random.normal(k2, (h, o)), "b2": jnp.zeros(o)}


def predict(params, x):
    h = jnp.tanh(x @ params["W1"] + params["b1"])
    return h @ params["W2"] + params["b2"]


def loss(params, x, y):
    return jnp.mean((predict(params, x) - y) ** 2)


@jax.jit
def update(params, x, y, lr):
    g = jax.grad(loss)(params, x, y)
    return jax.tree_util.tree_map(lambda p, d: p - lr * d, params, g)
