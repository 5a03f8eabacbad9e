"""The slips that the checker knows by name: one file, one rule, whose docstring is its page."""
