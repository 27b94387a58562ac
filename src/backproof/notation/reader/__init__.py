"""Formulas as people write them, read: text -> tokens -> a tree that says where each part stands. No meaning yet."""

from .errors import NotKnown, Unreadable
from .read import read

__all__ = ["NotKnown", "Unreadable", "read"]
