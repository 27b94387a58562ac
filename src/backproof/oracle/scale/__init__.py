"""The judge of what is computed at the real size of a network: equations and exported programs."""
