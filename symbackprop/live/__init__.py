"""A page in the browser that follows the file it is made from."""
