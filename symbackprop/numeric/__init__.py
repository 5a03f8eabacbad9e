"""Numbers: evaluation at high precision, rounding, intervals, the training loop."""
