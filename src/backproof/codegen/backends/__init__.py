"""One backend a file: each writes a program in one language, and evaluates what it wrote."""
