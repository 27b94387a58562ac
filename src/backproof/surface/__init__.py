"""What people write and read: SymPy terms, networks of them, and the one way from there to the core."""
