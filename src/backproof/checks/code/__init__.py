"""Programs under check: run on numbers chosen for the purpose, and compared with the proved gradient."""
