"""Activations: rows of the table or formulas of one's own, forms that do not overflow, derivatives that are proved."""
