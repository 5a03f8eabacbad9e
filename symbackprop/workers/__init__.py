"""Many tasks, run beside each other."""
