"""Programs under check are no tests."""

collect_ignore = ["sources", "runner.py"]
