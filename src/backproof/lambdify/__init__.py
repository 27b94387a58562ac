"""Theorems as numeric functions: ``Theorem.lambdify()``."""
