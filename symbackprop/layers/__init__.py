"""Layers: each puts its nodes into a graph. One module an entry; every module is searched for ``ENTRY``."""
