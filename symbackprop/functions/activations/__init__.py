"""One entry an activation; every module here is searched for ``ENTRIES``."""
