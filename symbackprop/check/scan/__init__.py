"""From a source file to the statements in it."""
