"""The trusted core: the only place where a theorem can be made. It imports nothing but the standard library."""

from . import kernel as kernel  # all of it at once: when others come, kinds and rules are closed
