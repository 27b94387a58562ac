"""Whether what somebody has written down is right: claims are read, lowered to entries, and judged."""
