"""The trusted core: the only place where a theorem can be made."""
