"""Judging: whether a step is true, and which slip it is if not."""
