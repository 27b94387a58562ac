"""C under check: compiled with exact numbers in place of ``float``, and called."""
