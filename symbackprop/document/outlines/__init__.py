"""Outlines, one module each, with its name: ``ENTRY`` is the outline."""
