"""What is likely to have gone wrong in a claim: edits of what is written, the nearest first, of which one mends it."""

from .repair import mended

__all__ = ["mended"]
