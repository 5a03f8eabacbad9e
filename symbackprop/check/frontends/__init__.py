"""One front end per file format: what is text, what is a formula, and where each character came from."""
