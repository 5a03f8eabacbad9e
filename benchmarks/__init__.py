"""Speed and memory beside peers and floors, all measured in the same run: ``python -m benchmarks``."""
