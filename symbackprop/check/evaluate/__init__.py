"""Evaluating: the value of a bound formula at drawn points."""
