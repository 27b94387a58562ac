"""Programs compiled from theorems: what they are, how they are verified, one backend a file."""
