"""What learns: examples from files, an exported program, and what is kept of a run."""
