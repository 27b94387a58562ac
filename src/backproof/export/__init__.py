"""What theorems compile to: numeric functions, and programs."""
