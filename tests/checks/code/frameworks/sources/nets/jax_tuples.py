import jax, jax.numpy as jnp
def init_params(key, sizes):
    keys = jax.random.split(key, len(sizes) - 1)
    return [(jax.random.normal(k, (m, n)) * 0.1, jnp.zeros(n)) for k, m, n in zip(keys, sizes[:-1], sizes[1:])]
def forward(params, x):
    acts = [x]
    for W, b in params[:-1]:
        acts.append(jnp.tanh(acts[-1] @ W + b))
    W, b = params[-1]
    acts.append(jax.nn.sigmoid(acts[-1] @ W + b))
    return acts
def backward(params, x, y):
    """Gradient of half of the squared error, the mean over the rows."""
    acts = forward(params, x)
    a = acts[-1]
    delta = (a - y) * a * (1 - a) / x.shape[0]
    grads = []
    for l in reversed(range(len(params))):
        W, b = params[l]
        grads.append((acts[l].T @ delta, delta.sum(0)))
        if l > 0:
            delta = (delta @ W.T) * (1 - acts[l] ** 2)
    return grads[::-1]
