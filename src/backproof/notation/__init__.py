"""How formulas are written: conventions as tables, and the printers that read them."""
