"""Independent judges: they read the terms and the network, and know nothing of the kernel."""
