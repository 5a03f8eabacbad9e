"""Backpropagation for any depth, told in indices and in matrices."""
