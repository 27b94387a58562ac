"""Degrees: an upper bound on the degree of a rational function, found by evaluating with degrees for numbers."""
