"""Programs under check are no tests."""

collect_ignore = ["programs", "seeds"]
