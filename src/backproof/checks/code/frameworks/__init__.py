"""Programs of PyTorch and JAX under check: their arrays, and what these libraries differentiate themselves."""
