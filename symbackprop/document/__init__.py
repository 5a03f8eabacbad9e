"""Documents: blocks, and the outlines that lay a derivation out as a story."""
