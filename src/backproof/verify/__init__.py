"""Proofs read from a file, made anew by the core, and printed: ``python -P -m backproof.verify proofs.json``.

Nothing here can make a false theorem: what is read is given to the makers and rules of the core, and they refuse. One
who reads the output trusts the core, and one thing of this package: that it prints what the theorem says. That is
``text.py``, and the few lines of ``__main__.py`` that choose what is printed.
"""
