"""Outlines, one module each; every module is searched for ``ENTRY``."""
