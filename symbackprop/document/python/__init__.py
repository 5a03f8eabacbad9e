"""Derivations as Python that a reader can run: names, statements, a script, the cells of a notebook."""
