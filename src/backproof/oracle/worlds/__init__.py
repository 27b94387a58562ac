"""How random networks are drawn, and what a statement means in one of them."""
