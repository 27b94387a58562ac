"""Documents: what stands in them as mathematics, where, and what their front matter says. Nothing is judged here."""

from .document import Document, Formula
from .load import load

__all__ = ["Document", "Formula", "load"]
