"""The trusted core: the only place where a theorem can be made. It imports nothing but the standard library."""
