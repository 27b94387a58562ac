"""Formulas as people write them, read: text -> tokens -> a tree that says where each part stands. No meaning yet."""

from .errors import Unreadable
from .read import read

__all__ = ["Unreadable", "read"]
