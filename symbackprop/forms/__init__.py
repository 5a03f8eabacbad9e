"""Interpreters of the graph: the same nodes written out in scalar, indexed and matrix form."""
