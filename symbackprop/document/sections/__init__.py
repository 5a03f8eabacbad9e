"""Sections of a document: each tells one part of a derivation, and outlines put them in order."""
