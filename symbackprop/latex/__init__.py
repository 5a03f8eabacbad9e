"""TeX: the printer from expression trees, and the reader into them."""
