"""Notations: one table each (``*.toml``), and how it spells the quantities of a network."""
