"""Scalar functions: activations, losses and the arithmetic between them, one entry each."""
