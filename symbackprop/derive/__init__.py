"""From a graph to a derivation: the reverse sweep, its steps, paths, updates and their verification."""
