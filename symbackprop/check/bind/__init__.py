"""Binding: what the names, letters and functions of a formula mean."""
